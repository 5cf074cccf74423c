"""Connecting accounts: which the commission publishes with, and the keys or the hand that open each."""

from collections.abc import Mapping, Sequence

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import accounts, connecting, directory
from content_calendar.app_registrations import registered
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, ResuenaError
from content_calendar.keys import read_keys
from content_calendar.models.directory import Account, Body, Owner
from content_calendar.permissions import Permission
from content_calendar.vault import Vault
from scheduler import opening, renewing
from scheduler.networks import networks
from scheduler.worker import new_worker
from webapp import dates
from webapp.directory.account_facts import facts_of, look_words
from webapp.directory.accounts import new_account, unconfirmed
from webapp.directory.bodies import known_networks, typed_form
from webapp.directory.connections import (
    access_of,
    authorizes,
    beforehand_of,
    connections,
    fields_of,
    is_rehearsed,
)
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.directory.wording import KEYS, LOOKS, STANDINGS, network_name
from webapp.errors import flash_error, sentence, status_of, tell
from webapp.session import database, db, needs, person, settings, viewer

_P = Permission
# Where a sentence about all the keys at once is shown.
_WAY = "llaves"


def _listed() -> Sequence[Account]:
    """Return the accounts that are published with, and those of whoever has no page in the directory."""
    query = (
        select(Account)
        .outerjoin(Body, Body.id == Account.owner_id)
        .where(Account.valid_to.is_(None), or_(Account.connected_at.is_not(None), Body.id.is_(None)))
        .options(joinedload(Account.owner))
        .order_by(Account.connected_at.is_(None), Account.network, Account.handle_folded)
    )
    return db().scalars(query).all()


def _list_page(
    errors: dict[str, str] | None = None, status: int = 200, warned: Sequence[str] = ()
) -> Response:
    listed = _listed()
    owners = db().scalars(
        select(Owner)
        .where(Owner.id.not_in(select(Body.id)), Owner.valid_to.is_(None))
        .order_by(Owner.kind, Owner.short_name)
    )
    body = render_template(
        "directory/accounts.html",
        listed=listed,
        opened=connections(listed),
        facts=facts_of(listed),
        look_words=look_words(),
        warned=warned,
        may_certify=viewer().can(_P.CERTIFY_ACCOUNTS),
        rehearsed={one.id for one in listed if is_rehearsed(one)},
        owners=[(one.slug, one.short_name) for one in owners],
        networks=known_networks(),
        network_name=network_name,
        standings={key: gettext(word) for key, word in STANDINGS.items()},
        looks=LOOKS,
        may_connect=viewer().can(_P.CONNECT_ACCOUNTS),
        may_edit=viewer().can(_P.EDIT_DIRECTORY),
        typed=typed_form(),
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.get("/directorio/cuentas")
@needs(_P.VIEW_DIRECTORY)
def accounts_page() -> Response:
    """Show which accounts the commission publishes with."""
    return _list_page()


@blueprint.post("/directorio/cuentas")
@needs(_P.EDIT_DIRECTORY)
def add_own_account() -> BaseResponse:
    """Add an account of a commission or a coordination; it waits to be certified."""
    try:
        owner, new = directory.find_owner(db(), request.form.get("owner", "")), new_account()
        if found := unconfirmed(new, owner.short_name):
            return _list_page({}, UNPROCESSABLE, found)
        added = accounts.add(db(), owner, new, now().astimezone(dates.zone()).date(), actor_ref=person().ref)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return _list_page({getattr(error, "field", None) or "handle": tell(error)}, status_of(error))
    flash(gettext("Cuenta agregada. Falta que la certifique la coordinación."), "success")
    return redirect(
        url_for(".account", ref=added.ref)
        if viewer().can(_P.CONNECT_ACCOUNTS)
        else url_for(".accounts_page"),
        SEE_OTHER,
    )


def _page(
    account: Account,
    errors: Mapping[str, Sequence[str]] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    # Of what was typed only what is no secret is shown again: a key is shown to nobody, not even to whoever
    # has just pasted it.
    page = opening.authorizer_of(account.network)
    body = render_template(
        "directory/connect.html",
        account=account,
        is_of_body=isinstance(account.owner, Body),
        keys=[(one, *_words_of(one.name)) for one in fields_of(account)],
        typed=typed or {},
        opened=connections([account]).get(account.id),
        by=connecting.connected_by(db(), account) if account.connected_at else "",
        beforehand=beforehand_of(account),
        page_permissions=[(one.scope, sentence(one.why)) for one in page.permissions] if page else [],
        can_ask=authorizes(account) and account.network in registered(db()) and bool(settings().public_url),
        can_probe=opening.checker_of(account.network) is not None,
        rehearsed=is_rehearsed(account),
        network=network_name(account.network),
        standing=gettext(STANDINGS[account.standing]),
        may_certify=viewer().can(_P.CERTIFY_ACCOUNTS),
        errors=errors or {},
    )
    return make_response(body, status)


def _words_of(key: str) -> tuple[str, str]:
    label, why = KEYS.get(key, (key, ""))
    return gettext(label), gettext(why) if why else ""


@blueprint.get("/directorio/cuentas/<ref>/conectar")
@needs(_P.CONNECT_ACCOUNTS)
def account(ref: str) -> Response:
    """Show how an account is connected, and what it takes."""
    return _page(accounts.find(db(), ref))


def as_it_is(ref: str) -> Account:
    """Return the account, read in a transaction that is over: a network may be called now."""
    with database().reading() as session:
        return accounts.find(session, ref)


@blueprint.post("/directorio/cuentas/<ref>/conectar")
@needs(_P.CONNECT_ACCOUNTS)
def connect_account(ref: str) -> BaseResponse:
    """Try the keys at the network, store them sealed, and let the account be published with."""
    seen = as_it_is(ref)
    network, asked = networks().get(seen.network), fields_of(seen)
    if network is None or (not asked and not is_rehearsed(seen)):
        return redirect(url_for(".account", ref=ref), SEE_OTHER)
    typed = {one.name: request.form.get(one.name, "")[:200] for one in asked if not one.secret}
    try:
        connecting.must_stand(seen)
        keys = read_keys([one.name for one in asked], request.form)
        access = opening.by_keys(network, access_of(seen, keys))
        found = accounts.find(db(), ref)
        connecting.connect(db(), Vault(settings().data), found, access, actor_ref=person().ref)
    except (InvalidError, connecting.OpensAnotherAccountError, connecting.RemoteIdChangedError) as error:
        db().rollback()
        where = getattr(error, "field", None) or _WAY
        return _page(accounts.find(db(), ref), {where: [tell(error)]}, typed, UNPROCESSABLE)
    except ConflictError as error:
        return _refused(ref, error)
    _say_connected(found)
    return redirect(url_for(".account", ref=ref), SEE_OTHER)


def _say_connected(found: Account) -> None:
    flash(
        gettext("%(handle)s está conectada: ya se puede elegir al escribir.", handle=found.handle), "success"
    )


def _refused(ref: str, error: ConflictError) -> BaseResponse:
    db().rollback()
    flash_error(error)
    return redirect(url_for(".account", ref=ref), SEE_OTHER)


@blueprint.post("/directorio/cuentas/<ref>/probar")
@needs(_P.CONNECT_ACCOUNTS)
def probe_account(ref: str) -> BaseResponse:
    """Ask the network, right now, whether what is stored opens the account; nothing is published."""
    seen = as_it_is(ref)
    network = networks().get(seen.network)
    if network is not None and seen.connected_at is not None:
        try:
            opened = renewing.opened(new_worker(database(), settings()), seen.id)
            answer = opening.probe(network, access_of(seen, opened))
            connecting.must_be_its_own(seen, answer.handle, answer.remote_id)
        except opening.KeysRefusedError:
            flash(
                gettext(
                    "La red ya no acepta lo que guardamos de %(handle)s. Conéctala otra vez.",
                    handle=seen.handle,
                ),
                "error",
            )
        except ResuenaError as error:
            flash_error(error)
        else:
            flash(gettext("Funciona: la red abrió %(handle)s ahora mismo.", handle=seen.handle), "success")
    return redirect(url_for(".account", ref=ref), SEE_OTHER)


@blueprint.post("/directorio/cuentas/<ref>/a-mano")
@needs(_P.CONNECT_ACCOUNTS)
def connect_by_hand(ref: str) -> BaseResponse:
    """Let the account be published with by a person."""
    found = accounts.find(db(), ref)
    try:
        connecting.connect_by_hand(db(), found, actor_ref=person().ref)
    except ConflictError as error:
        return _refused(ref, error)
    flash(gettext("%(handle)s ya se puede elegir; la publica una persona.", handle=found.handle), "success")
    return redirect(url_for(".account", ref=ref), SEE_OTHER)


@blueprint.post("/directorio/cuentas/<ref>/desconectar")
@needs(_P.CONNECT_ACCOUNTS)
def disconnect_account(ref: str) -> BaseResponse:
    """Forget the keys; what was published with the account stays."""
    found = accounts.find(db(), ref)
    connecting.disconnect(db(), found, actor_ref=person().ref)
    flash(
        gettext("%(handle)s ya no está conectada. Lo que publicó sigue aquí.", handle=found.handle), "success"
    )
    return redirect(url_for(".account", ref=ref), SEE_OTHER)
