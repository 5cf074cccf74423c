"""Connecting an account: the commission publishes with it, by its keys or by a person's hand."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import Account, Credential, Standing
from content_calendar.vault import Vault, forget_credential, store_credential

# Far more than any key has; what is longer was pasted by mistake.
LONGEST_KEY = 2_000


class AccountToCertifyError(ConflictError):
    """Only an account in force is connected. ``handle`` is its name."""

    code = "account_to_certify"


class KeyMissingError(InvalidError):
    """Every key that the network asks for is needed. ``field`` is its name."""

    code = "key_missing"


class KeyInvalidError(InvalidError):
    """A key is one line of visible characters without spaces. ``field`` is its name."""

    code = "key_invalid"


def connect(
    session: Session,
    vault: Vault,
    account: Account,
    names: Sequence[str],
    given: Mapping[str, str],
    *,
    actor_ref: str,
) -> None:
    """Seal the keys of these names in place of earlier ones, and let the account be published with.

    Raises AccountToCertifyError, KeyMissingError, KeyInvalidError. No error and no record holds a key.
    """
    _must_stand(account)
    values = {name: _key(name, given.get(name, "")) for name in names}
    store_credential(session, vault, account, values)
    account.connected_at = now()
    session.flush()
    audit.record(
        session,
        actor_ref,
        "account_connected",
        "account",
        account.ref,
        network=account.network,
        by_hand=False,
    )


def connect_by_hand(session: Session, account: Account, *, actor_ref: str) -> None:
    """Let the account be published with, without keys: earlier ones are forgotten. Raises AccountToCertifyError."""
    _must_stand(account)
    forget_credential(session, account)
    account.connected_at = now()
    session.flush()
    audit.record(
        session, actor_ref, "account_connected", "account", account.ref, network=account.network, by_hand=True
    )


def disconnect(session: Session, account: Account, *, actor_ref: str) -> None:
    """Forget the account's keys and publish no more with it; what it published stays, and what waits is held."""
    forget_credential(session, account)
    if account.connected_at is None:
        return
    account.connected_at = None
    session.flush()
    audit.record(session, actor_ref, "account_disconnected", "account", account.ref, network=account.network)


def with_keys(session: Session, account_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these accounts have keys stored."""
    if not account_ids:
        return frozenset()
    query = select(Credential.account_id).where(Credential.account_id.in_(account_ids))
    return frozenset(session.scalars(query))


def _must_stand(account: Account) -> None:
    if account.standing is not Standing.IN_FORCE or account.valid_to is not None:
        raise AccountToCertifyError(handle=account.handle)


def _key(name: str, said: str) -> str:
    value = said.strip()
    if not value:
        raise KeyMissingError(field=name)
    if len(value) > LONGEST_KEY or not value.isprintable() or any(one.isspace() for one in value):
        raise KeyInvalidError(field=name)
    return value
