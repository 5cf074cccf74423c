"""What of the portal is open: all of it, until an administrator closes a part.

Publicity is the rule and a closed part the exception (LGTAIP, articles 3 and 8), so an act of a person with a name
closes, and nothing else.
"""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.errors import NotFoundError
from content_calendar.models.opening import ClosedPart
from content_calendar.models.people import Person

PORTAL = "portal"
"""The whole of it; every other name is that of a set of open data."""


class PartClosedError(NotFoundError):
    """That part of the portal is closed."""

    code = "part_closed"


def closed(session: Session) -> frozenset[str]:
    """Return the names of the parts that are closed."""
    return frozenset(session.scalars(select(ClosedPart.name)))


def choose(session: Session, person: Person, names: Collection[str], known: Collection[str]) -> bool:
    """Close these parts of those that are ``known`` and open the others; return whether anything changed."""
    before, after = closed(session), frozenset(names) & frozenset(known)
    opened = before - after
    if opened:
        session.execute(delete(ClosedPart).where(ClosedPart.name.in_(opened)))
    session.add_all(ClosedPart(name=name, closed_by_id=person.id) for name in sorted(after - before))
    session.flush()
    if before != after:
        audit.record(
            session, person.ref, "portal_parts_chosen", "installation", "",
            closed=sorted(after - before), opened=sorted(opened),
        )  # fmt: skip
    return before != after
