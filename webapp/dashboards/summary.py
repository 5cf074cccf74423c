"""Resultados: what a bimester came to, each figure with its cut-off."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import render_template, url_for
from flask_babel import gettext, ngettext

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.permissions import Permission
from scheduler.results.summary import HOURS_A_BLOCK, TAKEN_UP_BY, Bimester, Ranked
from webapp import dates
from webapp.dashboards import figures
from webapp.dashboards.echo_words import KINDS
from webapp.dashboards.hours import block_said, hours_now, times_said
from webapp.dashboards.measured import WINDOW_WORDS
from webapp.dashboards.reach import bodies_within
from webapp.dashboards.received import WEEKDAYS, names_of, post_of, received
from webapp.dashboards.views import blueprint
from webapp.session import needs

_P = Permission
# The ages that a bimester can be compared at; the first hour says little of two months.
_AGES = ("24h", "72h", "7d", "28d")


def bimester_asked(year: int, number: int) -> tuple[int, int]:
    """Return the bimester of an address, or the one that is going on."""
    return (year, number) if year else bimester_of(now().astimezone(dates.zone()).date())


@blueprint.get("/resultados", defaults={"year": 0, "number": 0})
@blueprint.get("/resultados/<int:year>/<int:number>")
@needs(_P.VIEW_SUMMARIES)
def summary(year: int, number: int) -> str:
    """Show the figures of a bimester, of the bodies within reach."""
    year, number = bimester_asked(year, number)
    first, last = bimester_span(year, number)
    within = bodies_within(_P.VIEW_SUMMARIES)
    kept = received(year, number, within)
    return render_template(
        "dashboards/summary.html",
        year=year,
        number=number,
        first=first,
        last=last,
        before=bimester_after(year, number, -1),
        after=bimester_after(year, number),
        summary=figures.figures_of(kept.value, within),
        received=kept,
        ages={name: WINDOW_WORDS[name] for name in _AGES},
        age_url=lambda age: url_for(".summary", year=year, number=number, edad=age),
        name_of=partial(line_names, kept.value),
        post_of=partial(post_of, kept.value),
        facts_of=partial(said_of, kept.value),
        sheet_url=lambda table: url_for(
            ".summary_sheet", year=year, number=number, table=table, edad=kept.value.summary.window
        ),
        kinds={kind: gettext(word) for kind, word in KINDS.items()},
        hours=hours_now().value,
        block_said=block_said,
        times_said=times_said,
        cut_off=kept.as_of,
    )


def line_names(found: Bimester, table: str) -> Callable[[object], str]:
    """Return what calls the lines of a table by their key, in the reader's words."""
    if table == "weekday":
        return lambda key: str(gettext(WEEKDAYS[int(str(key))])).capitalize()
    if table == "hour":
        return lambda key: str(
            gettext("De %(first)s a %(last)s h", first=key, last=int(str(key)) + HOURS_A_BLOCK)
        )
    if table == "media":
        return lambda key: str(gettext("Con imagen o video") if key else gettext("Solo texto"))
    if table == "taken_up":
        return lambda key: _taken_up(int(str(key)))
    names = names_of(found, table)
    if table == "kind":
        return lambda key: str(gettext(names.get(key, str(key)))).capitalize()
    return lambda key: names.get(key, str(key))


def _taken_up(least: int) -> str:
    more = [one - 1 for one in TAKEN_UP_BY if one > least]
    if not least:
        said: str = gettext("Sin réplica vista")
    elif not more:
        said = gettext("%(least)s organismos o más", least=least)
    elif more[0] == least:
        said = ngettext("%(num)s organismo", "%(num)s organismos", least)
    else:
        said = gettext("De %(least)s a %(most)s organismos", least=least, most=more[0])
    return said


def said_of(found: Bimester, one: Ranked) -> list[str]:
    """Return what can be seen of a post beside how it did: when it went out, with what, and who took it up."""
    post = post_of(found, one)
    there = one.at.astimezone(dates.zone())
    said = [
        gettext("%(weekday)s a las %(hour)s h", weekday=gettext(WEEKDAYS[there.weekday()]), hour=there.hour),
        gettext("con imagen o video") if post.has_media else gettext("solo texto"),
    ]
    if post.theme:
        said.append(gettext("tema «%(theme)s»", theme=post.theme))
    if one.bodies:
        said.append(ngettext("%(num)s organismo la replicó", "%(num)s organismos la replicaron", one.bodies))
    return said


def hours(lag: timedelta | None) -> float | None:
    """Return a lag in hours, to one decimal; nothing for one that is not known."""
    return None if lag is None else round(lag.total_seconds() / 3600, 1)
