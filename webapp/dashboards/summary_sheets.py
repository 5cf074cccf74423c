"""Every table of Resultados as CSV: numbers as numbers, nothing where nothing is known, its cut-off at the end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from flask import Response, abort
from flask_babel import gettext

from content_calendar.bimesters import bimester_span
from content_calendar.permissions import Permission
from scheduler.results import grouping
from scheduler.results.summary import Bimester, Ranked, Summary
from webapp import dates
from webapp.dashboards import figures
from webapp.dashboards.echo_words import KINDS
from webapp.dashboards.reach import bodies_within
from webapp.dashboards.received import post_of, received
from webapp.dashboards.summary import hours, line_names, said_of
from webapp.dashboards.views import blueprint
from webapp.session import needs
from webapp.sheets import csv_answer

_P = Permission
_NOT_FOUND = 404
Row = Sequence[object]
# By the file's name: whose names the lines bear, and the lines.
RECEIVED: Final[Mapping[str, tuple[str, Callable[[Summary], Sequence[grouping.Line]]]]] = {
    "redes": ("network", lambda told: told.by_network),
    "cuentas": ("account", lambda told: told.by_account),
    "temas-recibidos": ("theme", lambda told: told.by_theme),
    "campanas-recibidas": ("campaign", lambda told: told.by_campaign),
    "regiones": ("region", lambda told: told.by_region),
    "dias": ("weekday", lambda told: told.by_weekday),
    "horas": ("hour", lambda told: told.by_hour),
    "formas": ("kind", lambda told: told.by_kind),
    "imagen": ("media", lambda told: told.by_media),
    "replicadas": ("taken_up", lambda told: told.by_taken_up),
}


@blueprint.get("/resultados/<int:year>/<int:number>/<table>.csv")
@needs(_P.VIEW_SUMMARIES)
def summary_sheet(year: int, number: int, table: str) -> Response:
    """Return one table of the bimester as CSV."""
    within = bodies_within(_P.VIEW_SUMMARIES)
    kept = received(year, number, within)
    found = kept.value
    echoed = figures.figures_of(found, within)
    tables: dict[str, Callable[[], Iterator[Row]]] = {
        "organismos": lambda: _lines(echoed.by_body),
        "temas": lambda: _lines(echoed.by_theme),
        "campanas": lambda: _lines(echoed.by_campaign),
        "celdas": lambda: _cells(year, number, {body.id: body.slug for body in within}),
        "comparacion": lambda: _compared(found),
        "mejores": lambda: _ranked(found, found.summary.best),
        "menores": lambda: _ranked(found, found.summary.weakest),
        **{name: lambda name=name: _received(found, name) for name in RECEIVED},  # type: ignore[misc]  # the default binds the name
    }
    if table not in tables:
        abort(_NOT_FOUND)
    cut = [gettext("Corte al"), kept.as_of.astimezone(dates.zone()).isoformat(timespec="minutes")]
    return csv_answer(f"resuena-{year}-{number}-{table}", [*tables[table](), [], cut])


def _lines(lines: Sequence[figures.Line]) -> Iterator[Row]:
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


def _received(found: Bimester, table: str) -> Iterator[Row]:
    whose, lines = RECEIVED[table]
    name = line_names(found, whose)
    yield [
        gettext("Nombre"),
        gettext("Publicaciones"),
        gettext("Salieron"),
        gettext("Medidas"),
        gettext("Interacciones"),
        gettext("Mediana por publicación"),
        gettext("Por mil seguidores"),
        gettext("Veces vista"),
        gettext("Réplicas"),
    ]
    for line in lines(found.summary):
        yield [
            name(line.key),
            line.posts,
            line.publications,
            line.measured,
            line.engagements,
            line.median,
            None if line.per_thousand is None else round(line.per_thousand, 2),
            line.views,
            line.echoes or None,
        ]


def _compared(found: Bimester) -> Iterator[Row]:
    yield [gettext("Bimestre"), gettext("Cifra"), gettext("Entonces"), gettext("Cambio (%)")]
    for one in found.compared:
        for word, change in (
            (gettext("Salieron"), one.publications),
            (gettext("Interacciones"), one.engagements),
            (gettext("Veces vista"), one.views),
            (gettext("Réplicas"), one.echoes),
        ):
            yield [f"{one.year}-{one.number}", word, change.then, change.percent]


def _ranked(found: Bimester, some: Sequence[Ranked]) -> Iterator[Row]:
    yield [gettext("Publicación"), gettext("Título"), gettext("Veces lo usual"), gettext("Interacciones"),
           gettext("Organismos"), gettext("Lo que se ve")]  # fmt: skip
    for one in some:
        post = post_of(found, one)
        said = "; ".join(said_of(found, one))
        yield [post.ref, post.title, round(one.times, 2), one.engagements, one.bodies or None, said]


def _cells(year: int, number: int, slugs: Mapping[int, str]) -> Iterator[Row]:
    yield [
        gettext("Organismo"),
        gettext("Publicación"),
        gettext("Título"),
        gettext("Salió"),
        gettext("Tipo de réplica"),
        gettext("Horas después"),
    ]
    posts = {post.id: post for post in figures.posts_out(*bimester_span(year, number))}
    for echo in figures.echoes_of(list(posts.values()), slugs.keys()):
        post = posts[echo.post_id]
        out = post.first_at.astimezone(dates.zone()).isoformat(timespec="minutes")
        yield [slugs[echo.body_id], post.ref, post.title, out, gettext(KINDS[echo.kind]), hours(echo.lag)]
