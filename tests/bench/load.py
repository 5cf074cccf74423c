"""Two hundred people who read and twenty who write while the worker publishes: all that ``resuena run`` runs.

The demonstration, a bimester of 2,000 posts of 33 bodies, a publication due each second to a network's stand-in
over HTTP. People click at random moments, thirty seconds apart on average (``THINK=``), and their browsers fetch
what a page shows. An answer counts from the moment when its click was planned.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sqlalchemy import select

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.settings import read
from content_calendar.states import PublicationState
from tests.bench import _crowd as crowd
from tests.bench._hammer import answers_a_second
from tests.bench._measure import ROOT, Apart, disk_folder, median, percentile, report
from tests.bench._memory import Scale, names_of_family
from tests.bench.packs import free_port, wait_for
from tests.simulators.counterpart_process import started

SECONDS = int(os.environ.get("SECONDS", "300"))
# People come one after the other for so long, each with an empty browser; then the time that counts begins.
WARMING = int(os.environ.get("WARMING", "45"))
# Seconds between two clicks of a person, on average: a board and a post are read, not leafed through as a shop is.
THINK = float(os.environ.get("THINK", "30"))
_NETWORK = "telegram"
_SETTLING, _SETTLING_AT_MOST = 5, 30
_TURNS, _TURN_SECONDS, _LINES = 7, 1.5, 8


@contextmanager
def running(folder: Path, port: int, *command: str, **settings: str) -> Iterator[int]:
    """One of our programs, until it answers on its port; yields its process's number."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RESUENA_")}
    told = {
        "RESUENA_DATA": str(folder),
        "RESUENA_PORT": str(port),
        "RESUENA_SECOND_FACTOR": "later",
        **settings,
    }
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-m", *command], cwd=ROOT, env=kept | told, stdout=log, stderr=log
        )
        try:
            wait_for(port)
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def visited(
    folder: Path,
    database: Database,
    net_url: str,
    accounts: list[int],
    here: Sequence[Mapping[str, Any]],
    url: str = "",
) -> dict[str, object]:
    """Let people come; return what they met, how late things went out meanwhile, and what memory it took."""
    port = free_port()
    told = {
        "port": port,
        "seconds": SECONDS,
        "warming": WARMING,
        "think": THINK,
        "people": here,
    }
    with (
        Apart("_visitors") as people,
        running(
            folder,
            port,
            "webapp.cli",
            "run",
            RESUENA_DATABASE_URL=url,
            RESUENA_NETWORK_URLS=f"{_NETWORK}={net_url}",
        ) as resuena,
    ):
        settle(resuena)
        first = clock.now() + timedelta(seconds=WARMING)
        due = crowd.plant_due(database, accounts, first, SECONDS)
        with Scale(resuena) as scale:
            met = people.end(json.dumps(told | crowd.places(database)) + "\n")
        time.sleep(_SETTLING)
        late = lateness(database, due)
    for kind, figures in met.pop("kinds").items():
        sys.stderr.write(f"{kind:>18} n, p50, p99, worst in ms: {figures}\n")
    sys.stderr.write(f"{met.pop('wrong')}\n{scale.told()}\n")
    return {
        "p99_ms": met["p99_ms"],
        "errors": met["errors"] + SECONDS - len(late),
        "lateness_p99_s": percentile(late, 0.99),
        "rss_mb": scale.pss_mb,
        "answers_per_s": met["answers"] / SECONDS,
        "p50_ms": met["p50_ms"],
        "worst_ms": met["worst_ms"],
        "published": len(late),
        "lateness_p50_s": percentile(late, 0.5),
        "rss_sum_mb": scale.rss_mb,
        "visitors_cpu_s": met["cpu_s"],
    }


def settle(pid: int) -> None:
    """Wait until what begins with a worker is done: the reports of the demonstration."""
    for _ in range(_SETTLING_AT_MOST):
        time.sleep(_SETTLING)
        if not any("reporting" in name for name in names_of_family(pid)):
            return


def beside_waitress(folder: Path, database: Database, here: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Return how many times a second the bimester is answered, by ours and by waitress, one process each, in turns."""
    who = next(one for one in here if one["role"] == "editor")
    path, cookie = crowd.places(database)["bimester"], f"resuena={who['token']}; idioma=es"
    ports = free_port(), free_port()
    rates: list[list[float]] = [[], []]
    with (
        running(folder, ports[0], "webapp.cli", "web", RESUENA_WEB_WORKERS="1"),
        running(folder, ports[1], "tests.bench._waitress"),
    ):
        cookies = [with_form(port, path, cookie) for port in ports]
        for turn in range(_TURNS + 1):
            for port, known, kept in zip(ports, cookies, rates, strict=True):
                rate = answers_a_second(port, path, known, _LINES, _TURN_SECONDS)
                if turn:  # the first one warms up
                    kept.append(rate)
    ours, theirs = rates
    return {
        "vs_waitress": median([one / other for one, other in zip(ours, theirs, strict=True)]),
        "pages_per_s": median(ours),
        "waitress_pages_per_s": median(theirs),
    }


def with_form(port: int, path: str, cookie: str) -> str:
    """Open the page once, as a browser does, and return its cookies with the one of its forms."""
    line = HTTPConnection("127.0.0.1", port)
    line.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "es"})
    answer = line.getresponse()
    given = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie", [])]
    answer.read()
    line.close()
    return "; ".join([cookie, *given])


def lateness(database: Database, due: list[int]) -> list[float]:
    """Return how long after its moment each publication was sent, in seconds; those that are out only."""
    with database.reading() as session:
        rows = session.execute(
            select(Publication.due_at, Publication.sent_at).where(
                Publication.id.in_(due), Publication.state == PublicationState.PUBLISHED
            )
        ).all()
    return [(sent - due_at).total_seconds() for due_at, sent in rows if sent is not None]


def measure(folder: Path) -> dict[str, object]:
    data = folder / "data"
    data.mkdir()
    settings = read({"RESUENA_DATA": str(data)})
    database = Database(settings.database)
    with started(_NETWORK) as net:
        crowd.plant(database, settings)
        accounts = crowd.fill(database, settings, net)
        here = crowd.open_sessions(database)
        found = visited(data, database, net.url, accounts, here)
        found |= beside_waitress(data, database, here)
    database.dispose()
    return found


def main() -> None:
    with disk_folder() as folder:
        report(measure(folder))


if __name__ == "__main__":
    main()
