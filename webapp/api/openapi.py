"""``/api/v1/openapi.json``: what ``/api/v1`` offers, made from its own routes (OpenAPI 3.1).

A route that nobody described here is told by a test, and so is an answer that is not of its shape.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify
from flask_babel import gettext

from assets.models import AssetKind, KeyScope
from webapp.api.shapes import SCHEMAS
from webapp.api.views import MOST, USUAL, blueprint
from webapp.session import cookie_name, public
from webapp.toolbox.packing import address_of
from webapp.words import N_

_JSON, _PROBLEM, _BYTES = "application/json", "application/problem+json", "*/*"
_VARIABLE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_PAGED = ("limit", "after")


@dataclass(frozen=True)
class Operation:
    """What one address answers: its ``shape`` (empty for bytes), what opens it, and what may be asked of it.

    ``opens`` is the scope of a key; None where somebody signed in asks.
    """

    said: str
    shape: str = ""
    opens: KeyScope | None = None
    takes: tuple[str, ...] = ()
    # Besides those that any address may give.
    refuses: tuple[int, ...] = ()
    # What is sent, where something is written.
    sends: str = ""


_KEYS = KeyScope
OPERATIONS: Mapping[str, Operation] = {
    "materials": Operation(
        N_("Los materiales que tu organismo puede usar hoy."),
        "Materials", _KEYS.MATERIALS, (*_PAGED, "tema", "tipo"), (422,),
    ),
    "material": Operation(
        N_("Un material: completo y en cada formato con el logo de tu organismo."),
        "MaterialWithFiles", _KEYS.MATERIALS, refuses=(404,),
    ),
    "material_file": Operation(
        N_("El archivo completo de un material. Cada vez cuenta como una descarga."),
        opens=_KEYS.MATERIALS, refuses=(404,),
    ),
    "material_format": Operation(
        N_("Un formato con el logo de tu organismo; si todavía no existe, se hace en ese momento."),
        opens=_KEYS.MATERIALS, refuses=(404, 409, 422),
    ),
    "approved_texts": Operation(
        N_("Las publicaciones aprobadas: sus textos, por red donde cambian, y sus materiales."),
        "ApprovedTexts", _KEYS.TEXTS, _PAGED, (422,),
    ),
    "posts": Operation(N_("Las publicaciones del calendario."), "Posts", takes=_PAGED, refuses=(403, 422)),
    "bodies": Operation(N_("Los organismos garantes."), "Bodies", takes=_PAGED, refuses=(403, 422)),
    "publications": Operation(
        N_("Las salidas, con el enlace donde se ven."), "Publications", takes=_PAGED, refuses=(403, 422)
    ),
    "replications": Operation(
        N_("Las réplicas de los organismos a tu alcance."), "Replications", takes=_PAGED, refuses=(403, 422)
    ),
    "declare_replication": Operation(
        N_("Anota que tu organismo retomó una publicación, con su enlace; el mismo otra vez es la misma réplica."),
        "Declared", _KEYS.REPLICAS, refuses=(404, 409, 422), sends="Declaration",
    ),
    "wire_entries": Operation(
        N_("Lo que publican los organismos, las comisiones y las coordinaciones: lo más nuevo primero."),
        "WireEntries", _KEYS.WIRE, ("limit", "despues", "organismo", "region", "tema", "de", "buscar"), (422,),
    ),
    "wire_streak": Operation(
        N_("Lo que la Comisión replicó cada día de un bimestre, y los días sin réplica."),
        "WireStreak", _KEYS.WIRE, ("bimestre",), (422,),
    ),
    "openapi": Operation(N_("Este documento.")),
}  # fmt: skip
_TAKEN: Mapping[str, tuple[str, dict[str, Any]]] = {
    "limit": (
        N_("Cuántos, a lo más, en una página."),
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    ),
    "after": (
        N_("Desde dónde sigue: viene en «next» de la página anterior."),
        {"type": "integer", "minimum": 0, "default": 0},
    ),
    "tema": (N_("La referencia de un tema."), {"type": "string"}),
    "despues": (N_("La referencia de la última nota de la página anterior."), {"type": "string"}),
    "organismo": (N_("El nombre corto, en la dirección, de quien publica."), {"type": "string"}),
    "region": (N_("El nombre corto de una región."), {"type": "string"}),
    "de": (N_("Qué son quienes publican."), {"enum": ["organismos", "comisiones", "coordinaciones"]}),
    "buscar": (N_("Palabras que la nota debe tener, con o sin acentos."), {"type": "string"}),
    "bimestre": (
        N_("El año y el número del bimestre, como 2026-6; sin él, el de hoy."),
        {"type": "string", "pattern": "^[0-9]{4}-[1-6]$"},
    ),
    "tipo": (N_("Qué tipo de material."), {"enum": sorted(AssetKind)}),
}
_REFUSED = {
    401: N_("Falta la llave, no existe o se retiró."),
    403: N_("Esa llave o esa sesión no abre esto."),
    404: N_("No existe, o hoy no se puede usar."),
    409: N_("Ahora no se puede: se están haciendo otros formatos, o ya se dijo lo contrario."),
    422: N_("Lo que se pide no es válido."),
}


def document() -> dict[str, Any]:
    """Return the document, in the reader's language."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in current_app.url_map.iter_rules():
        whose, _, name = rule.endpoint.rpartition(".")
        if whose == blueprint.name and name in OPERATIONS:
            place = _VARIABLE.sub(r"{\1}", rule.rule).removeprefix(str(blueprint.url_prefix))
            told = _operation(name, OPERATIONS[name], sorted(rule.arguments))
            paths.setdefault(place, {})["post" if OPERATIONS[name].sends else "get"] = told
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Resuena",
            "version": "1",
            "description": gettext(
                "Para que el sitio de un organismo traiga lo que puede usar hoy y avise de lo que retoma."
            ),
        },
        "servers": [{"url": address_of(str(blueprint.url_prefix))}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": gettext("La llave que se hace en «Tu sitio y Resuena»."),
                },
                "session": {"type": "apiKey", "in": "cookie", "name": cookie_name()},
            },
        },
    }


def _operation(name: str, one: Operation, places: list[str]) -> dict[str, Any]:
    parameters = [
        {"name": place, "in": "path", "required": True, "schema": {"type": "string"}} for place in places
    ]
    for taken in one.takes:
        said, schema = _TAKEN[taken]
        parameters.append({"name": taken, "in": "query", "description": gettext(said), "schema": schema})
    told: dict[str, Any] = {
        "operationId": name,
        "summary": gettext(one.said),
        "responses": _answers(name, one),
    }
    if parameters:
        told["parameters"] = parameters
    if one.sends:
        sent = {_JSON: {"schema": {"$ref": f"#/components/schemas/{one.sends}"}}}
        told["requestBody"] = {"required": True, "content": sent}
    told["security"] = [{"key": []}] if one.opens else [{"session": []}]
    if name == "openapi":
        told["security"] = []
    return told


def _answers(name: str, one: Operation) -> dict[str, Any]:
    if one.shape:
        good: dict[str, Any] = {_JSON: {"schema": {"$ref": f"#/components/schemas/{one.shape}"}}}
    elif name == "openapi":
        good = {_JSON: {"schema": {"type": "object"}}}
    else:
        good = {_BYTES: {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}}
    status, said = ("201", gettext("Quedó anotado.")) if one.sends else ("200", gettext("Lo que se pidió."))
    answers: dict[str, Any] = {status: {"description": said, "content": good}}
    if one.opens and not one.sends:
        answers["304"] = {"description": gettext("No ha cambiado desde el «ETag» que mandaste.")}
    for refused in sorted({*one.refuses, *((401, 403) if one.opens else ())}):
        answers[str(refused)] = {
            "description": gettext(_REFUSED[refused]),
            "content": {_PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return answers


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """Return the document; it tells of shapes and addresses, of no material."""
    answer = jsonify(document())
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    answer.add_etag(weak=True)
    return answer
