"""Catching up: after a silence, a clock jump or a restore nothing leaves by itself.

What is past due waits for a person, or is looked up first; the mode ends when nothing of it is left, or
when a person ends it.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from content_calendar import ally_letters, clock, open_links, tokens
from content_calendar.audit import record
from content_calendar.doubts import suspect_past_due
from content_calendar.epoch import Epoch, installation, renew
from content_calendar.models.jobs import Installation
from content_calendar.models.people import AuditEvent, WebSession
from content_calendar.models.publications import Publication
from content_calendar.sending import Said, hold_due
from content_calendar.states import HoldReason, PublicationState

_RESTORED = "installation_restored"


class Why(StrEnum):
    """Why the installation catches up."""

    SILENCE = "silence"
    CLOCK_JUMP = "clock_jump"
    RESTORED = "restored"


def is_catching_up(session: Session) -> bool:
    """Tell whether nothing may leave."""
    return (
        session.execute(select(Installation.id).where(Installation.catch_up_since.is_not(None))).first()
        is not None
    )


def enter(session: Session, why: Why) -> list[int]:
    """Begin to catch up if anything is past due; return the ids of what now waits for a person."""
    held = hold_due(session, HoldReason.CATCH_UP, Said("catch_up", {"why": why.value}))
    if held:
        _mark(session, why)
    return held


def restored(session: Session, *, renews: bool = True, of: datetime | None = None) -> Epoch:
    """Doubt what is past due and begin a new epoch: this database is an older one that was put back.

    Personal tokens, sessions and links end: it may have forgotten that somebody revoked one. Administrators are told to
    look through the people; ``of`` is the moment that the database is of, as far as it knows by itself when None.

    A machine that only has no file to compare with doubts too, but leaves the epoch as it is
    (``renews=False``): two such machines would otherwise take turns in calling each other restored.

    Called by ``scheduler.restored``, which ends what the tool-box has given out too. The caller keeps the returned
    epoch in the file after committing.
    """
    suspected = suspect_past_due(session)
    ally_letters.doubt_all(session)
    epoch = renew(session) if renews else Epoch.read(installation(session).epoch)
    _mark(session, Why.RESTORED)
    known = of or session.scalar(select(func.max(AuditEvent.at))) or clock.now()
    tokens.end_all(session)
    open_links.end_all(session)
    session.execute(update(WebSession).where(WebSession.ended_at.is_(None)).values(ended_at=clock.now()))
    told = {"suspected": len(suspected), "of": known.isoformat(timespec="seconds")}
    record(session, "", _RESTORED, "installation", epoch.origin, **told)
    return epoch


def last_restored(session: Session) -> AuditEvent | None:
    """Return when this was last found to be an older database that was put back."""
    return session.scalars(
        select(AuditEvent).where(AuditEvent.act == _RESTORED).order_by(AuditEvent.id.desc()).limit(1)
    ).first()


def go_on(session: Session) -> bool:
    """While catching up: end once nothing of it is left, else hold what came due; return whether it goes on."""
    row = installation(session)
    if row.catch_up_since is None:
        return False
    left = select(Publication.id).where(
        or_(
            Publication.state == PublicationState.UNKNOWN,
            (Publication.state == PublicationState.HELD) & (Publication.hold_reason == HoldReason.CATCH_UP),
        )
    )
    if session.execute(left.limit(1)).first() is None:
        _unmark(row)
        return False
    hold_due(session, HoldReason.CATCH_UP, Said("catch_up", {"why": row.catch_up_code}))
    return True


def leave(session: Session, actor_ref: str) -> None:
    """End it because a person says so; what waits for a person still does."""
    row = installation(session)
    if row.catch_up_since is not None:
        record(session, actor_ref, "catch_up_ended", "installation", row.epoch)
        _unmark(row)


def _mark(session: Session, why: Why) -> None:
    row = installation(session)
    row.catch_up_since = row.catch_up_since or clock.now()
    row.catch_up_code = why.value
    session.flush()


def _unmark(row: Installation) -> None:
    row.catch_up_since = None
    row.catch_up_code = ""
