"""A worker with nothing to do but publish; it imports what ``python -m scheduler`` imports, and no more."""

import threading
import time
from pathlib import Path

from sqlalchemy import func, select

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.settings import read
from content_calendar.states import PublicationState
from scheduler.__main__ import run
from scheduler.publishing import Publisher
from scheduler.worker import Worker, new_worker
from tests.bench._measure import peak_rss_mb, say, told

_DEPLOYED_SECONDS = 6


def published(worker: Worker) -> int:
    with worker.database.reading() as session:
        statement = select(func.count(Publication.id)).where(Publication.state == PublicationState.PUBLISHED)
        return session.execute(statement).scalar_one()


def drain(worker: Worker, seconds: float) -> dict[str, object]:
    """Tick once: it ends when nothing is due any more, or the time is over."""
    publisher = Publisher(worker)
    begun, worked = clock.monotonic(), time.process_time()
    stopper = threading.Timer(seconds, publisher.claim_no_more)
    stopper.start()
    sent = publisher.tick()
    ended = clock.monotonic()
    stopper.cancel()
    publisher.close()
    if published(worker) != sent:
        raise RuntimeError(f"{published(worker)} of {sent} were published")
    return {
        "begun": begun,
        "ended": ended,
        "sent": sent,
        "per_s": sent / (ended - begun),
        "cpu_ms": (time.process_time() - worked) / sent * 1000,
        "rss_mb": peak_rss_mb(),
    }


def as_deployed(worker: Worker) -> dict[str, object]:
    """Work as a deployed worker does, by its own timetable, for some seconds."""
    stopping = threading.Event()
    threading.Timer(_DEPLOYED_SECONDS, stopping.set).start()
    begun = clock.monotonic()
    run(worker, stopping)
    return {"per_s": published(worker) / (clock.monotonic() - begun)}


def main() -> None:
    said = told()
    settings = read({"RESUENA_DATA": said["data"]})
    Path(said["data"]).mkdir(exist_ok=True)
    worker = new_worker(Database(settings.database, pool_size=settings.senders + 4), settings)
    found = as_deployed(worker) if said["deployed"] else drain(worker, said["seconds"])
    worker.database.dispose()
    say(found)


if __name__ == "__main__":
    main()
