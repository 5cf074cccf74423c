"""How fast a worker empties its queue: publications due at one instant, through every gate, durably.

The network is the rehearsal one, which takes no time, so that only the engine is measured; SQLite is in
WAL with synchronous=FULL, as always; another process writes every 5 ms, as the web server would. The peers
have the machine to themselves.
"""

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from content_calendar import claiming, clock
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.settings import read
from scheduler import retries
from tests.bench import _postgresql as postgresql
from tests.bench._load import copied, migrated, plant_accounts, plant_ahead, plant_publications
from tests.bench._measure import Apart, apart, disk_folder, median, percentile, report

N = int(os.environ.get("N", "10000"))
ROUNDS = 3
SENDERS = read({}).senders
# A round is cut after this long; what was sent by then, of a queue of N, gives its rate.
SECONDS = float(os.environ.get("SECONDS", "60"))
# The peers are the slower, the longer their queues: shorter ones are kind to them.
N_WAL = min(N, 2000)
N_DEFAULT = min(N, 500)
N_PEER = min(N, 2000)
FEW, MANY = 1_000, 100_000
# What is due while the worker's memory is taken, and how many senders a slow network keeps busy.
DUE, LATENCY = 50_000, 0.2
WORKERS, CONCURRENCY = 4, 16
_COMMIT_SECONDS = 1.5
_CLAIMS = 15
_WARMING = 3


@dataclass
class Found:
    """One figure of each round."""

    engine: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    rss: list[float | None] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    naive_wal: list[float] = field(default_factory=list)
    naive_default: list[float] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)


def plant(template: Path, folder: Path, n: int) -> Database:
    """Return a database with ``n`` publications that are due now."""
    database = copied(template, folder)
    with database.transaction() as session:
        plant_publications(session, plant_accounts(session, "rehearsal"), n, clock.now())
    return database


def engine(template: Path, folder: Path, n: int, seconds: float) -> tuple[dict[str, Any], list[float]]:
    """Return what the worker found, and what each write of the other process took meanwhile, in ms."""
    database = plant(template, folder, n)
    database.dispose()
    with Apart("_web", url=str(database.url)) as web:
        web.line()
        found = apart("_engine", data=str(folder), seconds=seconds, deployed=False)
        took: Sequence[tuple[float, float]] = web.end()["took"]
    return found, [ms for begun, ms in took if found["begun"] <= begun <= found["ended"]]


def deployed(template: Path, folder: Path) -> float:
    plant(template, folder, 500).dispose()
    per_s: float = apart("_engine", data=str(folder), deployed=True)["per_s"]
    return per_s


def naive(folder: Path, journal: str, n: int) -> float:
    folder.mkdir()
    url = f"sqlite:///{folder / 'naive.db'}"
    per_s: float = apart("_naive", url=url, journal=journal, n=n, threads=SENDERS)["per_s"]
    return per_s


def commit_rate(path: Path) -> float:
    """Return how many one-row transactions a second this machine makes durable: SQLite, WAL, FULL."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, state TEXT)")
    connection.executemany("INSERT OR IGNORE INTO row VALUES (?, '')", [(i,) for i in range(1000)])
    commits, begun = 0, clock.monotonic()
    while clock.monotonic() - begun < _COMMIT_SECONDS:
        connection.execute("UPDATE row SET state = ? WHERE id = ?", (str(commits), commits % 1000))
        commits += 1
    rate = commits / (clock.monotonic() - begun)
    connection.close()
    return rate


def claim_ms(database: Database) -> float:
    """Return the median time of one claim; each is undone, so that the next finds the same."""
    took = []
    for n in range(_CLAIMS + _WARMING):
        with database.open(writes=True) as session, session.begin() as transaction:
            begun = clock.monotonic()
            claimed = claiming.claim(session, "bench", SENDERS, retries.LEASE)
            seconds = clock.monotonic() - begun
            if len(claimed) != SENDERS:
                raise RuntimeError("a claim did not find what is due")
            transaction.rollback()
        if n >= _WARMING:
            took.append(seconds * 1000)
    return median(took)


def claims(template: Path, folder: Path) -> tuple[float, float]:
    """Return the time of a claim, in ms, with few and with many publications still to come."""
    database = plant(template, folder, 100)
    ahead = clock.now() + timedelta(days=1)
    with database.transaction() as session:
        accounts = list(session.scalars(select(Account.id)))
        plant_ahead(session, accounts, FEW, ahead)
    few = claim_ms(database)
    with database.transaction() as session:
        plant_ahead(session, accounts, MANY - FEW, ahead + timedelta(minutes=FEW))
    many = claim_ms(database)
    database.dispose()
    return few, many


def pool_efficiency(template: Path, folder: Path) -> float:
    """Return how near to senders ÷ latency a worker comes when each call lasts 200 ms."""
    plant(template, folder, SENDERS * 25).dispose()
    found = apart("_engine", data=str(folder), seconds=SECONDS, deployed=False, latency=LATENCY)
    per_s: float = found["per_s"]
    return per_s / (SENDERS / LATENCY)


def beginning(template: Path, folder: Path, n: int) -> dict[str, Any]:
    """Return what a worker found that began with ``n`` due and was told to end after two seconds."""
    plant(template, folder, n).dispose()
    return apart("_engine", data=str(folder), seconds=2, deployed=False)


def on_postgresql(folder: Path) -> tuple[float, float]:
    """Return the rate of four workers over PostgreSQL, and of procrastinate's."""
    with postgresql.server() as uri:
        postgresql.workers(uri, folder, "warm", 500, 1)
        ours = postgresql.workers(uri, folder, "ours", N, WORKERS)
        return ours, postgresql.procrastinate(uri, N_PEER, WORKERS, CONCURRENCY)


def main() -> None:
    found = Found()
    with disk_folder() as folder:
        template = migrated(folder)
        engine(template, folder / "warm", 100, 2)
        for n in range(ROUNDS):
            found.commits.append(commit_rate(folder / "commits.db"))
            drained, web = engine(template, folder / f"engine-{n}", N, SECONDS)
            found.engine.append(drained["per_s"])
            found.sent.append(drained["sent"])
            found.cpu.append(drained["cpu_ms"])
            found.rss.append(drained["rss_mb"])
            found.web.extend(web)
            found.naive_wal.append(naive(folder / f"wal-{n}", "wal", N_WAL))
            found.naive_default.append(naive(folder / f"default-{n}", "", N_DEFAULT))
        few, many = claims(template, folder / "claims")
        as_deployed = deployed(template, folder / "deployed")
        efficiency = pool_efficiency(template, folder / "slow")
        short, long = beginning(template, folder / "short", FEW), beginning(template, folder / "long", DUE)
        found.rss.append(long["rss_mb"])
        four, peer = on_postgresql(folder)
    per_s = median(found.engine)
    peaks = [peak for peak in found.rss if peak is not None]
    report(
        {
            "n": N,
            "sent": median(found.sent),
            "per_s": per_s,
            "vs_naive_wal": per_s / median(found.naive_wal),
            "vs_naive_default": per_s / median(found.naive_default),
            "vs_commit_rate": per_s / median(found.commits),
            "cpu_ms": median(found.cpu),
            "web_p99_ms": percentile(found.web, 0.99),
            "web_p50_ms": median(found.web),
            "rss_mb": max(peaks) if peaks else None,
            "claim_growth": many / few,
            "claim_ms": few,
            "naive_wal_per_s": median(found.naive_wal),
            "naive_default_per_s": median(found.naive_default),
            "commits_per_s": median(found.commits),
            "deployed_per_s": as_deployed,
            "pool_efficiency": efficiency,
            "restart_growth": long["first_s"] / max(short["first_s"], 0.001),
            "restart_s": long["first_s"],
            "vs_procrastinate": four / peer,
            "postgresql_per_s": four,
            "procrastinate_per_s": peer,
        }
    )


if __name__ == "__main__":
    main()
