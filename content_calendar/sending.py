"""The worker's side of the queue: claim, begin to send, record what came of it, reap.

The calendar's own table is the queue. Every write here is a compare-and-swap by ``moves.move``, fenced by
the worker and the generation of its claim: a worker that wakes late finds that the row is not its any more.
Leases and doubts are timed by the database's clock, which all workers share; hours by the time of day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, literal_column, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.models.jobs import Installation
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.moves import StateChangedError, move, move_one
from content_calendar.states import HoldReason, PartEvent, PublicationEvent, PublicationState

# How many due rows are looked at for each one that is taken, to take turns between accounts.
_LOOK_AHEAD = 8
# Written out, not bound: a partial index serves only a condition that the database can see. And as a
# comparison, not as one literal: of a Boolean literal SQLAlchemy makes "… = 1" on SQLite, which no index serves.
_IS_WAITING = literal_column("publication.state") == literal_column("'scheduled'")
_IS_LEASED = literal_column("publication.state").in_(
    [literal_column("'claimed'"), literal_column("'sending'")]
)


@dataclass(frozen=True)
class Claimed:
    """A publication in one worker's hands; ``generation`` tells this claim from all others."""

    id: int
    ref: str
    post_id: int
    worker: str
    generation: int
    claimed_at: datetime

    def fence(self) -> list[ColumnElement[bool]]:
        """Return the conditions under which the row is still this claim's."""
        return [
            Publication.id == self.id,
            Publication.lease_owner == self.worker,
            Publication.lease_gen == self.generation,
        ]


@dataclass(frozen=True)
class Said:
    """What a person should know, as code and parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """Return the columns that hold it."""
        return {"said_code": self.code, "said_params": dict(self.params)}


NOTHING = Said("")


@dataclass(frozen=True)
class Proof:
    """The remote post that proves that a part is out."""

    remote_id: str
    url: str
    published_at: datetime | None = None


@dataclass(frozen=True)
class Reaped:
    """What was taken from silent workers: given back, or doubted."""

    released: Sequence[int]
    doubted: Sequence[int]


def claim(session: Session, worker: str, limit: int, lease: timedelta) -> list[Claimed]:
    """Take at most ``limit`` publications whose hour has come, accounts in turn; nothing in catch-up.

    What is past its tolerance is left alone: ``miss_late`` puts it before a person.
    """
    at, claimed_at = clock.now(), clock.db_now(session)
    waiting = (
        select(Publication.id, Publication.account_id, Publication.next_at)
        .where(_IS_WAITING, Publication.next_at <= at, Publication.late_after >= at)
        .order_by(Publication.next_at, Publication.id)
        .limit(limit * _LOOK_AHEAD)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    turn = func.row_number().over(
        partition_by=waiting.c.account_id, order_by=(waiting.c.next_at, waiting.c.id)
    )
    ranked = select(waiting.c.id, waiting.c.next_at, turn.label("turn")).subquery()
    chosen = select(ranked.c.id).order_by(ranked.c.turn, ranked.c.next_at, ranked.c.id).limit(limit)
    catching_up = exists().where(Installation.catch_up_since.is_not(None))
    ids = move(
        session,
        Publication,
        PublicationEvent.CLAIM,
        [Publication.id.in_(chosen), ~catching_up],
        {
            "lease_owner": worker,
            "lease_gen": Publication.lease_gen + 1,
            "lease_until": claimed_at + lease,
        },
    )
    if not ids:
        return []
    rows = session.execute(
        select(Publication.id, Publication.ref, Publication.post_id, Publication.lease_gen)
        .where(Publication.id.in_(ids))
        .order_by(Publication.next_at, Publication.id)
    )
    return [Claimed(row.id, row.ref, row.post_id, worker, row.lease_gen, claimed_at) for row in rows]


def miss_late(session: Session) -> list[int]:
    """Put before a person what is past its tolerance and was not begun; return the ids."""
    return move(
        session,
        Publication,
        PublicationEvent.HOLD,
        [_IS_WAITING, Publication.late_after < clock.now()],
        _held(HoldReason.LATE, Said("late")),
    )


def begin_sending(
    session: Session,
    claimed: Claimed,
    part: int,
    window: timedelta,
    lease: timedelta,
    prepared: Mapping[str, str],
) -> datetime:
    """Write down, before the network is called, that it is being sent; return the moment of it.

    Raises StateChangedError when the claim is no longer valid: then nothing may be sent.
    """
    at = clock.db_now(session)
    move_one(
        session,
        Publication,
        PublicationEvent.SEND,
        claimed.id,
        [*claimed.fence(), Publication.lease_until > at],
        {
            "sent_at": at,
            "send_deadline": at + window,
            "lease_until": at + lease,
            "attempts": Publication.attempts + 1,
        },
    )
    move(
        session,
        PublicationPart,
        PartEvent.SEND,
        [PublicationPart.publication_id == claimed.id, PublicationPart.n == part],
        {"prepared": dict(prepared)},
    )
    return at


def record_published(session: Session, claimed: Claimed, part: int, proof: Proof) -> bool:
    """Record the proof that it is out, also over a row that was doubted meanwhile.

    Returns whether it could: False when the row is at rest or in other hands. A remote post that already
    proves another publication proves nothing here: then a person decides.
    """
    try:
        publish(session, claimed.id, part, proof, claimed.fence())
    except RemotePostTakenError as taken:
        return record_held(session, claimed, HoldReason.UNCONFIRMED, Said(taken.code, {"url": proof.url}))
    except StateChangedError:
        return False
    return True


class RemotePostTakenError(StateChangedError):
    """That remote post already proves another publication of the account."""

    code = "remote_post_taken"


def publish(
    session: Session, publication_id: int, part: int, proof: Proof, where: Sequence[ColumnElement[bool]]
) -> None:
    """Move a publication and its part to published, with the proof.

    Raises StateChangedError when it does not stand where it may, RemotePostTakenError when the proof is
    another publication's.
    """
    at = proof.published_at or clock.now()
    try:
        with session.begin_nested():
            move_one(
                session,
                Publication,
                PublicationEvent.PUBLISH,
                publication_id,
                where,
                {"published_at": at, "hold_reason": None, "next_check_at": None, **NOTHING.values()},
            )
            move(
                session,
                PublicationPart,
                PartEvent.PUBLISH,
                [PublicationPart.publication_id == publication_id, PublicationPart.n == part],
                {"remote_id": proof.remote_id, "remote_url": proof.url, "published_at": at},
            )
    except IntegrityError as error:
        raise RemotePostTakenError(remote_id=proof.remote_id) from error


def record_held(session: Session, claimed: Claimed, reason: HoldReason, said: Said) -> bool:
    """Put it before a person: a gate is closed, or the network said what a person can mend."""
    # Not what was given back meanwhile: its next claim will judge it afresh.
    begun = Publication.state != PublicationState.SCHEDULED
    return _record(session, claimed, PublicationEvent.HOLD, _held(reason, said), PartEvent.RESET, [begun])


def record_refused(session: Session, claimed: Claimed, said: Said) -> bool:
    """Record that the network will not take it."""
    return _record(session, claimed, PublicationEvent.REFUSE, said.values(), PartEvent.RESET)


def record_unavailable(session: Session, claimed: Claimed, retry_at: datetime, said: Said) -> bool:
    """Record that it certainly did not go out and is to be tried again at ``retry_at``."""
    values = {"next_at": retry_at, "lease_until": None, **said.values()}
    return _record(session, claimed, PublicationEvent.RETRY, values, PartEvent.RESET)


def record_doubt(session: Session, claimed: Claimed, said: Said, *, refused_as_equal: bool = False) -> bool:
    """Record that it may be out or not; from here on only looking, or a person, decides."""
    at = clock.db_now(session)
    values: dict[str, object] = {
        "unknown_since": at,
        "next_check_at": at,
        "absent_reads": 0,
        "lease_until": None,
        **said.values(),
    }
    if refused_as_equal:
        values["refused_as_equal"] = True
    return _record(session, claimed, PublicationEvent.DOUBT, values, PartEvent.DOUBT)


def release(session: Session, claimed: Claimed, next_at: datetime, said: Said) -> bool:
    """Give back what was claimed and not begun, to be tried again at ``next_at``."""
    values = {"next_at": next_at, "lease_until": None, **said.values()}
    return _record(session, claimed, PublicationEvent.RELEASE, values, None)


def reap(session: Session) -> Reaped:
    """Take from silent workers what they held: what they only prepared goes back, the rest is doubted."""
    at = clock.db_now(session)
    released = move(
        session,
        Publication,
        PublicationEvent.RELEASE,
        [_IS_LEASED, Publication.state == PublicationState.CLAIMED, Publication.lease_until < at],
        {"lease_until": None},
    )
    doubted = move(
        session,
        Publication,
        PublicationEvent.DOUBT,
        [_IS_LEASED, Publication.state == PublicationState.SENDING, Publication.lease_until < at],
        {
            "unknown_since": at,
            "next_check_at": at,
            "absent_reads": 0,
            "lease_until": None,
            **Said("worker_silent").values(),
        },
    )
    _move_parts(session, PartEvent.DOUBT, doubted)
    return Reaped(released, doubted)


def hold_due(session: Session, reason: HoldReason, said: Said) -> list[int]:
    """Put before a person everything whose hour has come and that was not begun; return the ids."""
    return move(
        session,
        Publication,
        PublicationEvent.HOLD,
        [_IS_WAITING, Publication.next_at <= clock.now()],
        _held(reason, said),
    )


def _held(reason: HoldReason, said: Said) -> dict[str, object]:
    return {"hold_reason": reason, "lease_until": None, "next_check_at": None, **said.values()}


def _record(
    session: Session,
    claimed: Claimed,
    event: PublicationEvent,
    values: Mapping[str, object],
    part_event: PartEvent | None,
    where: Sequence[ColumnElement[bool]] = (),
) -> bool:
    try:
        move_one(session, Publication, event, claimed.id, [*claimed.fence(), *where], values)
    except StateChangedError:
        return False
    if part_event is not None:
        _move_parts(session, part_event, [claimed.id])
    return True


def _move_parts(session: Session, event: PartEvent, publication_ids: Sequence[int]) -> None:
    if publication_ids:
        move(session, PublicationPart, event, [PublicationPart.publication_id.in_(publication_ids)])
