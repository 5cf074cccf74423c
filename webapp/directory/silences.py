"""Vedas: days on which a body, a state or everybody keeps electoral silence."""

from datetime import date

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import silences as windows
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.directory import Body
from content_calendar.permissions import Permission
from content_calendar.silence import EVERYBODY, Window
from webapp import dates
from webapp.directory.bodies import typed_form
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import tell
from webapp.session import db, needs, person, viewer

_P = Permission
_LONGEST = 1000


class DaysMissingError(InvalidError):
    """A silence has a first and a last day."""

    code = "days_missing"


class ScopeMissingError(InvalidError):
    """A silence is of everybody, of a state or of a body."""

    code = "silence_scope_missing"


def _page(
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    bodies = db().scalars(select(Body).order_by(Body.state_name, Body.id)).all()
    body = render_template(
        "directory/silences.html",
        windows=windows.every(db()),
        bodies={body.id: body for body in bodies},
        states={body.state_iso: body.state_name for body in bodies},
        may_edit=viewer().can(_P.EDIT_SILENCE),
        today=now().astimezone(dates.zone()).date(),
        typed=typed or {},
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.get("/directorio/vedas")
@needs(_P.VIEW_DIRECTORY)
def silences() -> Response:
    """Show the windows of silence."""
    return _page()


@blueprint.post("/directorio/vedas")
@needs(_P.EDIT_SILENCE)
def add_silence() -> BaseResponse:
    """Write a window down."""
    try:
        scope, body = _typed_scope()
        window = Window(
            *_typed_days(),
            scope,
            request.form.get("reason", "")[:_LONGEST],
            request.form.get("source", "")[:_LONGEST],
        )
    except InvalidError as error:
        return _page(typed_form(), {error.field or "reason": tell(error)}, UNPROCESSABLE)
    windows.add(db(), window, body, actor_ref=person().ref)
    flash(gettext("Veda anotada: en esos días no saldrá nada de quien la guarda."), "success")
    return redirect(url_for(".silences"), SEE_OTHER)


def _typed_days() -> tuple[date, date]:
    try:
        return (
            date.fromisoformat(request.form.get("starts_on", "")),
            date.fromisoformat(request.form.get("ends_on", "")),
        )
    except ValueError:
        raise DaysMissingError(field="starts_on") from None


def _typed_scope() -> tuple[str, Body | None]:
    kind, _, name = request.form.get("scope", "").partition(":")
    if kind == EVERYBODY:
        return EVERYBODY, None
    if kind == "state" and db().scalars(select(Body.id).where(Body.state_iso == name)).first() is not None:
        return name, None
    body = db().scalars(select(Body).where(Body.slug == name)).one_or_none() if kind == "body" else None
    if body is None:
        raise ScopeMissingError(field="scope")
    return body.slug, body


@blueprint.post("/directorio/vedas/<ref>/quitar")
@needs(_P.EDIT_SILENCE)
def remove_silence(ref: str) -> BaseResponse:
    """Take a window away."""
    windows.remove(db(), ref, actor_ref=person().ref)
    flash(gettext("Veda quitada."), "success")
    return redirect(url_for(".silences"), SEE_OTHER)
