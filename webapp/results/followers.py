"""How many follow each account, over time: a chart with its table, what a person writes down, and the same as CSV."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from content_calendar.sheet_cells import CellError
from scheduler.results import followers as counted
from scheduler.results.figure_columns import count_of
from scheduler.results.follower_reading import telling
from scheduler.results.followers import FollowersInvalidError, Line, Told
from webapp.calendar.choices import network_name
from webapp.calendar.doors import announce
from webapp.errors import tell
from webapp.results.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.results.imports import commission_zone
from webapp.session import db, needs, person
from webapp.sheets import csv_answer

_P = Permission
_SHOWN = timedelta(days=100)
_WIDE, _HIGH = 100, 30


def _today() -> date:
    return now().astimezone(commission_zone()).date()


def points(told: Sequence[Told]) -> str:
    """Return the points of an SVG line through what was told, 100 wide and 30 high; empty for fewer than two."""
    if len(told) < 2:  # noqa: PLR2004 -- a line has two ends
        return ""
    begin, days = told[0].on, max((told[-1].on - told[0].on).days, 1)
    least, most = min(one.value for one in told), max(one.value for one in told)
    span = most - least or 1
    return " ".join(
        f"{_WIDE * (one.on - begin).days / days:.1f},{_HIGH - _HIGH * (one.value - least) / span:.1f}"
        for one in told
    )


@blueprint.get("/resultados/seguidores")
@needs(_P.VIEW_SUMMARIES)
def followers() -> str:
    """Show every account with its followers, and how that changed in a month."""
    lines = counted.lines(db(), _today() - _SHOWN)
    return render_template(
        "results/followers.html",
        lines=[one for one in lines if one.told],
        without=[one for one in lines if not one.told],
        points=points,
        network_name=network_name,
        telling=telling(),
        cut_off=now(),
    )


@blueprint.get("/resultados/seguidores.csv")
@needs(_P.VIEW_SUMMARIES)
def followers_sheet() -> Response:
    """Return all that is known of every account's followers as CSV, as it can be brought again."""

    def rows() -> Iterator[Sequence[object]]:
        yield [gettext("Cuenta"), gettext("Fecha"), gettext("Seguidores"), gettext("De dónde")]
        for line in counted.lines(db(), date.min):
            name = f"{network_name(line.network)}: {line.handle}"
            for one in line.told:
                yield [name, one.on.isoformat(), one.value, said_by(one)]

    return csv_answer("resuena-seguidores", rows())


def said_by(one: Told) -> str:
    """Return who told a count, in the reader's words."""
    if one.by_hand:
        said: str = gettext("escrito a mano")
    elif one.imported:
        said = gettext("importado")
    else:
        said = network_name(one.source)
    return said


@blueprint.get("/resultados/seguidores/<ref>")
@needs(_P.VIEW_SUMMARIES)
def account_followers(ref: str) -> Response:
    """Show all that is known of one account's followers."""
    return _account(counted.history(db(), ref))


def _account(line: Line, errors: Mapping[str, list[str]] | None = None, status: int = 200) -> Response:
    page = render_template(
        "results/account_followers.html",
        line=line,
        points=points(line.told),
        name=network_name(line.network),
        said_by=said_by,
        today=_today(),
        typed=request.form,
        errors=errors or {},
        cut_off=now(),
    )
    return make_response(page, status)


@blueprint.post("/resultados/seguidores/<ref>")
@needs(_P.DECIDE_PUBLICATIONS)
def write_followers(ref: str) -> BaseResponse:
    """Write down what a person counted on a day; an empty count takes that day away."""
    line = counted.history(db(), ref)
    try:
        told = _typed()
        counted.write_down(db(), line, person(), told, _today())
    except InvalidError as error:
        return _account(line, {str(error.params.get("field", "value")): [tell(error)]}, UNPROCESSABLE)
    announce(gettext("Guardado.") if told[1] is not None else gettext("Quitaste el dato de ese día."))
    return redirect(url_for(".account_followers", ref=ref), SEE_OTHER)


def _typed() -> tuple[date, int | None]:
    try:
        on = date.fromisoformat(request.form.get("on", ""))
    except ValueError as error:
        raise FollowersInvalidError(field="on") from error
    try:
        return on, count_of(request.form.get("value", ""))
    except CellError as error:
        raise FollowersInvalidError(field="value") from error
