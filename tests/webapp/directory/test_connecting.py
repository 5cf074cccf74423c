"""Connecting an account: its keys go in and never come out, and what was connected can be chosen."""

import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from content_calendar import accounts
from content_calendar.db import Database
from content_calendar.models.directory import Account, Commission, Credential, Standing
from content_calendar.models.people import AuditEvent
from content_calendar.vault import Vault, VaultLockedError, read_credential
from scheduler.networks import networks
from scheduler.opening import authorizer_of
from scheduler.powers import AsksBeforehand
from tests.simulators.token_network import SLUG
from tests.simulators.token_server import TokenServer
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from webapp.cli import main
from webapp.directory.wording import KEYS
from webapp.sentences import SENTENCES

ClientAs = Callable[..., Browser]
HANDLE = "cuenta-de-prueba"


@pytest.fixture
def app(connected_app: Flask) -> Flask:
    return connected_app


@pytest.fixture
def given(tokens: TokenServer) -> dict[str, str]:
    """Keys that open the account, as a person types them."""
    return {"server": "otro.example", "access_token": tokens.family(HANDLE, "7001").access}


def make_account(database: Database, network: str, *, connected: bool = False, certified: bool = True) -> str:
    with database.transaction() as session:
        stage = Stage(session)
        account = stage.account(stage.body(f"de-{network}"), network)
        account.standing = Standing.IN_FORCE if certified else Standing.TO_CERTIFY
        account.handle = account.handle_folded = f"{HANDLE}" if network == SLUG else account.handle
        if not connected:
            account.connected_at = None
        return account.ref


def is_connected(database: Database, ref: str) -> bool:
    with database.reading() as session:
        return accounts.find(session, ref).connected_at is not None


def test_an_account_connected_by_its_keys_is_offered_and_its_keys_are_shown_nowhere(
    client_as: ClientAs,
    database: Database,
    vault: Vault,
    given: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    ref = make_account(database, SLUG)
    admin, path = client_as("admin"), f"/directorio/cuentas/{ref}/conectar"
    assert ref not in admin.get("/publicaciones/nueva").get_data(as_text=True)
    asked = words(admin.get(path))
    assert all(word in asked for name in given for word in KEYS[name])
    answers = [
        admin.post(path, {**given, "access_token": " "}),
        admin.post(path, given),
        admin.get(path),
        admin.get(f"/directorio/de-{SLUG}"),
        admin.get("/directorio/cuentas"),
        admin.get("/publicaciones/nueva"),
    ]
    assert [one.status_code for one in answers] == [422, 303, 200, 200, 200, 200]
    assert f'value="{ref}"' in answers[-1].get_data(as_text=True)
    told = words(answers[2])
    assert "Sola, con sus llaves" in told
    assert "Quién la conectó Admin" in told
    with database.reading() as session:
        account = accounts.find(session, ref)
        assert read_credential(session, vault, account) == given
        assert (account.remote_id, account.limits) == ("7001", {"max_length": 500})
        stored = session.get_one(Credential, account.id).sealed
        trail = repr([(one.act, one.details) for one in session.scalars(select(AuditEvent))])
    assert "account_connected" in trail
    said = "".join(one.get_data(as_text=True) for one in answers) + trail + caplog.text + repr(stored)
    assert given["access_token"] not in said


def test_keys_moved_to_another_account_do_not_open(
    client_as: ClientAs, database: Database, vault: Vault, given: dict[str, str]
) -> None:
    ref, other = make_account(database, SLUG), make_account(database, "y")
    client_as("admin").post(f"/directorio/cuentas/{ref}/conectar", given)
    with database.transaction() as session:
        here, there = accounts.find(session, ref), accounts.find(session, other)
        stored = session.get_one(Credential, here.id)
        session.add(Credential(account_id=there.id, sealed=stored.sealed, key_name=stored.key_name))
        session.flush()
        assert read_credential(session, vault, here) == given
        with pytest.raises(VaultLockedError):
            read_credential(session, vault, there)


@pytest.mark.parametrize("wrong", ["", "dos palabras", "a\nb", "k" * 2_001])
def test_a_key_that_cannot_be_one_is_refused_at_its_field(
    client_as: ClientAs, database: Database, given: dict[str, str], wrong: str
) -> None:
    ref = make_account(database, SLUG)
    answer = client_as("admin").post(f"/directorio/cuentas/{ref}/conectar", {**given, "access_token": wrong})
    assert answer.status_code == 422
    assert 'id="access_token-error"' in answer.get_data(as_text=True)
    assert not is_connected(database, ref)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("wrong keys", "Fichas no aceptó estas llaves."),
        ("no answer", "Fichas no contestó y no pudimos probar las llaves."),
        ("another account", "Lo que diste abre la cuenta «otra», y esta es «cuenta-de-prueba»."),
        ("another number", "«cuenta-de-prueba» tiene ahora otro número (7001; antes 6000)"),
    ],
)
def test_keys_that_do_not_open_this_account_are_told_and_only_what_is_no_secret_is_kept(
    client_as: ClientAs,
    database: Database,
    tokens: TokenServer,
    given: dict[str, str],
    fault: str,
    sentence: str,
) -> None:
    ref = make_account(database, SLUG)
    if fault == "wrong keys":
        given["access_token"] = "equivocada"
    if fault == "no answer":
        tokens.fates.append("down")
    if fault == "another account":
        given["access_token"] = tokens.family("otra").access
    if fault == "another number":
        with database.transaction() as session:
            accounts.find(session, ref).remote_id = "6000"
    answer = client_as("admin").post(f"/directorio/cuentas/{ref}/conectar", given)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "Lo secreto se borró de la página: pégalo otra vez." in words(answer)
    assert 'value="otro.example"' in page
    assert given["access_token"] not in page
    assert not is_connected(database, ref)
    with database.reading() as session:
        assert session.scalars(select(Credential)).all() == []


def test_whether_it_still_opens_is_asked_and_told(
    client_as: ClientAs, database: Database, tokens: TokenServer, given: dict[str, str]
) -> None:
    ref = make_account(database, SLUG)
    admin, path = client_as("admin"), f"/directorio/cuentas/{ref}"
    admin.post(f"{path}/conectar", given)
    assert "Funciona: la red abrió cuenta-de-prueba" in words(admin.post(f"{path}/probar", follow=True))
    tokens.families[0].dead = True
    assert "La red ya no acepta lo que guardamos" in words(admin.post(f"{path}/probar", follow=True))
    tokens.fates.append("down")
    assert "Fichas no contestó" in words(admin.post(f"{path}/probar", follow=True))
    with database.transaction() as session:
        stored = session.get_one(Credential, accounts.find(session, ref).id)
        stored.said_code = "renewal_in_doubt"
    assert "pedirlo dos veces lo anularía" in words(admin.get(f"{path}/conectar"))
    assert "conéctala otra vez" in words(admin.get("/directorio/cuentas"))
    assert "conéctala otra vez" in words(admin.get(f"/directorio/de-{SLUG}"))


def test_what_was_disconnected_has_no_keys_left_and_is_offered_no_more(
    client_as: ClientAs, database: Database, given: dict[str, str]
) -> None:
    ref = make_account(database, SLUG)
    with database.transaction() as session:
        published = Stage(session).publication(accounts.find(session, ref)).ref
    admin = client_as("admin")
    admin.post(f"/directorio/cuentas/{ref}/conectar", given)
    assert admin.post(f"/directorio/cuentas/{ref}/desconectar").status_code == 303
    assert ref not in admin.get("/publicaciones/nueva").get_data(as_text=True)
    assert not is_connected(database, ref)
    assert admin.get(f"/salidas/{published}").status_code == 200
    with database.reading() as session:
        assert session.scalars(select(Credential)).all() == []
    # Connected again, all that it did is still its own.
    admin.post(f"/directorio/cuentas/{ref}/conectar", given)
    assert admin.get(f"/salidas/{published}").status_code == 200
    with database.reading() as session:
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_ref == ref)).all()
    assert acts == ["account_connected", "account_disconnected", "account_connected"]


@pytest.mark.parametrize("network", ["facebook", "x"])
def test_an_account_without_keys_is_published_with_by_hand(
    client_as: ClientAs, database: Database, network: str
) -> None:
    ref = make_account(database, network)
    admin = client_as("admin")
    assert "Publicar a mano con esta cuenta" in words(admin.get(f"/directorio/cuentas/{ref}/conectar"))
    admin.post(f"/directorio/cuentas/{ref}/a-mano")
    composer = admin.get("/publicaciones/nueva")
    assert f'value="{ref}"' in composer.get_data(as_text=True)
    assert "La publica una persona, a mano" in words(composer)


def test_an_account_that_nobody_certified_is_not_connected(
    client_as: ClientAs, database: Database, given: dict[str, str]
) -> None:
    ref = make_account(database, SLUG, certified=False)
    admin = client_as("admin")
    page = admin.get(f"/directorio/cuentas/{ref}/conectar")
    assert "Certifícala primero" in words(page)
    assert "access_token" not in page.get_data(as_text=True)
    for way, typed in (("conectar", given), ("a-mano", {}), ("permiso", {})):
        answer = admin.post(f"/directorio/cuentas/{ref}/{way}", typed, follow=True)
        assert "Certifícala primero" in words(answer)
        assert not is_connected(database, ref)
    admin.post(f"/directorio/cuentas/{ref}/certificar", {"then": "connect"}, follow=True)
    admin.post(f"/directorio/cuentas/{ref}/conectar", given)
    assert is_connected(database, ref)


@pytest.mark.parametrize(
    ("network", "told"), [("telegram", "@BotFather"), ("youtube", "no verifique el proyecto"), ("x", "")]
)
def test_what_has_to_be_done_at_the_network_before_is_told(
    client_as: ClientAs, database: Database, network: str, told: str
) -> None:
    page = words(client_as("admin").get(f"/directorio/cuentas/{make_account(database, network)}/conectar"))
    assert told in page
    assert ("Antes, en" in page) == (network == "telegram")


@pytest.mark.parametrize("role", ["coordinator", "editor"])
def test_only_the_administration_connects(client_as: ClientAs, database: Database, role: str) -> None:
    ref = make_account(database, "x")
    browser = client_as(role)
    assert browser.get(f"/directorio/cuentas/{ref}/conectar").status_code == 403
    for way in ("conectar", "a-mano", "desconectar", "probar", "permiso"):
        assert browser.post(f"/directorio/cuentas/{ref}/{way}").status_code == 403


def test_the_keys_of_an_account_that_ended_are_forgotten(
    client_as: ClientAs, database: Database, given: dict[str, str]
) -> None:
    ref = make_account(database, SLUG)
    admin = client_as("admin")
    admin.post(f"/directorio/cuentas/{ref}/conectar", given)
    with database.transaction() as session:
        found = accounts.find(session, ref)
        accounts.retire(session, found, date(2026, 1, 1), Standing.EXTINCT, reason="cerró", actor_ref="p")
        assert session.scalars(select(Credential)).all() == []


def test_the_commission_adds_an_account_of_its_own(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        session.add(Commission(slug="cvpdcs", short_name="Comisión", name="Comisión", zone="UTC"))
    admin = client_as("admin")
    admin.get("/directorio/cuentas")
    nameless = admin.post("/directorio/cuentas", {"owner": "cvpdcs", "network": "x", "handle": " "})
    assert nameless.status_code == 422
    answer = admin.post(
        "/directorio/cuentas", {"owner": "cvpdcs", "network": "x", "handle": "@SNT"}, follow=True
    )
    assert "Certifícala primero" in words(answer)
    with database.reading() as session:
        ref = session.scalars(select(Account)).one().ref
    assert "espera el sí de otra persona" in words(
        admin.post(f"/directorio/cuentas/{ref}/certificar", follow=True)
    )
    assert admin.post(f"/directorio/cuentas/{ref}/a-mano").status_code == 303
    assert not is_connected(database, ref)
    second = client_as("coordinator")
    second.get("/directorio/cuentas")
    second.post(f"/directorio/cuentas/{ref}/certificar")
    assert admin.post(f"/directorio/cuentas/{ref}/a-mano").status_code == 303
    assert is_connected(database, ref)


def test_every_key_and_permission_that_a_network_asks_for_is_explained() -> None:
    asked = {one.name for network in networks().values() for one in network.credential_fields}
    pages = [page for slug in networks() if (page := authorizer_of(slug)) is not None]
    asked |= {name for page in pages for name in page.app_fields}
    assert asked <= set(KEYS)
    assert {one.why for page in pages for one in page.permissions} <= set(SENTENCES)
    told: list[object] = [*networks().values()]
    assert {one.beforehand for one in told if isinstance(one, AsksBeforehand)} <= set(SENTENCES)


def test_keys_open_by_a_new_key_after_the_command(
    client_as: ClientAs,
    database: Database,
    database_url: str,
    vault: Vault,
    given: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ref = make_account(database, SLUG)
    client_as("admin").post(f"/directorio/cuentas/{ref}/conectar", given)
    before = vault.path.read_text()
    data: Path = vault.path.parents[1]
    monkeypatch.setenv("RESUENA_DATA", str(data))
    monkeypatch.setenv("RESUENA_DATABASE_URL", database_url.replace("+psycopg", ""))
    ended = CliRunner().invoke(main, ["rotate-keys"])
    assert (ended.exit_code, ended.output) == (0, "Sellado otra vez: 1 de 1.\n")
    assert vault.path.read_text() != before
    with database.reading() as session:
        assert read_credential(session, vault, accounts.find(session, ref)) == given
