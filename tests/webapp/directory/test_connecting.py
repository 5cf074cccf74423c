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
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from webapp.cli import main
from webapp.directory.wording import KEYS

ClientAs = Callable[..., Browser]
GIVEN = {
    "consumer_key": "llave-de-app-7731",
    "consumer_secret": "secreto-de-app-7732",
    "access_token": "42-llave-7733",
    "access_token_secret": "secreto-7734",
}


@pytest.fixture
def vault(app: Flask) -> Vault:
    return Vault(app.extensions["resuena.settings"].data)


def make_account(database: Database, network: str, *, connected: bool = False, certified: bool = True) -> str:
    with database.transaction() as session:
        stage = Stage(session)
        account = stage.account(stage.body(f"de-{network}"), network)
        account.standing = Standing.IN_FORCE if certified else Standing.TO_CERTIFY
        if not connected:
            account.connected_at = None
        return account.ref


def is_connected(database: Database, ref: str) -> bool:
    with database.reading() as session:
        return accounts.find(session, ref).connected_at is not None


def test_an_account_connected_by_its_keys_is_offered_and_its_keys_are_shown_nowhere(
    client_as: ClientAs, database: Database, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ref = make_account(database, "x")
    admin, path = client_as("admin"), f"/directorio/cuentas/{ref}/conectar"
    assert ref not in admin.get("/publicaciones/nueva").get_data(as_text=True)
    asked = words(admin.get(path))
    assert all(label in asked and why in asked for label, why in KEYS.values())
    answers = [
        admin.post(path, {**GIVEN, "access_token_secret": " "}),
        admin.post(path, GIVEN),
        admin.get(path),
        admin.get("/directorio/de-x"),
        admin.get("/directorio/cuentas"),
        admin.get("/publicaciones/nueva"),
    ]
    assert [one.status_code for one in answers] == [422, 303, 200, 200, 200, 200]
    assert f'value="{ref}"' in answers[-1].get_data(as_text=True)
    with database.reading() as session:
        account = accounts.find(session, ref)
        assert read_credential(session, vault, account) == GIVEN
        stored = session.get_one(Credential, account.id).sealed
        trail = repr([(one.act, one.details) for one in session.scalars(select(AuditEvent))])
    assert "account_connected" in trail
    said = "".join(one.get_data(as_text=True) for one in answers) + trail + caplog.text + repr(stored)
    assert [secret for secret in GIVEN.values() if secret in said] == []


def test_keys_moved_to_another_account_do_not_open(
    client_as: ClientAs, database: Database, vault: Vault
) -> None:
    ref, other = make_account(database, "x"), make_account(database, "y")
    client_as("admin").post(f"/directorio/cuentas/{ref}/conectar", GIVEN)
    with database.transaction() as session:
        here, there = accounts.find(session, ref), accounts.find(session, other)
        stored = session.get_one(Credential, here.id)
        session.add(Credential(account_id=there.id, sealed=stored.sealed, key_name=stored.key_name))
        session.flush()
        assert read_credential(session, vault, here) == GIVEN
        with pytest.raises(VaultLockedError):
            read_credential(session, vault, there)


@pytest.mark.parametrize("wrong", ["", "dos palabras", "a\nb", "k" * 2_001])
def test_a_key_that_cannot_be_one_is_refused_at_its_field(
    client_as: ClientAs, database: Database, wrong: str
) -> None:
    ref = make_account(database, "x")
    answer = client_as("admin").post(f"/directorio/cuentas/{ref}/conectar", {**GIVEN, "access_token": wrong})
    assert answer.status_code == 422
    assert 'id="access_token-error"' in answer.get_data(as_text=True)
    assert not is_connected(database, ref)


def test_what_was_disconnected_has_no_keys_left_and_is_offered_no_more(
    client_as: ClientAs, database: Database
) -> None:
    ref = make_account(database, "x")
    with database.transaction() as session:
        published = Stage(session).publication(accounts.find(session, ref)).ref
    admin = client_as("admin")
    admin.post(f"/directorio/cuentas/{ref}/conectar", GIVEN)
    assert admin.post(f"/directorio/cuentas/{ref}/desconectar").status_code == 303
    assert ref not in admin.get("/publicaciones/nueva").get_data(as_text=True)
    assert not is_connected(database, ref)
    assert admin.get(f"/salidas/{published}").status_code == 200
    with database.reading() as session:
        assert session.scalars(select(Credential)).all() == []


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


def test_an_account_that_nobody_certified_is_not_connected(client_as: ClientAs, database: Database) -> None:
    ref = make_account(database, "x", certified=False)
    admin = client_as("admin")
    page = admin.get(f"/directorio/cuentas/{ref}/conectar")
    assert "Certifícala primero" in words(page)
    assert "access_token" not in page.get_data(as_text=True)
    for way, given in (("conectar", GIVEN), ("a-mano", {})):
        answer = admin.post(f"/directorio/cuentas/{ref}/{way}", given, follow=True)
        assert "Certifícala primero" in words(answer)
        assert not is_connected(database, ref)
    admin.post(f"/directorio/cuentas/{ref}/certificar", {"then": "connect"}, follow=True)
    admin.post(f"/directorio/cuentas/{ref}/conectar", GIVEN)
    assert is_connected(database, ref)


@pytest.mark.parametrize("role", ["coordinator", "editor"])
def test_only_the_administration_connects(client_as: ClientAs, database: Database, role: str) -> None:
    ref = make_account(database, "x")
    browser = client_as(role)
    assert browser.get(f"/directorio/cuentas/{ref}/conectar").status_code == 403
    for way in ("conectar", "a-mano", "desconectar"):
        assert browser.post(f"/directorio/cuentas/{ref}/{way}", GIVEN).status_code == 403


def test_the_keys_of_an_account_that_ended_are_forgotten(client_as: ClientAs, database: Database) -> None:
    ref = make_account(database, "x")
    admin = client_as("admin")
    admin.post(f"/directorio/cuentas/{ref}/conectar", GIVEN)
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
    assert admin.post(f"/directorio/cuentas/{ref}/certificar", follow=True).status_code == 200
    assert admin.post(f"/directorio/cuentas/{ref}/conectar", GIVEN).status_code == 303
    assert is_connected(database, ref)


def test_every_key_that_a_network_asks_for_is_explained() -> None:
    asked = {one.name for network in networks().values() for one in network.credential_fields}
    assert asked <= set(KEYS)


def test_keys_open_by_a_new_key_after_the_command(
    client_as: ClientAs,
    database: Database,
    database_url: str,
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ref = make_account(database, "x")
    client_as("admin").post(f"/directorio/cuentas/{ref}/conectar", GIVEN)
    before = vault.path.read_text()
    data: Path = vault.path.parents[1]
    monkeypatch.setenv("RESUENA_DATA", str(data))
    monkeypatch.setenv("RESUENA_DATABASE_URL", database_url.replace("+psycopg", ""))
    assert CliRunner().invoke(main, ["rotate-keys"]).exit_code == 0
    assert vault.path.read_text() != before
    with database.reading() as session:
        assert read_credential(session, vault, accounts.find(session, ref)) == GIVEN
