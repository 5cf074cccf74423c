"""When what the commission publishes does best, from its own figures, with how sure one may be of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Final

from flask import Response, current_app, render_template
from flask_babel import gettext

from content_calendar.clock import now
from content_calendar.permissions import Permission
from scheduler.results import facts
from scheduler.results.hours import HOURS_A_BLOCK, LEAST_POSTS, LOOKED_BACK, Cell, Hours, hours_of
from scheduler.results.keeping import Keeper, Kept
from webapp import dates
from webapp.dashboards.received import WEEKDAYS
from webapp.dashboards.views import blueprint
from webapp.session import db, needs, viewer
from webapp.sheets import csv_answer

_P = Permission
_EXTENSION: Final = "resuena_hours"


def hours_now() -> Kept[Hours]:
    """Return what the last half year says, as of a few minutes ago at most."""
    zone = dates.zone()
    # As of midnight: the same until then for everybody, unless something of it changes.
    until = datetime.combine(now().astimezone(zone).date(), time(), zone).astimezone(UTC)
    keeper: Keeper[Hours] = current_app.extensions.setdefault(_EXTENSION, Keeper())
    key = (str(db().get_bind().engine.url), str(zone), until)
    changed = facts.stamp(db(), until - LOOKED_BACK, until)
    return keeper.get(key, changed, lambda: hours_of(db(), until, zone=zone))


def block_said(cell: Cell) -> str:
    """Return a weekday and its hours in words, such as "jueves de 9 a 12 h"."""
    day, last = gettext(WEEKDAYS[cell.weekday]), cell.hour + HOURS_A_BLOCK
    return str(gettext("%(day)s de %(first)s a %(last)s h", day=day, first=cell.hour, last=last))


def times_said(cell: Cell) -> str:
    """Return how much better than usual, and between what, in words."""
    times, low, high = (dates.decimal(one) for one in (cell.times, cell.low, cell.high))
    return str(
        gettext(
            "%(times)s veces lo usual; probablemente entre %(low)s y %(high)s",
            times=times,
            low=low,
            high=high,
        )
    )


@blueprint.app_template_global("good_hours")
def suggestion() -> Sequence[str]:
    """Return the best hours in words for whoever chooses one; nothing while nothing may be said, or to the viewer."""
    if not viewer().can(_P.VIEW_SUMMARIES):
        return []
    return [block_said(cell) for cell in hours_now().value.best]


@blueprint.get("/resultados/horas")
@needs(_P.VIEW_SUMMARIES)
def hours_page() -> str:
    """Show every weekday and hour that is known, and which of them are likely to do better."""
    kept = hours_now()
    cells = {(one.weekday, one.hour): one for one in kept.value.cells}
    return render_template(
        "dashboards/hours.html",
        hours=kept.value,
        cells=cells,
        weekdays=[gettext(day).capitalize() for day in WEEKDAYS],
        blocks=sorted({hour for _, hour in cells}),
        step=HOURS_A_BLOCK,
        least=LEAST_POSTS,
        block_said=block_said,
        times_said=times_said,
        cut_off=kept.as_of,
    )


@blueprint.get("/resultados/horas.csv")
@needs(_P.VIEW_SUMMARIES)
def hours_sheet() -> Response:
    """Return the weekdays and hours as CSV."""
    kept = hours_now()
    cut = [gettext("Corte al"), kept.as_of.astimezone(dates.zone()).isoformat(timespec="minutes")]
    rows = [
        [gettext(WEEKDAYS[one.weekday]), one.hour, one.posts]
        + [round(value, 3) for value in (one.times, one.low, one.high)]
        for one in kept.value.cells
    ]  # fmt: skip
    head = [gettext("Día"), gettext("Desde la hora"), gettext("Publicaciones"), gettext("Veces lo usual"),
            gettext("Desde"), gettext("Hasta")]  # fmt: skip
    return csv_answer("resuena-horas", [head, *rows, [], cut])
