"""A body's accounts: added, certified by people, retired."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import accounts, certification, certifying, directory, pasted
from content_calendar.clock import now
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.models.directory import Account, Body, Standing
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from webapp import dates
from webapp.directory.alikes import warnings
from webapp.directory.bodies import body_page, typed_form
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import flash_error, tell
from webapp.session import db, needs, person, settings, viewer

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
    owner = directory.find_owner(db(), slug)
    try:
        new = new_account()
        if found := unconfirmed(new, owner.short_name):
            return body_page(slug, typed_form(), {}, UNPROCESSABLE, warned=found)
        accounts.add(db(), owner, new, now().astimezone(dates.zone()).date(), actor_ref=person().ref)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return body_page(
            slug, typed_form(), {getattr(error, "field", None) or "handle": tell(error)}, UNPROCESSABLE
        )
    flash(gettext("Cuenta agregada. Falta que la certifique la coordinación."), "success")
    return redirect(url_for(".body", slug=form.get("slug", slug), _anchor="cuentas"), SEE_OTHER)


def new_account() -> accounts.NewAccount:
    """Return the account that a form tells of, read from a link where there is one; raise NetworkMissingError."""
    form = request.form
    typed = form.get("handle", "")[: pasted.LONGEST]
    said = pasted.read_pasted(typed)
    network = said.network or form.get("network", "").strip()[:40]
    if not network:
        raise NetworkMissingError(field="network")
    # A name that is none as far as we know is still what somebody typed.
    handle = (said.handle or typed)[:_LONGEST]
    given = pasted.read_pasted(form.get("account_url", ""))
    url = said.url or given.url or form.get("account_url", "")[:1000]
    return accounts.NewAccount(
        network=network,
        handle=handle,
        url=url or pasted.address_of(network, handle),
        source=form.get("account_source", "")[:1000],
    )


def unconfirmed(new: accounts.NewAccount, owner: str) -> list[str]:
    """Return what the person has not said yes to yet: accounts that this one looks like."""
    return [] if request.form.get("sure") else warnings(new.network, new.handle, owner)


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
@needs(_P.CERTIFY_OWN_ACCOUNTS)
def certify_account(ref: str) -> BaseResponse:
    """Say, as a person, that the account is its owner's."""
    account = accounts.find(db(), ref)
    if not certification.may_certify(viewer().rights, account.owner):
        raise ForbiddenError
    back = _back(account)
    me, lasts = db().get_one(Person, person().id), settings().certification
    # The network's number is the staff's to give: who answers for a body says that the account is theirs.
    remote_id = request.form.get("remote_id", "")[:_LONGEST] if viewer().can(_P.CERTIFY_ACCOUNTS) else ""
    try:
        done = certifying.certify(db(), account, me, remote_id=remote_id, lasts=lasts)
    except ConflictError as error:
        db().rollback()
        flash_error(error)
        return back
    said = certification.Yes([account], []) if done else certification.Yes([], [account])
    certification.after_yes(db(), account.owner, said, me)
    if done:
        flash(gettext("%(handle)s es oficial desde hoy.", handle=account.handle), "success")
    else:
        flash(gettext("Anotado. %(handle)s espera el sí de otra persona.", handle=account.handle), "success")
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
