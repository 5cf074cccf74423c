"""The blueprint of the allies, which of them one may see, and what is told after an act."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, flash

from content_calendar import allies
from content_calendar.clock import now
from content_calendar.errors import ForbiddenError
from content_calendar.models.allies import Ally
from content_calendar.wall_time import zone_named
from webapp.allied import states_within
from webapp.session import db, settings

blueprint = Blueprint("allies", __name__)
SEE_OTHER, UNPROCESSABLE, GONE = 303, 422, 410


def here() -> ZoneInfo:
    """Return the commission's zone: a week and a month are the same for everybody who works on them."""
    return zone_named(settings().zone)


def today() -> date:
    """Return the day it is by the commission's clock."""
    return now().astimezone(here()).date()


def within() -> frozenset[str] | None:
    """Return the states whose allies the viewer may see, None for all of them and those of no state.

    Raises ForbiddenError for somebody who may see none.
    """
    found = states_within()
    if found is not None and not found:
        raise ForbiddenError
    return found


def one_ally(ref: str) -> Ally:
    """Return the ally of that reference if the viewer may see them; raise AllyNotFoundError."""
    return allies.find(db(), ref, within())


def say(text: str, undo_url: str = "", undo_label: str = "") -> None:
    """Tell what was done at the top of the next page, with the button that takes it back where there is one."""
    if not undo_url:
        flash(text, "success")
        return
    said = {"text": text, "undo_url": undo_url}
    if undo_label:
        said["undo_label"] = undo_label
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
