"""Every route, by each of five roles and nobody, on one's own and somebody else's object, against one declared table.

``matrix.txt`` says it, a line a route. The first six marks are the gate: nobody, liaison, regional, editor,
coordinator, admin; ``x`` may pass. The four that follow are of routes that name an object and that a liaison or a
regional coordination may pass: the liaison of its body (or the person it is of), the liaison of another body in
another region, the coordination of its region, that of another. ``x`` was let at it, ``o`` was answered and nothing
was written (a form came back, or the answer says why not), ``-`` was refused; ``.`` where the question does not arise.
Run this file with RESUENA_TEST_MATRIX=write to write the table anew, and read what changed.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, Rule

from content_calendar import clock
from content_calendar.models.directory import Body
from content_calendar.permissions import RIGHTS, Role
from tests.fuzz.world import World, frozen, opened, shared_folder
from tests.webapp.access.nested import NOT_REACHED, Nest, nest_of, plant_seconds
from tests.webapp.access.objects import Found, object_of
from webapp.security import permission_of

TABLE = Path(__file__).with_name("matrix.txt")
ROLES = (Role.LIAISON, Role.REGIONAL, Role.EDITOR, Role.COORDINATOR, Role.ADMIN)
# What the scope is asked of; the others reach every body.
SCOPED = (Role.LIAISON, Role.REGIONAL)
REFUSED = frozenset({401, 403, 404})
WRITES = ("INSERT", "UPDATE", "DELETE")
# Who was last here is noted whatever they may do.
BOOKKEEPING = ("web_session",)
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One planted database for every question here; what a request writes is dropped."""
    with opened(shared_folder(tmp_path_factory), tmp_path_factory.mktemp("matrix")) as world:
        with world.database.transaction() as session:
            plant_seconds(session)
        with pytest.MonkeyPatch.context() as patched:
            # Each question is asked of the same rows: a request's own transaction is dropped at its end.
            patched.setattr(Session, "commit", Session.rollback)
            yield world


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask on the day on which the world was planted, whatever day it is."""
    monkeypatch.setattr(clock, "_now", frozen)


def _routes(app: Flask) -> list[tuple[str, str, Rule]]:
    return sorted(
        (rule.rule, method, rule)
        for rule in app.url_map.iter_rules()
        for method in METHODS
        if method in (rule.methods or set()) and rule.endpoint != "static"
    )


def _address(app: Flask, rule: Rule, arguments: dict[str, object]) -> str:
    given = {name: arguments.get(name, _likely(one)) for name, one in rule._converters.items()}  # noqa: SLF001 -- a route tells its arguments nowhere else
    return app.url_map.bind("localhost").build(rule.endpoint, given)


def _likely(converter: BaseConverter) -> object:
    return min(converter.items) if isinstance(converter, AnyConverter) else "1"


def _ask(client: FlaskClient, method: str, path: str) -> int:
    json: dict[str, object] | None = {} if path.startswith("/api/") and method != "GET" else None
    answer = client.open(path, method=method, json=json, data=None if json is not None else {})
    status = answer.status_code
    to_door = status == 302 and answer.headers["Location"].startswith("/entrar")
    answer.close()
    return 401 if to_door else status


def _gate(stage: World, method: str, rule: Rule) -> str:
    path = _address(stage.app, rule, {})
    names = ["", f"liaison-{_FIRST}", f"regional-{_first_region(stage)}", "editor", "coordinator", "admin"]
    return "".join("x" if _ask(_client(stage, name), method, path) == 204 else "-" for name in names)


# The first body with a region.
_FIRST = 20
_CLIENTS: dict[str, FlaskClient] = {}


def _client(stage: World, name: str) -> FlaskClient:
    if name not in _CLIENTS:
        _CLIENTS[name] = stage.as_one(name)
    return _CLIENTS[name]


def _first_region(stage: World) -> str:
    return next(name for name in stage.tokens if name.startswith("regional-")).removeprefix("regional-")


@pytest.fixture(scope="module")
def gates(stage: World) -> dict[str, str]:
    """Who gets past each route's door: the views behind are stood in for, so that the door alone answers."""
    app = stage.app
    real = dict(app.view_functions)
    for endpoint, view in real.items():
        if endpoint != "static":
            app.view_functions[endpoint] = _standing_in(view)
    try:
        return {f"{method} {path}": _gate(stage, method, rule) for path, method, rule in _routes(app)}
    finally:
        app.view_functions.update(real)


def _standing_in(view: Callable[..., object]) -> Callable[..., tuple[str, int]]:
    def answer(**_arguments: object) -> tuple[str, int]:
        return "", 204

    answer.permission = permission_of(view)  # type: ignore[attr-defined] # the mark that the door reads
    return answer


@pytest.fixture(scope="module")
def objects(stage: World, gates: dict[str, str]) -> dict[str, str]:
    """Who gets at an object of one's own, and of somebody else's, behind each route that names one."""
    with stage.database.reading() as session:
        region_of = dict(session.execute(select(Body.id, Body.region_id)).all())
        found = {
            key: object_of(session, rule.rule, stage.values())
            for path, method, rule in _routes(stage.app)
            if _scoped(gates[key := f"{method} {path}"], rule)
        }
    return {
        f"{method} {path}": _reached(stage, region_of, method, rule, found[f"{method} {path}"])
        for path, method, rule in _routes(stage.app)
        if f"{method} {path}" in found
    }


def _scoped(gate: str, rule: Rule) -> bool:
    return "<" in rule.rule and gate[0] == "-" and "x" in gate[1:3]


def _reached(
    stage: World, region_of: dict[int, int | None], method: str, rule: Rule, found: Found | None
) -> str:
    if found is None:
        return "????"
    path = _address(stage.app, rule, found.arguments)
    body = found.body_id or _FIRST
    other = next(
        one for one, region in region_of.items() if one != body and region and region != region_of[body]
    )
    if found.person_id:
        names = [f"person-{found.person_id}", f"liaison-{other}", "", f"regional-{region_of[other]}"]
    else:
        names = [
            f"liaison-{body}",
            f"liaison-{other}",
            f"regional-{region_of[body]}" if region_of[body] else "",
            f"regional-{region_of[other]}",
        ]
        if found.body_id is None:
            names = [names[0], "", names[2], ""]
    return "".join(_mark(stage, name, method, path) if name else "." for name in names)


def _mark(stage: World, name: str, method: str, path: str) -> str:
    wrote: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(WRITES) and not any(table in statement for table in BOOKKEEPING):
            wrote.append(statement)

    event.listen(stage.database.engine, "before_cursor_execute", note)
    try:
        status = _ask(_client(stage, name), method, path)
    finally:
        event.remove(stage.database.engine, "before_cursor_execute", note)
    if status in REFUSED:
        return "-"
    return "x" if method == "GET" or wrote else "o"


def _written(gates: dict[str, str], objects: dict[str, str]) -> list[str]:
    return [f"{gate} {objects.get(key, '....')} {key}" for key, gate in gates.items()]


def test_every_route_opens_for_whom_the_table_says_and_for_nobody_else(
    gates: dict[str, str], objects: dict[str, str]
) -> None:
    lines = _written(gates, objects)
    if os.environ.get("RESUENA_TEST_MATRIX") == "write":
        TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == TABLE.read_text(encoding="utf-8").splitlines()


def test_the_doors_are_those_of_the_roles_rights(stage: World, gates: dict[str, str]) -> None:
    for path, method, rule in _routes(stage.app):
        permission = permission_of(stage.app.view_functions[rule.endpoint])
        expected = (
            "xxxxxx"
            if permission is None
            else "-" + "".join("x" if permission in RIGHTS[role] else "-" for role in ROLES)
        )
        assert gates[f"{method} {path}"] == expected, (method, path)


def test_nobody_changes_what_is_of_another_body_or_person(objects: dict[str, str]) -> None:
    leaks = [
        key for key, marks in objects.items() if not key.startswith("GET") and "x" in {marks[1], marks[3]}
    ]
    assert leaks == []


def test_a_route_without_a_line_is_found(gates: dict[str, str], objects: dict[str, str]) -> None:
    lines = _written({**gates, "GET /nueva": "xxxxxx"}, objects)
    assert lines != TABLE.read_text(encoding="utf-8").splitlines()


UNSAFE = re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|style)=|javascript:", re.IGNORECASE)
LOADED = re.compile(r"<(?:script|style)\b[^>]*>")


def _pages(stage: World) -> Iterator[tuple[str, str]]:
    """Yield every page that can be opened, with who opens it: routes with an object of theirs, and pages of errors."""
    with stage.database.reading() as session:
        for path, method, rule in _routes(stage.app):
            if method != "GET":
                continue
            found = object_of(session, rule.rule, stage.values()) if "<" in path else None
            if "<" not in path or found:
                yield "admin", _address(stage.app, rule, found.arguments if found else {})
            if permission_of(stage.app.view_functions[rule.endpoint]) is None and "<" not in path:
                yield "", path
    yield from (
        (who, path) for who in ("", "admin") for path in ("/no-hay", "/publicaciones/no-hay", "/salir")
    )


def test_on_every_page_only_what_carries_its_nonce_runs(stage: World) -> None:
    looked = 0
    for name, path in _pages(stage):
        answer = _client(stage, name).get(path)
        if answer.mimetype != "text/html":
            answer.close()
            continue
        looked += 1
        policy, page = answer.headers["Content-Security-Policy"], answer.get_data(as_text=True)
        nonce = re.search(r"'nonce-([^']+)'", policy)
        # A page that caches keep has no nonce, and then nothing may be written into it either.
        assert nonce or "script-src 'self'; style-src 'self'" in policy, path
        assert "unsafe" not in policy, path
        assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(
            policy.split("; ")
        ), path
        may = f'nonce="{nonce.group(1)}"' if nonce else ' src="/'
        # Data in a page that is kept runs nothing.
        wrong = [
            one
            for one in LOADED.findall(page)
            if may not in one and (nonce or 'type="application/' not in one)
        ]
        assert wrong == [], path
        assert UNSAFE.findall(page) == [], path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Permissions-Policy"], path
        if name:
            assert answer.headers["Cache-Control"] == "no-store", path
    assert looked > _FEWEST_PAGES


_FEWEST_PAGES = 80


def test_a_route_with_two_names_says_whether_one_is_inside_the_other(stage: World) -> None:
    unsaid = [
        rule.rule
        for rule in stage.app.url_map.iter_rules()
        if rule.rule.count("<") > 1 and rule.endpoint != "static" and nest_of(rule.rule) is None
    ]
    assert unsaid == []


def _nested(stage: World) -> list[tuple[str, Rule, Nest]]:
    return [
        (method, rule, nest)
        for _, method, rule in _routes(stage.app)
        if rule.rule.count("<") > 1 and isinstance(nest := nest_of(rule.rule), Nest)
    ]


def test_what_is_inside_anothers_is_not_reached_through_ones_own(stage: World, gates: dict[str, str]) -> None:
    """Ask for each child inside each other parent: by the parent's own liaison, and by each role over everything."""
    leaks, reached, nested = [], set(), _nested(stage)
    for method, rule, nest in nested:
        with stage.database.reading() as session:
            rows = session.execute(text(nest.pairs())).all()
        mine, theirs = rows[0], next(row for row in rows if row[0] != rows[0][0])
        names = ["editor", "coordinator", "admin", *([f"liaison-{mine[3]}"] if mine[3] else [])]
        for parent, child in ((mine, mine), (theirs, theirs), (mine, theirs), (theirs, mine)):
            path = _address(stage.app, rule, {nest.parent_name: parent[1], nest.child_name: child[2]})
            marks = {name: _mark(stage, name, method, path) for name in names}
            if parent is child:
                # The control: in its own place somebody gets at it, so that a refusal elsewhere says something.
                reached |= {rule.rule} if set(marks.values()) & {"x", "o"} else set()
            else:
                leaks += [f"{name} {method} {rule.rule}" for name, mark in marks.items() if mark == "x"]
    assert leaks == []
    assert {rule.rule for _, rule, _ in nested} - reached == set(NOT_REACHED)
    assert len(nested) > _FEWEST_NESTED
    assert gates


_FEWEST_NESTED = 15
