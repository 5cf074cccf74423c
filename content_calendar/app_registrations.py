"""What networks gave this installation when an administrator registered it there: sealed, one per network."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError
from content_calendar.keys import read_keys
from content_calendar.models.directory import AppRegistration
from content_calendar.vault import Sealed, Vault


class AppNotRegisteredError(ConflictError):
    """The installation is not registered at that network, so nobody can be asked there."""

    code = "app_not_registered"


def bond_of(network: str) -> str:
    """Return what a registration is bound to: a row moved to another network does not open."""
    return f"app:{network}"


def register(
    session: Session,
    vault: Vault,
    network: str,
    names: Sequence[str],
    given: Mapping[str, str],
    *,
    actor_ref: str,
) -> None:
    """Seal what the network gave, in place of what was stored before; raise KeyMissingError, KeyInvalidError."""
    values = read_keys(names, given)
    stored = session.scalars(
        select(AppRegistration)
        .where(AppRegistration.network == network)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if stored is None:
        stored = AppRegistration(network=network)
        session.add(stored)
    sealed = vault.seal(bond_of(network), values)
    stored.sealed, stored.key_name, stored.stored_at = sealed.data, sealed.key_name, now()
    session.flush()
    audit.record(session, actor_ref, "app_registered", "network", network)


def registration(session: Session, vault: Vault, network: str) -> dict[str, str]:
    """Return what the network gave; raise AppNotRegisteredError, VaultLockedError."""
    stored = session.get(AppRegistration, network)
    if stored is None:
        raise AppNotRegisteredError(network=network)
    return vault.open(bond_of(network), Sealed(stored.sealed, stored.key_name))


def registered(session: Session) -> Mapping[str, AppRegistration]:
    """Return the registrations by network; what they hold stays sealed."""
    return {one.network: one for one in session.scalars(select(AppRegistration))}


def unregister(session: Session, network: str, *, actor_ref: str) -> None:
    """Forget what the network gave; accounts that were connected stay so until they have to be renewed."""
    stored = session.get(AppRegistration, network)
    if stored is not None:
        session.delete(stored)
        session.flush()
        audit.record(session, actor_ref, "app_unregistered", "network", network)
