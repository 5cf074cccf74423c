"""Resultados of a full bimester: 2,000 posts, 33 bodies, 1,000,000 readings, with and without years of history.

Through the whole application with Flask's client, on SQLite. The history is nine bimesters as full as the one shown.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from content_calendar import clock, people
from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.db import Database, new_ref
from content_calendar.models.directory import Account, Body
from content_calendar.models.plan import Theme
from content_calendar.models.publications import Publication
from content_calendar.permissions import Role
from content_calendar.settings import read
from scheduler.models import Reading, Replication
from scheduler.readings import WINDOWS
from scheduler.results import tallying
from scheduler.results.models import Followers, Result
from tests.bench._load import copied, migrated, plant_accounts, plant_publications
from tests.bench._measure import disk_folder, median, peak_rss_mb, report
from tests.bench.pages import _OF_THE_SESSION, signed_in
from webapp.app import create_app
from webapp.dashboards.received import forget_kept
from webapp.session import hash_password

POSTS = int(os.environ.get("POSTS", "2000"))
ACCOUNTS_A_POST = 11
HISTORY = 9
_PUBLIC = ("likes", "reposts", "quotes", "replies")
_METRICS = (*_PUBLIC, "views", "bookmarks", "link_clicks", "profile_clicks", "engagements")
_TIMES, _WARMING = 15, 3
_TOGETHER = 50_000


def shown() -> tuple[int, int]:
    """Return the bimester before this one: all of what went out in it has been read."""
    return bimester_after(*bimester_of(clock.now().date()), -1)


def plant(database: Database, back: int, made: Random, *, with_readings: bool) -> None:
    """Write one bimester, ``back`` bimesters before the one that is shown."""
    first, last = bimester_span(*bimester_after(*shown(), -back))
    begin = datetime(first.year, first.month, first.day, 13, tzinfo=UTC)
    step = (last - first) / POSTS
    with database.transaction() as session:
        accounts = list(session.scalars(select(Account.id).order_by(Account.id)))
        bodies = list(session.scalars(select(Body.id).order_by(Body.id)))
        before = session.scalar(select(Publication.id).order_by(Publication.id.desc()).limit(1)) or 0
        plant_publications(session, accounts, POSTS, begin, step)
        firsts = session.execute(
            select(Publication.id, Publication.post_id, Publication.version_id, Publication.due_at, Publication.payload)
            .where(Publication.id > before)
        ).all()  # fmt: skip
        _spread(session, firsts, accounts)
        session.execute(
            text("UPDATE publication SET state = 'published', published_at = due_at WHERE id > :before"),
            {"before": before},
        )
        themes = list(session.scalars(select(Theme.id)))
        session.execute(
            text("UPDATE post SET theme_id = :first + id % :many WHERE theme_id IS NULL"),
            {"first": themes[0], "many": len(themes)},
        )
        session.execute(insert(Replication), list(_echoes(firsts, bodies, made)))
        ids = list(session.scalars(select(Publication.id).where(Publication.id > before)))
        _measure(session, ids, made, with_readings=with_readings)


def _spread(session: Session, firsts: object, accounts: list[int]) -> None:
    """Let each post go out on ten accounts more."""
    rows = [
        {
            "post_id": one.post_id, "version_id": one.version_id,
            "account_id": accounts[(one.post_id + n) % len(accounts)],
            "due_at": one.due_at + timedelta(seconds=n), "due_local": "2026-01-01T00:00:00", "due_zone": "UTC",
            "next_at": one.due_at, "late_after": one.due_at + timedelta(hours=1), "payload": one.payload,
            "payload_sha256": "0" * 64, "content_hash": "0" * 64,
        }
        for one in firsts  # type: ignore[attr-defined]  # rows of five columns
        for n in range(1, ACCOUNTS_A_POST)
    ]  # fmt: skip
    session.execute(insert(Publication), rows)


def _echoes(firsts: object, bodies: list[int], made: Random) -> Iterator[dict[str, object]]:
    for one in firsts:  # type: ignore[attr-defined]  # rows of five columns
        for body_id in bodies:
            at = one.due_at + timedelta(minutes=made.randint(1, 9000))
            yield {
                "ref": new_ref(), "post_id": one.post_id, "body_id": body_id, "evidence_key": new_ref(), "kind": "copy",
                "stage": "seen", "why_code": "replication_copy", "why_params": {}, "occurred_at": at, "seen_at": at,
            }  # fmt: skip


def _measure(session: Session, ids: list[int], made: Random, *, with_readings: bool) -> None:
    at, readings, results = clock.now(), [], []
    for publication_id in ids:
        for window in WINDOWS:
            told = {metric: made.randint(0, 400) for metric in _METRICS}
            if with_readings:
                readings += [
                    {
                        "publication_id": publication_id, "window": window.name, "metric": metric, "value": value,
                        "taken_at": at, "source": "rehearsal",
                    }
                    for metric, value in told.items()
                ]  # fmt: skip
            results.append(
                {
                    "publication_id": publication_id, "window": window.name, "views": told["views"],
                    "engagements": sum(told[one] for one in _PUBLIC), "clicks": told["link_clicks"],
                    "taken_at": at,
                }
            )  # fmt: skip
        if len(readings) > _TOGETHER:
            session.execute(insert(Reading), readings)
            readings = []
    if readings:
        session.execute(insert(Reading), readings)
    session.execute(insert(Result), results)


def prepared(template: Path, folder: Path) -> Database:
    database = copied(template, folder)
    with database.transaction() as session:
        person = people.add(
            session, "edicion@ejemplo.mx", "Edición", hash_password("una frase que nadie adivina")
        )
        people.grant(session, person, Role.COORDINATOR, on=date(2020, 1, 1))
        accounts = plant_accounts(session, "rehearsal")
        session.add_all(Theme(title=f"Tema {n}") for n in range(12))
        session.add_all(
            Followers(account_id=one, on=date(2020, 1, 1), value=900 + one, source="rehearsal")
            for one in accounts
        )
    return database


def settled(database: Database) -> float:
    """Let the worker pack what is marked, as it does every few seconds; return how long that took."""
    begun = time.perf_counter()
    while tallying.tick(database):
        pass
    return time.perf_counter() - begun


@dataclass(frozen=True)
class Page:
    """How long the server worked on the page, in ms, and how many queries it asked besides the session's."""

    p50_ms: float
    cold_p50_ms: float
    queries: int
    cold_queries: int


def measured(database: Database, folder: Path) -> Page:
    """Return the page's cost as it is opened again and again, and with nothing kept from one to the next."""
    app = create_app(read({"RESUENA_DATA": str(folder), "RESUENA_SECOND_FACTOR": "later"}), database)
    browser = signed_in(app)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    year, number = shown()

    def took(*, cold: bool) -> tuple[float, int]:
        times, queries = [], []
        for _ in range(_WARMING + _TIMES):
            if cold:
                with app.app_context():
                    forget_kept()
            asked.clear()
            begun = time.perf_counter()
            answer = browser.get(f"/resultados/{year}/{number}")
            times.append((time.perf_counter() - begun) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"Resultados answered {answer.status_code}")
            queries.append(sum("SELECT" in one and not _OF_THE_SESSION.search(one) for one in asked))
        return median(times[_WARMING:]), max(queries[_WARMING:])

    kept, queries = took(cold=False)
    cold, cold_queries = took(cold=True)
    return Page(kept, cold, queries, cold_queries)


def main() -> None:
    made = Random(7)  # noqa: S311 -- figures to be had again, no secret
    with disk_folder() as folder:
        template = migrated(folder)
        database = prepared(template, folder / "data")
        plant(database, 0, made, with_readings=True)
        packing = settled(database)
        alone = measured(database, folder / "data")
        for back in range(1, HISTORY + 1):
            plant(database, back, made, with_readings=False)
        settled(database)
        after = measured(database, folder / "data")
        database.dispose()
    if (alone.queries, alone.cold_queries) != (after.queries, after.cold_queries):
        raise RuntimeError(f"other queries without history than with it: {alone}, {after}")
    report(
        {
            "p50_ms": after.p50_ms, "cold_p50_ms": after.cold_p50_ms,
            "queries": after.queries, "cold_queries": after.cold_queries,
            # Of the page with nothing kept: there the history could be felt.
            "growth": after.cold_p50_ms / alone.cold_p50_ms, "alone_cold_p50_ms": alone.cold_p50_ms,
            "packing_s": packing, "rss_mb": peak_rss_mb(),
        },
        not_yet=["reports_s", "reports_mb", "export_vs_csv"],
    )  # fmt: skip


if __name__ == "__main__":
    main()
