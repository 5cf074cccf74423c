"""To a network's own page and back: good once, for a few minutes, for who began it; every failure is a sentence."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from content_calendar import accounts
from content_calendar.clock import now
from content_calendar.connect_attempts import LIFE
from content_calendar.db import Database
from content_calendar.models.directory import (
    AppRegistration,
    ConnectAttempt,
    Credential,
    CredentialMethod,
    Standing,
)
from content_calendar.models.people import WebSession
from content_calendar.vault import Vault, read_credential
from tests.simulators.token_network import HOUR, SLUG
from tests.simulators.token_server import APP, TokenServer
from tests.webapp.conftest import Browser, words
from tests.webapp.directory.conftest import PUBLIC
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
BACK = f"/directorio/conectar/{SLUG}/regreso"
HANDLE = "cuenta-de-prueba"


@pytest.fixture
def app(connected_app: Flask) -> Flask:
    return connected_app


@pytest.fixture
def admin(client_as: ClientAs) -> Browser:
    """An administrator, the installation registered at the network."""
    browser = client_as("admin")
    given = {f"{SLUG}-{name}": value for name, value in APP.items()}
    assert browser.post(f"/directorio/aplicaciones/{SLUG}", given).status_code == 303
    return browser


@pytest.fixture
def ref(database: Database) -> str:
    with database.transaction() as session:
        stage = Stage(session)
        account = stage.account(stage.body("de-fichas"), SLUG)
        account.handle = account.handle_folded = HANDLE
        account.standing, account.connected_at = Standing.IN_FORCE, None
        return account.ref


def leave(browser: Browser, ref: str) -> str:
    """Ask for the permission; return the address of the network's page."""
    page = browser.post(f"/directorio/cuentas/{ref}/permiso").get_data(as_text=True)
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    assert found, page
    return unescape(found.group(1))


def state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def test_an_account_is_connected_by_a_permission_given_on_the_network_s_page(
    admin: Browser,
    database: Database,
    tokens: TokenServer,
    vault: Vault,
    ref: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = words(admin.get(f"/directorio/cuentas/{ref}/conectar"))
    assert "Para publicar lo que aprobaron, a su hora. posts.write" in asked
    address = leave(admin, ref)
    assert parse_qs(urlsplit(address).query)["redirect_uri"] == [PUBLIC + BACK]
    code = tokens.allow(address, f"@{HANDLE.upper()}")
    told = words(admin.get(f"{BACK}?state={state_of(address)}&code={code}"))
    assert f"{HANDLE} está conectada" in told
    assert "Sola, con el permiso que se dio en la red" in told
    assert "Se renueva sola" in told
    with database.reading() as session:
        account = accounts.find(session, ref)
        stored = session.get_one(Credential, account.id)
        opened = read_credential(session, vault, account)
        attempt = session.scalars(select(ConnectAttempt)).one()
        kept = session.scalars(select(AppRegistration)).one().sealed
    assert opened is not None
    assert opened == {
        "access_token": tokens.families[0].access,
        "refresh_token": tokens.families[0].refresh,
    }
    assert (stored.method, account.remote_id) == (CredentialMethod.OAUTH, "7001")
    assert stored.expires_at is not None
    assert HOUR < stored.expires_at - now() < 2 * HOUR
    assert state_of(address) not in attempt.state_hash
    hidden = [*APP.values(), *opened.values(), state_of(address), code]
    assert [one for one in hidden if one in caplog.text] == []
    assert APP["client_secret"].encode() not in kept
    assert APP["client_secret"] not in admin.get("/directorio/aplicaciones").get_data(as_text=True)


def test_the_way_back_is_good_once_and_for_who_began_it(
    admin: Browser, client_as: ClientAs, database: Database, tokens: TokenServer, ref: str
) -> None:
    address = leave(admin, ref)
    back = f"{BACK}?state={state_of(address)}&code={tokens.allow(address, HANDLE)}"
    assert "Este permiso lo pidió otra persona." in words(client_as("admin", "otra").get(back))
    other = f"/directorio/conectar/x/regreso?state={state_of(address)}&code=1"
    assert "No reconocemos este regreso" in words(admin.get(other))
    assert "está conectada" in words(admin.get(back))
    assert "Este permiso ya se usó una vez." in words(admin.get(back))
    late = leave(admin, ref)
    with database.transaction() as session:
        long_ago = now() - LIFE - HOUR
        session.execute(update(ConnectAttempt).values(created_at=long_ago))
    told = words(admin.get(f"{BACK}?state={state_of(late)}&code={tokens.allow(late, HANDLE)}"))
    assert "Pasaron más de 10 minutos" in told
    assert "No reconocemos este regreso" in words(admin.get(f"{BACK}?state=inventado&code=1"))


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("denied", "En la página de Fichas se eligió no dar el permiso."),
        ("page", "Fichas no quiso pedir el permiso (dijo «invalid_scope»)."),
        ("no code", "No reconocemos este regreso de la red."),
        ("wrong code", "Fichas no reconoció su propio permiso"),
        ("wrong verifier", "Fichas no reconoció su propio permiso"),
        ("down", "Fichas no contestó al terminar."),
        ("strange", "Fichas no contestó al terminar."),
        ("another account", "Lo que diste abre la cuenta «otra», y esta es «cuenta-de-prueba»."),
    ],
)
def test_every_failure_on_the_way_back_is_a_sentence_on_the_account_s_page(
    admin: Browser, database: Database, tokens: TokenServer, ref: str, fault: str, sentence: str
) -> None:
    address = leave(admin, ref)
    code = tokens.allow(address, "otra" if fault == "another account" else HANDLE)
    answers = {
        "denied": "error=access_denied",
        "page": "error=invalid_scope",
        "no code": "",
        "wrong code": "code=inventado",
    }
    if fault == "wrong verifier":
        tokens.codes[code] = ("otro reto", *tokens.codes[code][1:])
    if fault in {"down", "strange"}:
        tokens.fates.append(fault)
    answer = admin.get(f"{BACK}?state={state_of(address)}&{answers.get(fault, f'code={code}')}")
    assert sentence in words(answer)
    assert answer.request.path == f"/directorio/cuentas/{ref}/conectar"
    with database.reading() as session:
        assert session.scalars(select(Credential)).all() == []
        assert accounts.find(session, ref).connected_at is None


def test_nobody_is_sent_away_before_the_installation_is_registered_and_has_an_address(
    app: Flask, client_as: ClientAs, ref: str
) -> None:
    browser, path = client_as("admin"), f"/directorio/cuentas/{ref}"
    assert "Antes hay que registrar Resuena en la red" in words(browser.get(f"{path}/conectar"))
    assert "Falta registrar Resuena en esta red." in words(browser.post(f"{path}/permiso", follow=True))
    page = browser.get("/directorio/aplicaciones")
    assert f"{PUBLIC}{BACK}" in words(page)
    empty = browser.post(f"/directorio/aplicaciones/{SLUG}", {f"{SLUG}-client_id": "uno"})
    assert empty.status_code == 422
    assert f'id="{SLUG}-client_secret-error"' in empty.get_data(as_text=True)
    app.extensions["resuena.settings"] = replace(app.extensions["resuena.settings"], public_url="")
    for answer in (browser.get("/directorio/aplicaciones"), browser.post(f"{path}/permiso", follow=True)):
        assert "Falta decir cuál es la dirección pública" in words(answer)


def test_who_is_signed_out_meanwhile_comes_back_through_the_door(
    admin: Browser, database: Database, tokens: TokenServer, ref: str
) -> None:
    address = leave(admin, ref)
    back = f"{BACK}?state={state_of(address)}&code={tokens.allow(address, HANDLE)}"
    with database.transaction() as session:
        session.execute(update(WebSession).values(ended_at=now()))
    door = admin.get(back, follow=False)
    assert door.headers["Location"].startswith("/entrar?next=")
    with database.transaction() as session:
        session.execute(update(WebSession).values(ended_at=None))
    assert "está conectada" in words(admin.get(parse_qs(urlsplit(door.headers["Location"]).query)["next"][0]))
