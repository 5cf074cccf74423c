"""The public portal's first page, and the page of help."""

from dataclasses import dataclass

from flask import Response, render_template

from content_calendar import programme
from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.clock import now
from webapp.kept import kept_page
from webapp.looks import style_sheet
from webapp.open_data.doors import ask
from webapp.public import outgoing
from webapp.public.doors import begins_at, blueprint, require_open, today
from webapp.public.outgoing import Narrowed
from webapp.public.planned import spans_of
from webapp.session import db, public
from webapp.words import N_

_YEAR = 365 * 24 * 60 * 60
_SHOWN = 6


@dataclass(frozen=True)
class Part:
    """A part of the portal: its page, its name, what it answers, its picture, and the sets that it stands on."""

    endpoint: str
    name: str
    about: str
    icon: str
    sets: tuple[str, ...] = ()


PARTS = (
    Part(
        "public.calendar", N_("Calendario"), N_("De qué habla el Sistema este bimestre, y qué salió ya."),
        "calendar", ("temas", "calendario"),
    ),
    Part(
        "public.published", N_("Lo publicado"), N_("Qué salió, dónde está y qué organismos lo retomaron."),
        "send", ("publicaciones", "replicas"),
    ),
    Part(
        "public.standing", N_("Semáforo"), N_("Cómo va cada estado con lo que prometió en PlanDAI."),
        "traffic-lights", ("semaforo-plandai",),
    ),
    Part(
        "public.bodies", N_("Directorio"), N_("Quiénes son los organismos y qué cuentas hablan por ellos."),
        "address-book", ("organismos", "cuentas-oficiales"),
    ),
    Part(
        "directory.official", N_("¿Es oficial?"),
        N_("Pega una cuenta o un enlace y te decimos si es de una institución."), "shield-check",
    ),
    Part(
        "open_data.catalogue_page", N_("Datos abiertos"), N_("Todo lo anterior en CSV y JSON, con su diccionario."),
        "database",
    ),
)  # fmt: skip


@blueprint.get("/publico")
@public
def portal() -> Response:
    """Show what the Sistema is saying, what was published lately, and where the rest is."""
    closed = require_open()
    year, number = bimester_of(today())
    first, _ = bimester_span(year, number)
    out = "publicaciones" not in closed
    return kept_page(
        lambda: render_template(
            "public/portal.html",
            spans=spans_of(year, number) if "calendario" not in closed else [],
            lately=outgoing.messages(Narrowed(), _SHOWN) if out else [],
            uptake=outgoing.uptake(Narrowed(begin=begins_at(first)))
            if out and "replicas" not in closed
            else None,
            parts=[part for part in PARTS if not closed & set(part.sets)],
            closed=closed,
            editions=programme.editions(db()) if "semaforo-plandai" not in closed else [],
            demo=ask().demo,
            cut_off_at=now(),
        )
    )


@blueprint.get("/ayuda")
@public
def help_page() -> Response:
    """Show the one page of help."""
    return kept_page(lambda: render_template("public/help.html"))


@blueprint.get("/estilos/redes.css")
@public
def looks_of_networks() -> Response:
    """Give the style sheet of previews; what it says has its own address, so that it may be kept for good."""
    answer = Response(style_sheet(), mimetype="text/css")
    answer.cache_control.public = answer.cache_control.immutable = True
    answer.cache_control.max_age = _YEAR
    return answer


@blueprint.get("/robots.txt")
@public
def robots() -> tuple[str, dict[str, str]]:
    """Tell search engines that only the public pages are for them."""
    allowed = "Allow: /publico\nAllow: /datos\nAllow: /es-oficial\nAllow: /ayuda\nAllow: /guia\n"
    return f"User-agent: *\n{allowed}Disallow: /\n", {"Content-Type": "text/plain"}
