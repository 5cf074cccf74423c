"""Reports made beside the worker: in a process of its own, so that no publication waits for one to be set."""

from datetime import timedelta

from content_calendar import jobs
from content_calendar.reports import JOB
from scheduler.worker import Worker
from webapp.beside import Beside

EVERY = timedelta(seconds=3)
# Longer than the largest report takes on a slow machine; what is ended here is taken up again.
_LONGEST_SECONDS = 900


def tick(worker: Worker, beside: Beside) -> bool:
    """Make what waits, one report after the other; return whether anything did."""
    with worker.database.reading() as session:
        if not jobs.is_due(session, JOB):
            return False
    beside.run("webapp.reporting.making", _LONGEST_SECONDS)
    return True
