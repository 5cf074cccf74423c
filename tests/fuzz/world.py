"""The demonstration, planted once at one moment of its own and copied: who is in it, and what there is of each kind.

Its dates follow the day it is planted on, so it is always planted on the same one, and every question here is asked
on that day. Planting takes seconds: each run of the tests does it once, and each worker copies it.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.models import PackOf, ShareLink, ToolboxKey
from content_calendar import clock, people
from content_calendar.bimesters import bimester_of
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.exchange import CalendarFeed, FeedOf
from content_calendar.models.factors import Passkey
from content_calendar.models.people import Person, WebSession
from content_calendar.models.tokens import PersonToken
from content_calendar.permissions import Role
from content_calendar.settings import Settings, read
from webapp.app import create_app
from webapp.database import migrate
from webapp.demo import plant_demo
from webapp.session import token_hash
from webapp.starting import plant

# A Monday: the first day of what is counted by weeks, in the middle of a bimester.
DAY = datetime(2026, 11, 23, 18, tzinfo=UTC)
READY = "ready"


def frozen() -> datetime:
    """Return the moment at which this world stands still."""
    return DAY


@dataclass(frozen=True, eq=False)
class World:
    """The demonstration, served, and how to be anybody in it."""

    app: Flask
    database: Database
    settings: Settings
    tokens: dict[str, str] = field(repr=False)

    def as_one(self, name: str) -> FlaskClient:
        """Return the browser of somebody by name, of nobody for an empty one."""
        client = self.app.test_client()
        if name:
            client.set_cookie("resuena", self.tokens[name])
        return client

    def values(self) -> dict[str, object]:
        """Return what questions ask of the day: its Monday, its year and the number of its bimester."""
        year, number = bimester_of(DAY.date())
        monday = DAY.date() - timedelta(days=DAY.weekday())
        return {"monday": monday.isoformat(), "year": year, "number": number}


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of this run of the tests share."""
    own = factory.getbasetemp()
    # Alone, a process has no folder above its own that ends with the run.
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


def planted(shared: Path) -> Path:
    """Return the folder of the planted world, made by whoever of several processes asks first."""
    shared.mkdir(parents=True, exist_ok=True)
    folder = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / READY).exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _plant(folder)
            (folder / READY).write_text("")
    return folder


def _plant(folder: Path) -> None:
    settings = read({"RESUENA_DATA": str(folder)})
    database = Database(settings.database)
    migrate(database)
    with clock.standing_at(DAY):
        plant(database)
        plant_demo(database, settings)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()


@contextmanager
def opened(shared: Path, folder: Path) -> Iterator[World]:
    """Open a copy of the planted world, its people signed in; the clock stands still meanwhile."""
    shutil.copytree(planted(shared), folder, dirs_exist_ok=True)
    settings = read({"RESUENA_DATA": str(folder), "RESUENA_SECOND_FACTOR": "required"})
    database = Database(settings.database)
    with clock.standing_at(DAY):
        app = create_app(settings, database)
        app.config["WTF_CSRF_ENABLED"] = False
        tokens: dict[str, str] = {}
        with database.transaction() as session:
            _enter_everybody(session, tokens)
            _give_beto(session)
        yield World(app, database, settings, tokens)
    database.dispose()


def _enter_everybody(session: Session, tokens: dict[str, str]) -> None:
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


def _give_beto(session: Session) -> None:
    """Give the demonstration's liaison one of each thing that nobody in it has."""
    beto = people.find_by_email(session, "beto@resuena.local")
    assert beto
    (body_id,) = people.rights(session, beto.id, DAY.date()).bodies()
    later, spoken = DAY + timedelta(days=30), {"made_by_id": beto.id, "body_id": body_id}
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


def let_nothing_stay(patched: pytest.MonkeyPatch) -> None:
    """Let every transaction end in nothing, so that each question is asked of the same rows.

    What was to be written is sent to the database all the same: most faults are its refusals.
    """

    def drop(session: Session) -> None:
        session.flush()
        session.rollback()

    @contextmanager
    def transaction(database: Database) -> Iterator[Session]:
        with database.open(writes=True) as session:
            yield session
            session.flush()
            # What was read or made stays readable, as after a transaction that stays.
            session.expunge_all()
            session.rollback()

    patched.setattr(Session, "commit", drop)
    patched.setattr(Database, "transaction", transaction)
