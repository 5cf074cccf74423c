"""Registering this installation at a network, once, so that people can allow it on that network's own page."""

from collections.abc import Mapping, Sequence

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.app_registrations import register, registered, unregister
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from content_calendar.vault import Vault
from scheduler.networks import networks
from scheduler.opening import authorizer_of
from webapp.directory.authorizing import PublicAddressMissingError, way_back
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.directory.wording import KEYS, network_name
from webapp.errors import sentence, tell
from webapp.session import db, needs, person, settings

_P = Permission


def _page(errors: Mapping[str, Sequence[str]] | None = None, wrong: str = "", status: int = 200) -> Response:
    offered = {slug: page for slug in networks() if (page := authorizer_of(slug)) is not None}
    try:
        addresses = {slug: way_back(slug) for slug in offered}
    except PublicAddressMissingError:
        addresses = {}
    body = render_template(
        "directory/registrations.html",
        offered=[
            (slug, network_name(slug), [(name, *_words_of(name)) for name in page.app_fields])
            for slug, page in offered.items()
        ],
        addresses=addresses,
        missing="" if settings().public_url else sentence(PublicAddressMissingError.code),
        registered=registered(db()),
        wrong=wrong,
        errors=errors or {},
    )
    return make_response(body, status)


def _words_of(name: str) -> tuple[str, str]:
    label, why = KEYS.get(name, (name, ""))
    return gettext(label), gettext(why) if why else ""


@blueprint.get("/directorio/aplicaciones")
@needs(_P.CONNECT_ACCOUNTS)
def registrations() -> Response:
    """Show at which networks this installation is registered, and what to tell them."""
    return _page()


@blueprint.post("/directorio/aplicaciones/<network>")
@needs(_P.CONNECT_ACCOUNTS)
def register_app(network: str) -> BaseResponse:
    """Store what the network gave, sealed."""
    page = authorizer_of(network)
    if page is None:
        return redirect(url_for(".registrations"), SEE_OTHER)
    try:
        given = {name: request.form.get(f"{network}-{name}", "") for name in page.app_fields}
        register(db(), Vault(settings().data), network, page.app_fields, given, actor_ref=person().ref)
    except InvalidError as error:
        db().rollback()
        return _page({f"{network}-{error.field}": [tell(error)]}, network, UNPROCESSABLE)
    flash(
        gettext("Guardado: ya se puede pedir permiso en %(network)s.", network=network_name(network)),
        "success",
    )
    return redirect(url_for(".registrations"), SEE_OTHER)


@blueprint.post("/directorio/aplicaciones/<network>/olvidar")
@needs(_P.CONNECT_ACCOUNTS)
def unregister_app(network: str) -> BaseResponse:
    """Forget what the network gave."""
    unregister(db(), network, actor_ref=person().ref)
    flash(
        gettext("Olvidado: en %(network)s ya no se pide permiso.", network=network_name(network)), "success"
    )
    return redirect(url_for(".registrations"), SEE_OTHER)
