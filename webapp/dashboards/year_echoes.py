"""The year: bodies x bimesters, how many posts each took up, on the page and as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Response, render_template, url_for
from flask_babel import gettext

from content_calendar.bimesters import BIMESTERS_A_YEAR, bimester_span
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.permissions import Permission
from scheduler.replication import funnel
from scheduler.replication.funnel import Ledger, Step, Totals
from webapp import dates
from webapp.dashboards import echo_filters, echo_words
from webapp.dashboards.body_echoes import bimester_of_post, year_span
from webapp.dashboards.reach import bodies_within
from webapp.dashboards.views import blueprint
from webapp.federal import state_of
from webapp.session import db, needs
from webapp.sheets import csv_answer

_P = Permission
NUMBERS = tuple(range(1, BIMESTERS_A_YEAR + 1))
# In fifths: a shade each.
_SHADES = 4


@dataclass(frozen=True)
class Mark:
    """A body in a bimester: how many posts it took up of how many, None while none is known; and its shade, 0 to 4."""

    taken: int | None
    posts: int
    shade: int


@dataclass(frozen=True)
class Line:
    """A body's year."""

    body: Body
    state: str
    marks: Sequence[Mark]
    total: Totals


@dataclass(frozen=True)
class Year:
    """Every body's year, and what all of them came to in each bimester."""

    ledger: Ledger
    lines: Sequence[Line]
    posts: Sequence[int]
    bimesters: Sequence[Totals]


def year_of(year: int, bodies: Sequence[Body]) -> Year:
    """Return the year of these bodies; as many queries whatever was published."""
    found = funnel.read(db(), year_span(year), [body.id for body in bodies])
    numbers = [bimester_of_post(post) for post in found.posts]
    posts = [numbers.count(n) for n in NUMBERS]
    cells = found.by_body_and(bimester_of_post)
    totals = found.by_body()
    lines = [
        Line(
            body,
            state_of(body),
            [_mark(cells.get((body.id, n), Totals()), posts[n - 1]) for n in NUMBERS],
            totals[body.id],
        )
        for body in bodies
    ]
    by_bimester = found.by_group(bimester_of_post)
    return Year(found, lines, posts, [by_bimester.get(n, Totals()) for n in NUMBERS])


def _mark(total: Totals, posts: int) -> Mark:
    taken = total.at(Step.PUBLISHED)
    return Mark(taken, posts, 0 if not taken or not posts else 1 + min(_SHADES - 1, taken * _SHADES // posts))


def _bodies() -> Sequence[Body]:
    return echo_filters.narrowed(bodies_within(_P.VIEW_REPLICATIONS), "")


def _known(year: int) -> int:
    bimester_span(year, 1)
    return year


@blueprint.get("/replicas/anio/<int:year>")
@needs(_P.VIEW_REPLICATIONS)
def year_echoes(year: int) -> str:
    """Show the year of the bodies within reach."""
    found = year_of(_known(year), _bodies())
    this_year = now().astimezone(dates.zone()).year
    return render_template(
        "dashboards/year_echoes.html",
        year=year,
        found=found,
        total=found.ledger.total(),
        numbers=NUMBERS,
        names=_names(year),
        before_url=url_for(".year_echoes", year=year - 1) if year - 1 > 1 else "",
        after_url=url_for(".year_echoes", year=year + 1) if year < this_year else "",
        cut_off=now(),
        say=echo_words,
    )


def _names(year: int) -> Sequence[str]:
    """Return the bimesters by the short names of their months, such as "ene-feb"."""
    named = []
    for n in NUMBERS:
        first, last = bimester_span(year, n)
        named.append(f"{dates.short_month(first)}-{dates.short_month(last)}")
    return named


@blueprint.get("/replicas/anio/<int:year>.csv")
@needs(_P.VIEW_REPLICATIONS)
def year_sheet(year: int) -> Response:
    """Return the year as CSV: a row a body; what is not known is empty, never zero."""
    found = year_of(_known(year), _bodies())
    cut = [gettext("Corte al"), now().astimezone(dates.zone()).isoformat(timespec="minutes")]
    return csv_answer(f"resuena-replicas-{year}", [*_rows(year, found), [], cut])


def _rows(year: int, found: Year) -> Iterator[Sequence[object]]:
    yield [
        gettext("Organismo"),
        gettext("Estado"),
        gettext("Región"),
        *_names(year),
        gettext("En el año"),
        gettext("Verificadas"),
        gettext("Mediana (horas)"),
        gettext("Cómo"),
    ]
    yield [gettext("Publicaciones"), "", "", *found.posts, len(found.ledger.posts)]
    for line in found.lines:
        lags = line.total.lags
        yield [
            line.body.short_name,
            line.state,
            line.body.region.name if line.body.region else "",
            *(mark.taken for mark in line.marks),
            line.total.at(Step.PUBLISHED),
            line.total.at(Step.VERIFIED),
            round(lags.middle.total_seconds() / 3600, 1) if lags else None,
            echo_words.kinds_in_words(line.total.kinds),
        ]
