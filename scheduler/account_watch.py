"""Looking at accounts on their networks and on their owners' sites: each once a week, a few at a time.

Whose a handle is today is asked of networks that tell it for nothing; that the owner's site links to the account is
looked for on the site. No transaction is open while anybody is asked.
"""

import logging
from functools import cache

from content_calendar import account_looks
from content_calendar.account_looks import Told
from content_calendar.models.directory import Account
from scheduler.listening import back_links
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.back_links import Page
from scheduler.network import AccountAccess, NetworkError
from scheduler.networks import networks
from scheduler.powers import KnowsAccounts
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 10


def tick(worker: Worker) -> int:
    """Look at the accounts that are due; return how many were looked at."""
    unreal = [slug for slug, one in networks().items() if not one.needs_connection]
    with worker.database.transaction() as session:
        taken = account_looks.take_due(session, MOST_AT_ONCE, unreal)
    if not taken:
        return 0
    policy = FetchPolicy.of(tuple(worker.settings.feed_allow), worker.settings.contact)

    @cache
    def read(url: str) -> Page:
        return back_links.read_page(url, policy)

    for account in taken:
        try:
            look_at(worker, account)
            back_links.check(worker.database, account, read)
        except Exception:
            # What one server says must not keep the others from being looked at.
            logger.exception("account %s could not be looked at", account.ref)
    return len(taken)


def look_at(worker: Worker, account: Account) -> None:
    """Ask the account's network whose its handle is, and let the directory draw its conclusions."""
    power: object = networks().get(account.network)
    if not isinstance(power, KnowsAccounts):
        with worker.database.transaction() as session:
            account_looks.put_off(session, account.id)
        return
    base_url = worker.settings.network_urls.get(account.network, "")
    told = ask(power, AccountAccess(account.handle, account.remote_id or "", {}, base_url))
    with worker.database.transaction() as session:
        account_looks.record(session, account.id, told)


def ask(power: KnowsAccounts, access: AccountAccess) -> Told | None:
    """Return what the network tells; None when it does not answer."""
    try:
        found = power.number_of(access, access.handle)
        called = ""
        if access.remote_id and found != access.remote_id:
            called = power.handle_of(access, access.remote_id)
    except NetworkError as error:
        logger.info("a network did not tell whose %s is: %s", access.handle, error.code)
        return None
    return Told(found, called)
