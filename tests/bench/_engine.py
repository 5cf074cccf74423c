"""A worker with nothing to do but publish; it imports what ``python -m scheduler`` imports, and no more."""

import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.settings import read
from content_calendar.states import PublicationState
from scheduler import footing
from scheduler.__main__ import run
from scheduler.network import Receipt
from scheduler.networks import networks
from scheduler.publishing import Publisher
from scheduler.worker import Worker, new_worker
from tests.bench._measure import peak_rss_mb, say, told

_DEPLOYED_SECONDS = 6


def published(worker: Worker) -> int:
    with worker.database.reading() as session:
        statement = select(func.count(Publication.id)).where(Publication.state == PublicationState.PUBLISHED)
        return session.execute(statement).scalar_one()


def first_sent(worker: Worker) -> float:
    """Return how long after the worker began, by its own clock, its first publication was sent, in seconds."""
    with worker.database.reading() as session:
        first = session.execute(select(func.min(Publication.sent_at))).scalar_one()
    return (first - worker.started_at).total_seconds() if first else 0.0


def drain(worker: Worker, seconds: float, *, alone: bool = True) -> dict[str, object]:
    """Tick once: it ends when nothing is due any more, or the time is over."""
    publisher = Publisher(worker)
    publisher.look()  # as a deployed worker does before it says that it is there
    begun, worked = clock.monotonic(), time.process_time()
    stopper = threading.Timer(seconds, publisher.claim_no_more)
    stopper.start()
    sent = publisher.tick()
    ended = clock.monotonic()
    stopper.cancel()
    publisher.close()
    if alone and published(worker) != sent:
        raise RuntimeError(f"{published(worker)} of {sent} were published")
    return {
        "begun": begun,
        "ended": ended,
        "sent": sent,
        "per_s": sent / (ended - begun),
        "cpu_ms": (time.process_time() - worked) / max(sent, 1) * 1000,
        "first_s": first_sent(worker) if alone else None,
        "rss_mb": peak_rss_mb(),
    }


def as_deployed(worker: Worker) -> dict[str, object]:
    """Work as a deployed worker does, by its own timetable, for some seconds."""
    stopping = threading.Event()
    threading.Timer(_DEPLOYED_SECONDS, stopping.set).start()
    begun = clock.monotonic()
    run(worker, stopping)
    return {"per_s": published(worker) / (clock.monotonic() - begun)}


def slowly(seconds: float) -> None:
    """Let the rehearsal network answer after so many seconds, as a network on the other side of the world."""
    network: Any = networks()["rehearsal"]
    publish = network.publish

    def publish_slowly(*given: object) -> Receipt:
        clock.rest(seconds)
        receipt: Receipt = publish(*given)
        return receipt

    network.publish = publish_slowly


def main() -> None:
    said = told()
    settings = read({"RESUENA_DATA": said["data"], "RESUENA_DATABASE_URL": said.get("url", "")})
    Path(said["data"]).mkdir(exist_ok=True)
    footing.find()
    worker = new_worker(Database(settings.database), settings)
    if said.get("latency"):
        slowly(said["latency"])
    if said.get("waits"):  # with others, all at once
        say({"ready": True})
        sys.stdin.readline()
    found = (
        as_deployed(worker)
        if said["deployed"]
        else drain(worker, said["seconds"], alone=not said.get("waits"))
    )
    worker.database.dispose()
    say(found)


if __name__ == "__main__":
    main()
