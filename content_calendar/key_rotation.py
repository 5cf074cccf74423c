"""Rotating the vault's key: everything sealed is sealed again by a new one, a batch at a time.

A rotation that was cut off goes on where it was when it is begun again: the key file then still holds the
older keys, which are forgotten only once nothing needs them. It may run while pages and workers do: whoever
seals locks the row first, and the last look, before anything is forgotten, waits for all of them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from content_calendar import second_factor, webhooks
from content_calendar.app_registrations import bond_of
from content_calendar.db import Database
from content_calendar.models.directory import Account, AppRegistration, ConnectAttempt, Credential
from content_calendar.models.factors import TimeCode
from content_calendar.models.people import Person
from content_calendar.models.webhooks import Webhook
from content_calendar.vault import Sealed, Vault, VaultLockedError

BATCH = 100


@dataclass
class Rotated:
    """How many stand sealed by the new key, of how many there are, and the names of what no key opens."""

    sealed: int = 0
    of: int = 0
    locked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Kind:
    """One table of sealed rows; ``bond`` returns what a row is bound to, and the name that people know."""

    key: InstrumentedAttribute[Any]
    bond: Callable[[Session, Any], tuple[str, str]]


def _of_account(session: Session, stored: Credential) -> tuple[str, str]:
    account = session.get_one(Account, stored.account_id)
    return account.ref, account.handle


def _of_network(_session: Session, stored: AppRegistration) -> tuple[str, str]:
    return bond_of(stored.network), stored.network


def _of_codes(session: Session, stored: TimeCode) -> tuple[str, str]:
    person = session.get_one(Person, stored.person_id)
    return second_factor.bond_of(person), person.name


def _of_webhook(_session: Session, stored: Webhook) -> tuple[str, str]:
    return webhooks.bond_of(stored), stored.name


_KINDS = (
    _Kind(Credential.account_id, _of_account),
    _Kind(AppRegistration.network, _of_network),
    _Kind(Webhook.id, _of_webhook),
    _Kind(TimeCode.person_id, _of_codes),
)


def rotate(database: Database, vault: Vault, batch: int = BATCH) -> Rotated:
    """Seal everything again by a new current key and forget the older ones; each batch is committed by itself.

    What no key opens stays as it is, and is named.
    """
    # More than one key: an earlier rotation did not come to its end.
    if len(vault.key_names()) == 1:
        vault.add_key()
    current, told = vault.key_names()[0], Rotated()
    for kind in _KINDS:
        for keys in _batches(database, kind, current, batch):
            with database.transaction() as session:
                _seal_again(session, vault, kind, keys, current)
    with database.transaction() as session:
        _wait_for_writers(session)
        for kind in _KINDS:
            late = session.scalars(select(kind.key).where(kind.key.class_.key_name != current)).all()
            told.locked += _seal_again(session, vault, kind, late, current)
            told.of += session.scalar(select(func.count()).select_from(kind.key.class_)) or 0
        # The way back from a network lives minutes: one that began before is begun again.
        session.execute(delete(ConnectAttempt).where(ConnectAttempt.key_name != current))
    vault.keep_only_current()
    told.sealed = told.of - len(told.locked)
    return told


def _batches(database: Database, kind: _Kind, current: str, size: int) -> Iterator[Sequence[Any]]:
    with database.reading() as session:
        keys = session.scalars(
            select(kind.key).where(kind.key.class_.key_name != current).order_by(kind.key)
        ).all()
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def _seal_again(session: Session, vault: Vault, kind: _Kind, keys: Sequence[Any], current: str) -> list[str]:
    """Seal these rows by the current key; return the names of those that do not open."""
    model, locked = kind.key.class_, []
    rows = session.scalars(
        select(model)
        .where(kind.key.in_(keys), model.key_name != current)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for stored in rows:
        bond, name = kind.bond(session, stored)
        try:
            opened = vault.open(bond, Sealed(stored.sealed, stored.key_name))
        except VaultLockedError:
            locked.append(name)
            continue
        sealed = vault.seal(bond, opened)
        stored.sealed, stored.key_name = sealed.data, sealed.key_name
    session.flush()
    return locked


def unopened(session: Session, vault: Vault, names: Collection[str]) -> list[str]:
    """Try one row of each kind and key of these names; return the tables of those that do not open.

    Rows that were sealed by other keys are no fault of the vault's: what no key opens stays as it is.
    """
    told = []
    for kind in _KINDS:
        model = kind.key.class_
        for name in names:
            stored = session.scalars(select(model).where(model.key_name == name).limit(1)).first()
            if stored is None:
                continue
            try:
                vault.open(kind.bond(session, stored)[0], Sealed(stored.sealed, stored.key_name))
            except VaultLockedError:
                told.append(model.__tablename__)
    return told


def _wait_for_writers(session: Session) -> None:
    """Wait for whoever is sealing right now, and let nobody begin before this transaction ends."""
    if session.get_bind().dialect.name != "sqlite":  # a writing transaction of SQLite is alone as it is
        session.execute(
            text(
                "LOCK TABLE credential, app_registration, webhook, connect_attempt, time_code IN EXCLUSIVE MODE"
            )
        )
