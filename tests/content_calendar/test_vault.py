import stat
from pathlib import Path

import pytest

from content_calendar.db import Database
from content_calendar.models.directory import Credential
from content_calendar.vault import (
    Sealed,
    Vault,
    VaultLockedError,
    forget_credential,
    read_credential,
    store_credential,
)
from tests.scheduler.scene import account

KEYS = {"access_token": "42-ficha", "secret": "ñandú"}


def test_what_was_sealed_opens_for_its_account_only(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    sealed = vault.seal("cuenta-a", KEYS)
    assert b"42-ficha" not in sealed.data
    assert vault.open("cuenta-a", sealed) == KEYS
    with pytest.raises(VaultLockedError):
        vault.open("cuenta-b", sealed)


def test_the_key_is_for_its_owner_s_eyes_and_stays_the_same(tmp_path: Path) -> None:
    sealed = Vault(tmp_path).seal("a", KEYS)
    key = tmp_path / "keys" / "vault.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert Vault(tmp_path).open("a", sealed) == KEYS


@pytest.mark.parametrize("data", [b"", b"short", bytes(64)])
def test_damaged_bytes_do_not_open(tmp_path: Path, data: bytes) -> None:
    vault = Vault(tmp_path)
    name = vault.seal("a", KEYS).key_name
    with pytest.raises(VaultLockedError):
        vault.open("a", Sealed(data, name))


def test_a_row_moved_to_another_account_does_not_open(database: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with database.transaction() as session:
        one, other = account(session, "x"), account(session, "x")
        store_credential(session, vault, one, KEYS)
        stored = session.get_one(Credential, one.id)
        session.add(Credential(account_id=other.id, sealed=stored.sealed, key_name=stored.key_name))
        session.flush()
        assert read_credential(session, vault, one) == KEYS
        with pytest.raises(VaultLockedError):
            read_credential(session, vault, other)


def test_without_the_key_nothing_opens(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        one = account(session, "x")
        store_credential(session, Vault(tmp_path / "here"), one, KEYS)
        with pytest.raises(VaultLockedError):
            read_credential(session, Vault(tmp_path / "elsewhere"), one)


def test_storing_again_replaces_and_forgetting_leaves_nothing(database: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with database.transaction() as session:
        one = account(session, "x")
        store_credential(session, vault, one, KEYS)
        store_credential(session, vault, one, {"access_token": "nueva"})
        assert read_credential(session, vault, one) == {"access_token": "nueva"}
        forget_credential(session, one)
        assert read_credential(session, vault, one) is None
