"""No page, feed or file of the public portal tells a person's name, address or account, or anything internal.

Every text of every table holds a canary, but for what is public by declaration: whatever another page or set takes
from somewhere else is found, also from a table that does not exist yet.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import (
    Column,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    cast,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, Boolean, Date, Float, Integer, Numeric

from content_calendar.db import Database, Json, Moment, Word
from content_calendar.models import sealing
from content_calendar.models.people import Person
from tests.webapp.open_data.world import PRIVATE_LINK, World
from webapp.guide.texts import slugs
from webapp.open_data import declaring, sets
from webapp.open_data.declaring import VERSION, DataSet
from webapp.open_data.snapshots import FORMS
from webapp.schema import metadata
from webapp.security import permission_of
from webapp.sentences import SENTENCES

# What the portal may tell: institutions, what they published, what they promised. Everything else is a canary.
PUBLIC = {
    "owner": {"kind", "slug", "short_name", "name", "zone"},
    "body": {"state_iso", "state_name", "dissolved_on", "successor"},
    "region": {"slug", "name"},
    "site": {"url"},
    "account": {"ref", "network", "handle", "handle_folded", "url", "remote_id"},
    "theme": {"ref", "title", "description", "kind", "colour"},
    "theme_span": {"ref"},
    "line_of_action": {"ref", "programme", "code", "title"},
    "local_activity": {"ref"},
    "event": {"ref", "title", "place", "zone"},
    "post": {"ref", "language"},
    "publication": {"ref", "payload_sha256"},
    "publication_part": {"remote_url"},
    "replication": {"ref", "link", "evidence_key"},
    "result": {"window"},
    "reading": {"window", "metric"},
    "edition": {"slug", "name"},
    "action": {"title"},
    "goal": {"ref", "title"},
    "indicator": {"ref", "name"},
    "indicator_value": {"value"},
}
# Their rows are those of the test's own world, and what they hold is what is public.
UNTOUCHED = {"alembic_version", "closed_part"}
CANARY = "cnry"
# What is narrower holds no name: an hour such as 10:00.
_NARROWEST = 8
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@cache
def numbered() -> dict[tuple[str, str], int]:
    """Return a number for every column of every table."""
    every = [(table.name, column.name) for table in metadata().sorted_tables for column in table.columns]
    return {name: number for number, name in enumerate(every)}


def canary(table: Table, column: Column[Any]) -> str:
    """The canary of a column: its own, short enough for the narrowest one."""
    return f"{CANARY}{numbered()[table.name, column.name]}"


def is_told(table: Table, column: Column[Any]) -> bool:
    return column.name in PUBLIC.get(table.name, set())


def bears(table: Table, column: Column[Any]) -> bool:
    """Whether a canary lives there: in a text, or a JSON value, that is no key, no code of ours and not public."""
    kind: object = column.type
    return (
        (type(kind) is Json or isinstance(kind, String))
        and (getattr(column.type, "length", None) or _NARROWEST) >= _NARROWEST
        and not column.foreign_keys
        and not is_told(table, column)
    )


def plant(session: Session) -> None:
    """Give every table a row, and every text of every row its canary."""
    sealing.lift(session.connection())  # the audit is changed by nobody, and here its texts are marked
    for table in metadata().sorted_tables:
        if table.name in UNTOUCHED:
            continue
        if session.scalar(select(func.count()).select_from(table)) == 0:
            session.execute(insert(table).values(filled(session, table)))
        canaries = {
            column: planted(table, column)
            for column in table.columns
            if bears(table, column) and not column.primary_key
        }
        if canaries:
            session.execute(update(table).values(canaries))


def planted(table: Table, column: Column[Any]) -> Any:  # noqa: ANN401 -- a value of any column
    said = canary(table, column)
    if isinstance(column.type, Json):
        return {said: said}
    unique = any(column.name in index.columns for index in table.indexes if index.unique) or any(
        column.name in one.columns for one in table.constraints if isinstance(one, UniqueConstraint)
    )
    if not unique or "id" not in table.c:
        return said
    return literal(f"{said}-").concat(cast(table.c.id, String))


def filled(session: Session, table: Table) -> dict[str, Any]:
    """A row for an empty table."""
    return {
        column.name: value
        for column in table.columns
        if not (column.name == "id" and not column.foreign_keys and isinstance(column.type, Integer))
        and (value := one_value(session, table, column)) is not None
    }


def one_value(session: Session, table: Table, column: Column[Any]) -> Any:  # noqa: ANN401 -- a value of any column
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column
        return None if target.table is table else session.scalar(select(target).limit(1))
    kind = column.type
    if isinstance(kind, Word):
        words: Any = kind.words
        return next(iter(words))
    if isinstance(kind, Moment):
        return datetime(2026, 1, 2, tzinfo=UTC)
    if isinstance(kind, Json):
        return {}
    simple: list[tuple[tuple[type, ...], Any]] = [
        ((Boolean,), True), ((Date,), date(2026, 1, 2)), ((Integer, BigInteger), 1), ((Float, Numeric), 1),
        ((LargeBinary,), canary(table, column).encode()), ((String,), canary(table, column)),
    ]  # fmt: skip
    return next((value for kinds, value in simple if isinstance(kind, kinds)), None)


def addresses(app: Flask, world: World) -> Iterator[str]:
    """Every address that anybody may open without a token, each rule with an example of its own."""
    known = {
        "public.body_feed": [{"slug": world.body.slug}, {"slug": world.other.slug}],
        "public.region_feed": [{"slug": "norte"}],
        "public.theme_feed": [{"ref": world.theme.ref}],
        "public.standing_of": [{"slug": world.edition.slug}],
        "public.calendar_of": [],
        "guide.page": [{"slug": slug} for slug in slugs()],
        "guide.message": [{"code": code} for code in ("late", "in_silence", "conflict")],
        "open_data.data_file": [{"slug": slug, "form": form} for slug in sets.SETS for form in FORMS],
        "open_data.dictionary_page": [{"slug": slug} for slug in sets.SETS],
        "open_data.dictionary_file": [{"slug": slug} for slug in sets.SETS],
    }
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if (
                "GET" not in (rule.methods or ())
                or rule.endpoint == "static"
                or permission_of(app.view_functions[rule.endpoint]) is not None
                or "token" in rule.arguments
                or rule.rule.startswith("/api/")
            ):
                continue
            assert not rule.arguments or rule.endpoint in known, f"{rule.rule}: give an example of it"
            for values in known.get(rule.endpoint, [{}]):
                yield adapter.build(rule.endpoint, values)


# Addresses that our own sentences give as an example, which the guide shows whole.
EXAMPLES = {one for said in SENTENCES.values() for one in re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]+", said)}


def scan(app: Flask, browser: FlaskClient, world: World) -> dict[str, set[str]]:
    """Return the canaries, addresses of persons and private links that each public address tells."""
    wild = re.compile(rf"{CANARY}\d+|[\w.+-]+@[\w-]+\.[\w.-]+|{re.escape(PRIVATE_LINK)}|persona\.privada")
    found = {}
    for address in addresses(app, world):
        answer = browser.get(address)
        assert answer.status_code in {200, 302, 401, 403, 503}, (address, answer.status_code)
        if told := set(wild.findall(answer.get_data(as_text=True))) - EXAMPLES:
            found[address] = told
    return found


def silent(session: Session) -> list[str]:
    """Return the texts that are neither public by name nor bear a canary."""
    found = []
    for table in metadata().sorted_tables:
        bearing = [one for one in table.columns if bears(table, one) and not one.primary_key]
        if table.name in UNTOUCHED or not bearing:
            continue
        rows = session.execute(select(*bearing)).all()
        found += [
            f"{table.name}.{column.name}"
            for at, column in enumerate(bearing)
            if not rows or any(CANARY not in str(row[at]) for row in rows)
        ]
    return found


def test_nothing_public_tells_a_person_or_anything_internal_and_what_would_is_found(
    app: Flask, anybody: FlaskClient, database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        plant(session)
        session.flush()
        assert silent(session) == []
    assert scan(app, anybody, world) == {}
    # The control: a set that takes one column too many.
    leaking = DataSet(
        slug="fuga", title="Fuga", about="Fuga", row="fuga", fresh="nunca", key=("nombre",), keywords=(),
        columns=(declaring.text("nombre", "Nombre", "Personas", Person.name),),
        joined=lambda asked, _ask: asked.select_from(Person),
    )  # fmt: skip
    monkeypatch.setitem(sets.SETS, "fuga", leaking)
    found = scan(app, anybody, world)
    assert set(found) == {f"/datos/{VERSION}/fuga.{form}" for form in FORMS}
