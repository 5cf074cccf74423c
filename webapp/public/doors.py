"""The blueprint of the public portal, and which of its pages are open."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint

from content_calendar import open_parts
from content_calendar.clock import now
from content_calendar.open_parts import PORTAL, PartClosedError
from webapp.session import db, settings

blueprint = Blueprint("public", __name__)


def require_open(*needed: str) -> frozenset[str]:
    """Return the names of the parts that are closed; raise PartClosedError when this page shows one of them."""
    closed = open_parts.closed(db())
    if closed & {PORTAL, *needed}:
        raise PartClosedError
    return closed


def here() -> ZoneInfo:
    """Return the commission's zone: a public page tells everybody the same day."""
    return ZoneInfo(settings().zone)


def today() -> date:
    """Return the day it is by the commission's clock."""
    return now().astimezone(here()).date()


def begins_at(day: date) -> datetime:
    """Return the moment at which a day begins by the commission's clock."""
    return datetime.combine(day, time(), here())
