"""How fast and how lightly the bodies' feeds are asked, one in twenty of them with something new.

The site is a real TLS server on loopback, in another process, 100 ms away; every visit is a new connection, as each
feed of the wire is on a site of its own. The peer asks one feed after another with requests and reads each with
feedparser; a second one is cleverer and sends back the ETags.
"""

import os
from functools import partial

import feedparser
import requests

from content_calendar import clock
from content_calendar.db import Database
from tests.bench._feed_site import HOST, NOTES, ONE_IN
from tests.bench._load import copied, migrated
from tests.bench._measure import Apart, apart, disk_folder, median, report
from tests.scheduler.planting import plant_body, plant_feed

FEEDS = int(os.environ.get("FEEDS", "1000"))
ROUNDS = 3
# One after another each feed costs the same, so that a part of them tells the rate.
ASKED_IN_SEQUENCE = 40
_SECONDS = 30


class Asking:
    """Asks the site as somebody with ``requests`` does, a new connection each time."""

    def __init__(self, site: str, authority: str) -> None:
        self.site = site
        self._get = partial(requests.get, verify=authority, timeout=_SECONDS)

    def get(self, path: str, tag: str = "") -> requests.Response:
        return self._get(f"https://{self.site}/{path}", headers={"If-None-Match": tag} if tag else {})

    def sequential(self, tags: dict[int, str] | None = None) -> float:
        """Return how many feeds a second are asked and read; with ``tags``, only what changed is sent and read."""
        begun = clock.monotonic()
        for n in range(ASKED_IN_SEQUENCE):
            answer = self.get(f"feed/{n}", tags[n] if tags else "")
            if answer.status_code == requests.codes.ok and not feedparser.parse(answer.content).entries:
                raise RuntimeError("a feed without notes")
        return ASKED_IN_SEQUENCE / (clock.monotonic() - begun)

    def cleverly(self, nth: int) -> float:
        tags = {n: self.get(f"feed/{n}").headers["ETag"] for n in range(ASKED_IN_SEQUENCE)}
        self.get(f"news/{nth}")
        return self.sequential(tags)


def plant(database: Database, site: str) -> None:
    with database.transaction() as session:
        for n in range(FEEDS):
            plant_feed(session, plant_body(session, f"cuerpo{n}"), f"https://{site}/feed/{n}")


def main() -> None:
    with disk_folder() as folder, Apart("_feed_site", feeds=FEEDS, folder=str(folder)) as running:
        found = running.line()
        site, authority = f"{HOST}:{found['port']}", str(found["authority"])
        database = copied(migrated(folder), folder / "data")
        plant(database, site)
        database.dispose()
        # What our client trusts, as the system's own authorities.
        os.environ["SSL_CERT_FILE"] = authority
        ours = apart("_poller", url=str(database.url), site=site, feeds=FEEDS, notes=NOTES, rounds=ROUNDS)
        asking = Asking(site, authority)
        plain = median([asking.sequential() for _ in range(ROUNDS)])
        clever = median([asking.cleverly(nth) for nth in range(ROUNDS)])
        running.end()
    report(
        {
            "feeds": FEEDS,
            "changed": FEEDS // ONE_IN,
            "vs_sequential": ours["per_s"] / plain,
            "vs_sequential_with_etags": ours["per_s"] / clever,
            "sequential_per_s": plain,
            "sequential_with_etags_per_s": clever,
            **ours,
        }
    )


if __name__ == "__main__":
    main()
