"""Background work: asked for once, done at least once, in one pair of hands at a time. Never publishing.

Who does a piece of it holds a lease; a worker that dies leaves it to the next one when the lease is over. What
was done by somebody whose lease is over is not written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.db import new_ref
from content_calendar.inserting import insert_absent
from content_calendar.models.jobs import Job, JobStage
from content_calendar.sending import Said

# Longer than one step of the largest work lasts on a slow machine; each step told begins it anew.
LEASE = timedelta(minutes=5)
# What fails so often is not tried again until a person says so.
MOST_TRIES = 3
ABANDONED = "job_abandoned"
_RETRY = timedelta(seconds=10)
UNDER_WAY = (JobStage.WAITING, JobStage.RUNNING)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in somebody's hands; ``lease`` proves whose."""

    id: int
    lease: str
    payload: Mapping[str, Any]
    tries: int


def ask(session: Session, kind: str, key: str, payload: Mapping[str, Any]) -> Job:
    """Return the job of that kind and key: the one that is there already, or a new one that waits."""
    insert_absent(
        session,
        Job,
        [
            {
                "ref": new_ref(), "kind": kind, "unique_key": key, "payload": dict(payload),
                "stage": JobStage.WAITING, "run_at": clock.db_now(session), "created_at": clock.now(),
            }
        ],
    )  # fmt: skip
    return session.scalars(select(Job).where(Job.kind == kind, Job.unique_key == key)).one()


def again(session: Session, job: Job) -> None:
    """Let a job that failed be tried again, from its first try."""
    job.stage, job.attempts, job.said_code, job.said_params = JobStage.WAITING, 0, "", {}
    job.run_at, job.ended_at, job.progress = clock.db_now(session), None, 0
    job.lease_owner, job.lease_until = "", None
    session.flush()


def is_due(session: Session, kind: str) -> bool:
    """Tell whether a job of that kind waits for somebody."""
    return session.scalar(select(Job.id).where(_due(session, kind)).limit(1)) is not None


def claim(session: Session, kind: str, worker: str) -> Claimed | None:
    """Take one job that is due, under a lease; None when there is none.

    One that was taken too often and never ended is called failed.
    """
    session.execute(
        update(Job)
        .where(_due(session, kind), Job.attempts >= MOST_TRIES)
        .values(stage=JobStage.FAILED, said_code=ABANDONED, said_params={}, ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    chosen = (
        select(Job.id)
        .where(_due(session, kind))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    lease = f"{worker[:60]}:{new_ref()}"
    row = session.execute(
        update(Job)
        .where(Job.id == chosen, _due(session, kind))
        .values(
            stage=JobStage.RUNNING, attempts=Job.attempts + 1, lease_owner=lease,
            lease_until=clock.db_now(session) + LEASE,
        )
        .returning(Job.id, Job.payload, Job.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()  # fmt: skip
    return None if row is None else Claimed(row.id, lease, row.payload, row.attempts)


def keep(session: Session, claimed: Claimed, progress: int | None = None) -> bool:
    """Hold it for longer, and write down how far it is, in percent; return whether it is still in these hands."""
    told = {} if progress is None else {"progress": progress}
    return _write(session, claimed, lease_until=clock.db_now(session) + LEASE, **told)


def end(session: Session, claimed: Claimed) -> bool:
    """Write down that it is done, so that the same may be asked for anew; return whether it was in these hands."""
    return _write(
        session, claimed, stage=JobStage.DONE, progress=100, ended_at=clock.now(), unique_key=None,
        lease_owner="", lease_until=None, said_code="", said_params={},
    )  # fmt: skip


def hand_on(session: Session, claimed: Claimed) -> bool:
    """Let it be taken up again at once, as if it had not been taken; return whether it was in these hands."""
    return _write(
        session, claimed, stage=JobStage.WAITING, run_at=clock.db_now(session), attempts=Job.attempts - 1,
        lease_owner="", lease_until=None,
    )  # fmt: skip


def give_up(session: Session, claimed: Claimed, said: Said, *, for_good: bool = False) -> bool:
    """Put it off, or call it failed after ``MOST_TRIES`` or ``for_good``; return whether it was in these hands."""
    told: dict[str, Any] = {"said_code": said.code, "said_params": dict(said.params)}
    if for_good or claimed.tries >= MOST_TRIES:
        told |= {"stage": JobStage.FAILED, "ended_at": clock.now()}
    else:
        told |= {"stage": JobStage.WAITING, "run_at": clock.db_now(session) + _RETRY * claimed.tries}
    return _write(session, claimed, lease_owner="", lease_until=None, **told)


def _write(session: Session, claimed: Claimed, **values: Any) -> bool:  # noqa: ANN401 -- columns of many types
    return (
        session.execute(
            update(Job)
            .where(Job.id == claimed.id, Job.lease_owner == claimed.lease, Job.stage == JobStage.RUNNING)
            .values(**values)
            .returning(Job.id)
            .execution_options(synchronize_session=False)
        ).first()
        is not None
    )


def _due(session: Session, kind: str) -> ColumnElement[bool]:
    at = clock.db_now(session)
    return and_(
        Job.kind == kind,
        or_(
            and_(Job.stage == JobStage.WAITING, Job.run_at <= at),
            and_(Job.stage == JobStage.RUNNING, Job.lease_until < at),
        ),
    )
