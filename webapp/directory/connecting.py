"""Connecting accounts: which the commission publishes with, and the keys or the hand that open each."""

from collections.abc import Sequence

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import accounts, connecting, directory
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import Account, Body, Owner
from content_calendar.permissions import Permission
from content_calendar.vault import Vault
from scheduler.network import CredentialField
from scheduler.networks import networks
from webapp import dates
from webapp.directory.accounts import new_account
from webapp.directory.bodies import known_networks, typed_form
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.directory.wording import KEYS, LOOKS, STANDINGS, network_name
from webapp.errors import flash_error, status_of, tell
from webapp.session import db, needs, person, settings, viewer

_P = Permission


def _fields_of(account: Account) -> Sequence[CredentialField]:
    found = networks().get(account.network)
    return found.credential_fields if found else ()


def _is_rehearsed(account: Account) -> bool:
    """Whether what is published with it goes nowhere."""
    found = networks().get(account.network)
    return found is not None and found.automatic and not found.needs_connection


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


def _list_page(errors: dict[str, str] | None = None, status: int = 200) -> Response:
    listed = _listed()
    owners = db().scalars(
        select(Owner)
        .where(Owner.id.not_in(select(Body.id)), Owner.valid_to.is_(None))
        .order_by(Owner.kind, Owner.short_name)
    )
    body = render_template(
        "directory/accounts.html",
        listed=listed,
        keyed=connecting.with_keys(db(), [one.id for one in listed]),
        rehearsed={one.id for one in listed if _is_rehearsed(one)},
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
        owner = directory.find_owner(db(), request.form.get("owner", ""))
        added = accounts.add(
            db(), owner, new_account(), now().astimezone(dates.zone()).date(), actor_ref=person().ref
        )
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


def _page(account: Account, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    # What was typed is not shown again: a key is shown to nobody, not even to whoever has just pasted it.
    body = render_template(
        "directory/connect.html",
        account=account,
        is_of_body=isinstance(account.owner, Body),
        keys=[(one, *_words_of(one)) for one in _fields_of(account)],
        has_keys=bool(connecting.with_keys(db(), [account.id])),
        rehearsed=_is_rehearsed(account),
        network=network_name(account.network),
        standing=gettext(STANDINGS[account.standing]),
        may_certify=viewer().can(_P.CERTIFY_ACCOUNTS),
        errors=errors or {},
    )
    return make_response(body, status)


def _words_of(key: CredentialField) -> tuple[str, str]:
    label, why = KEYS.get(key.name, (key.name, ""))
    return gettext(label), gettext(why) if why else ""


@blueprint.get("/directorio/cuentas/<ref>/conectar")
@needs(_P.CONNECT_ACCOUNTS)
def account(ref: str) -> Response:
    """Show how an account is connected, and what it takes."""
    return _page(accounts.find(db(), ref))


@blueprint.post("/directorio/cuentas/<ref>/conectar")
@needs(_P.CONNECT_ACCOUNTS)
def connect_account(ref: str) -> BaseResponse:
    """Store the keys, sealed, and let the account be published with."""
    found = accounts.find(db(), ref)
    names = [one.name for one in _fields_of(found)]
    if not names and not _is_rehearsed(found):
        return redirect(url_for(".account", ref=ref), SEE_OTHER)
    try:
        connecting.connect(db(), Vault(settings().data), found, names, request.form, actor_ref=person().ref)
    except InvalidError as error:
        db().rollback()
        return _page(accounts.find(db(), ref), {error.field or "": [tell(error)]}, UNPROCESSABLE)
    except ConflictError as error:
        return _refused(ref, error)
    flash(
        gettext("%(handle)s está conectada: ya se puede elegir al escribir.", handle=found.handle), "success"
    )
    return redirect(url_for(".account", ref=ref), SEE_OTHER)


def _refused(ref: str, error: ConflictError) -> BaseResponse:
    db().rollback()
    flash_error(error)
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
