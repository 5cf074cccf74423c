"""Examples made from the shapes of the document: what a person copies to begin with."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from webapp.api.openapi import Route
from webapp.api.operations import TAKEN
from webapp.api.schema import SCHEMAS, Schema

_REF = "k3m9p2q7r5tx"
_DEPTH = 4
# What a field of that name holds, where its shape alone tells too little.
_KNOWN: Mapping[str, Any] = {
    "title": "Tu derecho a saber",
    "parts": ["¿Sabías que puedes preguntarle a tu gobierno? #VinculaciónSNT"],
    "local": "2026-12-01T10:00",
    "zone": "America/Mexico_City",
    "language": "es",
    "link": "https://instituto.example.mx/nota/12",
    "url": "https://sistema.example.mx/avisos",
    "body": "infonl",
    "slug": "infonl",
    "alt_text": "Una persona pregunta en una ventanilla.",
    "reason": "Falta el enlace.",
    "note": "",
    "name": "Hoja de seguimiento",
}
_FORMATS = {"date": "2026-12-01", "date-time": "2026-12-01T16:00:00+00:00"}


def sample(shape: Schema, name: str = "", depth: int = _DEPTH) -> Any:  # noqa: ANN401 -- JSON
    """Return a value of that shape."""
    while "$ref" in shape or "oneOf" in shape:
        shape = shape["oneOf"][0] if "oneOf" in shape else SCHEMAS[str(shape["$ref"]).rpartition("/")[2]]
    if name in _KNOWN:
        return _KNOWN[name]
    if "enum" in shape:
        return shape["enum"][0]
    kind = shape.get("type", "string")
    return _MAKERS[kind[0] if isinstance(kind, list) else kind](shape, name, depth)


def _object(shape: Schema, _name: str, depth: int) -> dict[str, Any]:
    fields = shape.get("properties", {}) if depth else {}
    return {key: sample(one, key, depth - 1) for key, one in fields.items()}


def _array(shape: Schema, name: str, depth: int) -> list[Any]:
    return [sample(shape["items"], name, depth - 1)] if depth else []


def _number(shape: Schema, _name: str, _depth: int) -> int:
    return int(shape.get("minimum", 1))


def _truth(_shape: Schema, _name: str, _depth: int) -> bool:
    return True


def _text(shape: Schema, _name: str = "", _depth: int = 0) -> str:
    pattern = str(shape.get("pattern", ""))
    if "[0-9a-f]{64}" in pattern:
        return "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    return _FORMATS.get(str(shape.get("format", "")), _REF)


_MAKERS: Mapping[str, Callable[[Schema, str, int], Any]] = {
    "object": _object,
    "array": _array,
    "integer": _number,
    "number": _number,
    "boolean": _truth,
    "string": _text,
}


def pretty(value: object) -> str:
    """Return JSON as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def body_of(route: Route) -> Any:  # noqa: ANN401 -- JSON
    """Return an example of what is sent: what must be there, or for a draft what one usually sends."""
    shape = SCHEMAS[route.operation.sends]
    usual = [*shape.get("required", [])] or [
        one for one in ("title", "parts", "due", "note") if one in shape["properties"]
    ]
    fields = usual or list(shape["properties"])[:3]
    return {name: sample(shape["properties"][name], name) for name in fields}


def curl(route: Route, root: str, token: str) -> str:
    """Return the command that asks for it; it stands in several lines, as one reads it."""
    place = route.place
    for name in route.places:
        place = place.replace("{" + name + "}", str(_KNOWN.get(name, 1 if name in route.numbers else _REF)))
    lines = ["curl"]
    if route.method != "GET":
        lines[0] += f" -X {route.method}"
    if route.permission or route.operation.opens:
        lines.append(f'-H "Authorization: Bearer {token}"')
    if route.operation.creates:
        lines.append('-H "Idempotency-Key: hoja-fila-12"')
    if route.operation.of_edition:
        lines.append("-H 'If-Match: \"3\"'")
    if route.operation.sends and not route.operation.files:
        said = json.dumps(body_of(route), ensure_ascii=False)
        lines.append("-H 'Content-Type: application/json'")
        lines.append("-d '" + said.replace("'", "'\\''") + "'")
    lines.append(f"'{root}{place}{_query(route)}'")
    return " \\\n  ".join(lines)


def _query(route: Route) -> str:
    asked = [one for one in route.operation.takes if one == "limit"]
    return "?" + "&".join(f"{one}={TAKEN[one][1].get('default', '')}" for one in asked) if asked else ""
