"""Resultados: what a bimester came to, each figure with its cut-off, and the same as CSV."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from flask import Response, render_template
from flask_babel import gettext

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.permissions import Permission
from webapp import dates
from webapp.dashboards import figures
from webapp.dashboards.echo_words import KINDS
from webapp.dashboards.reach import bodies_within
from webapp.dashboards.views import blueprint
from webapp.session import needs
from webapp.sheets import csv_answer

_P = Permission


def _asked(year: int, number: int) -> tuple[int, int]:
    return (year, number) if year else bimester_of(now().astimezone(dates.zone()).date())


@blueprint.get("/resultados", defaults={"year": 0, "number": 0})
@blueprint.get("/resultados/<int:year>/<int:number>")
@needs(_P.VIEW_SUMMARIES)
def summary(year: int, number: int) -> str:
    """Show the figures of a bimester, of the bodies within reach."""
    year, number = _asked(year, number)
    first, last = bimester_span(year, number)
    return render_template(
        "dashboards/summary.html",
        year=year,
        number=number,
        first=first,
        last=last,
        before=bimester_after(year, number, -1),
        after=bimester_after(year, number),
        summary=figures.summary(first, last, bodies_within(_P.VIEW_SUMMARIES)),
        kinds={kind: gettext(word) for kind, word in KINDS.items()},
        cut_off=now(),
    )


@blueprint.get("/resultados/<int:year>/<int:number>/<table>.csv")
@needs(_P.VIEW_SUMMARIES)
def summary_sheet(year: int, number: int, table: str) -> Response:
    """Return one table of the bimester as CSV: organismos, temas, campanas or celdas."""
    first, last = bimester_span(year, number)
    found = figures.summary(first, last, bodies_within(_P.VIEW_SUMMARIES))
    tables = {"organismos": found.by_body, "temas": found.by_theme, "campanas": found.by_campaign}
    rows = _cells(found) if table not in tables else _lines(tables[table])
    cut = [gettext("Corte al"), now().astimezone(dates.zone()).isoformat(timespec="minutes")]
    return csv_answer(f"resuena-{year}-{number}-{table}", [*rows, [], cut])


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
