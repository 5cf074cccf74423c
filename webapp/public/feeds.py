"""Feeds to follow (Atom, RFC 4287): what goes out, all of it or of one body, one region, one theme."""

import hashlib
from datetime import UTC, datetime

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext

from content_calendar.directory import find_owner, find_region
from webapp.open_data.catalogue import PUBLISHER
from webapp.open_data.dictionary import LICENCE_NAME
from webapp.public import outgoing
from webapp.public.doors import blueprint, require_open
from webapp.public.outgoing import Narrowed
from webapp.public.planned import public_theme
from webapp.session import db, public
from webapp.toolbox.packing import address_of

_MOST = 50
_MINUTES_15 = 900
# A feed in which nothing is yet has changed at no moment: any will do that stays.
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


@blueprint.get("/publico/publicaciones.atom")
@public
def feed() -> Response:
    """Tell the newest messages of all."""
    require_open("publicaciones")
    return _feed(
        Narrowed(), "todo", gettext("Lo que publica el Sistema Nacional de Transparencia"), url_for(".feed")
    )


@blueprint.get("/publico/organismo/<slug>.atom")
@public
def body_feed(slug: str) -> Response:
    """Tell what goes out on the accounts of a body, a commission or a coordination."""
    require_open("publicaciones")
    owner = find_owner(db(), slug)
    title = gettext("Lo que publica %(name)s", name=owner.name)
    return _feed(Narrowed(owner_id=owner.id), f"organismo/{slug}", title, url_for(".body_feed", slug=slug))


@blueprint.get("/publico/region/<slug>.atom")
@public
def region_feed(slug: str) -> Response:
    """Tell what goes out on the accounts of a region's bodies."""
    require_open("publicaciones")
    region = find_region(db(), slug)
    title = gettext("Lo que publican los organismos de la región %(name)s", name=region.name)
    return _feed(Narrowed(region_id=region.id), f"region/{slug}", title, url_for(".region_feed", slug=slug))


@blueprint.get("/publico/tema/<ref>.atom")
@public
def theme_feed(ref: str) -> Response:
    """Tell what goes out on a theme of a bimester that has begun; raise ThemeNotFoundError for any other."""
    require_open("publicaciones", "temas")
    theme = public_theme(ref)
    title = gettext("Lo que publica el Sistema sobre %(title)s", title=theme.title)
    return _feed(Narrowed(theme_id=theme.id), f"tema/{ref}", title, url_for(".theme_feed", ref=ref))


def _feed(wanted: Narrowed, name: str, title: str, here: str) -> Response:
    messages = outgoing.messages(wanted, _MOST)
    text = render_template(
        "public/feed.xml",
        messages=messages,
        id=f"tag:resuena,2026:publico/{name}",
        title=title,
        author=PUBLISHER,
        here=address_of(here),
        page=address_of(url_for(".published")),
        licence=LICENCE_NAME,
        updated_at=messages[0].at if messages else _NEVER,
    )
    answer = make_response(text)
    answer.mimetype = "application/atom+xml"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.cache_control.public = True
    answer.cache_control.max_age = _MINUTES_15
    answer.vary.update(("Accept-Language", "Cookie"))
    answer.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    if messages:
        answer.last_modified = messages[0].at
    answer.make_conditional(request)
    return answer
