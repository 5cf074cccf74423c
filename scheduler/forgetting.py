"""Forgetting what nothing asks for any more: the keys of texts that no network's window reaches."""

from datetime import timedelta

from content_calendar import clock, likeness_gate
from content_calendar.db import Database
from scheduler import telling
from scheduler.networks import networks

# At a time; the database's other writers wait meanwhile.
_MOST = 200


def tick(database: Database) -> int:
    """Forget some; return of how many publications."""
    longest = max((one.identical_window for one in networks().values()), default=timedelta(0))
    # Looked for in one transaction and dropped in another: looking may take long, and keeps nobody from writing.
    with database.reading() as session:
        ids = likeness_gate.out_of_reach(session, clock.now() - longest, _MOST)
    if ids:
        with database.transaction() as session:
            likeness_gate.forget(session, ids)
    with database.transaction() as session:
        telling.forget(session)
    return len(ids)
