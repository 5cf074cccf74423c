"""The second step: codes, recovery codes and passkeys; shown at the door, set up and taken away in one's account."""

import segno
from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select, update
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import people, second_factor
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.factors import Passkey
from content_calendar.models.people import Awaits, Person, WebSession
from content_calendar.permissions import Permission
from content_calendar.vault import Vault
from webapp.account.entering import complete, tell_change
from webapp.account.views import blueprint, safe_next
from webapp.errors import flash_error, sentence, tell
from webapp.session import database, db, needs, person, public, settings, throttle_key, viewer

_SEE_OTHER, _UNPROCESSABLE, _WAIT = 303, 422, 429
_LONGEST = 100


def _vault() -> Vault:
    return Vault(settings().data)


def door_page(error: str = "", status: int = 200) -> Response:
    """Return the page that asks for the second factor; no other transaction may be open meanwhile."""
    waiting = viewer().waiting
    body = render_template(
        "account/second_step.html",
        error=error,
        next=request.values.get("next", ""),
        passkeys=waiting is not None and _passkeys(waiting.id),
    )
    return make_response(body, status)


def _passkeys(person_id: int) -> list[Passkey]:
    return list(db().scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)))


def must_wait() -> Response:
    """Return the page that says that there were too many tries."""
    minutes = int(people.TRIES_WINDOW.total_seconds() // 60)
    return door_page(sentence("sign_in_wait", {"minutes": minutes}), _WAIT)


@blueprint.get("/entrar/segundo-paso")
@public
def second_step() -> BaseResponse:
    """Ask for the second factor of whoever has shown the first."""
    return door_page() if viewer().waiting else redirect(url_for("account.enter"))


@blueprint.post("/entrar/segundo-paso")
@public
def show_factor() -> BaseResponse:
    """Take a code, or say why not; tries are counted whether or not they open."""
    waiting = viewer().waiting
    if waiting is None:
        return redirect(url_for("account.enter"), _SEE_OTHER)
    key = throttle_key("factor", waiting.ref)
    with database().reading() as session:
        waits = people.must_wait(session, key)
    if waits:
        return must_wait()
    with database().transaction() as session:
        opened = second_factor.opens(session, _vault(), waiting, request.form.get("code", "")[:_LONGEST])
        people.note_try(session, [key], succeeded=opened)
    return (
        complete(waiting, safe_next(request.form.get("next")))
        if opened
        else door_page(sentence("code_wrong"), _UNPROCESSABLE)
    )


def factors_page(
    *, secret: str = "", uri: str = "", codes: tuple[str, ...] = (), error: str = "", status: int = 200
) -> Response:
    """Return the page of one's second factors, with what is shown this once."""
    me = person()
    picture = (
        segno.make(uri, error="m").svg_inline(scale=5, dark="#000", light="#fff", border=4) if uri else ""
    )
    body = render_template(
        "account/factors.html",
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        picture=Markup(picture),  # noqa: S704 -- drawn by us, of an address that is encoded into squares
        codes=codes,
        error=error,
        has_codes=second_factor.has_codes(db(), me.id),
        passkeys=_passkeys(me.id),
        left=second_factor.left(db(), me.id),
        owed=viewer().awaits is Awaits.SETUP,
    )
    return make_response(body, status)


def settle() -> None:
    """Let a session that owed the set-up open everything: it is done."""
    db().execute(
        update(WebSession)
        .where(WebSession.id == viewer().session_id, WebSession.awaits == Awaits.SETUP)
        .values(awaits=None)
    )


def with_recovery(status: int = 201) -> Response:
    """Return the page with new recovery codes, which nothing shows again."""
    me = db().get_one(Person, person().id)
    tell_change(person())
    return factors_page(codes=tuple(second_factor.make_recovery_codes(db(), me)), status=status)


def is_owed() -> bool:
    """Return whether the person may not be without a second factor."""
    return settings().second_factor == "required" and second_factor.is_owed(viewer().rights)


@blueprint.get("/mi-cuenta/segundo-paso")
@needs(Permission.ENTER)
def factors() -> Response:
    """Show one's second factors, and how to set one up."""
    return factors_page()


@blueprint.post("/mi-cuenta/segundo-paso/codigos")
@needs(Permission.ENTER)
def begin_codes() -> Response:
    """Show the QR code for an application that makes codes."""
    try:
        secret, uri = second_factor.begin(db(), _vault(), db().get_one(Person, person().id))
    except ConflictError as error:
        return factors_page(error=tell(error), status=409)
    return factors_page(secret=secret, uri=uri)


@blueprint.post("/mi-cuenta/segundo-paso/codigos/confirmar")
@needs(Permission.ENTER)
def confirm_codes() -> Response:
    """Take the first code of the application; then the recovery codes are shown."""
    me = db().get_one(Person, person().id)
    try:
        second_factor.confirm(db(), _vault(), me, request.form.get("code", "")[:_LONGEST])
    except InvalidError as error:
        try:
            secret, uri = second_factor.begin(db(), _vault(), me)
        except ConflictError:
            return factors_page(error=tell(error), status=_UNPROCESSABLE)
        return factors_page(secret=secret, uri=uri, error=tell(error), status=_UNPROCESSABLE)
    settle()
    people.end_sessions(db(), me, keep_id=viewer().session_id)
    return with_recovery()


@blueprint.post("/mi-cuenta/segundo-paso/recuperacion")
@needs(Permission.ENTER)
def new_recovery_codes() -> Response:
    """Make new recovery codes; the earlier ones open nothing any more."""
    if not second_factor.is_set_up(db(), person().id):
        raise NotFoundError
    return with_recovery()


@blueprint.post("/mi-cuenta/segundo-paso/codigos/quitar")
@needs(Permission.ENTER)
def remove_codes() -> BaseResponse:
    """Take the application away."""
    try:
        second_factor.remove_codes(db(), db().get_one(Person, person().id), owed=is_owed())
    except ConflictError as error:
        flash_error(error)
    else:
        tell_change(person())
        flash(gettext("Quitamos la aplicación de códigos."), "success")
    return redirect(url_for("account.factors"), _SEE_OTHER)


@blueprint.post("/mi-cuenta/accesos/<ref>/quitar")
@needs(Permission.ENTER)
def remove_passkey(ref: str) -> BaseResponse:
    """Take one of one's own passkeys away."""
    try:
        if not second_factor.remove_passkey(db(), db().get_one(Person, person().id), ref, owed=is_owed()):
            raise NotFoundError
    except ConflictError as error:
        flash_error(error)
    else:
        tell_change(person())
        flash(gettext("Quitamos esa llave de acceso."), "success")
    return redirect(url_for("account.factors"), _SEE_OTHER)


@blueprint.post("/sistema/personas/<ref>/segundo-paso")
@needs(Permission.EDIT_PEOPLE)
def reset_factor(ref: str) -> BaseResponse:
    """Take somebody's second factors away, so that they set one up anew; they are told by mail."""
    somebody = people.find(db(), ref)
    second_factor.reset(db(), somebody, person().ref)
    people.end_sessions(db(), somebody)
    flash(
        gettext(
            "%(name)s configurará otra vez su segundo paso cuando entre. Se lo decimos por correo.",
            name=somebody.name,
        ),
        "success",
    )
    return redirect(url_for("account.everybody"), _SEE_OTHER)
