"""When to look who took a publication up, and what an account said. Pure but for the queue of looks.

A look that is taken is nobody else's until its lease ends; what failed is tried again ever later.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler import retries
from scheduler.replication.known_accounts import SPEAKING
from scheduler.replication.seek_models import AccountSeek, PublicationSeek

AGES: Final = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 14 * 24, 28 * 24))
# Where each look costs: soon after the figures are read (24 hours, 7 days), which tell whether there is anything.
DEAR_AGES: Final = (timedelta(hours=25), timedelta(days=7, hours=15))
ACCOUNT_EVERY, DEAR_EVERY = timedelta(hours=2), timedelta(hours=24)
LEASE = timedelta(minutes=10)
_LONGEST_BACKOFF = timedelta(hours=12)
_MOST_PLANNED = 500


def next_look(published_at: datetime, now: datetime, *, dear: bool) -> datetime | None:
    """Return when a publication is next looked at, None for never any more. Looks that were missed are one."""
    return next(
        (published_at + age for age in (DEAR_AGES if dear else AGES) if published_at + age > now), None
    )


def plan(session: Session, telling: Collection[str], seeking: Collection[str], dear: Collection[str]) -> None:
    """Plan the first look at what came out of late, and at accounts that nobody looks at; planned twice is once.

    ``telling`` are networks that tell who took a post up, ``seeking`` those that tell what accounts said.
    """
    now = clock.now()
    rows = session.execute(
        select(Publication.id, Publication.published_at, Account.network)
        .join(Account, Account.id == Publication.account_id)
        .where(
            Publication.due_at > now - AGES[-1],
            Publication.state == PublicationState.PUBLISHED,
            Publication.published_at.is_not(None),
            Account.network.in_(telling),
            ~exists().where(PublicationSeek.publication_id == Publication.id),
        )
        .limit(_MOST_PLANNED)
    ).all()
    first = {
        row.id: row.published_at + (DEAR_AGES if row.network in dear else AGES)[0] for row in rows
    }  # however late it is told
    insert_absent(
        session, PublicationSeek, [{"publication_id": one, "next_at": at} for one, at in first.items()]
    )
    unseen = session.scalars(
        select(Account.id)
        .where(*_sought(seeking), ~exists().where(AccountSeek.account_id == Account.id))
        .limit(_MOST_PLANNED)
    ).all()
    insert_absent(session, AccountSeek, [{"account_id": one, "next_at": now} for one in unseen])


def _sought(networks: Collection[str]) -> list[ColumnElement[bool]]:
    """Return which accounts are looked at: those that speak, and from which nothing of ours goes out."""
    return [
        Account.network.in_(networks),
        Account.valid_to.is_(None),
        Account.standing.in_(SPEAKING),
        Account.connected_at.is_(None),
    ]


def take_publications(session: Session, most: int) -> list[int]:
    """Take the publications that are due, the longest due first; nobody else takes them until the lease ends."""
    due = (
        select(PublicationSeek.publication_id)
        .where(*_due(PublicationSeek, clock.db_now(session)))
        .order_by(PublicationSeek.next_at, PublicationSeek.publication_id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    at = clock.db_now(session)
    taken = session.scalars(
        update(PublicationSeek)
        .where(PublicationSeek.publication_id.in_(select(due.c.publication_id)), *_due(PublicationSeek, at))
        .values(lease_until=at + LEASE)
        .returning(PublicationSeek.publication_id)
        .execution_options(synchronize_session=False)
    )
    return sorted(taken)


def take_accounts(session: Session, networks: Collection[str], most: int) -> list[int]:
    """Take the accounts that are due and still speak, the longest due first."""
    at = clock.db_now(session)
    due = (
        select(AccountSeek.account_id)
        .join(Account, Account.id == AccountSeek.account_id)
        .where(*_due(AccountSeek, at), *_sought(networks))
        .order_by(AccountSeek.next_at, AccountSeek.account_id)
        .limit(most)
        .with_for_update(skip_locked=True, of=AccountSeek)
        .cte("due")
    )
    taken = session.scalars(
        update(AccountSeek)
        .where(AccountSeek.account_id.in_(select(due.c.account_id)), *_due(AccountSeek, at))
        .values(lease_until=at + LEASE)
        .returning(AccountSeek.account_id)
        .execution_options(synchronize_session=False)
    )
    return sorted(taken)


def _due(table: type[PublicationSeek | AccountSeek], at: datetime) -> list[ColumnElement[bool]]:
    return [
        table.next_at.is_not(None),
        table.next_at <= clock.now(),
        or_(table.lease_until.is_(None), table.lease_until <= at),
    ]


def looked(row: PublicationSeek | AccountSeek, next_at: datetime | None, found: int, said_code: str) -> None:
    """Write down a look that ended well; ``said_code`` says what a person should know of it, empty for nothing."""
    row.next_at, row.lease_until, row.looked_at = next_at, None, clock.now()
    row.looks, row.failures, row.said_code = row.looks + 1, 0, said_code
    row.found += found


def put_off(
    rows: Sequence[PublicationSeek | AccountSeek], said_code: str, retry_at: datetime | None, least: timedelta
) -> None:
    """Try again later: not before ``least``, nor before the network said."""
    now = clock.now()
    for row in rows:
        wait = min(max(retries.backoff(row.failures + 1), least), _LONGEST_BACKOFF)
        row.next_at, row.lease_until = max(now + wait, min(retry_at or now, now + _LONGEST_BACKOFF)), None
        row.failures, row.said_code = row.failures + 1, said_code
