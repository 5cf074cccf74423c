"""``/api/v1/figure-imports`` and ``/accounts/{ref}/followers``: figures that no network gives us, brought by a program.

In the steps of the screen: a sheet is sent and nothing of it counts; its rows are told with what each would do, and
what cannot be read with its line and its column; then it is taken in, put away, or taken back.
"""

from datetime import date
from typing import Any

from flask import Response, jsonify, url_for
from flask_babel import gettext

from content_calendar.clock import now
from content_calendar.models.exchange import ImportStage
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from scheduler.readings import WINDOWS
from scheduler.results import figure_imports
from scheduler.results import followers as counted
from scheduler.results.figure_columns import Told
from scheduler.results.figure_judging import Act, Row
from scheduler.results.figure_models import FigureImport, FigureKind
from scheduler.results.followers import Line
from webapp.api.operations import Operation, described
from webapp.api.reading import body
from webapp.api.schema import (
    DAY,
    MAYBE_DAY,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    TEXT,
    TRUTH,
    many,
    record,
    sent,
    shape,
    shapes_of,
    words,
)
from webapp.api.views import blueprint
from webapp.errors import sentence
from webapp.problems import Fault, ShapeError
from webapp.results.imports import commission_zone, fullest_rows, letter
from webapp.session import db, needs, person
from webapp.words import N_

_P = Permission
_TOPIC, _CREATED = "results", 201
# A body of JSON is a mebibyte at most; with room for its marks.
_LONGEST_SHEET = 900_000
_MOST_FAULTS = 100
_COLUMN = {"enum": ["", *sorted(Told)]}
_AGE = {"enum": [one.name for one in WINDOWS]}
shapes_of(
    FigureImportSent=sent(
        "kind", "csv", kind={"enum": sorted(FigureKind)}, csv=words(_LONGEST_SHEET, 1), filename=words(200, 1),
        as_of=DAY, age=_AGE, columns={"type": "array", "items": _COLUMN, "maxItems": figure_imports.MOST_COLUMNS},
        strict=TRUTH,
    ),
    FigureRow=record(
        line=NUMBER, act={"enum": sorted(Act)}, age=MAYBE_TEXT, post=MAYBE_TEXT, account=MAYBE_TEXT,
        faults=many(record(column=TEXT, heading=TEXT, detail=TEXT)),
    ),
    FigureImport=record(
        ref=TEXT, kind={"enum": sorted(FigureKind)}, stage={"enum": sorted(ImportStage)}, as_of=MAYBE_DAY,
        age=MAYBE_TEXT, made_at=MOMENT, headings=many(TEXT), columns=many(_COLUMN), lacking=TRUTH,
        counts={"type": "object", "additionalProperties": NUMBER}, rows=many(shape("FigureRow")),
    ),
    FollowersSent=sent("on", "value", on=DAY, value=MAYBE_NUMBER),
    FollowersTold=record(
        as_of=MOMENT, account=TEXT, network=TEXT, handle=TEXT, items=many(record(on=DAY, value=NUMBER, source=TEXT))
    ),
)  # fmt: skip


def _row(row: Row, one: FigureImport) -> dict[str, Any]:
    return {
        "line": row.n,
        "act": row.act.value,
        "age": row.window or None,
        "post": row.part.post_ref if row.part else None,
        "account": row.account or (row.part.account if row.part else None),
        "faults": [
            {
                "column": letter(at),
                "heading": one.headings[at] if at < len(one.headings) else "",
                "detail": sentence(fault.code, fault.params),
            }
            for at, fault in sorted(row.faults.items())
        ],
    }


def _plain(one: FigureImport) -> dict[str, Any]:
    """Return an import as it stands: what it would do while it waits, what it did afterwards."""
    waits = one.stage is ImportStage.WAITING
    found = figure_imports.judged(db(), one, commission_zone()) if waits else None
    lacking = waits and figure_imports.lacking(one)
    return {
        "ref": one.ref,
        "kind": one.kind.value,
        "stage": one.stage.value,
        "as_of": one.as_of.isoformat() if one.as_of else None,
        "age": one.window or None,
        "made_at": one.made_at.isoformat(),
        "headings": one.headings,
        "columns": one.columns,
        "lacking": lacking,
        "counts": (one.counts if found is None else {act.value: count for act, count in found.counts.items()})
        if not lacking
        else {},
        "rows": [_row(row, one) for row in found.rows] if found is not None and not lacking else [],
    }


@blueprint.post("/figure-imports")
@needs(_P.DECIDE_PUBLICATIONS)
@described(
    Operation(
        N_(
            "Trae una hoja de cifras de una red, o de seguidores, como CSV. Nada cuenta todavía: la respuesta dice qué "
            "haría cada renglón, y qué no se puede leer con su renglón y su columna. Con «strict», una hoja con algo "
            "por corregir no se guarda."
        ),
        "FigureImport", sends="FigureImportSent", status=_CREATED, topic=_TOPIC,
    )
)  # fmt: skip
def create_figure_import() -> Response:
    """Keep a sheet, and tell what it would do."""
    said = body("FigureImportSent")
    kind = FigureKind(said["kind"])
    as_of = date.fromisoformat(said["as_of"]) if "as_of" in said else None
    readings = kind is FigureKind.READINGS
    if (readings and as_of is None) or (as_of and as_of > _today()):
        raise figure_imports.FigureDayError(field="as_of")
    rows = fullest_rows("cifras.csv", said["csv"].encode())
    one = figure_imports.begin(
        db(), db().get_one(Person, person().id), kind, said.get("filename", "cifras.csv"), rows,
        as_of=as_of, window=said.get("age", "") if readings else "",
    )  # fmt: skip
    if "columns" in said:
        figure_imports.choose(db(), one, said["columns"])
    found = _plain(one)
    if said.get("strict"):
        _require_legible(found)
    answer = jsonify(found)
    answer.status_code = _CREATED
    answer.headers["Location"] = url_for(".figure_import", ref=one.ref)
    return answer


def _today() -> date:
    return now().astimezone(commission_zone()).date()


def _require_legible(found: dict[str, Any]) -> None:
    """Raise ShapeError where a cell cannot be read, each at its line and column; what was kept is then taken back."""
    faults = [
        Fault(
            f"/csv/{row['line']}/{fault['column']}",
            said=gettext("Renglón %(line)s: %(detail)s", line=row["line"], detail=fault["detail"]),
        )
        for row in found["rows"]
        for fault in row["faults"]
    ]
    if faults:
        raise ShapeError(faults[:_MOST_FAULTS])


@blueprint.get("/figure-imports/<ref>")
@needs(_P.DECIDE_PUBLICATIONS)
@described(
    Operation(N_("Una hoja de cifras: qué haría cada renglón, o qué hizo."), "FigureImport", topic=_TOPIC)
)
def figure_import(ref: str) -> Response:
    """Return an import."""
    return jsonify(_plain(figure_imports.find(db(), ref)))


@blueprint.post("/figure-imports/<ref>/take-in")
@needs(_P.DECIDE_PUBLICATIONS)
@described(
    Operation(
        N_("Da por buena la hoja: sus cifras cuentan; lo que no se puede leer queda fuera."), "FigureImport",
        topic=_TOPIC,
    )
)  # fmt: skip
def take_figures_in(ref: str) -> Response:
    """Write down what the sheet tells."""
    one = figure_imports.hold(db(), ref)
    figure_imports.take_in(db(), one, db().get_one(Person, person().id), commission_zone())
    return jsonify(_plain(one))


@blueprint.post("/figure-imports/<ref>/drop")
@needs(_P.DECIDE_PUBLICATIONS)
@described(Operation(N_("Descarta la hoja: nada de ella cuenta."), "FigureImport", topic=_TOPIC))
def drop_figures(ref: str) -> Response:
    """Put the sheet away."""
    one = figure_imports.hold(db(), ref)
    figure_imports.drop(db(), one, db().get_one(Person, person().id))
    return jsonify(_plain(one))


@blueprint.post("/figure-imports/<ref>/take-back")
@needs(_P.DECIDE_PUBLICATIONS)
@described(Operation(N_("Deshace la importación: sus cifras dejan de contar."), "FigureImport", topic=_TOPIC))
def take_figures_back(ref: str) -> Response:
    """Take out all that the import wrote."""
    one = figure_imports.hold(db(), ref)
    figure_imports.take_back(db(), one, db().get_one(Person, person().id))
    return jsonify(_plain(one))


@blueprint.get("/accounts/<ref>/followers")
@needs(_P.VIEW_SUMMARIES)
@described(
    Operation(
        N_("Los seguidores de una cuenta, día por día, y quién lo dijo."), "FollowersTold", topic=_TOPIC
    )
)
def account_followers(ref: str) -> Response:
    """Return what is known of an account's followers."""
    return jsonify(_followers(counted.history(db(), ref)))


@blueprint.post("/accounts/<ref>/followers")
@needs(_P.DECIDE_PUBLICATIONS)
@described(
    Operation(
        N_("Anota cuántos seguidores tenía una cuenta un día; null quita el dato."), "FollowersTold",
        sends="FollowersSent", topic=_TOPIC,
    )
)  # fmt: skip
def count_followers(ref: str) -> Response:
    """Write down what a person counted on a day."""
    line = counted.history(db(), ref)
    said = body("FollowersSent")
    told = (date.fromisoformat(said["on"]), said["value"])
    counted.write_down(db(), line, db().get_one(Person, person().id), told, _today())
    return jsonify(_followers(counted.history(db(), ref)))


def _followers(line: Line) -> dict[str, Any]:
    return {
        "as_of": now().isoformat(),
        "account": line.ref,
        "network": line.network,
        "handle": line.handle,
        "items": [{"on": one.on.isoformat(), "value": one.value, "source": one.source} for one in line.told],
    }
