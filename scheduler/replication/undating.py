"""Declarations of before a day was told apart: where the moment is unknown, they do not count as dated.

Until revision 0008 a declaration without a day was written as if it had happened when it was declared.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.models import Entry, Replication

# A person who told a moment did not tell that of pressing the button.
_SAME = timedelta(seconds=1)
_TOGETHER = 500


def undate_declarations(session: Session) -> int:
    """Let declarations that only know when they were declared have no date; return how many. Twice changes nothing."""
    told_so = Replication.why_code.like("%/_undated", escape="/")
    of_undated = Replication.entry_id.in_(select(Entry.id).where(Entry.dated.is_(False)))
    session.execute(update(Replication).where(told_so | of_undated).values(dated=False))
    rows = session.execute(
        select(Replication.id, Replication.occurred_at, Replication.seen_at)
        .where(
            Replication.declared_by_id.is_not(None),
            Replication.why_code == "replication_declared",
            Replication.dated.is_(True),
        )
        .order_by(Replication.id)
    )
    unknown = [key for key, occurred_at, seen_at in rows if abs(seen_at - occurred_at) < _SAME]
    for first in range(0, len(unknown), _TOGETHER):
        session.execute(
            update(Replication)
            .where(Replication.id.in_(unknown[first : first + _TOGETHER]))
            .values(dated=False)
        )
    return len(unknown)
