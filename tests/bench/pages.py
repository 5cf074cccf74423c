"""What a page costs the server: the calendar's views, its events as JSON, and the checks of a draft as one types it.

Through the whole application (session, permissions, filters, templates) with Flask's client, on SQLite.
The views show the same 200 posts whether the calendar holds nothing else or five hundred times as many.
The events are those of a bimester of 33 bodies and 2,000 posts, beside plain sqlite3 and orjson over the same rows.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from content_calendar import clock, people
from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.content import Content
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.permissions import Role
from content_calendar.posts import Draft, Due
from content_calendar.settings import read
from tests.bench._load import ZONE, copied, migrated, plant_accounts, plant_publications
from tests.bench._measure import disk_folder, median, peak_rss_mb, percentile, report
from webapp.app import create_app
from webapp.checks import check
from webapp.session import hash_password

SHOWN, MANY = 200, 100_000
FULL = 2_000
_PAGES = 15
_EVENTS = 40
_CHECKS = 300
_WARMING = 3
_BROWSERS = count()
_EMAIL = "edicion@ejemplo.mx"
_PASSWORD = "una frase que nadie adivina"
# What every page asks: who it is, what they may, what their bell says.
_OF_THE_SESSION = re.compile(r"FROM (web_session|membership|notice)\b")
_RAW = """
SELECT post.ref, post.title, theme.ref, p.due_local, p.due_zone, p.due_at, p.state, p.hold_reason, a.handle, a.network
FROM publication p JOIN post ON post.id = p.post_id JOIN account a ON a.id = p.account_id
JOIN owner ON owner.id = a.owner_id LEFT JOIN theme ON theme.id = post.theme_id
WHERE p.due_at BETWEEN ? AND ? AND post.state IN ('scheduled', 'done') AND p.state NOT IN ('cancelled', 'expired')
ORDER BY p.due_at, p.id
"""
_RAW_NAMES = ["ref", "title", "theme", "local", "zone", "at", "state", "reason", "account", "network"]
_TEXT = (
    "Tus datos personales son tuyos: conoce cómo pedir que se corrijan o se borren, ante quién y en qué plazo. "
    "Te acompañamos paso a paso en la Plataforma Nacional de Transparencia. #ProtegeTusDatos "
    "https://www.plataformadetransparencia.org.mx/derechos-arco/guia "
)


def shown_days() -> tuple[date, date]:
    return bimester_span(*bimester_of(clock.now().astimezone(ZoneInfo(ZONE)).date()))


def views() -> list[str]:
    """Return the address of each view, on days that have posts."""
    first, _ = shown_days()
    year, number = bimester_of(first)
    iso = "{}-W{:02}".format(*(first + timedelta(days=14)).isocalendar()[:2])
    return [
        f"/calendario/{year}/{number}",
        f"/calendario/{first.year}/mes/{first.month}",
        f"/calendario/semana/{iso}",
        f"/calendario/dia/{first + timedelta(days=14)}",
        f"/calendario/{year}/{number}/lista",
    ]


def plant(database: Database, count: int = SHOWN) -> None:
    first, last = shown_days()
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    with database.transaction() as session:
        person = people.add(session, _EMAIL, "Edición", hash_password(_PASSWORD))
        people.grant(session, person, Role.EDITOR, on=date(2020, 1, 1))
        accounts = plant_accounts(session, "rehearsal")
        plant_publications(session, accounts, count, noon, ((last - first) / count))


def plant_elsewhere(database: Database) -> None:
    """Write the other posts of years before and after, none of them in the bimester that is shown."""
    first, last = shown_days()
    step, half = timedelta(hours=1), (MANY - SHOWN) // 2
    with database.transaction() as session:
        accounts = list(session.scalars(select(Account.id)))
        for start in (first - half * step - timedelta(days=9), last + timedelta(days=9)):
            noon = datetime(start.year, start.month, start.day, 12, tzinfo=UTC)
            plant_publications(session, accounts, half, noon, step)


def signed_in(app: Flask) -> FlaskClient:
    browser = app.test_client()
    form = browser.get("/entrar").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    data = {"csrf_token": token[1] if token else "", "email": _EMAIL, "password": _PASSWORD}
    if browser.post("/entrar", data=data).status_code != 303:
        raise RuntimeError("nobody could sign in")
    return browser


def times(act: Callable[[], None], repeats: int) -> list[float]:
    """Return what each repetition took, in ms, those that warm up left out."""
    took = []
    for _ in range(_WARMING + repeats):
        begun = time.perf_counter()
        act()
        took.append((time.perf_counter() - begun) * 1000)
    return took[_WARMING:]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            sent.append(" ".join(statement.split()))

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def open_view(browser: FlaskClient, address: str) -> None:
    # As a browser that nobody has answered yet: what is measured is a page that is made, not one that was kept.
    answer = browser.get(address, headers={"Accept-Language": f"es, en;q=0.{next(_BROWSERS):06}"})
    if answer.status_code != 200 or b"/publicaciones/" not in answer.get_data():
        raise RuntimeError(f"{address} does not show its posts")


def page_times(apps: Sequence[Flask]) -> list[dict[str, float]]:
    """Return what each view took of each application: ms of the processor, the least of many.

    They take turns, so that whatever else the machine does falls on all alike.
    """
    browsers = [signed_in(app) for app in apps]
    took: list[dict[str, list[float]]] = [{view: [] for view in views()} for _ in apps]
    for _ in range(_WARMING + _PAGES):
        for view in views():
            for browser, kept in zip(browsers, took, strict=True):
                begun = time.process_time()
                open_view(browser, view)
                kept[view].append((time.process_time() - begun) * 1000)
    return [{view: median(some[_WARMING:]) for view, some in kept.items()} for kept in took]


def most_queries(app: Flask, database: Database) -> int:
    """Return the most questions that a view asks for itself, filtered and not."""
    browser, most = signed_in(app), 0
    for view in views():
        for address in (view, f"{view}?red=rehearsal"):
            open_view(browser, address)
            with counted(database) as sent:
                open_view(browser, address)
            most = max(most, sum(not _OF_THE_SESSION.search(one) for one in sent))
    return most


def events_beside_raw(app: Flask, folder: Path) -> dict[str, float]:
    """Return what the events of a full bimester took, and what plain sqlite3 and orjson took over the same rows."""
    first, last = shown_days()
    browser = signed_in(app)
    raw = sqlite3.connect(folder / "resuena.db")
    ends = (first - timedelta(days=1)).isoformat(), (last + timedelta(days=2)).isoformat()

    address = f"/calendario/eventos.json?desde={first}&hasta={last}"
    if len(orjson.loads(browser.get(address).get_data())["events"]) != FULL:
        raise RuntimeError("not all events are told")

    def ours() -> None:
        if browser.get(address).status_code != 200:
            raise RuntimeError("the events are not told")

    def plain() -> None:
        rows = raw.execute(_RAW, ends).fetchall()
        if len(rows) != FULL:
            raise RuntimeError("not the same rows")
        orjson.dumps([dict(zip(_RAW_NAMES, row, strict=True)) for row in rows])

    took: list[list[float]] = [[], []]
    for _ in range(_WARMING + _EVENTS):
        for act, kept in zip((ours, plain), took, strict=True):
            begun = time.process_time()
            act()
            kept.append((time.process_time() - begun) * 1000)
    raw.close()
    ours_ms, plain_ms = (median(kept[_WARMING:]) for kept in took)
    return {"vs_sqlite_json": ours_ms / plain_ms, "events_ms": ours_ms, "raw_ms": plain_ms}


def check_times(app: Flask, database: Database) -> list[float]:
    """Return what the checks of a text of 280 characters took, in ms, each in a transaction of its own."""
    at = clock.now() + timedelta(days=1)
    due = Due(at, at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None), ZONE)
    with database.reading() as session:
        accounts = list(session.scalars(select(Account.id).limit(3)))
    draft = Draft(Content(parts=(_TEXT.ljust(280, "a"),)), account_ids=accounts, due=due)

    def act() -> None:
        with database.reading() as session:
            check(session, draft)

    with app.test_request_context():
        return times(act, _CHECKS)


def served(template: Path, folder: Path, count: int = SHOWN, *, many: bool = False) -> tuple[Flask, Database]:
    database = copied(template, folder)
    plant(database, count)
    if many:
        plant_elsewhere(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA optimize")
    return create_app(
        read({"RESUENA_DATA": str(folder), "RESUENA_SECOND_FACTOR": "later"}), database
    ), database


def measure(folder: Path) -> dict[str, object]:
    template = migrated(folder)
    few, few_rows = served(template, folder / "few")
    many, many_rows = served(template, folder / "many", many=True)
    full, full_rows = served(template, folder / "full", FULL)
    few_ms, many_ms = page_times([few, many])
    full_ms = page_times([full])[0]
    growth = {view: many_ms[view] / few_ms[view] for view in views()}
    checks = check_times(many, many_rows)
    found: dict[str, object] = {
        "queries": max(
            most_queries(app, rows) for app, rows in ((few, few_rows), (many, many_rows), (full, full_rows))
        ),
        **events_beside_raw(full, folder / "full"),
        "growth": max(growth.values()),
        "growth_of_the_bimester": growth[views()[0]],
        "page_ms": max(many_ms.values()),
        "full_page_ms": max(full_ms.values()),
        "check_p99_ms": percentile(checks, 0.99),
        "check_p50_ms": median(checks),
        "rss_mb": peak_rss_mb(),
    }
    for rows in (few_rows, many_rows, full_rows):
        rows.dispose()
    return found


def main() -> None:
    with disk_folder() as folder:
        report(measure(folder))


if __name__ == "__main__":
    main()
