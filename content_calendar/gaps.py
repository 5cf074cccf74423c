"""The gap that a network asks for between two publications of one account, and its rest when it was too much."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, or_, update
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.bulk import Among, Prepared
from content_calendar.db import Moment
from content_calendar.models.directory import Account

# No network's limit lasts longer; whatever says so is mistaken.
LONGEST_REST = timedelta(hours=24)


_TAKE_TURN = Prepared(
    update(Account.__table__)  # type: ignore[arg-type] # a model's table is a Table
    .where(
        Among(Account.id),
        or_(
            Account.free_at.is_(None),
            Account.free_at <= bindparam("at", type_=Moment),
            Account.free_at > bindparam("too_far", type_=Moment),
        ),
    )
    .values(free_at=bindparam("free", type_=Moment))
    .returning(Account.id)
)


class Row(NamedTuple):
    """What was claimed, as far as the gaps matter."""

    id: int
    ref: str
    post_id: int
    lease_gen: int
    account_id: int
    network: str


def keep_gaps(
    session: Session, rows: Sequence[Row], gaps: Mapping[str, timedelta], at: datetime
) -> list[Row]:
    """Let no account publish before its gap is over; return the rows that may go."""
    early: set[int] = set()
    for network, gap in gaps.items():
        spaced = {row.account_id for row in rows if row.network == network}
        if not spaced:
            continue
        # Another worker may have taken one of the same account at this very moment: the first to write wins.
        given = {"ids": list(spaced), "at": at, "too_far": at + LONGEST_REST + gap, "free": at + gap}
        early |= spaced - {free for (free,) in _TAKE_TURN(session.connection(), given)}
    return [row for row in rows if row.account_id not in early]


def rest(session: Session, account_id: int, until: datetime) -> None:
    """Let nothing be claimed for an account before ``until``: its network said that it is too much.

    A day at most: a network that says a far year, or a clock that was wrong, must not silence it for ever.
    """
    until = min(until, clock.db_now(session) + LONGEST_REST)
    session.execute(
        update(Account)
        .where(Account.id == account_id, or_(Account.free_at.is_(None), Account.free_at < until))
        .values(free_at=until)
        .execution_options(synchronize_session=False)
    )
