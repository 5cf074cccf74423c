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
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, Rule

from assets.models import PackOf, ShareLink, ToolboxKey
from content_calendar import people
from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.exchange import CalendarFeed, FeedOf
from content_calendar.models.factors import Passkey
from content_calendar.models.people import Person, WebSession
from content_calendar.models.tokens import PersonToken
from content_calendar.permissions import RIGHTS, Role
from content_calendar.settings import Settings, read
from tests.webapp.access.objects import Found, object_of
from webapp.app import create_app
from webapp.database import migrate
from webapp.demo import plant_demo
from webapp.security import permission_of
from webapp.session import token_hash
from webapp.starting import plant

TABLE = Path(__file__).with_name("matrix.txt")
ROLES = (Role.LIAISON, Role.REGIONAL, Role.EDITOR, Role.COORDINATOR, Role.ADMIN)
# What the scope is asked of; the others reach every body.
SCOPED = (Role.LIAISON, Role.REGIONAL)
REFUSED = frozenset({401, 403, 404})
WRITES = ("INSERT", "UPDATE", "DELETE")
# Who was last here is noted whatever they may do.
BOOKKEEPING = ("web_session",)
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


@dataclass(frozen=True)
class Stage:
    """The demonstration, served, and how to be anybody in it."""

    app: Flask
    database: Database
    tokens: dict[str, str]

    def as_one(self, name: str) -> FlaskClient:
        """Return the browser of somebody by name, of nobody for an empty one."""
        client = self.app.test_client()
        if name:
            client.set_cookie("resuena", self.tokens[name])
        return client


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Stage]:
    """One planted database for every question here; what a request writes is dropped."""
    folder = tmp_path_factory.mktemp("matrix")
    settings = read({"RESUENA_DATA": str(folder)})
    assert sqlite_template.exists()
    database = Database(settings.database)
    migrate(database)
    plant(database)
    plant_demo(database, settings)
    app = create_app(settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    tokens: dict[str, str] = {}
    with database.transaction() as session:
        _people(session, tokens)
        _objects(session, settings)
    with pytest.MonkeyPatch.context() as patched:
        # Each question is asked of the same rows: a request's own transaction is dropped at its end.
        patched.setattr(Session, "commit", Session.rollback)
        yield Stage(app, database, tokens)
    database.dispose()


def _people(session: Session, tokens: dict[str, str]) -> None:
    def enter(name: str, somebody: Person) -> None:
        tokens[name] = secrets.token_urlsafe(16)
        session.add(WebSession(token_hash=token_hash(tokens[name]), person_id=somebody.id))

    def make(name: str, role: Role, body_id: int | None = None, region_id: int | None = None) -> None:
        somebody = people.add(session, f"{name}@ejemplo.mx", name)
        people.grant(session, somebody, role, on=date(2020, 1, 1), body_id=body_id, region_id=region_id)
        enter(name, somebody)

    bodies = session.scalars(select(Body).order_by(Body.id)).all()
    for body in bodies:
        make(f"liaison-{body.id}", Role.LIAISON, body_id=body.id)
    for region_id in sorted({body.region_id for body in bodies if body.region_id}):
        make(f"regional-{region_id}", Role.REGIONAL, region_id=region_id)
    for role in (Role.EDITOR, Role.COORDINATOR, Role.ADMIN):
        make(role.value, role)
    for somebody in session.scalars(select(Person).where(Person.email_folded.like("%@resuena.local"))):
        enter(f"person-{somebody.id}", somebody)


def _objects(session: Session, settings: Settings) -> None:
    beto = people.find_by_email(session, "beto@resuena.local")
    assert beto
    (body_id,) = people.rights(session, beto.id, now().date()).bodies()
    later, spoken = now() + timedelta(days=30), {"made_by_id": beto.id, "body_id": body_id}
    session.add_all(
        [
            ShareLink(
                token_hash="s" * 64, of=next(iter(PackOf)), subject="2026-6", expires_at=later, **spoken
            ),
            ToolboxKey(token_hash="k" * 64, name="Sitio", scopes="", **spoken),
            CalendarFeed(token_hash="f" * 64, of=FeedOf.ALL, subject="", person_id=beto.id),
            Passkey(person_id=beto.id, credential="c", public_key=b"k", name="Teléfono"),
            PersonToken(token_hash="t" * 64, name="Hoja", person_id=beto.id, scopes="", expires_at=later),
        ]
    )
    assert settings.data.is_dir()


def _values() -> dict[str, object]:
    today = now().date()
    year, number = bimester_of(today)
    monday = today - timedelta(days=today.weekday())
    return {"monday": monday.isoformat(), "year": year, "number": number}


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


def _gate(stage: Stage, method: str, rule: Rule) -> str:
    path = _address(stage.app, rule, {})
    names = ["", f"liaison-{_FIRST}", f"regional-{_first_region(stage)}", "editor", "coordinator", "admin"]
    return "".join("x" if _ask(_client(stage, name), method, path) == 204 else "-" for name in names)


# The first body with a region.
_FIRST = 20
_CLIENTS: dict[str, FlaskClient] = {}


def _client(stage: Stage, name: str) -> FlaskClient:
    if name not in _CLIENTS:
        _CLIENTS[name] = stage.as_one(name)
    return _CLIENTS[name]


def _first_region(stage: Stage) -> str:
    return next(name for name in stage.tokens if name.startswith("regional-")).removeprefix("regional-")


@pytest.fixture(scope="module")
def gates(stage: Stage) -> dict[str, str]:
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
def objects(stage: Stage, gates: dict[str, str]) -> dict[str, str]:
    """Who gets at an object of one's own, and of somebody else's, behind each route that names one."""
    with stage.database.reading() as session:
        region_of = dict(session.execute(select(Body.id, Body.region_id)).all())
        found = {
            key: object_of(session, rule.rule, _values())
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
    stage: Stage, region_of: dict[int, int | None], method: str, rule: Rule, found: Found | None
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


def _mark(stage: Stage, name: str, method: str, path: str) -> str:
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


def test_the_doors_are_those_of_the_roles_rights(stage: Stage, gates: dict[str, str]) -> None:
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


def test_on_every_page_only_what_carries_its_nonce_runs(stage: Stage) -> None:
    admin, looked = _client(stage, "admin"), 0
    for path, method, rule in _routes(stage.app):
        if method != "GET" or "<" in path:
            continue
        answer = admin.get(path)
        if answer.mimetype != "text/html":
            answer.close()
            continue
        looked += 1
        policy, page = answer.headers["Content-Security-Policy"], answer.get_data(as_text=True)
        nonce = re.search(r"'nonce-([^']+)'", policy)
        assert nonce, path
        assert "unsafe" not in policy, path
        assert [one for one in LOADED.findall(page) if f'nonce="{nonce.group(1)}"' not in one] == [], path
        assert UNSAFE.findall(page) == [], path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert rule.endpoint
    assert looked > _FEWEST_PAGES


_FEWEST_PAGES = 80
