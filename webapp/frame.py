"""What every page is given: its frame, the navigation of the person's role, the blueprints."""

import pkgutil
from dataclasses import dataclass
from importlib import import_module

from flask import Blueprint, Flask, current_app, request, url_for
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError

import webapp
from content_calendar import notices, open_parts
from content_calendar.permissions import Permission, Role
from webapp import icons, previews
from webapp.looks import looks_address
from webapp.security import nonce
from webapp.session import database, viewer
from webapp.words import N_

ROLES = {
    Role.ADMIN: N_("Administración"),
    Role.COORDINATOR: N_("Coordinación"),
    Role.REGIONAL: N_("Coordinación regional"),
    Role.EDITOR: N_("Equipo de la Comisión"),
    Role.LIAISON: N_("Enlace del organismo"),
}


@dataclass(frozen=True)
class Door:
    """A place of the navigation: its endpoint, its name, its picture, and the right it needs."""

    endpoint: str
    label: str
    icon: str
    permission: Permission


_P = Permission
NAVIGATION = (
    Door("dashboards.today", N_("Hoy"), "home", _P.ENTER),
    Door("calendar.bimester", N_("Calendario"), "calendar", _P.VIEW_PLAN),
    Door("events.listing", N_("Eventos"), "calendar-star", _P.VIEW_PLAN),
    Door("calendar.reviews", N_("Revisión"), "eye-check", _P.REVIEW_POSTS),
    Door("dashboards.publications", N_("Salidas"), "send", _P.VIEW_PUBLICATIONS),
    Door("toolbox.gallery", N_("Caja de herramientas"), "briefcase", _P.VIEW_TOOLBOX),
    Door("wire.cable", N_("Cable"), "rss", _P.VIEW_WIRE),
    Door("dashboards.replications", N_("Réplicas"), "repeat", _P.VIEW_REPLICATIONS),
    Door("follow.sweep", N_("Barrido"), "eye-search", _P.DECIDE_REPLICATIONS),
    Door("allies.listing", N_("Red de facilitadores"), "users-group", _P.VIEW_ALLIES),
    Door("dashboards.summary", N_("Resultados"), "chart-bar", _P.VIEW_SUMMARIES),
    Door("directory.bodies", N_("Directorio"), "address-book", _P.VIEW_DIRECTORY),
    Door("programme.overview", N_("Programa"), "traffic-lights", _P.VIEW_PROGRAMME),
    Door("account.system", N_("Sistema"), "heartbeat", _P.VIEW_SYSTEM),
    Door("guide.index", N_("Guía"), "books", _P.ENTER),
)
# What somebody without an account is offered.
PUBLIC = (
    ("public.portal", N_("Portal público"), "world"),
    ("public.calendar", N_("Calendario"), "calendar"),
    ("public.published", N_("Lo publicado"), "send"),
    ("public.standing", N_("Semáforo"), "traffic-lights"),
    ("public.bodies", N_("Directorio"), "address-book"),
    ("directory.official", N_("¿Es oficial?"), "shield-check"),
    ("open_data.catalogue_page", N_("Datos abiertos"), "database"),
    ("guide.index", N_("Guía"), "books"),
)
# What goes when an administrator closes the portal.
_CLOSABLE = frozenset(endpoint for endpoint, _, _ in PUBLIC) - {"directory.official", "guide.index"}


def blueprints() -> list[Blueprint]:
    """Return the blueprint of each job: every folder here whose ``views`` module has one."""
    found = []
    for module in sorted(pkgutil.iter_modules(webapp.__path__), key=lambda module: module.name):
        if not module.ispkg:
            continue
        package = import_module(f"webapp.{module.name}")
        if (blueprint := getattr(package, "blueprint", None)) is not None:
            found.append(blueprint)
    return found


def _active(endpoint: str) -> bool:
    here = url_for(endpoint)
    # Below the portal stand the other public pages, each with a place of its own.
    alone = here == "/" or endpoint == "public.portal"
    return request.path == here or (not alone and request.path.startswith(f"{here}/"))


def _navigation() -> list[tuple[str, str, str, bool]]:
    known = current_app.view_functions
    if viewer().person is None:
        closed = _portal_is_closed()
        return [
            (endpoint, gettext(label), icon, _active(endpoint))
            for endpoint, label, icon in PUBLIC
            if endpoint in known and not (closed and endpoint in _CLOSABLE)
        ]
    return [
        (door.endpoint, gettext(door.label), door.icon, _active(door.endpoint))
        for door in NAVIGATION
        if viewer().can(door.permission) and door.endpoint in known
    ]


def _portal_is_closed() -> bool:
    # In a session of its own, for the reason that ``_unread`` has.
    try:
        with database().reading() as session:
            return open_parts.PORTAL in open_parts.closed(session)
    except SQLAlchemyError:
        return True


def _who() -> dict[str, str] | None:
    person = viewer().person
    if person is None:
        return None
    roles = [gettext(ROLES[role]) for role in Role if role in viewer().rights.roles()]
    return {"name": person.name, "role_label": ", ".join(roles), "body_name": ""}


def _unread() -> int:
    """Return how many notices wait for the person: one question of one index, asked where the bell is shown.

    In a session of its own: the page of an error is shown over a transaction that has failed, and not at all
    worth another error.
    """
    person = viewer().person
    if person is None:
        return 0
    try:
        with database().reading() as session:
            return notices.unread_count(session, person.id)
    except SQLAlchemyError:
        return 0


def _context() -> dict[str, object]:
    shade = request.cookies.get("tema", "")
    return {
        "locale": viewer().locale,
        "shade": shade if shade in {"light", "dark"} else "",
        "csp_nonce": nonce(),
        "urls": {
            "home": url_for("dashboards.today"),
            "help": url_for("public.help_page"),
            "preferences": url_for("account.preferences"),
            "sign_in": url_for("account.enter"),
            "sign_out": url_for("account.leave"),
            "account": url_for("account.mine"),
            "public": url_for("public.portal"),
            "notices": url_for("account.avisos"),
        },
        "unread_notices": _unread,
        "most_notices": notices.MOST_COUNTED,
        "nav": _navigation(),
        "person": _who(),
        "viewer": viewer(),
        "version": current_app.extensions["resuena.release"],
    }


def install(app: Flask) -> None:
    """Register every blueprint and give the templates what the frame needs."""
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    app.context_processor(_context)
    app.jinja_env.add_extension("jinja2.ext.do")
    icons.install(app)
    app.jinja_env.globals["frozen_preview"] = previews.frozen
    app.jinja_env.globals["looks_address"] = looks_address
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
