"""Connecting an account: the commission publishes with it, by what opens it or by a person's hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.accounts import fold_handle
from content_calendar.clock import now
from content_calendar.errors import ConflictError
from content_calendar.models.directory import Account, Credential, CredentialMethod, Standing
from content_calendar.models.people import AuditEvent, Person
from content_calendar.vault import Vault, forget_credential, store_credential

_CONNECTED = "account_connected"


class AccountToCertifyError(ConflictError):
    """Only an account in force is connected. ``handle`` is its name."""

    code = "account_to_certify"


class OpensAnotherAccountError(ConflictError):
    """What was given opens another account: ``found`` is its name there, ``handle`` the directory's."""

    code = "opens_another_account"


class RemoteIdChangedError(ConflictError):
    """An account of that ``handle`` now has another immutable id (``found``) than the ``known`` one.

    Somebody else may have taken the name.
    """

    code = "remote_id_changed"


@dataclass(frozen=True)
class Access:
    """What opens an account, how it was come by, and what the network said of whose it is.

    ``handle`` and ``remote_id`` are empty, and ``limits`` None, where the network told nothing.
    """

    secrets: Mapping[str, str] = field(repr=False)
    method: CredentialMethod = CredentialMethod.KEYS
    expires_at: datetime | None = None
    remote_id: str = ""
    handle: str = ""
    limits: Mapping[str, int] | None = None


def connect(session: Session, vault: Vault, account: Account, access: Access, *, actor_ref: str) -> None:
    """Seal what opens the account in place of what did before, and let it be published with.

    Raises AccountToCertifyError, OpensAnotherAccountError, RemoteIdChangedError. No error and no record holds a key.
    """
    must_stand(account)
    must_be_its_own(account, access.handle, access.remote_id)
    store_credential(
        session, vault, account, access.secrets, method=access.method, expires_at=access.expires_at
    )
    account.connected_at = now()
    if access.remote_id:
        account.remote_id = access.remote_id
    if access.limits is not None:
        account.limits = dict(access.limits)
    session.flush()
    audit.record(
        session,
        actor_ref,
        _CONNECTED,
        "account",
        account.ref,
        network=account.network,
        by_hand=False,
        method=access.method.value,
    )


def connect_by_hand(session: Session, account: Account, *, actor_ref: str) -> None:
    """Let the account be published with, without keys: earlier ones are forgotten. Raises AccountToCertifyError."""
    must_stand(account)
    forget_credential(session, account)
    account.connected_at = now()
    session.flush()
    audit.record(
        session, actor_ref, _CONNECTED, "account", account.ref, network=account.network, by_hand=True
    )


def disconnect(session: Session, account: Account, *, actor_ref: str) -> None:
    """Forget the account's keys and publish no more with it; what it published stays, and what waits is held."""
    forget_credential(session, account)
    if account.connected_at is None:
        return
    account.connected_at = None
    session.flush()
    audit.record(session, actor_ref, "account_disconnected", "account", account.ref, network=account.network)


def must_be_its_own(account: Account, handle: str, remote_id: str) -> None:
    """Raise when a network says that what was given opens another account than the directory's.

    An equal immutable id proves that it is the same one, whatever it calls itself now.
    Raises OpensAnotherAccountError, RemoteIdChangedError.
    """
    known = account.remote_id or ""
    if known and remote_id and known == remote_id:
        return
    if handle and not same_handle(account.handle, handle):
        raise OpensAnotherAccountError(handle=account.handle, found=handle)
    if known and remote_id:
        raise RemoteIdChangedError(handle=account.handle, known=known, found=remote_id)


def same_handle(one: str, other: str) -> bool:
    """Return whether two handles name one account; a server's name counts only where both have one."""
    (name, _, server), (other_name, _, other_server) = (
        fold_handle(each).partition("@") for each in (one, other)
    )
    return name == other_name and (not server or not other_server or server == other_server)


def with_keys(session: Session, account_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these accounts have keys stored."""
    return frozenset(credentials(session, account_ids))


def credentials(session: Session, account_ids: Sequence[int]) -> Mapping[int, Credential]:
    """Return what is stored of these accounts, sealed as it is, by the account's number."""
    if not account_ids:
        return {}
    rows = session.scalars(select(Credential).where(Credential.account_id.in_(account_ids)))
    return {one.account_id: one for one in rows}


def connected_by(session: Session, account: Account) -> str:
    """Return the name of the person who connected the account last; empty when nobody knows."""
    query = (
        select(Person.name)
        .join(AuditEvent, AuditEvent.actor_ref == Person.ref)
        .where(
            AuditEvent.subject_kind == "account",
            AuditEvent.subject_ref == account.ref,
            AuditEvent.act == _CONNECTED,
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    return session.scalar(query) or ""


def must_stand(account: Account) -> None:
    """Raise AccountToCertifyError unless the account is its owner's, certified, and in force."""
    if account.standing is not Standing.IN_FORCE or account.valid_to is not None:
        raise AccountToCertifyError(handle=account.handle)
