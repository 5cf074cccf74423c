"""What is shown of an account's connection: how, since when, until when, by whom, and what to mind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from content_calendar import connecting
from content_calendar.clock import now
from content_calendar.models.directory import Account, CredentialMethod
from scheduler.expiring import said_of
from scheduler.network import AccountAccess, CredentialField
from scheduler.networks import networks
from scheduler.opening import authorizer_of, renews
from scheduler.powers import AsksBeforehand
from webapp.errors import sentence
from webapp.session import db, settings

_LOOKS = {"access_ends_soon": "warn"}


@dataclass(frozen=True)
class Connection:
    """What is stored of an account, in words' reach: ``code`` says what a person should mind, empty when nothing."""

    method: CredentialMethod
    ends_at: datetime | None
    renewed_at: datetime | None
    renews: bool
    code: str

    @property
    def look(self) -> str:
        """Return how its warning looks."""
        return _LOOKS.get(self.code, "bad")


def connections(accounts: Sequence[Account]) -> Mapping[int, Connection]:
    """Return the connections of those accounts that have keys or a permission stored, by the account's number."""
    stored, at = connecting.credentials(db(), [one.id for one in accounts]), now()
    return {
        one.id: Connection(
            kept.method, kept.expires_at, kept.renewed_at, renews(one.network), said_of(one.network, kept, at)
        )
        for one in accounts
        if (kept := stored.get(one.id)) is not None
    }


def fields_of(account: Account) -> Sequence[CredentialField]:
    """Return the keys that the account's network asks for."""
    found = networks().get(account.network)
    return found.credential_fields if found else ()


def beforehand_of(account: Account) -> str:
    """Return what has to be done or known at the network before; empty when there is nothing."""
    found: object = networks().get(account.network)
    return sentence(found.beforehand) if isinstance(found, AsksBeforehand) else ""


def is_rehearsed(account: Account) -> bool:
    """Return whether what is published with it goes nowhere."""
    found = networks().get(account.network)
    return found is not None and found.automatic and not found.needs_connection


def authorizes(account: Account) -> bool:
    """Return whether a person can allow us on the network's own page."""
    return authorizer_of(account.network) is not None


def access_of(account: Account, secrets: Mapping[str, str]) -> AccountAccess:
    """Return the account as its network needs it."""
    base_url = settings().network_urls.get(account.network, "")
    return AccountAccess(account.handle, account.remote_id or "", secrets, base_url)
