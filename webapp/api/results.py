"""``/api/v1/results/…``: a bimester's figures as Resultados shows them, from the same source; missing is null."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify

from content_calendar.bimesters import bimester_span
from content_calendar.permissions import Permission
from scheduler.results.grouping import Line
from scheduler.results.summary import Bimester, Change, Ranked
from webapp.api.operations import Operation, described, parameter
from webapp.api.schema import (
    MAYBE_NUMBER,
    MOMENT,
    NUMBER,
    TEXT,
    Schema,
    many,
    record,
    shape,
    shapes_of,
)
from webapp.api.views import blueprint, said_at
from webapp.dashboards.measured import WINDOW_WORDS
from webapp.dashboards.reach import bodies_within
from webapp.dashboards.received import names_of, post_of, received
from webapp.dashboards.summary_sheets import RECEIVED
from webapp.session import needs
from webapp.words import N_

_BIMESTER = re.compile(r"(\d{4})-([1-6])", re.ASCII)
_MAYBE_FIGURE: Schema = {"type": ["number", "null"], "minimum": 0}
_FIGURES: dict[str, Schema] = {
    "publications": NUMBER, "posts": NUMBER, "measured": NUMBER, "engagements": MAYBE_NUMBER,
    "median": _MAYBE_FIGURE, "views": MAYBE_NUMBER, "per_thousand_followers": _MAYBE_FIGURE,
    "replications": NUMBER, "bodies": NUMBER, "lag_seconds": MAYBE_NUMBER,
}  # fmt: skip
_KEY: Schema = {"type": ["string", "integer", "boolean", "null"]}
# What these lines are called stands in the directory or the plan; the others are told by their key.
_NAMED = frozenset({"network", "account", "region", "theme", "campaign"})

parameter(
    "edad",
    N_("A qué edad de cada publicación se comparan las cifras; sin ella, a los siete días."),
    {"enum": list(WINDOW_WORDS)},
)
shapes_of(
    ResultFigures=record(**_FIGURES),
    ResultLine=record(key=_KEY, name={"type": ["string", "null"]}, figures=shape("ResultFigures")),
    ResultChange=record(then=MAYBE_NUMBER, percent={"type": ["integer", "null"]}),
    ResultCompared=record(
        year=NUMBER, number=NUMBER, publications=shape("ResultChange"), engagements=shape("ResultChange"),
        views=shape("ResultChange"), replications=shape("ResultChange"),
    ),
    ResultRanked=record(
        post=TEXT, title=TEXT, times_usual={"type": "number", "minimum": 0}, engagements=NUMBER,
        publications=NUMBER, bodies=NUMBER, first_out_at=MOMENT,
    ),
    Results=record(
        as_of=MOMENT, year=NUMBER, number=NUMBER, age={"enum": list(WINDOW_WORDS)},
        total=shape("ResultFigures"), on_time=NUMBER, doubtful=NUMBER,
        by={"type": "object", "additionalProperties": many(shape("ResultLine"))},
        compared=many(shape("ResultCompared")), best=many(shape("ResultRanked")),
        weakest=many(shape("ResultRanked")),
    ),
)  # fmt: skip


@blueprint.get("/results/<bimester>")
@needs(Permission.VIEW_SUMMARIES)
@described(
    Operation(
        N_("Las cifras de un bimestre, las mismas que muestra Resultados; lo que no se sabe es null."),
        "Results",
        takes=("edad",),
        refuses=(403, 422),
        topic="results",
    )
)
def results(bimester: str) -> Response:
    """Return the figures of a bimester, such as 2026-6, at one age, echoes of the bodies within reach."""
    year, number = _asked(bimester)
    kept = received(year, number, bodies_within(Permission.VIEW_SUMMARIES))
    found = kept.value
    told = found.summary
    return jsonify(
        {
            "as_of": said_at(kept.as_of),
            "year": year,
            "number": number,
            "age": told.window,
            "total": _figures(told.total),
            "on_time": told.on_time,
            "doubtful": told.doubtful,
            "by": {whose: _lines(found, whose, lines(told)) for whose, lines in RECEIVED.values()},
            "compared": [
                {
                    "year": one.year,
                    "number": one.number,
                    "publications": _change(one.publications),
                    "engagements": _change(one.engagements),
                    "views": _change(one.views),
                    "replications": _change(one.echoes),
                }
                for one in found.compared
            ],
            "best": [_ranked(found, one) for one in told.best],
            "weakest": [_ranked(found, one) for one in told.weakest],
        }
    )


def _asked(said: str) -> tuple[int, int]:
    """Return the year and the number. Raises UnknownBimesterError."""
    found = _BIMESTER.fullmatch(said)
    year, number = (int(found[1]), int(found[2])) if found else (0, 0)
    bimester_span(year, number)
    return year, number


def _figures(line: Line) -> dict[str, Any]:
    return {
        "publications": line.publications,
        "posts": line.posts,
        "measured": line.measured,
        "engagements": line.engagements,
        "median": line.median,
        "views": line.views,
        "per_thousand_followers": line.per_thousand,
        "replications": line.echoes,
        "bodies": line.bodies,
        "lag_seconds": None if line.lag is None else round(line.lag.total_seconds()),
    }


def _lines(found: Bimester, whose: str, lines: Sequence[Line]) -> list[dict[str, Any]]:
    names = names_of(found, whose) if whose in _NAMED else {}
    return [{"key": one.key, "name": names.get(one.key), "figures": _figures(one)} for one in lines]


def _change(one: Change) -> dict[str, int | None]:
    return {"then": one.then, "percent": one.percent}


def _ranked(found: Bimester, one: Ranked) -> dict[str, Any]:
    post = post_of(found, one)
    return {
        "post": post.ref,
        "title": post.title,
        "times_usual": one.times,
        "engagements": one.engagements,
        "publications": one.publications,
        "bodies": one.bodies,
        "first_out_at": said_at(one.at),
    }
