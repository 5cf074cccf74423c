"""The gap that a network asks for between two publications of one account."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.moves import move
from content_calendar.states import PublicationEvent


def keep_gaps(
    session: Session, rows: Sequence[Any], gaps: Mapping[str, timedelta], at: datetime
) -> list[Any]:
    """Let no account publish before its gap is over; return the rows that may go, and give back the others."""
    early: set[int] = set()
    for network, gap in gaps.items():
        spaced = {row.account_id for row in rows if row.network == network}
        if not spaced:
            continue
        # Another worker may have taken one of the same account at this very moment: the first to write wins.
        free = session.execute(
            update(Account)
            .where(Account.id.in_(spaced), or_(Account.free_at.is_(None), Account.free_at <= at))
            .values(free_at=at + gap)
            .returning(Account.id)
            .execution_options(synchronize_session=False)
        ).scalars()
        early |= spaced - set(free)
    back = [row.id for row in rows if row.account_id in early]
    if back:
        move(
            session, Publication, PublicationEvent.RELEASE, [Publication.id.in_(back)], {"lease_until": None}
        )
    return [row for row in rows if row.account_id not in early]
