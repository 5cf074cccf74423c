"""The readings on a publication's page: figures, what is missing, what is to come, and what it cost."""

from collections.abc import Callable
from datetime import timedelta

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.money import Charge
from scheduler.models import Reading, ReadingRound
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
AGES = {"1h": 1, "24h": 24, "72h": 72, "7d": 168, "28d": 672}


def published(database: Database, *, read: bool) -> str:
    """The reference of a publication that is out; ``read`` at two of its ages, one of them in vain."""
    with database.transaction() as session:
        stage = Stage(session)
        row = stage.publication(stage.account(stage.body(f"cuerpo{read}"), "x"))
        for window, hours in AGES.items():
            session.add(
                ReadingRound(publication_id=row.id, window=window, due_at=now() + timedelta(hours=hours))
            )
        session.flush()
        if read:
            session.get_one(ReadingRound, (row.id, "1h")).taken_at = now()
            missed = session.get_one(ReadingRound, (row.id, "24h"))
            missed.taken_at, missed.said_code = now(), "reading_too_late"
            for metric, value in (("likes", 1234), ("views", 0), ("estrellas", 7)):
                session.add(
                    Reading(
                        publication_id=row.id,
                        window="1h",
                        metric=metric,
                        value=value,
                        taken_at=now(),
                        source="x",
                    )
                )
            for what in ("reading 1h", "publish"):
                session.add(
                    Charge(
                        network="x",
                        account_id=row.account_id,
                        publication_id=row.id,
                        what=what,
                        mills=5,
                        at=now(),
                    )
                )
        return row.ref


def test_figures_are_shown_by_age_and_what_is_missing_is_no_zero(
    client_as: ClientAs, database: Database
) -> None:
    browser = client_as("editor")
    page = words(browser.get(f"/salidas/{published(database, read=True)}"))
    table = page.split("Mediciones")[1].split("Datos")[0]
    assert "1,234" in table
    assert "Veces vista" in table
    assert "estrellas" in table
    assert "sin dato · Se pasó el momento de medir." in table
    assert table.count("se lee el") == 3
    assert "Leerlas ha costado hasta 0.005 USD" in table


def test_the_page_asks_as_often_whatever_was_read(
    client_as: ClientAs, database: Database, count_queries: CountQueries
) -> None:
    browser = client_as("editor")
    refs = [published(database, read=read) for read in (False, True)]
    browser.get(f"/salidas/{refs[0]}")
    counts = []
    for ref in refs:
        with count_queries() as asked:
            browser.get(f"/salidas/{ref}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_where_nothing_is_to_be_read_nothing_is_said(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        ref = stage.publication(stage.account(stage.body("cuerpo"))).ref
    assert "Mediciones" not in words(client_as("editor").get(f"/salidas/{ref}"))
