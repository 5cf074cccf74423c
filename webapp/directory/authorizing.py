"""To a network's own page and back: a person allows us there to publish with an account (OAuth 2 with PKCE)."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import accounts, connect_attempts, connecting
from content_calendar.app_registrations import registration
from content_calendar.connect_attempts import AttemptUnknownError, Back
from content_calendar.errors import ConflictError, ResuenaError
from content_calendar.models.directory import Account
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from content_calendar.vault import Vault
from scheduler import opening
from scheduler.networks import network as network_of
from webapp.directory.connections import access_of
from webapp.directory.doors import SEE_OTHER, blueprint
from webapp.directory.wording import network_name
from webapp.errors import flash_error
from webapp.session import database, db, needs, person, settings

_P = Permission
_LONGEST = 2_000


class PublicAddressMissingError(ConflictError):
    """A network sends people back to an address that they can reach, and nobody said which that is."""

    code = "public_address_missing"


class PermissionDeniedError(ConflictError):
    """On the network's page the person said no. ``network`` is its name."""

    code = "connect_denied"


class PageRefusedError(ConflictError):
    """The network's page did not want to ask. ``network`` is its name, ``said`` its code for why."""

    code = "connect_page_refused"


def way_back(network: str) -> str:
    """Return the address to which a network sends people back, each its own; raise PublicAddressMissingError."""
    if not settings().public_url:
        raise PublicAddressMissingError
    return settings().public_url + url_for("directory.come_back", network=network)


def _vault() -> Vault:
    return Vault(settings().data)


@blueprint.post("/directorio/cuentas/<ref>/permiso")
@needs(_P.CONNECT_ACCOUNTS)
def ask_permission(ref: str) -> BaseResponse:
    """Send the person to the network's page."""
    found = accounts.find(db(), ref)
    page = opening.authorizer_of(found.network)
    if page is None:
        return redirect(url_for(".account", ref=ref), SEE_OTHER)
    try:
        connecting.must_stand(found)
        there = way_back(found.network)
        app = registration(db(), _vault(), found.network)
        me = db().get_one(Person, person().id)
        begun = connect_attempts.begin(db(), _vault(), found, me, there)
        base_url = settings().network_urls.get(found.network, "")
        address = page.authorize_url(app, there, begun.state, begun.challenge, base_url)
    except ResuenaError as error:
        db().rollback()
        flash_error(error)
        return redirect(url_for(".account", ref=ref), SEE_OTHER)
    # A page, not a redirect: our own policy lets no form lead to another site.
    return make_response(
        render_template(
            "directory/leaving.html", account=found, network=network_name(found.network), address=address
        )
    )


@blueprint.get("/directorio/conectar/<network>/regreso")
@needs(_P.CONNECT_ACCOUNTS)
def come_back(network: str) -> Response | BaseResponse:
    """Take what the network's page sent back; whatever came of it is told on the account's page."""
    state = request.args.get("state", "")[:_LONGEST]
    with database().reading() as session:
        ref = connect_attempts.account_of(session, state)
    try:
        with database().transaction() as session:
            back = connect_attempts.take(session, _vault(), state, person(), network)
        found = _exchange(network, back)
    except ResuenaError as error:
        flash_error(error)
    else:
        flash(
            gettext("%(handle)s está conectada: ya se puede elegir al escribir.", handle=found.handle),
            "success",
        )
    return redirect(url_for(".account", ref=ref) if ref else url_for(".accounts_page"), SEE_OTHER)


def _exchange(slug: str, back: Back) -> Account:
    """Return the account, connected; raise what a person should know."""
    network, name = network_of(slug), network_name(slug)
    if said := request.args.get("error", "")[:60]:
        raise (
            PermissionDeniedError(network=name)
            if said == "access_denied"
            else PageRefusedError(network=name, said=said)
        )
    code = request.args.get("code", "")[:_LONGEST]
    if not code:
        raise AttemptUnknownError
    with database().reading() as session:
        seen = session.get_one(Account, back.account_id)
        app = registration(session, _vault(), slug)
    access = opening.by_permission(network, access_of(seen, {}), app, back.redirect_uri, code, back.verifier)
    with database().transaction() as session:
        found = session.get_one(Account, back.account_id)
        connecting.connect(session, _vault(), found, access, actor_ref=person().ref)
    return found
