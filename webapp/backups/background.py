"""The worker's part: it asks for the night's backup and has it made beside itself."""

from datetime import timedelta

from content_calendar import backups, jobs
from scheduler.worker import Worker
from webapp.beside import Beside

EVERY = timedelta(seconds=5)
# Longer than the largest takes on a slow machine; what is ended here is called interrupted and made again.
_LONGEST_SECONDS = 4 * 3600


def tick(worker: Worker, beside: Beside) -> bool:
    """Ask for a backup when it is its hour, and make what waits; return whether anything did."""
    settings = worker.settings
    with worker.database.reading() as session:
        wanted = backups.is_wanted(session, settings.backup_hour, settings.zone)
        due = jobs.is_due(session, backups.JOB)
    if wanted:
        with worker.database.transaction() as session:
            backups.ask(session)
    if not wanted and not due:
        return False
    beside.run("webapp.backups.making", _LONGEST_SECONDS)
    return True
