"""Primer barrido: who was asked for their accounts, sites and feeds, who has answered, and whom to remind."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from scheduler.filling import sweeps
from scheduler.filling.models import LineStage
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import flash_error, tell
from webapp.inputs import small
from webapp.session import db, needs, person, settings
from webapp.sweep_letters import SWEEP_PATH

_P = Permission


def me() -> Person:
    """Return who is asking, in this request's session."""
    return db().get_one(Person, person().id)


def mails() -> bool:
    """Return whether letters leave: there is a server, and an address that their links can lead to."""
    return bool(settings().mail_host and settings().public_url)


def _page(
    errors: dict[str, str] | None = None, status: int = 200, link: tuple[str, str] | None = None
) -> Response:
    sweep = sweeps.current(db())
    rows = sweeps.board(db(), sweep) if sweep else []
    answered = [row for row in rows if row.ask.answered_at]
    page = render_template(
        "directory/sweep_board.html",
        sweep=sweep,
        rows=sorted(rows, key=lambda row: row.ask.answered_at is not None),
        answered=len(answered),
        unwritten=sum(not row.ask.answered_at and not row.ask.email for row in rows),
        refused=sum(bool(row.ask.said_code) and not row.ask.answered_at for row in rows),
        waiting=sum(row.stages[LineStage.WAITING] for row in rows),
        accepted=sum(row.stages[LineStage.ACCEPTED] for row in rows),
        stages=LineStage,
        remindable=sum(row.may_remind for row in rows),
        candidates=sweeps.candidates(db(), sweeps.asked_ids(db(), sweep)),
        most_reminders=sweeps.MOST_REMINDERS,
        lasts=sweeps.LASTS.days,
        mails=mails(),
        errors=errors or {},
        link=link,
    )
    answer = make_response(page, status)
    if link:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/directorio/barrido")
@needs(_P.EDIT_DIRECTORY)
def sweep_board() -> Response:
    """Show who was asked and who has answered."""
    return _page()


@blueprint.post("/directorio/barrido")
@needs(_P.EDIT_DIRECTORY)
def start_sweep() -> BaseResponse:
    """Ask the chosen bodies."""
    chosen = {small(one) for one in request.form.getlist("bodies") if one.isdecimal()}
    try:
        sweeps.start(db(), chosen, request.form.get("words", ""), me(), mails=mails())
    except InvalidError as error:
        db().rollback()
        return _page({"bodies": tell(error)}, UNPROCESSABLE)
    flash(
        gettext("El barrido empezó. Las cartas salen en un minuto.")
        if mails()
        else gettext("El barrido empezó. Copia el enlace de cada organismo y envíaselo."),
        "success",
    )
    return redirect(url_for(".sweep_board"), SEE_OTHER)


@blueprint.post("/directorio/barrido/terminar")
@needs(_P.EDIT_DIRECTORY)
def end_sweep() -> BaseResponse:
    """End the sweep: its links open nothing any more."""
    sweep = sweeps.current(db())
    if sweep is not None:
        sweeps.end(db(), sweep, me())
        flash(gettext("El barrido terminó. Lo que contestaron se queda."), "success")
    return redirect(url_for(".sweep_board"), SEE_OTHER)


@blueprint.post("/directorio/barrido/recordar")
@needs(_P.EDIT_DIRECTORY)
def remind_all() -> BaseResponse:
    """Remind all who have not answered."""
    sweep = sweeps.current(db())
    count = sweeps.remind_all(db(), sweep, me()) if sweep and mails() else 0
    flash(ngettext("Sale %(num)s recordatorio.", "Salen %(num)s recordatorios.", count), "success")
    return redirect(url_for(".sweep_board"), SEE_OTHER)


@blueprint.post("/directorio/barrido/<ref>/recordar")
@needs(_P.EDIT_DIRECTORY)
def remind_body(ref: str) -> BaseResponse:
    """Remind one body."""
    try:
        ask = sweeps.find(db(), ref)
        sweeps.remind(db(), ask, me())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        flash(gettext("El recordatorio sale en un minuto."), "success")
    return redirect(url_for(".sweep_board"), SEE_OTHER)


@blueprint.post("/directorio/barrido/<ref>/escribir")
@needs(_P.EDIT_DIRECTORY)
def write_to_body(ref: str) -> BaseResponse:
    """Write the letter to an address, for the first time or again."""
    try:
        ask = sweeps.find(db(), ref)
        sweeps.write_to(db(), ask, request.form.get("email", "")[:300], me())
    except InvalidError as error:
        db().rollback()
        return _page({f"email-{ref}": tell(error)}, UNPROCESSABLE)
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        flash(
            gettext("La carta sale en un minuto.")
            if mails()
            else gettext("Guardado; el correo no está puesto: copia el enlace."),
            "success",
        )
    return redirect(url_for(".sweep_board"), SEE_OTHER)


@blueprint.post("/directorio/barrido/<ref>/enlace")
@needs(_P.EDIT_DIRECTORY)
def copy_sweep_link(ref: str) -> BaseResponse:
    """Show a new link to a body's form, once: only its hash is kept."""
    try:
        ask = sweeps.find(db(), ref)
        token = sweeps.copy_link(db(), ask, me())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
        return redirect(url_for(".sweep_board"), SEE_OTHER)
    base = settings().public_url or request.host_url.rstrip("/")
    return _page(link=(ask.body.short_name, base + SWEEP_PATH.format(token=token)))
