"""What a page costs the server: the calendar's bimester, and the checks of a draft as somebody types it.

Through the whole application (session, permissions, filters, templates) with Flask's client, on SQLite.
The bimester shows the same 200 posts whether the calendar holds nothing else or a hundred times as many.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
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
from tests.webapp.conftest import PASSWORD, Browser
from webapp.app import create_app
from webapp.checks import check
from webapp.session import hash_password

SHOWN, MANY = 200, 20_000
_PAGES = 15
_CHECKS = 300
_WARMING = 3
_EMAIL = "edicion@ejemplo.mx"
_TEXT = (
    "Tus datos personales son tuyos: conoce cómo pedir que se corrijan o se borren, ante quién y en qué plazo. "
    "Te acompañamos paso a paso en la Plataforma Nacional de Transparencia. #ProtegeTusDatos "
    "https://www.plataformadetransparencia.org.mx/derechos-arco/guia "
)


def shown_days() -> tuple[date, date]:
    return bimester_span(*bimester_of(clock.now().astimezone(ZoneInfo(ZONE)).date()))


def plant(database: Database) -> None:
    first, last = shown_days()
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    with database.transaction() as session:
        person = people.add(session, _EMAIL, "Edición", hash_password(PASSWORD))
        people.grant(session, person, Role.EDITOR, on=date(2020, 1, 1))
        accounts = plant_accounts(session, "rehearsal")
        plant_publications(session, accounts, SHOWN, noon, ((last - first) / SHOWN))


def plant_elsewhere(database: Database) -> None:
    """Write the other posts of years before and after, none of them in the bimester that is shown."""
    first, last = shown_days()
    step, half = timedelta(hours=4), (MANY - SHOWN) // 2
    with database.transaction() as session:
        accounts = list(session.scalars(select(Account.id)))
        for start in (first - half * step - timedelta(days=9), last + timedelta(days=9)):
            noon = datetime(start.year, start.month, start.day, 12, tzinfo=UTC)
            plant_publications(session, accounts, half, noon, step)


def signed_in(app: Flask) -> Browser:
    browser = Browser(app.test_client(), _EMAIL)
    browser.get("/entrar")
    answer = browser.post("/entrar", {"email": _EMAIL, "password": PASSWORD})
    if answer.status_code != 303:
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
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def open_calendar(browser: Browser) -> None:
    answer = browser.get("/calendario")
    if answer.status_code != 200 or answer.get_data().count(b"/publicaciones/") < SHOWN // 2:
        raise RuntimeError("the calendar does not show its posts")


def page_ms(app: Flask) -> float:
    browser = signed_in(app)
    return median(times(lambda: open_calendar(browser), _PAGES))


def page_queries(app: Flask, database: Database) -> int:
    browser = signed_in(app)
    open_calendar(browser)
    with counted(database) as sent:
        open_calendar(browser)
    return len(sent)


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


def measure(folder: Path) -> dict[str, object]:
    database = copied(migrated(folder), folder / "data")
    plant(database)
    app = create_app(read({"RESUENA_DATA": str(folder / "data")}), database)
    queries, few = page_queries(app, database), page_ms(app)
    plant_elsewhere(database)
    many, checks = page_ms(app), check_times(app, database)
    if page_queries(app, database) != queries:
        raise RuntimeError("the page asks more of a fuller calendar")
    database.dispose()
    return {
        "queries": queries,
        "growth": many / few,
        "page_ms": few,
        "check_p99_ms": percentile(checks, 0.99),
        "check_p50_ms": median(checks),
        "rss_mb": peak_rss_mb(),
    }


def main() -> None:
    with disk_folder() as folder:
        report(measure(folder), not_yet=["vs_sqlite_json"])


if __name__ == "__main__":
    main()
