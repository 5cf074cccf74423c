"""One account: where it is seen to, and whether its owner's site links to it, looked at right now."""

from flask import flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import accounts, certification
from content_calendar.errors import ForbiddenError
from content_calendar.models.directory import Account, Body
from content_calendar.permissions import Permission
from scheduler.listening import back_links
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.back_links import Page
from webapp.directory.connecting import as_it_is
from webapp.directory.doors import SEE_OTHER, blueprint
from webapp.session import database, db, needs, person, settings, viewer

_P = Permission


def place_of_account(account: Account) -> str:
    """Return where an account stands in the directory; its owner is loaded."""
    if isinstance(account.owner, Body):
        return url_for("directory.body", slug=account.owner.slug, _anchor=f"c-{account.ref}")
    return url_for("directory.accounts_page", _anchor=f"c-{account.ref}")


@blueprint.get("/directorio/cuentas/<ref>")
@needs(_P.VIEW_DIRECTORY)
def standing_of(ref: str) -> BaseResponse:
    """Lead to where the account stands."""
    return redirect(place_of_account(accounts.find(db(), ref)), SEE_OTHER)


@blueprint.post("/directorio/cuentas/<ref>/comprobar")
@needs(_P.CERTIFY_OWN_ACCOUNTS)
def prove(ref: str) -> BaseResponse:
    """Look on the owner's sites for a link to the account, and keep what was found."""
    account = as_it_is(ref)
    if not certification.may_certify(viewer().rights, account.owner):
        raise ForbiddenError
    policy = FetchPolicy.of(tuple(settings().feed_allow), settings().contact)

    def read(url: str) -> Page:
        return back_links.read_page(url, policy)

    found = back_links.check(database(), account, read, actor_ref=person().ref)
    if found is None:
        flash(gettext("No conocemos su sitio: agrégalo primero."), "error")
    elif found:
        flash(gettext("Su sitio enlaza a %(handle)s.", handle=account.handle), "success")
    else:
        flash(
            gettext(
                "No encontramos en su sitio un enlace a %(handle)s. Pídeles que lo pongan en su página de inicio.",
                handle=account.handle,
            ),
            "warning",
        )
    return redirect(place_of_account(account), SEE_OTHER)
