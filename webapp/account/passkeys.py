"""Passkeys: what a browser asks to make and to use one. Everything else of the second step works without JavaScript."""

from urllib.parse import urlsplit

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import passkeys, people, second_factor
from content_calendar.errors import InvalidError
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from webapp.account.entering import complete, tell_change
from webapp.account.second_step import (
    door_page,
    factors_page,
    must_wait,
    settle,
    with_recovery,
)
from webapp.account.views import blueprint, safe_next
from webapp.errors import sentence, tell
from webapp.session import database, db, needs, person, public, settings, throttle_key, viewer

_SEE_OTHER, _UNPROCESSABLE = 303, 422
_LONGEST = 20_000


def _place() -> passkeys.Place:
    """Return where the passkeys of this installation are good for."""
    origin = settings().public_url or request.host_url.rstrip("/")
    return passkeys.Place(urlsplit(origin).hostname or "localhost", origin)


def _session_id() -> int:
    return viewer().session_id or 0


@blueprint.post("/mi-cuenta/accesos/pedir")
@needs(Permission.ENTER)
def offer_passkey() -> Response:
    """Tell the browser how to make a passkey."""
    said = passkeys.offer(db(), _place(), person(), _session_id())
    return Response(said, mimetype="application/json")


@blueprint.post("/mi-cuenta/accesos")
@needs(Permission.ENTER)
def add_passkey() -> BaseResponse:
    """Keep the passkey that the browser made; with one's first second factor come the recovery codes."""
    me = db().get_one(Person, person().id)
    first = not second_factor.is_set_up(db(), me.id)
    answer = request.form.get("answer", "")[:_LONGEST]
    if not answer:  # the form came by way of the page that asks for a proof, before any passkey was made
        return redirect(url_for("account.factors"), _SEE_OTHER)
    try:
        passkeys.add(db(), _place(), me, _session_id(), answer, request.form.get("name", ""))
    except InvalidError as error:
        return factors_page(error=tell(error), status=_UNPROCESSABLE)
    settle()
    if first:
        people.end_sessions(db(), me, keep_id=viewer().session_id)
        return with_recovery()
    tell_change(me)
    return redirect(url_for("account.factors"), _SEE_OTHER)


@blueprint.post("/entrar/segundo-paso/llave/pedir")
@public
def ask_passkey() -> Response:
    """Tell the browser of whoever has shown the first factor what to let a passkey sign."""
    waiting = viewer().waiting
    if waiting is None:
        return Response("{}", 403, mimetype="application/json")
    return Response(passkeys.ask(db(), _place(), waiting, _session_id()), mimetype="application/json")


@blueprint.post("/entrar/segundo-paso/llave")
@public
def use_passkey() -> BaseResponse:
    """Let in whoever's passkey signed, or say that it did not."""
    waiting = viewer().waiting
    if waiting is None:
        return redirect(url_for("account.enter"), _SEE_OTHER)
    key = throttle_key("factor", waiting.ref)
    with database().reading() as session:
        waits = people.must_wait(session, key)
    if waits:
        return must_wait()
    with database().transaction() as session:
        answer = request.form.get("answer", "")[:_LONGEST]
        opened = passkeys.opens(session, _place(), waiting, _session_id(), answer)
        people.note_try(session, [key], succeeded=opened)
    if not opened:
        return door_page(sentence("passkey_refused"), _UNPROCESSABLE)
    return complete(waiting, safe_next(request.form.get("next")))
