"""A body's accounts: added, certified by a person, retired."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import accounts, directory
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import Account, Body, Standing
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from webapp import dates
from webapp.directory.bodies import body_page, typed_form
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import flash_error, tell
from webapp.session import db, needs, person

_P = Permission
_LONGEST = 200


class NetworkMissingError(InvalidError):
    """An account is on a network."""

    code = "network_missing"


@blueprint.post("/directorio/<slug>/cuenta")
@needs(_P.EDIT_DIRECTORY)
def add_account(slug: str) -> BaseResponse:
    """Add an account that waits to be certified."""
    form = request.form
    try:
        accounts.add(
            db(),
            directory.find_owner(db(), slug),
            new_account(),
            now().astimezone(dates.zone()).date(),
            actor_ref=person().ref,
        )
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return body_page(
            slug, typed_form(), {getattr(error, "field", None) or "handle": tell(error)}, UNPROCESSABLE
        )
    flash(gettext("Cuenta agregada. Falta que la certifique la coordinación."), "success")
    return redirect(url_for(".body", slug=form.get("slug", slug), _anchor="cuentas"), SEE_OTHER)


def new_account() -> accounts.NewAccount:
    """Return the account that a form tells of; raise NetworkMissingError."""
    form = request.form
    network = form.get("network", "").strip()[:40]
    if not network:
        raise NetworkMissingError(field="network")
    return accounts.NewAccount(
        network=network,
        handle=form.get("handle", "")[:_LONGEST],
        url=form.get("account_url", "")[:1000],
        source=form.get("account_source", "")[:1000],
    )


def _back(account: Account) -> BaseResponse:
    # Whoever certifies on the way to connecting goes on from there; a commission has no page of its own.
    if request.form.get("then") == "connect":
        there = url_for(".account", ref=account.ref)
    elif isinstance(account.owner, Body):
        there = url_for(".body", slug=account.owner.slug, _anchor="cuentas")
    else:
        there = url_for(".accounts_page")
    return redirect(there, SEE_OTHER)


@blueprint.post("/directorio/cuentas/<ref>/certificar")
@needs(_P.CERTIFY_ACCOUNTS)
def certify_account(ref: str) -> BaseResponse:
    """Say, as a person, that the account is its owner's."""
    account = accounts.find(db(), ref)
    back = _back(account)
    try:
        me = db().get_one(Person, person().id)
        accounts.certify(db(), account, me, remote_id=request.form.get("remote_id", "")[:_LONGEST])
    except ConflictError as error:
        db().rollback()
        flash_error(error)
        return back
    flash(gettext("%(handle)s es oficial desde hoy.", handle=account.handle), "success")
    return back


@blueprint.post("/directorio/cuentas/<ref>/retirar")
@needs(_P.CERTIFY_ACCOUNTS)
def retire_account(ref: str) -> BaseResponse:
    """End an account today; its handle is free for somebody else."""
    account = accounts.find(db(), ref)
    back = _back(account)
    asked = request.form.get("standing", "")
    standing = Standing(asked) if asked in set(Standing) else Standing.IN_FORCE
    try:
        accounts.retire(
            db(),
            account,
            now().astimezone(dates.zone()).date(),
            standing,
            reason=request.form.get("reason", "")[:500],
            actor_ref=person().ref,
        )
    except (ConflictError, InvalidError) as error:
        db().rollback()
        flash_error(error)
        return back
    flash(gettext("%(handle)s ya no es oficial.", handle=account.handle), "success")
    return back
