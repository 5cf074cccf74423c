"""Respaldos and Datos personales as an administrator meets them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from content_calendar import backups
from content_calendar.db import Database
from content_calendar.models.backups import BackupKey
from content_calendar.models.people import AuditEvent
from content_calendar.retention import rules
from content_calendar.settings import Settings
from scheduler import retaining
from tests.webapp.conftest import Browser, words
from webapp.backups import making

Clients = Callable[..., Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = "/sistema/respaldos"


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["resuena.settings"]
    return found


def test_the_key_is_shown_once_and_a_backup_is_made_checked_and_taken_along(
    app: Flask, database: Database, client_as: Clients
) -> None:
    admin = client_as("admin")
    assert "falta la llave con que se abren" in words(admin.get(PAGE))
    shown = admin.post(f"{PAGE}/llave")
    secret = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]+", shown.get_data(as_text=True))
    assert secret
    assert "no-store" in shown.headers["Cache-Control"]
    page = words(admin.get(PAGE))
    assert secret.group() not in page
    assert "espera a que el publicador lo haga" in page
    assert making.make_waiting(database, settings_of(app))
    listed = admin.get(PAGE)
    assert "Hecho y comprobado" in words(listed)
    address = re.search(r'href="(/sistema/respaldos/resuena-[^"]+)"', listed.get_data(as_text=True))
    assert address
    file = admin.client.get(address.group(1), buffered=True)
    assert file.data.startswith(b"age-encryption.org/v1")
    assert secret.group() not in "".join(str(one.details) for one in _audited(database))


def _audited(database: Database) -> list[AuditEvent]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEvent)))


def test_somebody_proves_that_the_key_was_kept(database: Database, client_as: Clients) -> None:
    admin = client_as("admin")
    admin.get(PAGE)
    shown = admin.post(f"{PAGE}/llave").get_data(as_text=True)
    secret = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]+", shown)
    assert secret
    wrong = admin.post(f"{PAGE}/llave/comprobar", {"key": "la perdí"})
    assert (wrong.status_code, "no es una llave de recuperación" in words(wrong)) == (422, True)
    right = admin.post(f"{PAGE}/llave/comprobar", {"key": f" {secret.group().lower()}\n"}, follow=True)
    assert "Es la llave correcta" in words(right)
    assert secret.group() not in right.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(BackupKey)).one().shown_at is not None
    admin.post(f"{PAGE}/llave")
    old = admin.post(f"{PAGE}/llave/comprobar", {"key": secret.group()})
    assert "pero no la de ahora" in words(old)


def test_one_now_needs_a_key_and_is_asked_for_once(database: Database, client_as: Clients) -> None:
    admin = client_as("admin")
    admin.get(PAGE)
    assert "Todavía no hay llave de recuperación" in words(admin.post(PAGE, follow=True))
    admin.post(f"{PAGE}/llave")
    admin.get(PAGE)
    assert "se está haciendo" in words(admin.post(PAGE, follow=True))
    with database.reading() as session:
        assert backups.under_way(session) is not None


def test_only_an_administrator_comes_here_and_no_other_file_is_handed_out(client_as: Clients) -> None:
    for path in (PAGE, "/sistema/datos-personales", f"{PAGE}/resuena-20260101T000000Z.zip.age"):
        assert client_as("coordinator").get(path).status_code == 403
    admin = client_as("admin")
    for name in ("resuena-20260101T000000Z.zip.age", "..%2Fkeys%2Fvault.key", "vault.key"):
        assert admin.get(f"{PAGE}/{name}").status_code == 404


def test_the_personal_data_and_their_ends_are_told(
    app: Flask, database: Database, client_as: Clients
) -> None:
    admin = client_as("admin")
    page = admin.get("/sistema/datos-personales")
    assert words(page).count("días.") == sum(rule.days is not None and rule.days > 1 for rule in rules())
    assert "Todavía no se ha revisado" in words(page)
    retaining.erase_due(database, settings_of(app))
    assert "La última vez no había nada que borrar" in words(admin.get("/sistema/datos-personales"))


def test_sistema_says_how_the_backups_and_the_audit_are(client_as: Clients) -> None:
    assert "No se hacen respaldos" in words(client_as("admin").get("/sistema"))
