"""The vault: what opens an account, sealed by AES-GCM and bound to that account.

The key stands in a file outside the database: a copy of the database alone opens nothing, and a row moved to
another account does not open. The file holds one key a line, the current one first; older ones still open.
"""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.errors import SetupError
from content_calendar.models.directory import Account, Credential, CredentialMethod

_KEY_BITS = 256
_NONCE_BYTES = 12
_GENERATIONS = 1 << 30


class VaultLockedError(SetupError):
    """A credential does not open: its key is gone, or it was sealed for another account."""

    code: ClassVar[str] = "vault_locked"


@dataclass(frozen=True)
class Sealed:
    """Sealed bytes and the name of the key that seals them."""

    data: bytes = field(repr=False)
    key_name: str


class Vault:
    """Seals and opens; its key file is made, readable by its owner only, when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "keys" / "vault.key"

    def seal(self, account_ref: str, values: Mapping[str, str]) -> Sealed:
        """Return ``values`` sealed for that account, or whatever else the name stands for, by the current key."""
        name, key = next(iter(self._keys().items()))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        plain = orjson.dumps(dict(values), option=orjson.OPT_SORT_KEYS)
        return Sealed(nonce + AESGCM(key).encrypt(nonce, plain, _bond(account_ref, name)), name)

    def open(self, account_ref: str, sealed: Sealed) -> dict[str, str]:
        """Return what was sealed for that account; raise VaultLockedError when it does not open."""
        key = self._keys().get(sealed.key_name)
        if key is None:
            raise VaultLockedError(account=account_ref, key=sealed.key_name)
        nonce, data = sealed.data[:_NONCE_BYTES], sealed.data[_NONCE_BYTES:]
        try:
            plain = AESGCM(key).decrypt(nonce, data, _bond(account_ref, sealed.key_name))
        except (InvalidTag, ValueError) as error:  # ValueError: too short to have been sealed
            raise VaultLockedError(account=account_ref, key=sealed.key_name) from error
        return dict(orjson.loads(plain))

    def key_names(self) -> list[str]:
        """Return the names of the keys that open, the one that seals first."""
        return list(self._keys())

    def add_key(self) -> str:
        """Make a new current key; return its name. What the older ones sealed still opens."""
        keys = self._keys()
        name, key = _new_key()
        self._write({name: key, **keys}, over=True)
        return name

    def keep_only_current(self) -> None:
        """Forget the older keys; only after everything was sealed again."""
        name, key = next(iter(self._keys().items()))
        self._write({name: key}, over=True)

    def _keys(self) -> dict[str, bytes]:
        if not self.path.exists():
            self._write(dict([_new_key()]), over=False)
        lines = (line.split() for line in self.path.read_text(encoding="ascii").splitlines())
        return {name: base64.b64decode(key) for name, key in lines}

    def _write(self, keys: Mapping[str, bytes], *, over: bool) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.path.with_name(f"vault.{os.getpid()}.{secrets.token_hex(4)}.draft")
        said = "".join(f"{name} {base64.b64encode(key).decode()}\n" for name, key in keys.items())
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(said)
            file.flush()
            os.fsync(file.fileno())
        if over:
            draft.replace(self.path)
            return
        try:
            # A link never replaces: of two processes that make the first key, one's stays.
            os.link(draft, self.path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()


def store_credential(
    session: Session,
    vault: Vault,
    account: Account,
    values: Mapping[str, str],
    *,
    method: CredentialMethod = CredentialMethod.KEYS,
    expires_at: datetime | None = None,
) -> None:
    """Seal and store what opens the account, in place of what was stored before; a renewal of that one is void."""
    stored = hold_credential(session, account.id)
    if stored is None:
        stored = Credential(account_id=account.id)
        session.add(stored)
    stored.sealed, stored.key_name = _parts(vault.seal(account.ref, values))
    stored.stored_at, stored.method, stored.expires_at = clock.now(), method, expires_at
    stored.renewed_at, stored.lease_until, stored.lease_owner, stored.said_code = None, None, "", ""
    # Whatever was under way for an earlier credential of the account, deleted ones included, is fenced off.
    stored.lease_gen = secrets.randbelow(_GENERATIONS)
    session.flush()


def hold_credential(session: Session, account_id: int) -> Credential | None:
    """Return what opens the account, locked until the transaction ends; None when nothing is stored.

    Whoever seals asks for this first: a rotation of the keys then waits for them, or they for it.
    """
    return session.scalars(
        select(Credential)
        .where(Credential.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def read_credential(session: Session, vault: Vault, account: Account) -> dict[str, str] | None:
    """Return what opens the account, None when nothing is stored; raise VaultLockedError."""
    stored = session.get(Credential, account.id)
    return None if stored is None else vault.open(account.ref, Sealed(stored.sealed, stored.key_name))


def forget_credential(session: Session, account: Account) -> None:
    """Delete what opens the account."""
    stored = session.get(Credential, account.id)
    if stored is not None:
        session.delete(stored)
        session.flush()


def _new_key() -> tuple[str, bytes]:
    return secrets.token_hex(4), AESGCM.generate_key(bit_length=_KEY_BITS)


def _parts(sealed: Sealed) -> tuple[bytes, str]:
    return sealed.data, sealed.key_name


def _bond(account_ref: str, key_name: str) -> bytes:
    return f"{account_ref}:{key_name}".encode("ascii")
