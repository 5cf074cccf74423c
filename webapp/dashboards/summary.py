"""Resultados: what a bimester came to, each figure with its cut-off, and the same as CSV."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from flask import Response, render_template, url_for
from flask_babel import gettext, ngettext

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.permissions import Permission
from scheduler.results.summary import HOURS_A_BLOCK, Ranked
from webapp import dates
from webapp.dashboards import figures
from webapp.dashboards.echo_words import KINDS
from webapp.dashboards.measured import WINDOW_WORDS
from webapp.dashboards.reach import bodies_within
from webapp.dashboards.received import WEEKDAYS, Received, figures_of, name_of, post_of, received
from webapp.dashboards.views import blueprint
from webapp.session import needs
from webapp.sheets import csv_answer

_P = Permission
# The ages that a bimester can be compared at; the first hour says little of two months.
_AGES = ("24h", "72h", "7d", "28d")


def _asked(year: int, number: int) -> tuple[int, int]:
    return (year, number) if year else bimester_of(now().astimezone(dates.zone()).date())


@blueprint.get("/resultados", defaults={"year": 0, "number": 0})
@blueprint.get("/resultados/<int:year>/<int:number>")
@needs(_P.VIEW_SUMMARIES)
def summary(year: int, number: int) -> str:
    """Show the figures of a bimester, of the bodies within reach."""
    year, number = _asked(year, number)
    first, last = bimester_span(year, number)
    within = bodies_within(_P.VIEW_SUMMARIES)
    kept, told = received(year, number, within), figures_of(year, number, within)
    return render_template(
        "dashboards/summary.html",
        year=year,
        number=number,
        first=first,
        last=last,
        before=bimester_after(year, number, -1),
        after=bimester_after(year, number),
        summary=told.value,
        received=kept,
        ages={name: WINDOW_WORDS[name] for name in _AGES},
        age_url=lambda age: url_for(".summary", year=year, number=number, edad=age),
        name_of=lambda table: partial(_name, kept.value, table),
        post_of=partial(post_of, kept.value),
        facts_of=partial(_facts, kept.value),
        kinds={kind: gettext(word) for kind, word in KINDS.items()},
        cut_off=told.as_of,
    )


@blueprint.get("/resultados/<int:year>/<int:number>/<table>.csv")
@needs(_P.VIEW_SUMMARIES)
def summary_sheet(year: int, number: int, table: str) -> Response:
    """Return one table of the bimester as CSV: organismos, temas, campanas or celdas."""
    told = figures_of(year, number, bodies_within(_P.VIEW_SUMMARIES))
    found = told.value
    tables = {"organismos": found.by_body, "temas": found.by_theme, "campanas": found.by_campaign}
    rows = _cells(found) if table not in tables else _lines(tables[table])
    cut = [gettext("Corte al"), told.as_of.astimezone(dates.zone()).isoformat(timespec="minutes")]
    return csv_answer(f"resuena-{year}-{number}-{table}", [*rows, [], cut])


def _name(received: Received, table: str, key: object) -> str:
    if table == "weekday":
        said: str = gettext(WEEKDAYS[int(str(key))]).capitalize()
    elif table == "hour":
        said = gettext("De %(first)s a %(last)s h", first=key, last=int(str(key)) + HOURS_A_BLOCK)
    elif table == "media":
        said = gettext("Con imagen o video") if key else gettext("Solo texto")
    else:
        said = name_of(received, table, key)
        said = gettext(said).capitalize() if table == "kind" else said
    return said


def _facts(received: Received, one: Ranked) -> list[str]:
    """Return what can be seen of a post beside how it did: when it went out, with what, and who took it up."""
    post = post_of(received, one)
    there = one.at.astimezone(dates.zone())
    said = [
        gettext("%(weekday)s a las %(hour)s h", weekday=gettext(WEEKDAYS[there.weekday()]), hour=there.hour),
        gettext("con imagen o video") if post.has_media else gettext("solo texto"),
    ]
    if one.bodies:
        said.append(ngettext("%(num)s organismo la replicó", "%(num)s organismos la replicaron", one.bodies))
    return said


def hours(lag: timedelta | None) -> float | None:
    """Return a lag in hours, to one decimal; nothing for one that is not known."""
    return None if lag is None else round(lag.total_seconds() / 3600, 1)


def _lines(lines: Sequence[figures.Line]) -> Iterator[Sequence[object]]:
    yield [
        gettext("Nombre"),
        gettext("Publicaciones"),
        gettext("Réplicas"),
        gettext("Organismos"),
        gettext("Mediana (horas)"),
        *(gettext(word) for word in KINDS.values()),
    ]
    for line in lines:
        yield [
            line.name,
            line.posts,
            line.echoes or None,
            line.bodies or None,
            hours(line.lag),
            *(line.kinds.get(kind) for kind in KINDS),
        ]


def _cells(found: figures.Summary) -> Iterator[Sequence[object]]:
    yield [
        gettext("Organismo"),
        gettext("Publicación"),
        gettext("Título"),
        gettext("Salió"),
        gettext("Tipo de réplica"),
        gettext("Horas después"),
    ]
    bodies = {body.id: body for body in found.bodies}
    posts = {post.id: post for post in found.posts}
    for echo in found.echoes:
        post = posts[echo.post_id]
        out = post.first_at.astimezone(dates.zone()).isoformat(timespec="minutes")
        kind = gettext(KINDS[echo.kind])
        yield [bodies[echo.body_id].slug, post.ref, post.title, out, kind, hours(echo.lag)]
