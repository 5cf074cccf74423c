"""Requests nobody meant: of every route, with its own names and objects, and values that do not fit.

Names come from the code's own reading of addresses and forms, from the forms of the pages, and from the API's OpenAPI
document; objects from the demonstration. Request ``n`` of a seed is made of nothing but both, so that one can be asked
again alone.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from tests.fuzz.values import HEADERS, any_json, nasty, nested
from tests.fuzz.world import World
from tests.webapp.access.objects import objects_of

_READ = re.compile(
    r"""(?:args|form|values|files)\.(?:get|getlist)\(\s*["']([\w.\-]+)["']|form\[["']([\w.\-]+)["']\]"""
)
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_FIELD = re.compile(r"<(?:input|select|textarea|button)\b[^>]*>")
_SELECT = re.compile(r"<select\b([^>]*)>(.*?)</select>", re.DOTALL)
_OPTION = re.compile(r'<option\b[^>]*value="([^"]*)"')
_ATTRIBUTE = re.compile(r'([\w\-]+)="([^"]*)"')
_BODY = "\r\n"
METHODS = ("GET", "GET", "GET", "POST", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")
LIKELY = {
    "date": "2026-12-31", "url": "https://a.mx/1", "number": "1", "email": "a@b.mx", "time": "10:00",
    "month": "2026-11", "datetime-local": "2026-11-30T10:00", "checkbox": "on",
}  # fmt: skip
ROLES = ("", "liaison-1", "regional", "editor", "coordinator", "admin")


@dataclass(frozen=True)
class Asked:
    """One request, as it is sent."""

    n: int
    who: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    kind: str = ""


@dataclass(frozen=True)
class Form:
    """A form as it stands in a page."""

    action: str
    fields: Mapping[str, str]
    files: Sequence[str] = ()
    # What a person could have written in each field.
    likely: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Known:
    """What there is to ask about."""

    rules: Sequence[Rule]
    arguments: Mapping[str, Sequence[Mapping[str, object]]]
    names: Sequence[str]
    forms: Sequence[Form]
    bodies: Sequence[tuple[str, str, Mapping[str, Any]]]
    people: Sequence[str]


@cache
def learn(world: World) -> Known:
    """Return what can be asked about a world: its routes, objects, names, forms and the API's document."""
    rules, arguments = _routes(world)
    regional = next(name for name in world.tokens if name.startswith("regional-"))
    liaison = next(name for name in world.tokens if name.startswith("liaison-"))
    return Known(
        rules,
        arguments,
        _names_in_code(),
        learn_forms(world),
        _bodies(world.as_one("admin")),
        ["", liaison, regional, "editor", "coordinator", "admin", "admin"],
    )


@cache
def learn_forms(world: World) -> list[Form]:
    """Return the forms of every page that an administrator can open, each once."""
    rules, arguments = _routes(world)
    return _forms_of(world, world.as_one("admin"), rules, arguments)


def _routes(world: World) -> tuple[list[Rule], dict[str, list[dict[str, object]]]]:
    rules = sorted(
        (rule for rule in world.app.url_map.iter_rules() if rule.endpoint != "static"),
        key=lambda one: one.rule,
    )
    with world.database.reading() as session:
        return rules, {rule.rule: objects_of(session, rule.rule, world.values()) for rule in rules}


def _names_in_code() -> list[str]:
    found: set[str] = set()
    for file in Path("webapp").rglob("*.py"):
        for first, second in _READ.findall(file.read_text(encoding="utf-8")):
            found.add(first or second)
    assert len(found) > 100
    return sorted(found)


def _forms_of(
    world: World,
    admin: FlaskClient,
    rules: Sequence[Rule],
    arguments: Mapping[str, Sequence[Mapping[str, object]]],
) -> list[Form]:
    found: dict[str, Form] = {}
    for rule in rules:
        if "GET" not in (rule.methods or ()):
            continue
        given = next(iter(arguments[rule.rule]), {})
        if rule.arguments - set(given):
            continue
        answer = admin.get(address(world, rule, given))
        if answer.mimetype == "text/html":
            for one in _forms_in(answer.get_data(as_text=True), address(world, rule, given)):
                found.setdefault(f"{re.sub('[0-9a-z]{12}', '*', one.action)} {sorted(one.fields)}", one)
        answer.close()
    return list(found.values())


def _forms_in(page: str, own: str) -> list[Form]:
    found = []
    for head, inside in _FORM.findall(page):
        said = dict(_ATTRIBUTE.findall(head))
        if said.get("method", "").lower() != "post" or "/salir" in said.get("action", ""):
            continue
        fields: dict[str, str] = {}
        files: list[str] = []
        options = _OPTION.findall(inside)
        for one in _FIELD.findall(inside):
            told = dict(_ATTRIBUTE.findall(one))
            if name := told.get("name"):
                value = told.get("value") or (
                    options[0] if one.startswith("<select") and options else "texto"
                )
                fields[name] = unescape(value)
                if told.get("type") == "file":
                    files.append(name)
        # A form that does not say where to is sent to its own page.
        found.append(Form(unescape(said.get("action", "")) or own, fields, files, _likely(inside)))
    return found


def _likely(inside: str) -> dict[str, str]:
    """Return what a person could have written in each field of a form: so that a file in it is looked at, too."""
    said: dict[str, str] = {}
    for one in _FIELD.findall(inside):
        told = dict(_ATTRIBUTE.findall(one))
        kind, name = told.get("type", "text"), told.get("name", "")
        if name and (kind != "radio" or "checked" in one or name not in said):
            said[name] = unescape(told.get("value", "")) or LIKELY.get(kind, "texto")
    for head, options in _SELECT.findall(inside):
        offered = [one for one in _OPTION.findall(options) if one]
        said[dict(_ATTRIBUTE.findall(head)).get("name", "")] = unescape(offered[0]) if offered else ""
    return said


def _bodies(admin: FlaskClient) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Return the method, the address and the schema of each operation of the API that takes JSON."""
    document = admin.get("/api/v1/openapi.json").get_json()
    schemas, found = document["components"]["schemas"], []
    for place, operations in document["paths"].items():
        for method, one in operations.items():
            content = one.get("requestBody", {}).get("content", {}) if isinstance(one, dict) else {}
            schema = content.get("application/json", {}).get("schema")
            if schema:
                reference = schema.get("$ref", "").rpartition("/")[2]
                found.append((method.upper(), place, schemas.get(reference, schema)))
    return found


def address(world: World, rule: Rule, given: Mapping[str, object]) -> str:
    """Return a route's address with these arguments; what is missing is likely."""
    known = {
        name: given.get(name, min(one.items) if isinstance(one, AnyConverter) else "1")
        for name, one in rule._converters.items()  # noqa: SLF001 -- a route tells its arguments nowhere else
    }
    return world.app.url_map.bind("localhost").build(rule.endpoint, known)


def make(known: Known, seed: int, n: int) -> Asked:
    """Return request ``n`` of a seed."""
    rng = random.Random(f"{seed}:{n}")  # noqa: S311 -- to be had again, not to be secret
    kind = rng.random()
    if kind < 0.35 and known.forms:
        return _form(rng, known, n)
    if kind < 0.5 and known.bodies:
        return _api(rng, known, n)
    return _route(rng, known, n)


def _form(rng: random.Random, known: Known, n: int) -> Asked:
    form = rng.choice(known.forms)
    fields = [(name, value) for name, value in form.fields.items() if name != "csrf_token"]
    for _ in range(rng.randrange(1, 4)):
        _spoil(rng, fields)
    body, kind = _encoded(rng, fields)
    return Asked(n, rng.choice(known.people), "POST", form.action, _headers(rng), body, kind)


def _spoil(rng: random.Random, fields: list[tuple[str, str]]) -> None:
    how = rng.randrange(4)
    if not fields or how == 0:
        fields.append((nasty(rng)[:50], nasty(rng)))
        return
    place = rng.randrange(len(fields))
    if how == 1:
        del fields[place]
    elif how == 2:
        fields.append((fields[place][0], nasty(rng)))
    else:
        fields[place] = (fields[place][0], nasty(rng))


def _api(rng: random.Random, known: Known, n: int) -> Asked:
    method, place, schema = rng.choice(known.bodies)
    rule = next((one for one in known.rules if re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.rule) == place), None)
    given = rng.choice(known.arguments[rule.rule] or [{}]) if rule else {}
    path = re.sub(r"\{(\w+)\}", lambda m: quote(_text(given.get(m[1], "x")), safe=""), place)
    said: Any = {
        name: _of_schema(rng, one) for name, one in schema.get("properties", {}).items() if rng.random() < 0.8
    }
    if rng.random() < 0.2:
        said = any_json(rng)
    headers = {**_headers(rng), "If-Match": rng.choice(("*", '"1"'))}
    return Asked(n, rng.choice(known.people), method, path, headers, _json(rng, said), "application/json")


def _of_schema(rng: random.Random, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- any JSON value
    if rng.random() < 0.4 or "type" not in schema:
        return any_json(rng)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    fitting: dict[str, Any] = {
        "string": rng.choice(schema.get("enum") or ["texto", nasty(rng)]),
        "integer": rng.choice((0, 1, -1, 2**40)),
        "number": 1.5,
        "boolean": True,
        "array": [nasty(rng)] * rng.randrange(3),
        "object": {},
        "null": None,
    }
    return fitting.get(rng.choice(kinds))


def _json(rng: random.Random, said: object) -> bytes:
    broken = rng.random()
    if broken < 0.05:
        return orjson.dumps(nested(200)) if broken < 0.02 else b"[" * 100_000
    try:
        made = orjson.dumps(said)
    except (TypeError, orjson.JSONEncodeError):  # a lone surrogate, or a number of more than 64 bits
        import json  # noqa: PLC0415 -- writes what the other refuses

        made = json.dumps(said).encode()
    if broken < 0.1:
        return made[: len(made) // 2]
    if broken < 0.13 and made.startswith(b"{") and len(made) > 2:
        return b"{" + made[1:-1] + b"," + made[1:-1] + b"}"
    return made


def _route(rng: random.Random, known: Known, n: int) -> Asked:
    rule = rng.choice(known.rules)
    given = dict(rng.choice(known.arguments[rule.rule] or [{}]))
    path = rule.rule
    for name, converter in rule._converters.items():  # noqa: SLF001 -- a route tells its arguments nowhere else
        value = nasty(rng)[:300] if name not in given or rng.random() < 0.3 else _text(given[name])
        if isinstance(converter, AnyConverter) and rng.random() < 0.7:
            value = rng.choice(sorted(converter.items))
        written = _quoted(value)  # percents and letters: nothing that a pattern would read
        path = re.sub(rf"<(?:[^<>]*:)?{name}>", written, path, count=1)
    asked = [(rng.choice(known.names), nasty(rng)) for _ in range(rng.randrange(5))]
    if asked and rng.random() < 0.7:
        path += "?" + urlencode([(k, v.encode("utf-8", "surrogatepass")) for k, v in asked])
    methods = [one for one in METHODS if one in (rule.methods or ())] if rng.random() < 0.9 else METHODS
    method = rng.choice(methods)
    fields = [(rng.choice(known.names), nasty(rng)) for _ in range(rng.randrange(8))]
    body, kind = _encoded(rng, fields) if method in {"POST", "PUT", "PATCH", "DELETE"} else (b"", "")
    return Asked(n, rng.choice(known.people), method, path, _headers(rng), body, kind)


def _text(value: object) -> str:
    return str(value)


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _headers(rng: random.Random) -> dict[str, str]:
    if rng.random() < 0.6:
        return {}
    chosen = rng.sample(sorted(HEADERS), rng.randrange(1, 3))
    return {name: rng.choice(HEADERS[name]) for name in chosen}


def _encoded(rng: random.Random, fields: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
    pairs = [(k.encode("utf-8", "surrogatepass"), v.encode("utf-8", "surrogatepass")) for k, v in fields]
    how = rng.random()
    if how < 0.6:
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    if how < 0.9:
        return _multipart(rng, pairs)
    kind = rng.choice(("application/json", "text/plain", "", "multipart/form-data", "x/y; charset=zz", "é"))
    return urlencode(pairs).encode(), kind


def _multipart(rng: random.Random, pairs: Sequence[tuple[bytes, bytes]]) -> tuple[bytes, str]:
    edge = b"resuena-limite"
    parts = [
        b"--"
        + edge
        + b'\r\nContent-Disposition: form-data; name="'
        + name.replace(b'"', b"%22")
        + b'"\r\n\r\n'
        + value
        for name, value in pairs
    ]
    named = rng.choice((b'"a.png"', b'"../../a.svg"', b'""', b'"a\xff.pdf"', b'"' + b"a" * 500 + b'.csv"'))
    field_ = rng.choice((b"file", b"files", b"upload", b"evidence", b"blank"))
    parts.append(
        b"--" + edge + b'\r\nContent-Disposition: form-data; name="' + field_ + b'"; filename=' + named
        + b"\r\nContent-Type: application/octet-stream\r\n\r\n" + rng.randbytes(rng.randrange(200))
    )  # fmt: skip
    body = b"\r\n".join(parts) + b"\r\n--" + edge + b"--\r\n"
    broken = rng.randrange(6)
    if broken == 0:
        body = body[: len(body) // 2]
    kind = "multipart/form-data" + ("" if broken == 1 else "; boundary=resuena-limite")
    return body, kind
