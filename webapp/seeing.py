"""What the viewer's bodies saw, and what waits for them in the tool-box; asked by the pages of several parts."""

from assets import takedown_list, uptake
from assets.models import SeenThing
from content_calendar.permissions import Permission
from webapp.session import database, db, viewer


def note_seen(thing: SeenThing, thing_id: int) -> None:
    """Note that the viewer's bodies saw it today: once a day each, and nothing of who it was.

    A page that is read opens a session that only reads: this one line is written apart.
    """
    bodies = viewer().rights.bodies()
    if not bodies or uptake.is_noted(db(), thing, thing_id, bodies):
        return
    with database().transaction() as session:
        uptake.note_view(session, thing, thing_id, bodies)


def reach() -> frozenset[int] | None:
    """Return the bodies whose take-down tasks the viewer sees: their own; None for who keeps the tool-box: all."""
    return None if viewer().can(Permission.EDIT_TOOLBOX) else viewer().rights.bodies()


def waiting_here() -> int:
    """Return how many tasks wait for the viewer's bodies, or for anybody where the viewer keeps the tool-box."""
    owners = reach()
    return takedown_list.waiting_count(db(), owners) if owners is None or owners else 0
