"""``/api``: the documentation of the API, written from its own document; ``/api/errores``: what each problem means."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template
from flask_babel import gettext

from content_calendar.errors import ResuenaError
from webapp.api import openapi
from webapp.api.openapi import Route
from webapp.api.operations import TAKEN
from webapp.api.problems import REFUSED
from webapp.api.schema import SCHEMAS
from webapp.api_guide import examples
from webapp.errors import STATUS_CODES, advice_of, status_of
from webapp.permission_words import WORDS
from webapp.presence import NEEDS_PRESENCE
from webapp.sentences import SENTENCES
from webapp.session import public
from webapp.toolbox.packing import address_of
from webapp.webhooks.views import KINDS
from webapp.words import N_

blueprint = Blueprint("api_guide", __name__)
_TOKEN = "$LLAVE"  # noqa: S105 -- the name of a variable in an example
_FROM = 400
TOPICS: Mapping[str, str] = {
    "me": N_("Tú y tus avisos"),
    "posts": N_("Publicaciones"),
    "publications": N_("Salidas"),
    "plan": N_("Calendario, temas y campañas"),
    "events": N_("Eventos"),
    "contributions": N_("Aportes"),
    "replications": N_("Réplicas"),
    "wire": N_("Cable"),
    "directory": N_("Directorio"),
    "toolbox": N_("Caja de herramientas"),
    "results": N_("Resultados"),
    "programme": N_("Programa"),
    "webhooks": N_("Avisos a tus sistemas"),
    "acts": N_("Todo lo demás"),
    "site": N_("Para el sitio de un organismo"),
    "about": N_("Este documento"),
    "other": N_("Más"),
}


@dataclass(frozen=True)
class Shown:
    """One operation as the page shows it."""

    route: Route
    who: str
    parameters: list[tuple[str, str]]
    curl: str
    sends: str
    answers: str
    refusals: list[tuple[int, str]]


def _shown(route: Route, root: str) -> Shown:
    one = route.operation
    who = gettext(WORDS[route.permission]) if route.permission else ""
    shape = SCHEMAS.get(one.shape)
    return Shown(
        route,
        who,
        [(name, gettext(TAKEN[name][0])) for name in one.takes],
        examples.curl(route, root, _TOKEN),
        examples.pretty(examples.sample(SCHEMAS[one.sends])) if one.sends else "",
        examples.pretty(examples.sample(shape)) if shape else "",
        [(status, gettext(REFUSED[status])) for status in route.statuses()],
    )


@blueprint.get("/api")
@public
def guide() -> Response:
    """Show what a program can do, from how to begin to every operation."""
    root = address_of("/api/v1")
    by_topic: dict[str, list[Shown]] = {}
    for route in openapi.routes():
        by_topic.setdefault(route.operation.topic, []).append(_shown(route, root))
    page = render_template(
        "api_guide/guide.html",
        root=root,
        topics=[(name, gettext(said), by_topic[name]) for name, said in TOPICS.items() if name in by_topic],
        kinds=[(one.value, gettext(said)) for one, said in KINDS.items()],
        presence=sorted({gettext(why) for why in NEEDS_PRESENCE.values()}),
    )
    return make_response(page)


@blueprint.get("/api/errores")
@public
def problems_page() -> Response:
    """Tell what each problem means; its ``type`` leads here."""
    page = render_template("api_guide/problems.html", problems=_problems())
    return make_response(page)


def _problems() -> list[tuple[str, int, str]]:
    """Return each code with its status and its sentence, by code."""
    found = {code: (status, advice_of(status)) for status, code in STATUS_CODES.items() if status >= _FROM}
    waiting: list[type[ResuenaError]] = [ResuenaError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.code in SENTENCES:
            status = status_of(kind.__new__(kind))
            found.setdefault(kind.code, (status, gettext(SENTENCES[kind.code])))
    return [(code, status, said) for code, (status, said) in sorted(found.items())]
