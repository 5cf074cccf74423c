"""The blueprint of open data, what of it is open, and whose files are asked for."""

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g
from sqlalchemy import select

from content_calendar import open_parts
from content_calendar.clock import now
from content_calendar.errors import NotFoundError
from content_calendar.models.jobs import Installation
from scheduler.networks import networks
from webapp.open_data.declaring import Ask, DataSet
from webapp.open_data.sets import SETS
from webapp.open_data.snapshots import Shelf, Snapshot
from webapp.session import database, db, settings

blueprint = Blueprint("open_data", __name__)
_EXTENSION = "resuena_open_data"


class DataSetMissingError(NotFoundError):
    """There is no such set of open data, or not in that form. ``slug`` is what was asked for."""

    code = "data_set_missing"


def ask() -> Ask:
    """Return what the queries depend on: the commission's clock, whoever asks, and what only we see."""
    if "open_data_ask" not in g:
        demo = bool(db().scalars(select(Installation.demo)).first())
        unreal = frozenset(slug for slug, one in networks().items() if not one.needs_connection)
        # A demonstration has nothing else to show, and says on each page that all of it is made up.
        rehearsed = frozenset(slug for slug in unreal if networks()[slug].automatic and not demo)
        g.open_data_ask = Ask(ZoneInfo(settings().zone), now(), rehearsed, unreal, demo)
    found: Ask = g.open_data_ask
    return found


def open_sets() -> tuple[DataSet, ...]:
    """Return the sets that are open, in order; raise PartClosedError when the whole portal is closed."""
    closed = open_parts.closed(db())
    if open_parts.PORTAL in closed:
        raise open_parts.PartClosedError
    return tuple(one for one in SETS.values() if one.slug not in closed)


def open_set(slug: str) -> DataSet:
    """Return a set that is open; raise DataSetMissingError or PartClosedError."""
    if slug not in SETS:
        raise DataSetMissingError(slug=slug)
    found = next((one for one in open_sets() if one.slug == slug), None)
    if found is None:
        raise open_parts.PartClosedError
    return found


def shelf() -> Shelf:
    """Return this application's files of open data."""
    found: Shelf = current_app.extensions.setdefault(_EXTENSION, Shelf(settings().data))
    return found


def snapshot(data_set: DataSet) -> Snapshot:
    """Return the set's files, made now when those that are there are too old."""
    return shelf().get(database(), data_set, ask())
