"""An end that is seen before it hurts: what is renewed in time though nothing is published, and whom to warn."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import clock
from content_calendar.models.directory import Account, Credential
from content_calendar.vault import VaultLockedError
from scheduler.network import NetworkError
from scheduler.networks import networks
from scheduler.powers import RenewsAccess
from scheduler.renewing import SPENT, needed, opened
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

# How long before its end a person is asked to connect again what nobody can renew.
WARNING = timedelta(days=14)
_AT_ONCE = 20

ENDS_SOON, ENDED = "access_ends_soon", "access_ended"


@dataclass(frozen=True)
class Ending:
    """An account that a person should connect again; ``account`` has its owner, ``ends_at`` may be past."""

    account: Account
    ends_at: datetime | None
    code: str


def said_of(network_slug: str, stored: Credential, now: datetime) -> str:
    """Return the code of what a person should know of what opens an account; empty when all is well."""
    if stored.said_code in SPENT:
        return stored.said_code
    renews = isinstance(networks().get(network_slug), RenewsAccess)
    if renews or stored.expires_at is None or stored.expires_at > now + WARNING:
        return ""
    return ENDS_SOON if stored.expires_at > now else ENDED


def ending_soon(session: Session, now: datetime) -> list[Ending]:
    """Return the accounts that a person should connect again, the soonest to end first."""
    rows = session.execute(
        select(Credential, Account)
        .join(Account, Account.id == Credential.account_id)
        .where(
            Account.connected_at.is_not(None),
            or_(Credential.expires_at <= now + WARNING, Credential.said_code.in_(SPENT)),
        )
        .options(joinedload(Account.owner))
        .order_by(Credential.expires_at, Account.id)
    )
    found = [Ending(one, kept.expires_at, said_of(one.network, kept, now)) for kept, one in rows]
    return [one for one in found if one.code]


def renew_due(worker: Worker) -> int:
    """Renew what ends soon, a few at a time; return how many accounts were looked after. A tick."""
    due = _due(worker)
    for account_id in due:
        try:
            opened(worker, account_id)
        except (NetworkError, VaultLockedError) as error:
            logger.warning("an account could not be renewed before its end: %s", error.code)
    return len(due)


def _due(worker: Worker) -> Sequence[int]:
    renewing = {slug: one.renew_before for slug, one in networks().items() if isinstance(one, RenewsAccess)}
    if not renewing:
        return []
    now = clock.now()
    with worker.database.reading() as session:
        rows = session.execute(
            select(Credential.account_id, Credential.expires_at, Account.network)
            .join(Account, Account.id == Credential.account_id)
            .where(
                Account.network.in_(renewing),
                Account.connected_at.is_not(None),
                Credential.expires_at < now + max(renewing.values()),
                Credential.said_code.not_in(SPENT),
            )
            .order_by(Credential.expires_at)
        ).all()
    due = [row.account_id for row in rows if needed(networks().get(row.network), row.expires_at, now)]
    return due[:_AT_ONCE]
