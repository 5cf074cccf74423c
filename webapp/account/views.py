"""Enter, leave, one's own account, and what one prefers."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audit, people
from content_calendar.clock import now
from content_calendar.errors import ForbiddenError, InvalidError, NotFoundError
from content_calendar.models.people import Person, WebSession
from content_calendar.permissions import Permission
from webapp.account.entering import enter_as, own_door_opens, provider_is_offered, tell_change
from webapp.account.passwords import check_new, check_present
from webapp.errors import sentence, tell
from webapp.inputs import split_address
from webapp.security import csrf
from webapp.session import (
    IDLE,
    database,
    db,
    hash_password,
    needs,
    password_opens,
    person,
    public,
    settings,
    sign_out,
    throttle_key,
    viewer,
)
from webapp.words import N_

blueprint = Blueprint("account", __name__)
_YEAR = 365 * 24 * 3600
_SEE_OTHER = 303
_LONGEST = 1000
_ENDED = N_("Se cerró esa sesión.")


def safe_next(target: str | None) -> str:
    """Return a path of ours to go to; anything else becomes the start page."""
    parts = split_address(target or "")
    ours = (
        target
        and not parts.scheme
        and not parts.netloc
        and target.startswith("/")
        and not target.startswith("//")
    )
    return target if ours and target and "\\" not in target else url_for("dashboards.today")


def _limits(email: str) -> dict[str, int]:
    # Few tries for one person from one address; more for one person from everywhere, so that nobody can
    # lock somebody else out with five; more for one address, behind which a whole office may be.
    who, where = people.fold_email(email), request.remote_addr or ""
    return {
        throttle_key("both", f"{where}|{who}"): people.TRIES,
        throttle_key("email", who): 4 * people.TRIES,
        throttle_key("address", where): 6 * people.TRIES,
    }


@blueprint.get("/entrar")
@public
def enter() -> BaseResponse:
    """Show the door; somebody who is in goes on."""
    if viewer().person is not None:
        return redirect(safe_next(request.args.get("next")))
    return door_page(next_=request.args.get("next", ""))


def door_page(
    error: str = "", *, told: str = "", email: str = "", next_: str = "", status: int = 200
) -> Response:
    """Return the door: a password, and the institution's provider where there is one; ``told`` is about that one."""
    body = render_template(
        "account/enter.html",
        email=email,
        error=error,
        told=told,
        next=next_,
        provider=(settings().oidc_label or gettext("Cuenta institucional")) if provider_is_offered() else "",
        by_password=not provider_is_offered() or settings().oidc_passwords != "nobody",
        just_left="salida" in request.args,
    )
    return make_response(body, status)


@blueprint.post("/entrar")
@public
def open_door() -> BaseResponse:
    """Sign in, or say why not; tries are counted whether or not they open."""
    email, password = request.form.get("email", "")[:_LONGEST], request.form.get("password", "")[:_LONGEST]
    limits = _limits(email)
    with database().reading() as session:
        waiting = any(people.must_wait(session, key, tries) for key, tries in limits.items())
        somebody = people.find_by_email(session, email)
    # Checking is slow on purpose: no transaction is open meanwhile, or guessing would keep the worker waiting.
    opened = not waiting and password_opens(somebody, password)
    if not waiting:
        with database().transaction() as session:
            people.note_try(session, limits, succeeded=opened)
    if not opened or somebody is None:
        minutes = int(people.TRIES_WINDOW.total_seconds() // 60)
        error = sentence("sign_in_wait", {"minutes": minutes}) if waiting else sentence("sign_in_failed")
        typed = request.form.get("next", "")
        return door_page(error, email=email, next_=typed, status=429 if waiting else 422)
    if not own_door_opens(db(), somebody):
        return door_page(told=sentence("door_by_provider"), email=email, status=403)
    return enter_as(somebody, safe_next(request.form.get("next")))


@blueprint.post("/salir")
@needs(Permission.ENTER)
def leave() -> BaseResponse:
    """End this session."""
    left = "" if provider_is_offered() else None
    response = redirect(url_for("account.enter", salida=left), _SEE_OTHER)
    sign_out(response)
    audit.record(db(), person().ref, "signed_out", "person", person().ref)
    return response


def _asked_from_elsewhere() -> bool:
    """Return whether a browser says that another site sent the form (Fetch Metadata; its origin, in older ones)."""
    site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Origin", "")
    if site:
        return site not in {"same-origin", "none"}
    return bool(origin) and origin != "null" and split_address(origin).netloc != request.host


# Without a token, which needs a cookie: public pages set none, so that caches may keep them.
@csrf.exempt  # type: ignore[untyped-decorator] # flask_wtf ships no types
@blueprint.post("/preferencias")
@public
def preferences() -> BaseResponse:
    """Remember language or theme in a cookie; a person's language also with the person."""
    if _asked_from_elsewhere():
        raise ForbiddenError
    response = redirect(safe_next(request.form.get("next")), _SEE_OTHER)
    locale, theme = request.form.get("locale"), request.form.get("theme")
    if locale in {"es", "en"}:
        response.set_cookie(
            "idioma", locale, max_age=_YEAR, samesite="Lax", secure=settings().https, httponly=True
        )
        if viewer().person is not None:
            db().get_one(Person, person().id).locale = locale
    if theme in {"light", "dark"}:
        response.set_cookie(
            "tema", theme, max_age=_YEAR, samesite="Lax", secure=settings().https, httponly=True
        )
    elif theme == "":
        response.delete_cookie("tema")
    return response


def _account_page(errors: dict[str, str] | None = None, status: int = 200) -> Response:
    sessions = db().scalars(
        select(WebSession)
        .where(
            WebSession.person_id == person().id,
            WebSession.ended_at.is_(None),
            WebSession.last_seen_at > now() - IDLE,
        )
        .order_by(WebSession.last_seen_at.desc())
    )
    body = render_template(
        "account/mine.html",
        errors=errors or {},
        sessions=sessions.all(),
        session_id=viewer().session_id,
        # As it stands: what recognised the person was read before this request changed anything.
        me=db().get_one(Person, person().id),
        mails_go_out=bool(settings().mail_host),
    )
    return make_response(body, status)


@blueprint.get("/mi-cuenta")
@needs(Permission.ENTER)
def mine() -> Response:
    """Show one's own account: password and open sessions."""
    return _account_page()


@blueprint.post("/mi-cuenta/contrasena")
@needs(Permission.ENTER)
def change_password() -> BaseResponse:
    """Take a new password; every other session ends."""
    me = db().get_one(Person, person().id)
    try:
        if me.password_hash:
            check_present(request.form.get("present", ""), me)
        check_new(request.form.get("new", ""), me)
    except InvalidError as error:
        return _account_page({error.field or "new": tell(error)}, 422)
    me.password_hash = hash_password(request.form["new"])
    me.must_change_password = False
    people.end_sessions(db(), me, keep_id=viewer().session_id)
    audit.record(db(), me.ref, "password_changed", "person", me.ref)
    tell_change(me)
    flash(gettext("Tu contraseña cambió. Cerramos tus demás sesiones."), "success")
    return redirect(url_for("account.mine"), _SEE_OTHER)


@blueprint.post("/mi-cuenta/sesiones/cerrar-las-demas")
@needs(Permission.ENTER)
def end_other_sessions() -> BaseResponse:
    """End all of one's own sessions but this one (ASVS 5.0, 7.5.2)."""
    me = db().get_one(Person, person().id)
    ended = people.end_sessions(db(), me, keep_id=viewer().session_id)
    audit.record(db(), me.ref, "sessions_ended", "person", me.ref, count=ended)
    flash(gettext("Cerramos tus demás sesiones."), "success")
    return redirect(url_for("account.mine"), _SEE_OTHER)


@blueprint.post("/mi-cuenta/sesiones/<ref>/cerrar")
@needs(Permission.ENTER)
def end_session(ref: str) -> BaseResponse:
    """End one of one's own sessions."""
    row = db().scalars(
        select(WebSession).where(WebSession.ref == ref, WebSession.person_id == person().id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFoundError
    row.ended_at = now()
    flash(gettext(_ENDED), "success")
    return redirect(url_for("account.mine"), _SEE_OTHER)
