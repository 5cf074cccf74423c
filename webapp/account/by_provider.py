"""Entering by the institution's own OpenID provider: out, back, and what comes of it.

The browser keeps one half of what proves that it began (a cookie of its own, ten minutes), the database the other,
which is used up by the first answer, whatever it is: a state is never good twice, nor in another browser.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import update
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audit, people, provider_entries
from content_calendar.clock import now
from content_calendar.errors import ForbiddenError, ResuenaError
from content_calendar.models.people import Person, WebSession
from content_calendar.permissions import Permission
from content_calendar.provider_entries import Back, Known
from webapp import problems
from webapp.account.entering import enter_as, provider_is_offered
from webapp.account.views import blueprint, door_page, safe_next
from webapp.errors import flash_error, sentence, tell
from webapp.openid.faults import ProviderSilentError
from webapp.openid.id_tokens import Expected, factors_of
from webapp.openid.provider import Provider
from webapp.session import (
    database,
    db,
    let_write,
    needs,
    person,
    public,
    settings,
    throttle_key,
    viewer,
)

_log = logging.getLogger(__name__)
_KEPT_AS = "resuena.provider"
_SEE_OTHER, _WAIT, _SILENT, _FORBIDDEN = 303, 429, 503, 403
_LONGEST = 2000
_LONGEST_PATH = 500
# A whole office may stand behind one address.
_TRIES = 6 * people.TRIES
# At the end of a day all of it leaves within minutes.
_EXITS = 4 * _TRIES


class ProofOfAnotherError(ForbiddenError):
    """Whoever had to prove who they are came back as somebody else."""

    code = "provider_proof_of_another"


def provider() -> Provider:
    """Return the installation's provider."""
    found: Provider = current_app.extensions.setdefault(_KEPT_AS, Provider(settings()))
    return found


def where_offered(view: Callable[[], BaseResponse]) -> Callable[[], BaseResponse]:
    """Lead to the door whoever asks for a page of the provider's where there is none."""

    @wraps(view)
    def look() -> BaseResponse:
        return view() if provider_is_offered() else redirect(url_for("account.enter"))

    return look


def _cookie() -> str:
    return "__Host-proveedor" if settings().https else "proveedor"


def _way_back() -> str:
    return problems.root() + url_for("account.come_from_provider")


@blueprint.get("/entrar/proveedor")
@public
@where_offered
def go_to_provider() -> BaseResponse:
    """Send a browser to the provider, to come back as somebody."""
    then = safe_next(request.args.get("next"))
    if viewer().person is not None:
        return redirect(then)
    return _leave(then if len(then) <= _LONGEST_PATH else url_for("dashboards.today"))


@blueprint.get("/mi-cuenta/prueba")
@needs(Permission.ENTER)
@where_offered
def prove_at_provider() -> BaseResponse:
    """Send somebody who is in to the provider, to prove again who they are."""
    return _leave("", person().id)


def _leave(then: str, person_id: int | None = None) -> BaseResponse:
    there = provider()
    # Counted before anything is asked, also of a silent provider: who comes back as somebody ends the count.
    if _is_too_often("provider"):
        return _must_wait()
    try:
        there.document()
    except ResuenaError as error:
        return _refused(error)
    with database().transaction() as session:
        begun = provider_entries.begin(session, then, person_id)
    again = person_id is not None
    address = there.leaving_address(_way_back(), begun.state, begun.nonce, begun.challenge, again=again)
    response = redirect(address, _SEE_OTHER)
    response.set_cookie(
        _cookie(),
        begun.browser,
        max_age=int(provider_entries.LASTS.total_seconds()),
        httponly=True,
        secure=settings().https,
        # The provider's page leads back here by a link of another site.
        samesite="Lax",
        path="/",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/entrar/proveedor/regreso")
@public
@where_offered
def come_from_provider() -> BaseResponse:
    """Let in whom the provider means, if somebody invited them; say why not otherwise."""
    there = provider()
    state, browser = request.args.get("state", ""), request.cookies.get(_cookie(), "")
    with database().reading() as session:
        known_here = provider_entries.is_under_way(session, state[:_LONGEST], browser[:_LONGEST])
    if not known_here:
        return _stray()
    try:
        with database().transaction() as session:
            back = provider_entries.take(session, state[:_LONGEST], browser[:_LONGEST])
        known, factors = _asked(there, back)
        response = _prove(known, back.person_id) if back.person_id else _enter(known, back.then, factors)
    except ResuenaError as error:
        response = _refused(error)
    response.delete_cookie(_cookie(), path="/", secure=settings().https, httponly=True, samesite="Lax")
    # The address holds a code.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _stray() -> BaseResponse:
    """Return the door to who comes back without having left: counted, not audited, or anybody could fill that.

    Counted apart from those who leave: a page elsewhere that sends browsers here keeps nobody from entering.
    """
    if _is_too_often("provider-return"):
        return _must_wait()
    error = provider_entries.EntryUnknownError()
    _log.warning("nobody enters by the provider: %s", error.code)
    return door_page(told=tell(error), status=_FORBIDDEN)


def _asked(there: Provider, back: Back) -> tuple[Known, frozenset[str]]:
    """Return whom the provider means and by what they proved it; no transaction is open meanwhile."""
    there.must_be_its_answer(request.args)
    # A proof made before the browser was sent proves nothing of who sits there now.
    fresh = back.begun_at if back.person_id else None
    expected = Expected(there.issuer, there.client, back.nonce, now(), fresh)
    tokens = there.exchange(request.args.get("code", "")[:_LONGEST], _way_back(), back.verifier, expected)
    told = there.told_of(tokens)
    email = told.get("email")
    known = Known(
        there.issuer,
        tokens.claims["sub"],
        email if isinstance(email, str) else "",
        # Nothing but true itself: some say the word.
        told.get("email_verified") is True,
    )
    return known, factors_of(tokens.claims)


def _enter(known: Known, then: str, factors: frozenset[str]) -> BaseResponse:
    let_write()
    somebody = provider_entries.admit(db(), known)
    people.note_try(db(), [throttle_key("provider", request.remote_addr or "")], succeeded=True)
    twice = bool(factors & settings().oidc_factors)
    return enter_as(db().get_one(Person, somebody.id), safe_next(then), by=_host(known.issuer), twice=twice)


def _prove(known: Known, person_id: int) -> BaseResponse:
    me = viewer().person
    with database().transaction() as session:
        if me is None or me.id != person_id or not provider_entries.is_of(session, known, person_id):
            raise ProofOfAnotherError
        session.execute(
            update(WebSession).where(WebSession.id == viewer().session_id).values(proved_at=now())
        )
        people.note_try(session, [throttle_key("provider", request.remote_addr or "")], succeeded=True)
    return BaseResponse(render_template("account/proved.html"), mimetype="text/html")


def _refused(error: ResuenaError) -> BaseResponse:
    """Return the door with what came of it; the audit has it, with the reason that the page does not tell."""
    why = str(error.params.get("why", ""))[:60]
    _log.warning("nobody enters by the provider: %s %s", error.code, why)
    # What was written before it was refused is dropped, and the next transaction does not wait for it.
    db().rollback()
    with database().transaction() as session:
        kept = {"code": error.code, **({"why": why} if why else {})}
        audit.record(session, "", "provider_refused", "provider", _host(settings().oidc_issuer), **kept)
    status = _SILENT if isinstance(error, ProviderSilentError) else _FORBIDDEN
    if viewer().person is not None:
        flash_error(error)
        return redirect(url_for("account.mine"), _SEE_OTHER)
    return door_page(told=tell(error), status=status)


def _is_too_often(kind: str, tries: int = _TRIES) -> bool:
    """Count one more from this address, and return whether there were too many before; those are not written down."""
    key = throttle_key(kind, request.remote_addr or "")
    with database().reading() as session:
        if people.must_wait(session, key, tries):
            return True
    with database().transaction() as session:
        people.note_try(session, [key], succeeded=False)
    return False


def _must_wait() -> BaseResponse:
    minutes = int(people.TRIES_WINDOW / timedelta(minutes=1))
    return door_page(told=sentence("sign_in_wait", {"minutes": minutes}), status=_WAIT)


def _host(issuer: str) -> str:
    return (urlsplit(issuer).hostname or "")[:60]


@blueprint.get("/entrar/proveedor/salir")
@public
@where_offered
def leave_provider() -> BaseResponse:
    """Lead whoever has left on to the provider, to leave there too, where it offers that."""
    # Where it leads has to be asked of the provider: as often as one may leave for it.
    if _is_too_often("provider-end", _EXITS):
        return _must_wait()
    try:
        address = provider().ending_address(problems.root() + url_for("account.enter"))
    except ResuenaError:
        address = ""
    return redirect(address or url_for("account.enter"), _SEE_OTHER)


@blueprint.post("/sistema/personas/<ref>/proveedor")
@needs(Permission.EDIT_PEOPLE)
def untie_provider(ref: str) -> BaseResponse:
    """Forget somebody's account at the provider: it opens nothing, until their address is vouched for again."""
    somebody = people.find(db(), ref)
    provider_entries.untie(db(), somebody, person().ref)
    people.end_sessions(db(), somebody)
    flash(
        gettext(
            "%(name)s atará otra vez su cuenta institucional la próxima vez que entre.", name=somebody.name
        ),
        "success",
    )
    return redirect(url_for("account.everybody"), _SEE_OTHER)
