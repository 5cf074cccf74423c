"""Publications that may be out or not: taken one at a time to be looked up, and what the look said.

Nothing here decides; ``scheduler/retries.py`` does. Each write is fenced by what was taken, so that two
workers that look at the same account never count one absence twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, literal_column, or_, select, update
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.moves import StateChangedError, move, move_one
from content_calendar.sending import NOTHING, Proof, RemotePostTakenError, Said, publish
from content_calendar.states import AT_REST, HoldReason, PartEvent, PublicationEvent, PublicationState

LONGEST_WAIT = timedelta(hours=1)
_IS_DOUBTFUL = literal_column("publication.state") == literal_column("'unknown'")


@dataclass(frozen=True)
class Doubtful:
    """A doubt in one worker's hands until ``taken_until``; the moments are the database's."""

    id: int
    ref: str
    post_id: int
    account_id: int
    generation: int
    attempts: int
    absent_reads: int
    refused_as_equal: bool
    due_at: datetime
    late_after: datetime
    # Empty for what a restored database may have forgotten to have sent.
    sent_at: datetime | None
    unknown_since: datetime
    taken_until: datetime

    def fence(self) -> list[ColumnElement[bool]]:
        """Return the conditions under which nobody else has decided on it since."""
        return [
            Publication.state == PublicationState.UNKNOWN,
            Publication.lease_gen == self.generation,
            Publication.absent_reads == self.absent_reads,
            Publication.next_check_at == self.taken_until,
        ]


def take(session: Session, limit: int, lease: timedelta) -> list[Doubtful]:
    """Take at most ``limit`` doubts that are to be looked at now; nobody else gets them for ``lease``."""
    at = clock.db_now(session)
    # Nothing waits longer for a look, unless the clock was ahead when that was written.
    to_look = or_(Publication.next_check_at <= at, Publication.next_check_at > at + LONGEST_WAIT)
    due = (
        select(Publication.id)
        .where(_IS_DOUBTFUL, to_look)
        .order_by(Publication.next_check_at, Publication.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken_until = at + lease
    ids = session.execute(
        update(Publication)
        .where(
            Publication.id.in_(select(due.c.id)),
            Publication.state == PublicationState.UNKNOWN,
            to_look,
        )
        .values(next_check_at=taken_until)
        .returning(Publication.id)
        .execution_options(synchronize_session=False)
    ).scalars()
    rows = session.execute(
        select(Publication).where(Publication.id.in_(list(ids))).order_by(Publication.id)
    ).scalars()
    return [
        Doubtful(
            row.id,
            row.ref,
            row.post_id,
            row.account_id,
            row.lease_gen,
            row.attempts,
            row.absent_reads,
            row.refused_as_equal,
            row.due_at,
            row.late_after,
            row.sent_at,
            row.unknown_since or at,
            taken_until,
        )
        for row in rows
    ]


def record_found(session: Session, doubtful: Doubtful, part: int, proof: Proof) -> bool:
    """Record that the look found it; returns False when somebody else decided meanwhile."""
    try:
        publish(session, doubtful.id, part, proof, doubtful.fence())
    except RemotePostTakenError as taken:
        return record_given_up(
            session, doubtful, HoldReason.UNCONFIRMED, Said(taken.code, {"url": proof.url})
        )
    except StateChangedError:
        return False
    return True


def record_absent(session: Session, doubtful: Doubtful, next_check_at: datetime, *, counts: bool) -> bool:
    """Record that the look did not find it; it counts only when the look came late enough to prove."""
    values = {"absent_reads": Publication.absent_reads + (1 if counts else 0), "next_check_at": next_check_at}
    return _note(session, doubtful, values)


def look_later(session: Session, doubtful: Doubtful, next_check_at: datetime) -> bool:
    """Leave the doubt as it is until ``next_check_at``, but no longer than ``LONGEST_WAIT``."""
    latest = clock.db_now(session) + LONGEST_WAIT
    return _note(session, doubtful, {"next_check_at": min(next_check_at, latest)})


def record_resend(session: Session, doubtful: Doubtful, *, looked: bool) -> bool:
    """Give it back to the queue: it was looked for and is not there, or a repeat is harmless.

    What was not ``looked`` for may be out: until it is sent, it keeps the moment since which it is in doubt.
    """
    values = {
        "next_at": clock.now(),
        "next_check_at": None,
        "unknown_since": None if looked else doubtful.unknown_since,
        "absent_reads": 0,
        **NOTHING.values(),
    }
    return _decide(session, doubtful, PublicationEvent.RESEND, values)


def record_given_up(session: Session, doubtful: Doubtful, reason: HoldReason, said: Said) -> bool:
    """Put the doubt before a person."""
    values = {"hold_reason": reason, "next_check_at": None, **said.values()}
    return _decide(session, doubtful, PublicationEvent.HOLD, values)


def taken_remote_ids(session: Session, account_id: int, remote_ids: Sequence[str]) -> set[str]:
    """Return which of these remote posts already prove a publication of the account."""
    known = select(PublicationPart.remote_id).where(
        PublicationPart.account_id == account_id, PublicationPart.remote_id.in_(remote_ids)
    )
    return {remote_id for remote_id in session.execute(known).scalars() if remote_id}


def suspect_past_due(session: Session) -> list[int]:
    """Doubt everything past due that is not at rest: a restored database has forgotten what was sent.

    Returns the ids. When it was sent is forgotten too, so that the quiet time begins anew.
    """
    at = clock.db_now(session)
    begun = Publication.state.in_(
        (PublicationState.CLAIMED, PublicationState.SENDING, PublicationState.UNKNOWN)
    )
    forgotten: dict[str, object] = {
        "unknown_since": at,
        "next_check_at": at,
        "sent_at": None,
        "absent_reads": 0,
        "hold_reason": None,
        "lease_until": None,
        # A worker of the time before writes nothing any more.
        "lease_gen": Publication.lease_gen + 1,
        **Said("restored").values(),
    }
    return move(
        session,
        Publication,
        PublicationEvent.SUSPECT,
        [or_(Publication.due_at <= clock.now(), begun), Publication.state.not_in(AT_REST)],
        forgotten,
    )


def _note(session: Session, doubtful: Doubtful, values: dict[str, object]) -> bool:
    noted = session.execute(
        update(Publication)
        .where(Publication.id == doubtful.id, *doubtful.fence())
        .values(values)
        .returning(Publication.id)
        .execution_options(synchronize_session="fetch")
    )
    return noted.scalar_one_or_none() is not None


def _decide(session: Session, doubtful: Doubtful, event: PublicationEvent, values: dict[str, object]) -> bool:
    try:
        move_one(session, Publication, event, doubtful.id, doubtful.fence(), values)
    except StateChangedError:
        return False
    move(session, PublicationPart, PartEvent.RESET, [PublicationPart.publication_id == doubtful.id])
    return True
