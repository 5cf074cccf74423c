"""Respaldos: which there are, one now, the recovery key, and the file to take along."""

from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import backups
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.jobs import JobStage
from content_calendar.permissions import Permission
from webapp.backups import envelope, naming, places
from webapp.errors import flash_error, tell
from webapp.keeping.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.session import db, needs, person, settings

_REFRESH_SECONDS: Final = 3
_LONGEST_KEY: Final = 200


@blueprint.get("/sistema/respaldos")
@needs(Permission.KEEP_BACKUPS)
def listing() -> Response:
    """Show the last backups, how far the one in hand is, and whose key opens them."""
    return _page()


def _page(secret: str = "", errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    told, session = settings(), db()
    job = backups.under_way(session)
    last = backups.last_done(session)
    body = render_template(
        "keeping/backups.html",
        runs=backups.runs(session),
        job=job,
        waiting=job is not None and job.stage is JobStage.WAITING,
        refresh_s=_REFRESH_SECONDS if job is not None and not secret else 0,
        key=backups.current_key(session),
        last=last,
        missing_since=backups.missing_since(session),
        next_at=backups.next_hour(now(), told.backup_hour, told.zone),
        keeping=told.backup_keep,
        folder=str(told.backups.absolute()),
        bucket=told.backup_storage,
        beside=not told.backup_storage and places.same_disk(told),
        unsent=last is not None and last.said_code,
        there=places.names(told),
        secret=secret,
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.post("/sistema/respaldos")
@needs(Permission.KEEP_BACKUPS)
def make_now() -> BaseResponse:
    """Ask for one; the worker makes it."""
    try:
        backups.ask(db(), person().ref)
    except backups.NoRecoveryKeyError as error:
        flash_error(error)
        return redirect(url_for(".listing", _anchor="llave"), SEE_OTHER)
    flash(gettext("El respaldo se está haciendo. Puedes irte y volver."), "success")
    return redirect(url_for(".listing"), SEE_OTHER)


@blueprint.post("/sistema/respaldos/llave")
@needs(Permission.KEEP_BACKUPS)
def make_key() -> Response:
    """Make a recovery key and show it, this once; the first backup with it is asked for at once."""
    secret, recipient = envelope.make_key()
    backups.adopt_key(db(), recipient, person().ref)
    backups.ask(db(), person().ref)
    return _page(secret)


@blueprint.post("/sistema/respaldos/llave/comprobar")
@needs(Permission.KEEP_BACKUPS)
def show_key() -> BaseResponse:
    """Look whether somebody still has the key; what was typed is compared, and kept nowhere."""
    try:
        public = envelope.public_half(request.form.get("key", "")[:_LONGEST_KEY])
        backups.note_shown(db(), public, person().ref)
    except InvalidError as error:
        return _page(errors={"key": [tell(error)]}, status=UNPROCESSABLE)
    flash(gettext("Es la llave correcta: abre los respaldos de ahora."), "success")
    return redirect(url_for(".listing"), SEE_OTHER)


@blueprint.get("/sistema/respaldos/<name>")
@needs(Permission.KEEP_BACKUPS)
def download(name: str) -> Response:
    """Hand out a sealed backup; who takes it along opens nothing without the key."""
    if naming.made_at(name) is None or name not in places.names(settings()):
        raise NotFound
    answer: Response = send_file(
        (settings().backups / name).absolute(), mimetype="application/octet-stream", as_attachment=True
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
