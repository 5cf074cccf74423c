"""The only clock. Nothing else asks what time it is; a shape test looks for it.

``now()`` is for the time of day. ``db_now()`` is for leases, because several machines share one
database and not one clock. ``monotonic()`` is for how long something took within one process.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar.bulk import Prepared

# Asked several times in each transaction of a worker.
_MOMENT = Prepared(select(func.clock_timestamp()))
_KNOWN = "db_now"
_now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 -- a name that tests can replace


def now() -> datetime:
    """Return the moment it is, in UTC."""
    return _now()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let ``now()`` be that moment within the block: for the demonstration, which plants a past."""
    global _now  # noqa: PLW0603 -- the one place where the clock can be set
    before, _now = _now, lambda: moment
    try:
        yield
    finally:
        _now = before


def monotonic() -> float:
    """Return seconds that only grow, for durations within this process."""
    return time.monotonic()


def rest(seconds: float) -> None:
    """Let that many seconds pass, and others work."""
    time.sleep(seconds)


def db_now(session: Session) -> datetime:
    """Return the moment it is by the database's own clock, in UTC."""
    connection = session.connection()  # where one waits for one's turn to write, the moment is that after it
    if connection.dialect.name == "sqlite":
        # SQLite has no clock but the machine's, and every process that uses it is of that machine
        # ("Date And Time Functions": 'now' is what the operating system says): no need to ask it.
        return datetime.now(UTC)
    # Once in a transaction: what passed since is told by this process as well, and asking takes as long as a statement.
    transaction, began = session.get_transaction(), time.monotonic()
    known: tuple[object, datetime, float] | None = session.info.get(_KNOWN)
    if known is None or known[0] is not transaction:
        moment: datetime = _MOMENT(connection, {})[0][0]
        known = session.info[_KNOWN] = (transaction, moment.astimezone(UTC), began)
        return known[1]
    return known[1] + timedelta(seconds=began - known[2])
