"""``/api/v1/openapi.json``: what ``/api/v1`` offers, made from its own routes (OpenAPI 3.1).

Each module describes its own views (``operations``). A route that nobody described is told by a test, and so is
an answer that is not of its shape.
"""

import re
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify
from flask_babel import gettext

from content_calendar.permissions import Permission
from webapp.api.operations import OPERATIONS, TAKEN, Operation, described
from webapp.api.problems import REFUSED
from webapp.api.schema import SCHEMAS
from webapp.api.views import blueprint
from webapp.security import permission_of
from webapp.session import cookie_name, public
from webapp.toolbox.packing import address_of
from webapp.words import N_

_JSON, _PROBLEM, _BYTES = "application/json", "application/problem+json", "*/*"
_FORM = "multipart/form-data"
_VARIABLE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_NUMBERED = re.compile(r"<int:([^<>]+)>")
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
_NO_CONTENT, _CREATED = 204, 201
_HEADERS = {
    "If-Match": N_(
        "El «ETag» de lo que leíste: si alguien lo cambió después, se te dice y no se guarda encima."
    ),
    "Idempotency-Key": N_(
        "Un nombre tuyo para esta petición: si la repites igual, recibes la misma respuesta y nada se hace dos veces."
    ),
}


@dataclass(frozen=True)
class Route:
    """One operation where it stands: its address with the variables in braces, its method, what it needs."""

    name: str
    place: str
    method: str
    operation: Operation
    permission: Permission | None
    places: tuple[str, ...]
    numbers: frozenset[str]

    @property
    def writes(self) -> bool:
        """Return whether it changes something."""
        return self.method != "GET"

    def statuses(self) -> list[int]:
        """Return the refusals that it may give, each once."""
        one = self.operation
        found = {*one.refuses, 429}
        if one.opens or self.permission:
            found |= {400, 401, 403}
        if self.places:
            found |= {404}
        if self.writes:
            found |= {400, 409, 413, 415, 422}
        if one.of_edition:
            found |= {412, 428}
        if one.takes:
            found |= {422}
        return sorted(found)


def routes() -> list[Route]:
    """Return every operation, by its address."""
    found = []
    for rule in current_app.url_map.iter_rules():
        whose, _, name = rule.endpoint.rpartition(".")
        if whose != blueprint.name or name not in OPERATIONS:
            continue
        view = current_app.view_functions[rule.endpoint]
        permission = permission_of(view) or getattr(view, "also", None)
        found.append(
            Route(
                name,
                _VARIABLE.sub(r"{\1}", rule.rule).removeprefix(str(blueprint.url_prefix)),
                next(one for one in _METHODS if one in (rule.methods or ())),
                OPERATIONS[name],
                permission if isinstance(permission, Permission) else None,
                tuple(_VARIABLE.findall(rule.rule)),
                frozenset(_NUMBERED.findall(rule.rule)),
            )
        )
    return sorted(found, key=lambda one: (one.place, _METHODS.index(one.method)))


def document() -> dict[str, Any]:
    """Return the document, in the reader's language."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes():
        paths.setdefault(route.place, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Resuena",
            "version": "1",
            "description": gettext(
                "Para que un programa haga lo que tú puedes hacer, y el sitio de un organismo traiga lo que puede "
                "usar hoy y avise de lo que retoma."
            ),
        },
        "servers": [{"url": address_of(str(blueprint.url_prefix))}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": _schemes()},
    }


def _schemes() -> dict[str, Any]:
    return {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": gettext("Tu llave personal, que haces en «Mi cuenta»."),
        },
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": gettext("La llave que se hace en «Tu sitio y Resuena»."),
        },
        "session": {"type": "apiKey", "in": "cookie", "name": cookie_name()},
    }


def _operation(route: Route) -> dict[str, Any]:
    one = route.operation
    told: dict[str, Any] = {
        "operationId": route.name,
        "tags": [one.topic],
        "summary": gettext(one.said),
        "responses": _answers(route),
        "security": _security(route),
    }
    if parameters := _parameters(route):
        told["parameters"] = parameters
    if one.sends:
        media = _FORM if one.files else _JSON
        sent = {media: {"schema": {"$ref": f"#/components/schemas/{one.sends}"}}}
        told["requestBody"] = {"required": not one.optional, "content": sent}
    return told


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": place, "in": "path", "required": True, "schema": _place_schema(place in route.numbers)}
        for place in route.places
    ]
    for taken in route.operation.takes:
        said, schema = TAKEN[taken]
        found.append({"name": taken, "in": "query", "description": gettext(said), "schema": schema})
    for name, needed in (
        ("If-Match", route.operation.of_edition),
        ("Idempotency-Key", route.operation.creates),
    ):
        if needed:
            schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
            found.append(
                {
                    "name": name,
                    "in": "header",
                    "required": name == "If-Match",
                    "description": gettext(_HEADERS[name]),
                    "schema": schema,
                }
            )
    return found


def _place_schema(numbered: bool) -> dict[str, Any]:  # noqa: FBT001 -- the one thing that is asked
    if numbered:
        return {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    return {"type": "string", "minLength": 1}


def _security(route: Route) -> list[dict[str, list[str]]]:
    found: list[dict[str, list[str]]] = [{"key": []}] if route.operation.opens else []
    if route.permission is not None:
        found.append({"token": [route.permission.value]})
        if not route.writes:
            found.append({"session": []})
    return found


def _answers(route: Route) -> dict[str, Any]:
    one = route.operation
    good: dict[str, Any] = {"description": gettext("Lo que se pidió.")}
    if one.shape:
        good["content"] = {_JSON: {"schema": {"$ref": f"#/components/schemas/{one.shape}"}}}
    elif route.name == "openapi":
        good["content"] = {_JSON: {"schema": {"type": "object"}}}
    elif one.status != _NO_CONTENT:
        good["content"] = {
            _BYTES: {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
        }
    if one.status == _CREATED:
        good["description"] = gettext("Quedó anotado.")
    elif one.status == _NO_CONTENT:
        good["description"] = gettext("Hecho.")
    answers: dict[str, Any] = {str(one.status): good}
    if one.tagged:
        answers["304"] = {"description": gettext("No ha cambiado desde el «ETag» que mandaste.")}
    for refused in route.statuses():
        answers[str(refused)] = {
            "description": gettext(REFUSED[refused]),
            "content": {_PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return answers


@blueprint.get("/openapi.json")
@public
@described(Operation(N_("Este documento."), topic="about"))
def openapi() -> Response:
    """Return the document; it tells of shapes and addresses, of no material."""
    answer = jsonify(document())
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    answer.add_etag(weak=True)
    return answer
