"""The blueprint of the events, and who may write one."""

from flask import Blueprint

from content_calendar.errors import ForbiddenError
from content_calendar.models.directory import Body
from content_calendar.models.events import Event
from content_calendar.permissions import Permission, Scope
from webapp.session import viewer

blueprint = Blueprint("events", __name__)
SEE_OTHER = 303
UNPROCESSABLE = 422
# What the commission itself hosts is of no body: only whoever writes for all reaches it.
_NOBODY = Scope(0, None)


def may_write(body: Body | None) -> bool:
    """Return whether the viewer may write an event that this body hosts, or the commission when there is none."""
    scope = Scope(body.id, body.region_id) if body else _NOBODY
    return viewer().can(Permission.WRITE_EVENTS, scope)


def require_writing(event: Event) -> None:
    """Raise ForbiddenError when the viewer may not write the event."""
    if not may_write(event.body):
        raise ForbiddenError
