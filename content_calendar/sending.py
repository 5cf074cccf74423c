"""The worker's side of the queue: claim, begin to send, record what came of it, reap.

The calendar's own table is the queue. Every write here is a compare-and-swap by ``moves.move``, fenced by
the worker and the generation of its claim: a worker that wakes late finds that the row is not its any more.
Leases and doubts are timed by the database's clock, which all workers share; hours by the time of day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    literal,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from content_calendar import clock, webhooks
from content_calendar.db import Moment
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.models.webhooks import EventKind
from content_calendar.moves import StateChangedError, move, move_one
from content_calendar.states import HoldReason, PartEvent, PartState, PublicationEvent, PublicationState

# A thread that has begun goes on, even if it takes longer than its hour allowed it to begin.
GOING_ON = timedelta(minutes=30)
# Twice what a worker asks for.
_LONGEST_LEASE = timedelta(minutes=4)
# Written out, not bound: a partial index serves only a condition that the database can see. And as a
# comparison, not as one literal: of a Boolean literal SQLAlchemy makes "… = 1" on SQLite, which no index serves.
IS_WAITING = literal_column("publication.state") == literal_column("'scheduled'")
_IS_LEASED = literal_column("publication.state").in_(
    [literal_column("'claimed'"), literal_column("'sending'")]
)
# A restored database does not know when it was sent, and only such a doubt has no such moment.
_IS_FORGOTTEN = and_(Publication.sent_at.is_(None), Publication.unknown_since.is_not(None))
_P = Publication


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
# What a publication that is out, or goes on, has to say no more.
SETTLED: Mapping[str, object] = MappingProxyType(
    {"hold_reason": None, "next_check_at": None, "lease_until": None, **NOTHING.values()}
)


def going_on(late: ColumnElement[datetime]) -> dict[str, object]:
    """Return what a thread begins its next part with: due as it was, in time until ``late`` at least."""
    return {
        "next_at": Publication.due_at,
        "late_after": case((Publication.late_after < late, late), else_=Publication.late_after),
        "attempts": 0,
        "unknown_since": None,
        "absent_reads": 0,
        "refused_as_equal": False,
    }


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


def miss_late(session: Session, limit: int = 500) -> list[int]:
    """Put before a person what is past its tolerance and was not begun, the latest first; return the ids.

    At most ``limit`` at once: after a long stop nobody else should wait for all of it.
    """
    late = Publication.late_after < clock.now()
    held, _ = _put_by(session, HoldReason.LATE, Said("late"), late, Publication.late_after, limit)
    return held


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
    """Let a part be out, with the proof; its publication is published when it was the last, else goes on.

    What a restored database forgot does not go on: its next part may be out as well, and is looked for first.
    Raises StateChangedError when it does not stand where it may, RemotePostTakenError when the proof is
    another publication's.
    """
    at = proof.published_at or clock.now()
    left = session.execute(
        select(PublicationPart.id).where(
            PublicationPart.publication_id == publication_id,
            PublicationPart.n != part,
            PublicationPart.state != PartState.PUBLISHED,
        )
    ).first()
    event, values, fence = PublicationEvent.PUBLISH, {"published_at": at, **SETTLED}, list(where)
    if left is not None:
        forgotten = session.execute(
            select(Publication.id).where(Publication.id == publication_id, _IS_FORGOTTEN)
        ).first()
        event, values = _next_part(session, forgotten=forgotten is not None)
        fence.append(_IS_FORGOTTEN if forgotten else not_(_IS_FORGOTTEN))
    try:
        with session.begin_nested():
            move_one(session, Publication, event, publication_id, fence, values)
            move(
                session,
                PublicationPart,
                PartEvent.PUBLISH,
                [PublicationPart.publication_id == publication_id, PublicationPart.n == part],
                {"remote_id": proof.remote_id, "remote_url": proof.url, "published_at": at},
            )
    except IntegrityError as error:
        raise RemotePostTakenError(remote_id=proof.remote_id) from error
    if event is PublicationEvent.PUBLISH:
        ref = session.execute(select(Publication.ref).where(Publication.id == publication_id)).scalar_one()
        webhooks.note(session, EventKind.POST_PUBLISHED, {ref: ref})


def _next_part(session: Session, *, forgotten: bool) -> tuple[PublicationEvent, dict[str, object]]:
    # What was decided about one part does not reach the next: whoever read of the old one comes too late.
    values: dict[str, object] = {**SETTLED, "lease_gen": Publication.lease_gen + 1}
    if not forgotten:
        return PublicationEvent.ADVANCE, {**values, **going_on(literal(clock.now() + GOING_ON, Moment))}
    # Its hour stays what it was: after a restore nothing that is late leaves without a person.
    doubted = _doubted(clock.db_now(session), Said("restored"))
    return PublicationEvent.SUSPECT, {**values, "attempts": 0, **doubted}


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
    values = _doubted(at, said)
    if refused_as_equal:
        values["refused_as_equal"] = True
    return _record(session, claimed, PublicationEvent.DOUBT, values, PartEvent.DOUBT)


def release(session: Session, claimed: Claimed, next_at: datetime, said: Said) -> bool:
    """Give back what was claimed and not begun, to be tried again at ``next_at``."""
    values = {"next_at": next_at, "lease_until": None, **said.values()}
    return _record(session, claimed, PublicationEvent.RELEASE, values, None)


def reap(session: Session) -> Reaped:
    """Take from silent workers what they held: what they only prepared goes back, the rest is doubted.

    No lease reaches far into the future unless the clock was ahead when it was given.
    """
    at = clock.db_now(session)
    over = or_(Publication.lease_until < at, Publication.lease_until > at + _LONGEST_LEASE)
    released = move(
        session,
        Publication,
        PublicationEvent.RELEASE,
        [_IS_LEASED, Publication.state == PublicationState.CLAIMED, over],
        {"lease_until": None},
    )
    doubted = move(
        session,
        Publication,
        PublicationEvent.DOUBT,
        [_IS_LEASED, Publication.state == PublicationState.SENDING, over],
        _doubted(at, Said("worker_silent")),
    )
    _move_parts(session, PartEvent.DOUBT, doubted)
    return Reaped(released, doubted)


def hold_due(session: Session, reason: HoldReason, said: Said, limit: int | None = None) -> list[int]:
    """Put before a person everything whose hour has come and that was not begun; return the ids.

    Among them is what was to be repeated unseen: it may be out, and is in doubt again.
    """
    due = Publication.next_at <= clock.now()
    held, doubted = _put_by(session, reason, said, due, Publication.next_at, limit)
    return held + doubted


def _put_by(
    session: Session,
    reason: HoldReason,
    said: Said,
    where: ColumnElement[bool],
    order: InstrumentedAttribute[datetime],
    limit: int | None,
) -> tuple[list[int], list[int]]:
    """Hold what waits; but what was to be repeated unseen may be out, and is looked up."""
    unseen, chosen = Publication.unknown_since.is_not(None), [IS_WAITING, where]
    if limit is not None:
        first = select(_P.id).where(IS_WAITING, where).order_by(order, _P.id).limit(limit)
        chosen.append(_P.id.in_(first.correlate(None)))
    again = _doubted(clock.db_now(session), Said("unconfirmed"))
    doubted = move(session, Publication, PublicationEvent.SUSPECT, [*chosen, unseen], again)
    held = move(session, Publication, PublicationEvent.HOLD, [*chosen, not_(unseen)], _held(reason, said))
    return held, doubted


def _doubted(at: datetime, said: Said) -> dict[str, object]:
    return {"unknown_since": at, "next_check_at": at, "absent_reads": 0, "lease_until": None, **said.values()}


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
