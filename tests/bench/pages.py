"""What a page costs the server: the calendar's bimester, and the checks of a draft as somebody types it.

Through the whole application (session, permissions, filters, templates) with Flask's client, on SQLite.
The bimester shows the same 200 posts whether the calendar holds nothing else or a hundred times as many.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

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

SHOWN, MANY = 200, 20_000
_PAGES = 15
_CHECKS = 300
_WARMING = 3
_EMAIL = "edicion@ejemplo.mx"
_PASSWORD = "una frase que nadie adivina"
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
        person = people.add(session, _EMAIL, "Edición", hash_password(_PASSWORD))
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
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def open_calendar(browser: FlaskClient) -> None:
    answer = browser.get("/calendario")
    if answer.status_code != 200 or answer.get_data().count(b"/publicaciones/") < SHOWN // 2:
        raise RuntimeError("the calendar does not show its posts")


def page_times(apps: Sequence[Flask]) -> list[tuple[float, float]]:
    """Return what the page took of each application: ms by the wall, and of the processor.

    They take turns, so that whatever else the machine does falls on all alike.
    """
    browsers = [signed_in(app) for app in apps]
    took: list[list[tuple[float, float]]] = [[] for _ in apps]
    for _ in range(_WARMING + _PAGES):
        for browser, kept in zip(browsers, took, strict=True):
            begun, worked = time.perf_counter(), time.process_time()
            open_calendar(browser)
            kept.append(((time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000))
    return [
        (median([wall for wall, _ in kept[_WARMING:]]), median([worked for _, worked in kept[_WARMING:]]))
        for kept in took
    ]


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


def served(template: Path, folder: Path, *, many: bool) -> tuple[Flask, Database]:
    database = copied(template, folder)
    plant(database)
    if many:
        plant_elsewhere(database)
    return create_app(read({"RESUENA_DATA": str(folder)}), database), database


def measure(folder: Path) -> dict[str, object]:
    template = migrated(folder)
    few, few_rows = served(template, folder / "few", many=False)
    many, many_rows = served(template, folder / "many", many=True)
    (few_ms, few_cpu), (many_ms, many_cpu) = page_times([few, many])
    checks = check_times(many, many_rows)
    queries = [page_queries(few, few_rows), page_queries(many, many_rows)]
    few_rows.dispose()
    many_rows.dispose()
    return {
        "queries": max(queries),
        "growth": many_cpu / few_cpu,
        "growth_by_the_wall": many_ms / few_ms,
        "page_ms": many_ms,
        "check_p99_ms": percentile(checks, 0.99),
        "check_p50_ms": median(checks),
        "rss_mb": peak_rss_mb(),
    }


def main() -> None:
    with disk_folder() as folder:
        report(measure(folder), not_yet=["vs_sqlite_json"])


if __name__ == "__main__":
    main()
