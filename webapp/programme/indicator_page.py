"""Indicators of the policy document: their base year, what was measured since, a table and a small chart of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import indicators
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.indicators import MOST_RANKED, Point, ValueFields
from content_calendar.models.commitments import Horizon
from content_calendar.permissions import Permission
from webapp.errors import flash_error, tell
from webapp.inputs import small
from webapp.programme.doors import (
    SEE_OTHER,
    UNPROCESSABLE,
    blueprint,
    number_in,
    say,
    today,
    typed_words,
)
from webapp.session import db, needs, person
from webapp.words import N_

_P = Permission
HORIZONS = {
    Horizon.MEDIUM: N_("Indicadores de resultados de mediano plazo"),
    Horizon.LONG: N_("Indicadores internacionales sombra, de largo plazo"),
}
_WIDE, _HIGH, _EDGE = 320, 120, 24


@dataclass(frozen=True)
class Dot:
    """A year of a chart: where it is drawn, in units of the drawing, and what it says."""

    x: float
    y: float
    year: int
    value: str


def dots(points: Sequence[Point]) -> Sequence[Dot]:
    """Return where each year that has a value is drawn: years along, values up; all alike stand in the middle."""
    found = [(one.year, one.value) for one in points if one.value is not None]
    if not found:
        return []
    years, values = [year for year, _ in found], [value for _, value in found]
    return [
        Dot(
            _EDGE + float(_part(year, years[0], years[-1])) * (_WIDE - 2 * _EDGE),
            _HIGH - _EDGE - float(_part(value, min(values), max(values))) * (_HIGH - 2 * _EDGE),
            year,
            f"{value.normalize():f}",
        )
        for year, value in found
    ]


def _part(value: Decimal | int, least: Decimal | int, most: Decimal | int) -> Decimal:
    return (Decimal(value) - least) / (Decimal(most) - least) if most != least else Decimal("0.5")


def _page(
    errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None, form: str = ""
) -> Response:
    series = indicators.series(db())
    page = render_template(
        "programme/indicators.html",
        groups=[
            (gettext(name), [one for one in series if one.indicator.horizon is horizon])
            for horizon, name in HORIZONS.items()
        ],
        dots=dots,
        size=(_WIDE, _HIGH),
        last_year=today().year - 1,
        errors=errors or {},
        typed=typed or {},
        form=form,
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


@blueprint.get("/programa/indicadores", endpoint="indicators")
@needs(_P.VIEW_PROGRAMME)
def show_indicators() -> Response:
    """Show the indicators."""
    return _page()


@blueprint.post("/programa/indicadores/<ref>")
@needs(_P.EDIT_PROGRAMME)
def add_value(ref: str) -> BaseResponse:
    """Write what an indicator was in a year."""
    form = request.form
    indicator = indicators.find(db(), ref)
    try:
        fields = ValueFields(
            form.get("year", type=small), form.get("value", ""), number_in(form, "rank", MOST_RANKED),
            number_in(form, "ranked", MOST_RANKED), form.get("source", ""),
        )  # fmt: skip
        row = indicators.add_value(db(), indicator, fields, person())
    except InvalidError as error:
        db().rollback()
        return _page({error.field or "value": tell(error)}, typed_words(), ref)
    say(
        gettext("Guardado el dato de %(year)s.", year=str(row.year)), url_for(".take_back_value", ref=row.ref)
    )
    return redirect(url_for(".indicators") + f"#i-{ref}", SEE_OTHER)


@blueprint.post("/programa/valores/<ref>/quitar")
@needs(_P.EDIT_PROGRAMME)
def take_back_value(ref: str) -> BaseResponse:
    """Take a value back."""
    try:
        indicators.take_back(db(), ref, person())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        say(gettext("Quitado. Si había otro dato de ese año, vuelve a contar."))
    return redirect(url_for(".indicators"), SEE_OTHER)
