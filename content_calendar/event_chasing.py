"""Events that are over and not closed: whoever writes them is told once, the day after."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import notices
from content_calendar.audience import Audience, Somebody, holders
from content_calendar.clock import now
from content_calendar.models.events import Event
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission, Scope

AFTER = timedelta(hours=12)
# What nobody has closed for so long stays in the list of what is owed, and rings no bell.
_UNTIL = timedelta(days=60)
_MOST_AT_ONCE = 500
_TITLE = 90


def chase(session: Session) -> int:
    """Tell of each event that is over and waits for its closing; return how many do. Told already is told no more."""
    at = now()
    owed = session.scalars(
        select(Event)
        .where(
            Event.cancelled_at.is_(None),
            Event.closed_at.is_(None),
            Event.ends_at <= at - AFTER,
            Event.ends_at > at - _UNTIL,
        )
        .options(joinedload(Event.body))
        .order_by(Event.id)
        .limit(_MOST_AT_ONCE)
    ).all()
    people = notices.people_to_tell(session, at.date()) if owed else []
    notices.tell(session, [(_happening(one), _audience(people, one)) for one in owed])
    return len(owed)


def _happening(event: Event) -> Happening:
    # An event that was moved after it was told of is another happening.
    return Happening(
        f"event:{event.ref}:close:{event.ends_on.isoformat()}",
        Code.EVENT_TO_CLOSE.value,
        Subject.EVENT,
        event.ref,
        {"title": event.title[:_TITLE]},
    )


def _audience(people: Collection[Somebody], event: Event) -> Audience:
    """Return who may close it: the commission's staff, and whoever stands for the body that hosts it.

    Mailed is who wrote it, and the body's own people; when none of them is left, all who may.
    """
    staff = holders(people, Permission.EDIT_PLAN)
    body = event.body
    ours = (
        holders(people, Permission.WRITE_EVENTS, Scope(body.id, body.region_id)) if body else frozenset[int]()
    )
    concerned = (ours - staff) | (frozenset({event.author_id}) & (staff | ours))
    return Audience(staff | ours, concerned or staff)
