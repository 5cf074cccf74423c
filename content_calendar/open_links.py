"""Links that open something for whoever has them: all end when a database turns out to be an older one.

It has forgotten which of them were taken back since its backup, and nobody can tell (``tokens.end_all`` does the same
for personal tokens). Each is made or mailed anew by a click; that one which was taken back opens again, nobody notices.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Update, update
from sqlalchemy.orm import Session

from content_calendar.audit import record
from content_calendar.clock import now
from content_calendar.models.allies import AllyLink
from content_calendar.models.exchange import CalendarFeed
from content_calendar.models.factors import DoorLetter
from content_calendar.models.reviews import ReviewLink
from content_calendar.models.standing import CertificationLink


def end_all(session: Session) -> int:
    """End every link of the plan's that is in force; return how many. The audit tells how many of each kind."""
    at = now()
    ended = {
        table: len(session.execute(one).all())
        for table, one in {
            "review_link": _expired(ReviewLink, at),
            "certification_link": _expired(CertificationLink, at),
            "door_letter": _expired(DoorLetter, at, DoorLetter.token_hash.is_not(None)),
            "ally_link": update(AllyLink)
            .where(AllyLink.revoked_at.is_(None), AllyLink.expires_at > at)
            .values(revoked_at=at)
            .returning(AllyLink.id),
            "calendar_feed": update(CalendarFeed)
            .where(CalendarFeed.revoked_at.is_(None))
            .values(revoked_at=at)
            .returning(CalendarFeed.id),
        }.items()
    }
    if any(ended.values()):
        record(session, "", "links_ended", "installation", "", **{k: n for k, n in ended.items() if n})
    return sum(ended.values())


def _expired(
    of: type[ReviewLink | CertificationLink | DoorLetter], at: datetime, *more: ColumnElement[bool]
) -> Update:
    """Return the statement that ends those not used; they have no other end than their time's."""
    return (
        update(of)
        .where(of.used_at.is_(None), of.expires_at > at, *more)
        .values(expires_at=at)
        .returning(of.id)
    )
