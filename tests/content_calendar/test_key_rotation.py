"""The vault's key is changed for a new one: everything opens before, meanwhile, after a power cut, and after."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import pyotp
import pytest
from sqlalchemy import insert, select, text

from content_calendar import key_rotation, people, second_factor
from content_calendar.app_registrations import register, registration
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.key_rotation import Rotated, rotate
from content_calendar.models.directory import Account, Credential, Standing
from content_calendar.models.factors import TimeCode
from content_calendar.vault import Sealed, Vault, read_credential, store_credential
from tests.scheduler.scene import account

ROOT = Path(__file__).parents[2]
ROWS = 500
APP = {"client_id": "uno", "client_secret": "dos"}


class PowerCutError(BaseException):
    """The process is gone."""


def fill(database: Database, vault: Vault, rows: int) -> None:
    """Accounts with sealed keys, and a registration."""
    with database.transaction() as session:
        owner = account(session, "x").owner_id
        for n in range(rows):
            made = Account(
                owner_id=owner,
                network="x",
                handle=f"llena{n}",
                handle_folded=f"llena{n}",
                standing=Standing.IN_FORCE,
            )
            session.add(made)
            session.flush()
            sealed = vault.seal(made.ref, {"access_token": made.ref})
            row = {"account_id": made.id, "sealed": sealed.data, "key_name": sealed.key_name}
            session.execute(insert(Credential).values(row | {"stored_at": now()}))
        register(session, vault, "x", list(APP), APP, actor_ref="")


def unreadable(database: Database, vault: Vault) -> int:
    """How many rows do not open, or say something else; raises when one does not."""
    with database.reading() as session:
        rows = session.execute(
            select(Credential, Account.ref).join(Account, Account.id == Credential.account_id)
        )
        wrong = [
            ref
            for kept, ref in rows
            if vault.open(ref, Sealed(kept.sealed, kept.key_name)) != {"access_token": ref}
        ]
        assert registration(session, vault, "x") == APP
    return len(wrong)


def test_five_hundred_rows_open_by_the_new_key_alone(database: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    fill(database, vault, ROWS)
    before = vault.key_names()
    assert rotate(database, vault) == Rotated(ROWS + 1, ROWS + 1)
    assert (len(vault.key_names()), vault.key_names() != before) == (1, True)
    assert unreadable(database, Vault(tmp_path)) == 0


@pytest.mark.parametrize("batches", [0, 1, 3])
def test_a_power_cut_in_the_middle_leaves_everything_readable_and_the_next_goes_on(
    database: Database, tmp_path: Path, batches: int
) -> None:
    vault = Vault(tmp_path)
    fill(database, vault, 20)
    seal, left = key_rotation._seal_again, iter(range(batches))  # noqa: SLF001 -- a batch, to cut after it

    def cut(*asked: object) -> list[str]:
        done: list[str] = seal(*asked)  # type: ignore[arg-type] # passed on as they came
        if next(left, None) is None:
            raise PowerCutError
        return done

    with patch.object(key_rotation, "_seal_again", cut), pytest.raises(PowerCutError):
        rotate(database, vault, batch=5)
    assert unreadable(database, Vault(tmp_path)) == 0
    keys = vault.key_names()
    assert len(keys) == 2
    assert rotate(database, Vault(tmp_path), batch=5) == Rotated(21, 21)
    assert vault.key_names() == keys[:1]
    assert unreadable(database, Vault(tmp_path)) == 0


def test_what_does_not_open_is_named_and_stops_nothing(database: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    fill(database, vault, 3)
    with database.transaction() as session:
        session.execute(
            text(
                "UPDATE credential SET key_name = 'perdida' WHERE account_id = (SELECT max(id) FROM account)"
            )
        )
    assert rotate(database, vault) == Rotated(3, 4, ["llena2"])


def test_what_is_sealed_while_it_rotates_opens_afterwards(database: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    fill(database, vault, 2)
    with database.transaction() as session:
        newcomer = account(session, "x").id
    sealed, rotating = threading.Event(), threading.Event()

    def connect() -> None:
        with database.transaction() as session:
            store_credential(session, vault, session.get_one(Account, newcomer), {"a": "b"})
            sealed.set()
            assert rotating.wait(10)

    add_key = vault.add_key

    def begin() -> str:
        name = add_key()
        rotating.set()
        return name

    with patch.object(vault, "add_key", begin), ThreadPoolExecutor(1) as pool:
        connecting = pool.submit(connect)
        assert sealed.wait(10)
        told = rotate(database, vault)
        connecting.result(10)
    assert told == Rotated(4, 4)
    with database.reading() as session:
        assert read_credential(session, Vault(tmp_path), session.get_one(Account, newcomer)) == {"a": "b"}


def test_a_rotation_that_is_killed_leaves_accounts_and_telephones_readable_and_the_next_ends_it(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    vault = Vault(tmp_path)
    fill(database, vault, ROWS)
    with database.transaction() as session:
        ana = people.add(session, "ana@snt.mx", "Ana")
        counted_by, _ = second_factor.begin(session, vault, ana)
        second_factor.confirm(session, vault, ana, pyotp.TOTP(counted_by).now())

    def telephone() -> str:
        with database.reading() as session:
            row = session.scalars(select(TimeCode)).one()
            opened = Vault(tmp_path).open(second_factor.bond_of(ana), Sealed(row.sealed, row.key_name))
        return opened["secret"]

    told = {"RESUENA_DATA": str(tmp_path), "RESUENA_DATABASE_URL": database_url.replace("+psycopg", "")}
    command = [sys.executable, "-m", "webapp.cli", "rotate-keys"]
    environment = {**os.environ, **told}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 -- our own
    # Two keys in the file: it has begun, and no batch can have ended it yet.
    while len(vault.key_names()) == 1 and process.poll() is None:
        threading.Event().wait(0.002)
    process.kill()
    assert process.wait(30) == -signal.SIGKILL
    assert unreadable(database, Vault(tmp_path)) == 0
    assert telephone() == counted_by
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 -- same
    assert f"{ROWS + 2} de {ROWS + 2}" in ended.stdout
    assert len(vault.key_names()) == 1
    assert unreadable(database, Vault(tmp_path)) == 0
    assert telephone() == counted_by
