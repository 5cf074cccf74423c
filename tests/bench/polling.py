"""How fast and how lightly the bodies' feeds are asked, one in twenty of them with something new.

The site is a real HTTP server on loopback, in another process, 20 ms away. The peer asks one feed after
another with requests and reads each with feedparser; a second one is cleverer and sends back the ETags.
"""

import feedparser
import requests

from content_calendar import clock
from content_calendar.db import Database
from tests.bench._feed_site import NOTES
from tests.bench._load import copied, migrated
from tests.bench._measure import Apart, apart, disk_folder, median, report
from tests.scheduler.planting import plant_body, plant_feed

FEEDS = 200
ROUNDS = 3
# One after another each feed costs the same, so that a part of them tells the rate.
ASKED_IN_SEQUENCE = 60
_SECONDS = 30


def sequential(site: str, tags: dict[int, str] | None = None) -> float:
    """Return how many feeds a second are asked and read; with ``tags``, only what changed is sent and read."""
    begun = clock.monotonic()
    with requests.Session() as session:
        for n in range(ASKED_IN_SEQUENCE):
            sent = {"If-None-Match": tags[n]} if tags else {}
            answer = session.get(f"http://{site}/feed/{n}", headers=sent, timeout=_SECONDS)
            if answer.status_code == requests.codes.ok and not feedparser.parse(answer.content).entries:
                raise RuntimeError("a feed without notes")
    return ASKED_IN_SEQUENCE / (clock.monotonic() - begun)


def tags_of(site: str) -> dict[int, str]:
    with requests.Session() as session:
        return {
            n: session.get(f"http://{site}/feed/{n}", timeout=_SECONDS).headers["ETag"]
            for n in range(ASKED_IN_SEQUENCE)
        }


def cleverly(site: str, nth: int) -> float:
    tags = tags_of(site)
    requests.get(f"http://{site}/news/{nth}", timeout=_SECONDS)
    return sequential(site, tags)


def plant(database: Database, site: str) -> None:
    with database.transaction() as session:
        for n in range(FEEDS):
            plant_feed(session, plant_body(session, f"cuerpo{n}"), f"http://{site}/feed/{n}")


def main() -> None:
    with disk_folder() as folder, Apart("_feed_site", feeds=FEEDS) as running:
        site = f"127.0.0.1:{running.line()['port']}"
        database = copied(migrated(folder), folder / "data")
        plant(database, site)
        database.dispose()
        ours = apart("_poller", url=str(database.url), site=site, feeds=FEEDS, notes=NOTES, rounds=ROUNDS)
        tags_of(site)
        plain = median([sequential(site) for _ in range(ROUNDS)])
        clever = median([cleverly(site, nth) for nth in range(ROUNDS)])
        running.end()
    report(
        {
            "feeds": FEEDS,
            "vs_sequential": ours["per_s"] / plain,
            "vs_sequential_with_etags": ours["per_s"] / clever,
            "sequential_per_s": plain,
            "sequential_with_etags_per_s": clever,
            **ours,
        }
    )


if __name__ == "__main__":
    main()
