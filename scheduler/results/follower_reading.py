"""Reading how many follow each account, once a day where networks tell it for nothing, once a week where it costs.

No transaction is open while a network is asked. What it does not tell is missing; a person may write it down.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from content_calendar import budget, clock
from content_calendar.budget import NoCeilingError, OverCeilingError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account
from content_calendar.sending import Said
from content_calendar.vault import VaultLockedError
from scheduler import readings, retries
from scheduler.dossiers import AccountFacts, account_facts
from scheduler.network import AccountAccess, RefusedError, UnavailableError
from scheduler.networks import networks
from scheduler.powers import TellsFollowers, TellsFollowersToOwners
from scheduler.readings import FAILED, NOT_GIVEN, NOTHING, OVER_BUDGET, REFUSED, Failed
from scheduler.results.following_models import FollowerLook
from scheduler.results.models import Followers
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

EVERY_DAY, EVERY_WEEK = timedelta(days=1), timedelta(days=7)
READING: Final = "followers"
_LEASE, _LONGEST_BACKOFF = timedelta(minutes=10), timedelta(hours=12)
_MOST_PLANNED, _MOST_AT_ONCE = 200, 20


def telling() -> dict[str, int]:
    """Return the networks that tell followers, each with what a look costs in mills."""
    return {slug: one.follower_mills for slug, one in networks().items() if isinstance(one, TellsFollowers)}


def needs_keys(network: TellsFollowers) -> bool:
    """Return whether a network tells it only to who opens the account: who pays, or who owns it."""
    return bool(network.follower_mills) or isinstance(network, TellsFollowersToOwners)


def plan(session: Session) -> None:
    """Plan the first look at accounts that have none: all where anybody may ask, else those that are connected."""
    costs = telling()
    if not costs:
        return
    free = [
        slug for slug, one in networks().items() if isinstance(one, TellsFollowers) and not needs_keys(one)
    ]
    ids = session.scalars(
        select(Account.id)
        .where(
            Account.network.in_(costs),
            or_(Account.network.in_(free), Account.connected_at.is_not(None)),
            Account.valid_to.is_(None),
            ~exists().where(FollowerLook.account_id == Account.id),
        )
        .order_by(Account.id)
        .limit(_MOST_PLANNED)
    )
    insert_absent(session, FollowerLook, [{"account_id": one, "next_at": clock.now()} for one in ids])


def tick(worker: Worker) -> int:
    """Look at the accounts that are due; return at how many."""
    with worker.database.transaction() as session:
        plan(session)
        taken = _take(session)
        found = account_facts(session, taken) if taken else []
    for one in found:
        try:
            _look(worker, one)
        except Exception:
            # What one server says must not keep the others from being asked.
            logger.exception("the followers of account %s could not be read", one.ref)
            _note(worker, one, Failed(FAILED))
    return len(taken)


def _take(session: Session) -> Sequence[int]:
    """Take what is due: the next look is put off at once, so that nobody else looks meanwhile."""
    now = clock.now()
    due = (
        select(FollowerLook.account_id)
        .where(FollowerLook.next_at <= now)
        .order_by(FollowerLook.next_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return session.scalars(
        update(FollowerLook)
        .where(FollowerLook.account_id.in_(select(due.c.account_id)), FollowerLook.next_at <= now)
        .values(next_at=now + _LEASE)
        .returning(FollowerLook.account_id)
        .execution_options(synchronize_session=False)
    ).all()


def _look(worker: Worker, account: AccountFacts) -> None:
    network: object = networks().get(account.network)
    if not isinstance(network, TellsFollowers) or account.valid_to is not None:
        _note(worker, account, None)
        return
    access = _access(worker, account, keys=needs_keys(network))
    if isinstance(access, Failed) or (failed := _paid(worker, account, network.follower_mills)):
        _note(worker, account, access if isinstance(access, Failed) else failed)
        return
    try:
        told = network.followers(access)
    except RefusedError:
        _note(worker, account, Failed(REFUSED))
    except (UnavailableError, VaultLockedError) as error:
        _note(worker, account, Failed(FAILED, getattr(error, "retry_at", None)))
    else:
        _note(worker, account, told)


def _access(worker: Worker, account: AccountFacts, *, keys: bool) -> AccountAccess | Failed:
    if keys:
        return readings.opened(worker, account)
    base_url = worker.settings.network_urls.get(account.network, "")
    return AccountAccess(account.handle, account.remote_id, {}, base_url)


def _paid(worker: Worker, account: AccountFacts, mills: int) -> Failed | None:
    """Write down what the look costs; return why it may not be made where nobody allowed to pay for it."""
    if not mills:
        return None
    cost = budget.Cost(None, 1, account.id, account.network, READING, mills)
    try:
        with worker.database.transaction() as session:
            budget.reserve_read(session, cost, ZoneInfo(worker.settings.zone), clock.now())
    except (NoCeilingError, OverCeilingError):
        return Failed(OVER_BUDGET)
    return None


def _note(worker: Worker, account: AccountFacts, told: int | Failed | None) -> None:
    """Keep what was told, and plan the next look: as usual, or sooner where it only failed."""
    now = clock.now()
    usual = EVERY_WEEK if telling().get(account.network) else EVERY_DAY
    with worker.database.transaction() as session:
        if isinstance(told, int):
            keep(session, account.id, now, ZoneInfo(worker.settings.zone), told, account.network)
        look = session.get_one(FollowerLook, account.id)
        look.looked_at = now
        if isinstance(told, Failed):
            look.failures += 1
            wait = min(retries.backoff(look.failures), _LONGEST_BACKOFF)
            # What a person must mend first is not asked for again before the usual time.
            wait = wait if told.said == FAILED else usual
            look.next_at = max(now + wait, told.retry_at or now)
            look.said_code = told.said.code
            return
        look.failures, look.next_at = 0, now + usual
        said: Said = NOTHING if told is not None else NOT_GIVEN
        look.said_code = said.code


def keep(session: Session, account_id: int, at: datetime, zone: ZoneInfo, value: int, source: str) -> None:
    """Write down how many followed the account on that day; what a person or a network said of it before stays."""
    row = {"account_id": account_id, "on": at.astimezone(zone).date(), "value": value, "source": source}
    insert_absent(session, Followers, [row])
