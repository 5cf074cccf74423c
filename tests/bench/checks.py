"""What the checks of a text cost while somebody types it: every rule and hint, at each keystroke.

A text of 280 characters, for three accounts and two campaigns of a calendar of 20,000 posts, is typed letter by letter
and then changed in the middle, so that no two texts are the same. What surrounds it is asked for anew every few
seconds, as in the composer; ``fresh`` are checks that ask for all of it each time, as saving and sending do.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from content_calendar import clock
from content_calendar.content import Content
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.plan import Campaign
from content_calendar.posts import Draft, Due
from tests.bench._load import ZONE, migrated
from tests.bench._measure import disk_folder, median, peak_rss_mb, percentile, report
from tests.bench.pages import served
from webapp.checks import look

_LENGTH, _EDITS, _FRESH = 280, 720, 200
_TEXT = (
    "Los sujetos obligados publican su información: conoce cómo pedirla, ante quién y en qué plazo, y si no te "
    "responden presenta un recurso de revisión. Te acompañamos @infonl 👩🏽‍💻 paso a paso. #ProtegeTusDatos "
    "#vinculaciónsnt Llama al 800 835 4324. https://www.plataformadetransparencia.org.mx/guia "
).ljust(_LENGTH, "a")[:_LENGTH]


def typed() -> Iterator[str]:
    """Yield the text as each keystroke leaves it."""
    for length in range(1, _LENGTH + 1):
        yield _TEXT[:length]
    for number in range(_EDITS):
        at = number * 7 % (_LENGTH - 4)
        yield f"{_TEXT[:at]}{number:04}{_TEXT[at + 4 :]}"


def times(texts: Iterator[str], act: Callable[[str], None]) -> tuple[list[float], list[float]]:
    """Return what each text took, in ms: by the wall, and of the processor."""
    wall, worked = [], []
    for text in texts:
        begun, spent = time.perf_counter(), time.thread_time()
        act(text)
        wall.append((time.perf_counter() - begun) * 1000)
        worked.append((time.thread_time() - spent) * 1000)
    return wall, worked


def checker(database: Database, *, typing: bool) -> Callable[[str], None]:
    at = clock.now() + timedelta(days=1)
    due = Due(at, at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None), ZONE)
    with database.transaction() as session:
        if session.scalar(select(Campaign.id)) is None:
            session.add_all(
                Campaign(slug=name.lower(), name=name, tags=[f"#{name}"]) for name in ("SNTtips", "PlanDAI")
            )
            session.flush()
        campaigns = list(session.scalars(select(Campaign.id)))
        accounts = list(session.scalars(select(Account.id).limit(3)))

    def act(text: str) -> None:
        draft = Draft(Content(parts=(text,)), account_ids=accounts, campaign_ids=campaigns, due=due)
        with database.reading() as session:
            look(session, draft, typing=typing)

    return act


def measure(folder: Path) -> dict[str, object]:
    app, database = served(migrated(folder), folder / "many", many=True)
    with app.test_request_context():
        first = checker(database, typing=True)
        begun = time.perf_counter()
        first(_TEXT)
        cold = (time.perf_counter() - begun) * 1000
        wall, worked = times(typed(), first)
        fresh, fresh_cpu = times(
            (f"{number} {_TEXT}" for number in range(_FRESH)), checker(database, typing=False)
        )
    database.dispose()
    return {
        "p99_ms": percentile(wall, 0.99),
        "p99_cpu_ms": percentile(worked, 0.99),
        "p50_ms": median(wall),
        "most_ms": max(wall),
        "first_ms": cold,
        "fresh_p50_ms": median(fresh),
        "fresh_p99_ms": percentile(fresh, 0.99),
        "fresh_p99_cpu_ms": percentile(fresh_cpu, 0.99),
        "rss_mb": peak_rss_mb(),
    }


def main() -> None:
    with disk_folder() as folder:
        report(measure(folder))


if __name__ == "__main__":
    main()
