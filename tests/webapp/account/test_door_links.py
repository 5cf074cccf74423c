"""Links by mail: a liaison enters with one, somebody invited follows one; opened by whoever, used once."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from content_calendar import clock, door_letters, people
from content_calendar.db import Database
from content_calendar.door_letters import DoorParcel
from content_calendar.models.directory import Body
from content_calendar.models.factors import DoorLetter, DoorLetterKind
from content_calendar.models.people import Person
from content_calendar.permissions import Role
from content_calendar.seeds import plant
from content_calendar.settings import Settings, read
from tests.webapp.conftest import Browser, words
from webapp.app import create_app
from webapp.door_letters import ENTER_PATH, write

ADDRESS = "http://localhost"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation that mails."""
    (tmp_path / "data").mkdir()
    return read(
        {
            "RESUENA_DATA": str(tmp_path / "data"),
            "RESUENA_MAIL_HOST": "127.0.0.1",
            "RESUENA_PUBLIC_URL": ADDRESS,
            "RESUENA_SECOND_FACTOR": "later",
        }
    )


@pytest.fixture
def app(database: Database, settings: Settings) -> Flask:
    """Its pages, with a liaison (Beto) and an editor (Ana) of no password."""
    with database.transaction() as session:
        plant(session, date(2026, 11, 22))
        body = session.scalars(select(Body).order_by(Body.id)).first()
        assert body
        beto = people.add(session, "beto@snt.mx", "Beto")
        people.grant(session, beto, Role.LIAISON, on=date(2020, 1, 1), body_id=body.id)
        people.grant(session, people.add(session, "ana@snt.mx", "Ana"), Role.EDITOR, on=date(2020, 1, 1))
    return create_app(settings, database)


def asked(app: Flask, email: str) -> str:
    """Ask for a link as somebody at the door; return what the page says."""
    browser = Browser(app.test_client(), email)
    browser.get("/entrar/enlace")
    return words(browser.post("/entrar/enlace", {"email": email}))


def mailed(database: Database) -> list[DoorParcel]:
    """Return what would be mailed now."""
    with database.transaction() as session:
        return list(door_letters.take(session, 10))


def test_a_liaison_enters_with_the_link_after_a_scanner_has_opened_it(
    app: Flask, database: Database, settings: Settings
) -> None:
    asked(app, "BETO@snt.mx")
    (parcel,) = mailed(database)
    assert mailed(database) == []
    letter = write(settings, parcel)
    found = re.search(rf"{ADDRESS}(/entrar/con/\S+)", letter.text)
    assert found
    path = found.group(1)
    assert path == ENTER_PATH.format(token=parcel.token)
    for _ in range(3):
        scanner = app.test_client().get(path)
        assert (scanner.status_code, scanner.headers["Referrer-Policy"]) == (200, "same-origin")
    hers = Browser(app.test_client(), "")
    hers.get(path)
    assert hers.post(path).status_code == 303
    assert hers.get("/mi-cuenta", follow=False).status_code == 200
    assert hers.get("/sistema", follow=False).status_code == 403
    other = Browser(app.test_client(), "")
    assert other.get(path).status_code == 404
    other.get("/entrar")
    assert other.post(path).status_code == 404


def test_only_the_hash_of_a_link_is_kept(app: Flask, database: Database) -> None:
    asked(app, "beto@snt.mx")
    (parcel,) = mailed(database)
    assert parcel.token not in repr(parcel)
    with database.reading() as session:
        row = session.scalars(select(DoorLetter)).one()
    assert row.token_hash == door_letters.hash_of(parcel.token)


def test_what_is_answered_does_not_tell_whose_address_it_is(app: Flask, database: Database) -> None:
    said = {asked(app, email).replace(email, "") for email in ("beto@snt.mx", "ana@snt.mx", "nadie@snt.mx")}
    assert len(said) == 1
    assert [one.email for one in mailed(database)] == ["beto@snt.mx"]


def test_a_link_is_over_after_fifteen_minutes_and_when_another_was_asked_for(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(app, "beto@snt.mx")
    (first,) = mailed(database)
    asked(app, "beto@snt.mx")
    (second,) = mailed(database)
    assert app.test_client().get(ENTER_PATH.format(token=first.token)).status_code == 404
    assert app.test_client().get(ENTER_PATH.format(token=second.token)).status_code == 200
    was = clock.now()
    monkeypatch.setattr(clock, "_now", lambda: was + timedelta(minutes=16))
    assert app.test_client().get(ENTER_PATH.format(token=second.token)).status_code == 404


def test_asking_again_and_again_is_slowed_down(app: Flask) -> None:
    for _ in range(people.TRIES):
        assert "llega en un minuto" in asked(app, "beto@snt.mx")
    assert "15 minutos" in asked(app, "beto@snt.mx")


def test_a_link_of_somebody_who_became_more_than_a_liaison_opens_nothing(
    app: Flask, database: Database
) -> None:
    asked(app, "beto@snt.mx")
    (parcel,) = mailed(database)
    with database.transaction() as session:
        beto = people.find_by_email(session, "beto@snt.mx")
        assert beto
        people.grant(session, beto, Role.EDITOR, on=date(2020, 1, 1))
    assert app.test_client().get(ENTER_PATH.format(token=parcel.token)).status_code == 404


def test_somebody_invited_chooses_a_password(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        ana = people.find_by_email(session, "ana@snt.mx")
        assert ana
        door_letters.ask(session, ana, DoorLetterKind.INVITE)
    (parcel,) = mailed(database)
    browser = Browser(app.test_client(), "")
    browser.get(ENTER_PATH.format(token=parcel.token))
    assert browser.post(ENTER_PATH.format(token=parcel.token)).headers["Location"] == "/mi-cuenta"
    browser.get("/mi-cuenta")
    assert browser.post("/mi-cuenta/contrasena", {"new": "otra frase bien larga"}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Person).where(Person.name == "Ana")).one().password_hash
