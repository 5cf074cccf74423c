"""Keys for a body's own site, and the addresses of its feeds: made, listed, revoked; each is shown once."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets import machine_keys
from assets.models import KeyScope
from content_calendar import planning
from content_calendar.errors import ForbiddenError, InvalidError
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.permissions import Permission
from webapp.dashboards.reach import bodies_within, body_within
from webapp.errors import tell
from webapp.session import db, needs, person
from webapp.toolbox.packing import address_of
from webapp.toolbox.views import blueprint
from webapp.words import N_

_P = Permission
# Of a theme, beside the other words of a feed's name, which has 120 characters.
_LONGEST_TITLE = 80
_SEE_OTHER, _MADE, _UNPROCESSABLE = 303, 201, 422
SCOPES = {
    KeyScope.MATERIALS: N_("materiales"),
    KeyScope.TEXTS: N_("textos aprobados"),
    KeyScope.FEED: N_("canal de novedades"),
    KeyScope.WIRE: N_("cable"),
    KeyScope.REPLICAS: N_("anotar réplicas"),
}


def keys_page(
    token: str = "", feed: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    """Return the page, with a key or the address of a feed that was just made."""
    within = bodies_within(_P.MAKE_KEYS)
    keys = machine_keys.listed(db(), [one.id for one in within])
    makers = db().execute(
        select(Person.id, Person.name).where(Person.id.in_({one.made_by_id for one in keys}))
    )
    page = render_template(
        "toolbox/keys.html",
        keys=keys,
        themes=[(one.ref, one.title) for one in planning.list_themes(db())],
        theme=request.values.get("tema", ""),
        within=[(one.slug, f"{one.state_name} · {one.short_name}") for one in within],
        names={one.id: one.short_name for one in within},
        makers={row.id: row.name for row in makers},
        scopes={one: gettext(word) for one, word in SCOPES.items()},
        token=token,
        feed=feed,
        errors=errors or {},
        typed=request.form if errors else {},
        root=address_of("/api/v1"),
    )
    return make_response(page, status)


@blueprint.get("/caja/llaves")
@needs(_P.MAKE_KEYS)
def toolbox_keys() -> Response:
    """List the keys of the bodies that the person stands for."""
    return keys_page()


@blueprint.post("/caja/llaves")
@needs(_P.MAKE_KEYS)
def make_key() -> Response:
    """Make a key or a feed; what opens is shown this once."""
    form = request.form
    body = body_within(_P.MAKE_KEYS, form.get("organismo", ""))
    words = [KeyScope(word) for word in form.getlist("scopes") if word in set(KeyScope)]
    is_feed = KeyScope.FEED in words
    theme = planning.find_theme(db(), form["tema"]) if is_feed and form.get("tema") else None
    name = _feed_name(theme) if is_feed else form.get("name", "")
    try:
        _, token = machine_keys.make(db(), body.id, name, words, person())
    except InvalidError as error:
        return keys_page(errors={error.field or "name": tell(error)}, status=_UNPROCESSABLE)
    if theme is not None:
        address = url_for("toolbox.theme_feed", token=token, ref=theme.ref)
        return keys_page(feed=address_of(address), status=_MADE)
    if is_feed:
        return keys_page(feed=address_of(url_for("toolbox.feed", token=token)), status=_MADE)
    return keys_page(token=token, status=_MADE)


def _feed_name(theme: Theme | None) -> str:
    name: str = gettext("Canal de novedades")
    return f"{name}: {theme.title[:_LONGEST_TITLE]}" if theme else name


@blueprint.post("/caja/llaves/<ref>/retirar")
@needs(_P.MAKE_KEYS)
def revoke_key(ref: str) -> BaseResponse:
    """End a key."""
    key = machine_keys.find(db(), ref)
    if key.body_id not in {one.id for one in bodies_within(_P.MAKE_KEYS)}:
        raise ForbiddenError
    machine_keys.revoke(db(), key, person())
    flash(gettext("Llave retirada: desde ahora no abre nada."), "success")
    return redirect(url_for(".toolbox_keys"), _SEE_OTHER)
