"""The second step: set up, asked for, guessed at, taken away; each in the browser, on both databases."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, update

from content_calendar import clock, people
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.factors import DoorLetter, RecoveryCode, TimeCode
from content_calendar.models.people import AuditEvent, Person, WebSession
from content_calendar.permissions import Role
from content_calendar.seeds import plant
from content_calendar.settings import read
from tests.webapp.account.authenticator import Authenticator
from tests.webapp.conftest import Browser, words
from webapp.app import create_app
from webapp.session import hash_password

PASSWORD = "una frase que nadie adivina"
Enter = Callable[..., Browser]


@pytest.fixture(scope="session")
def hashed() -> str:
    """Hash the password once: argon2 is slow on purpose."""
    return hash_password(PASSWORD)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    """An installation that asks for the second factor."""
    (tmp_path / "data").mkdir()
    return create_app(read({"RESUENA_DATA": str(tmp_path / "data")}), database)


@pytest.fixture
def enter(app: Flask, database: Database, hashed: str) -> Enter:
    """Return a maker of browsers in which somebody has typed a right password."""

    def make(name: str = "ana", role: Role = Role.EDITOR) -> Browser:
        email = f"{name}@snt.mx"
        with database.transaction() as session:
            if people.find_by_email(session, email) is None:
                somebody = people.add(session, email, name.capitalize(), hashed)
                body = session.scalars(select(Body).limit(1)).one() if role is Role.LIAISON else None
                people.grant(session, somebody, role, on=date(2020, 1, 1), body_id=body.id if body else None)
        browser = Browser(app.test_client(), email)
        browser.get("/entrar")
        browser.post("/entrar", {"email": email, "password": PASSWORD})
        return browser

    return make


def set_up(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    """Set an application up, as a person does; return it and the recovery codes."""
    browser.get("/mi-cuenta/segundo-paso")
    page = words(browser.post("/mi-cuenta/segundo-paso/codigos"))
    secret = re.search(r"escribe esta clave: ((?:[A-Z2-7]{4} ?)+)", page)
    assert secret, page
    totp = pyotp.TOTP(secret.group(1).replace(" ", ""))
    done = browser.post("/mi-cuenta/segundo-paso/codigos/confirmar", {"code": totp.at(clock.now())})
    assert done.status_code == 201, words(done)
    return totp, re.findall(r"\b(?:[2-9a-z]{4}-){3}[2-9a-z]{4}\b", words(done))


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let it be later."""
    was = clock.now()
    monkeypatch.setattr(clock, "_now", lambda: was + by)


def inside(browser: Browser) -> bool:
    """Return whether the start page opens."""
    return browser.get("/", follow=False).status_code == 200


def test_until_it_is_set_up_nothing_else_opens_and_then_everything_does(enter: Enter) -> None:
    browser = enter()
    answer = browser.get("/", follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/mi-cuenta/segundo-paso")
    assert browser.client.get("/api/v1/me").status_code == 403
    assert "Tu rol pide un segundo paso" in words(browser.get("/mi-cuenta/segundo-paso"))
    _, codes = set_up(browser)
    assert len(codes) == 10
    assert inside(browser)


def test_a_liaison_needs_none(enter: Enter, database: Database) -> None:
    with database.transaction() as session:
        plant(session, date(2026, 11, 22))
    assert inside(enter("beto", Role.LIAISON))


def test_a_right_password_alone_opens_nothing_and_the_code_opens_once(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    totp, _ = set_up(enter())
    later(monkeypatch, timedelta(minutes=2))
    half = enter()
    assert half.get("/", follow=False).headers["Location"].startswith("/entrar")
    assert half.client.get("/api/v1/me").status_code == 401
    half.get("/entrar/segundo-paso")
    assert half.post("/entrar/segundo-paso", {"code": "000000"}).status_code == 422
    before = half.client.get_cookie("resuena")
    code = totp.at(clock.now())
    assert half.post("/entrar/segundo-paso", {"code": code}).status_code == 303
    after = half.client.get_cookie("resuena")
    assert before
    assert after
    assert before.value != after.value
    assert inside(half)
    again = enter()
    again.get("/entrar/segundo-paso")
    assert again.post("/entrar/segundo-paso", {"code": code}).status_code == 422


@pytest.mark.parametrize(("spans", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_span_off(
    enter: Enter, monkeypatch: pytest.MonkeyPatch, spans: int, *, opens: bool
) -> None:
    totp, _ = set_up(enter())
    later(monkeypatch, timedelta(minutes=5))
    half = enter()
    half.get("/entrar/segundo-paso")
    code = totp.at(clock.now() + timedelta(seconds=30 * spans))
    assert (half.post("/entrar/segundo-paso", {"code": code}).status_code == 303) is opens


def test_a_recovery_code_opens_once_and_only_its_hash_is_kept(enter: Enter, database: Database) -> None:
    _, codes = set_up(enter())
    with database.reading() as session:
        kept = str(session.execute(select(RecoveryCode.code_hash)).all())
    assert not any(code.replace("-", "") in kept for code in codes)
    for status in (303, 422):
        half = enter()
        half.get("/entrar/segundo-paso")
        assert half.post("/entrar/segundo-paso", {"code": codes[0].upper()}).status_code == status


def test_guessing_codes_is_slowed_down_even_when_the_guess_is_right(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    totp, _ = set_up(enter())
    later(monkeypatch, timedelta(minutes=2))
    half = enter()
    half.get("/entrar/segundo-paso")
    for _ in range(5):
        half.post("/entrar/segundo-paso", {"code": "000000"})
    other = enter()
    other.get("/entrar/segundo-paso")
    answer = other.post("/entrar/segundo-paso", {"code": totp.at(clock.now())})
    assert answer.status_code == 429
    assert "15 minutos" in words(answer)


def test_a_half_sign_in_is_over_after_ten_minutes(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    totp, _ = set_up(enter())
    half = enter()
    later(monkeypatch, timedelta(minutes=11))
    assert half.get("/entrar/segundo-paso", follow=False).headers["Location"] == "/entrar"
    answer = half.post("/entrar/segundo-paso", {"code": totp.at(clock.now())})
    assert answer.headers["Location"] == "/entrar"


def test_the_secret_is_sealed(enter: Enter, database: Database) -> None:
    totp, _ = set_up(enter())
    with database.reading() as session:
        row = session.scalars(select(TimeCode)).one()
    assert totp.secret.encode() not in row.sealed


def test_the_last_factor_of_a_role_that_needs_one_stays(enter: Enter) -> None:
    browser = enter()
    set_up(browser)
    assert "este es el único" in words(browser.post("/mi-cuenta/segundo-paso/codigos/quitar", follow=True))


def test_an_administrator_resets_it_and_the_person_is_told(enter: Enter, database: Database) -> None:
    hers = enter()
    set_up(hers)
    admin = enter("eva", Role.ADMIN)
    set_up(admin)
    with database.reading() as session:
        ana = people.find_by_email(session, "ana@snt.mx")
        assert ana
    admin.get("/sistema/personas")
    assert admin.post(f"/sistema/personas/{ana.ref}/segundo-paso").status_code == 303
    assert not inside(hers)
    with database.reading() as session:
        assert [one.kind.value for one in session.scalars(select(DoorLetter))] == ["factor_reset"]
        assert (
            session.scalars(select(AuditEvent).where(AuditEvent.act == "factor_reset")).one().subject_ref
            == ana.ref
        )
    assert enter().get("/", follow=False).headers["Location"] == "/mi-cuenta/segundo-paso"


def test_a_passkey_is_made_opens_and_is_taken_away(enter: Enter, database: Database) -> None:
    device, browser = Authenticator(), enter()
    browser.get("/mi-cuenta/segundo-paso")
    options = browser.post("/mi-cuenta/accesos/pedir").get_data(as_text=True)
    made = browser.post("/mi-cuenta/accesos", {"answer": device.make(options), "name": "Mi teléfono"})
    assert made.status_code == 201, words(made)
    assert inside(browser)
    half = enter()
    half.get("/entrar/segundo-paso")
    options = half.post("/entrar/segundo-paso/llave/pedir").get_data(as_text=True)
    answer = device.sign(options)
    assert half.post("/entrar/segundo-paso/llave", {"answer": answer}).status_code == 303
    assert inside(half)
    with database.reading() as session:
        ref = session.scalars(select(AuditEvent.details).where(AuditEvent.act == "factor_added")).all()
    assert ref == [{"kind": "passkey"}]


@pytest.mark.parametrize("wrong", ["replayed", "other device", "other site", "copied", "nonsense"])
def test_a_passkey_that_does_not_prove_it_is_refused(enter: Enter, wrong: str) -> None:
    device, browser = Authenticator(), enter()
    browser.get("/mi-cuenta/segundo-paso")
    options = browser.post("/mi-cuenta/accesos/pedir").get_data(as_text=True)
    assert browser.post("/mi-cuenta/accesos", {"answer": device.make(options)}).status_code == 201
    half = enter()
    half.get("/entrar/segundo-paso")
    options = half.post("/entrar/segundo-paso/llave/pedir").get_data(as_text=True)
    answer = device.sign(options)
    if wrong == "replayed":
        half.post("/entrar/segundo-paso/llave", {"answer": answer})
        half = enter()
        half.get("/entrar/segundo-paso")
        half.post("/entrar/segundo-paso/llave/pedir")
    if wrong == "other device":
        answer = Authenticator().sign(options)
    if wrong == "other site":
        device._origin = "https://malo.example"  # noqa: SLF001 -- a false page
        answer = device.sign(options)
    if wrong == "copied":
        half.post("/entrar/segundo-paso/llave", {"answer": answer})
        half = enter()
        half.get("/entrar/segundo-paso")
        options = half.post("/entrar/segundo-paso/llave/pedir").get_data(as_text=True)
        device.count = 0
        answer = device.sign(options)
    if wrong == "nonsense":
        answer = '{"id": 7}'
    assert half.post("/entrar/segundo-paso/llave", {"answer": answer}).status_code == 422
    assert not inside(half)


def test_what_opens_doors_asks_again_after_ten_minutes_and_keeps_what_was_typed(
    enter: Enter, database: Database
) -> None:
    admin = enter("eva", Role.ADMIN)
    set_up(admin)
    form = {"name": "Luz Ñ", "email": "luz@snt.mx", "role": "editor"}
    with database.transaction() as session:
        session.execute(update(WebSession).values(proved_at=clock.now() - timedelta(minutes=11)))
    admin.get("/sistema/personas")
    asked = admin.post("/sistema/personas", form)
    assert asked.status_code == 403
    assert 'name="email" value="luz@snt.mx"' in asked.get_data(as_text=True)
    assert admin.post("/sistema/personas", {**form, "prueba": "no es"}).status_code == 422
    with database.reading() as session:
        assert people.find_by_email(session, "luz@snt.mx") is None
    assert "Luz Ñ ya puede entrar" in words(admin.post("/sistema/personas", {**form, "prueba": PASSWORD}))
    # It holds for the next ten minutes.
    assert admin.post("/sistema/personas", {**form, "email": "otra@snt.mx"}).status_code == 200


def test_with_one_administrator_it_says_so_and_the_last_two_stay(enter: Enter, database: Database) -> None:
    admin = enter("eva", Role.ADMIN)
    set_up(admin)
    assert "Solo una persona administra" in words(admin.get("/sistema/personas"))
    enter("olga", Role.ADMIN)
    assert "Solo una persona administra" not in words(admin.get("/sistema/personas"))
    with database.reading() as session:
        olga = session.scalars(select(Person).where(Person.name == "Olga")).one()
    refused = admin.post(f"/sistema/personas/{olga.ref}/salida")
    assert refused.status_code == 409
    assert "al menos 2 personas" in words(refused)
    enter("rita", Role.ADMIN)
    assert admin.post(f"/sistema/personas/{olga.ref}/salida").status_code == 303
    assert admin.post(f"/sistema/personas/{olga.ref}/borrar").status_code == 303
    admin.get("/sistema/personas")  # what was just said to the administrator is shown once
    assert "Olga" not in words(admin.get("/sistema/personas"))


def test_no_secret_stands_in_what_is_logged_nor_in_the_audit(
    enter: Enter, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        browser = enter()
        totp, codes = set_up(browser)
        half = enter()
        half.get("/entrar/segundo-paso")
        half.post("/entrar/segundo-paso", {"code": codes[0]})
        browser.post("/mi-cuenta/llaves", {"name": "Hoja", "days": "30", "scopes": "view_plan"})
    cookie = half.client.get_cookie("resuena")
    assert cookie
    with database.reading() as session:
        told = caplog.text + repr([(one.act, one.details) for one in session.scalars(select(AuditEvent))])
    canaries = [PASSWORD, totp.secret, cookie.value, *codes, *(code.replace("-", "") for code in codes)]
    assert [one for one in canaries if one in told] == []
    assert "factor_added" in told
