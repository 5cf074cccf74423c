"""The worker's side of the polling benchmark, with its parsers, in a process of its own."""

import os
import time

import requests
from sqlalchemy import event, update

from content_calendar import clock
from content_calendar.db import Database
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.feeds import Polled, Polling, poll
from scheduler.listening.parsing import FeedParser
from scheduler.models import Feed
from tests.bench._feed_site import ONE_IN
from tests.bench._measure import children_of, median, peak_rss_mb, say, told


def cycle(database: Database, parser: FeedParser, polling: Polling) -> tuple[Polled, float, float]:
    """Ask every feed once; return what came of it, the seconds, and the processor's seconds without parsers'."""
    with database.transaction() as session:
        session.execute(update(Feed).values(next_poll_at=clock.now()))
    total = Polled()
    begun, worked = clock.monotonic(), time.process_time()
    while (polled := poll(database, parser, polling)).asked:
        total.asked += polled.asked
        total.new += polled.new
        total.failed += polled.failed
    return total, clock.monotonic() - begun, time.process_time() - worked


def require(polled: Polled, expected: Polled) -> None:
    if polled != expected:
        raise RuntimeError(f"{polled}, not {expected}")


def memory() -> float | None:
    """Return the sum of the peaks of this process and of its parsers: never less than was held at once."""
    peaks = [peak_rss_mb(), *(peak_rss_mb(child) for child in children_of())]
    return None if None in peaks else sum(peak or 0 for peak in peaks)


def main() -> None:
    said = told()
    feeds, site = int(said["feeds"]), str(said["site"])
    database = Database(said["url"])
    polling = Polling(FetchPolicy.of([site]), jitter=lambda: 0.0)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    news, quiet, quiet_cpu = [], [], []
    with FeedParser() as parser:
        first, first_seconds, _ = cycle(database, parser, polling)
        require(first, Polled(feeds, feeds * int(said["notes"])))
        for n in range(int(said["rounds"])):
            requests.get(f"https://{site}/news/{n}", verify=os.environ["SSL_CERT_FILE"], timeout=30)
            polled, seconds, _ = cycle(database, parser, polling)
            require(polled, Polled(feeds, feeds // ONE_IN))
            news.append(seconds)
            statements.clear()
            polled, seconds, worked = cycle(database, parser, polling)
            require(polled, Polled(feeds))
            quiet.append(seconds)
            quiet_cpu.append(worked)
        say(
            {
                "per_s": feeds / median(news),
                "unchanged_per_s": feeds / median(quiet),
                "first_per_s": feeds / first_seconds,
                "unchanged_cpu_ms": median(quiet_cpu) / feeds * 1000,
                "unchanged_statements": len(statements) / feeds,
                "rss_mb": memory(),
                "worker_rss_mb": peak_rss_mb(),
                "parsers": len(children_of()),
            }
        )
    database.dispose()


if __name__ == "__main__":
    main()
