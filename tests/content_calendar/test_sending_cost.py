"""What a tick reads must not grow with the calendar: on SQLite, its statements' plans say so."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Boolean, event, literal_column

from content_calendar import claiming, sending
from content_calendar.db import Database
from webapp.database import migrate


def scans(database: Database) -> list[str]:
    """The statements of a worker's tick that read the whole table of publications."""
    sent: list[tuple[str, tuple[object, ...]]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: sent.append((given[2], given[3])))
    with database.transaction() as session:
        sending.reap(session)
        sending.miss_late(session)
        claiming.claim(session, "worker", 8, timedelta(minutes=2))
    found = []
    with database.engine.connect() as connection:
        for statement, values in sent:
            if statement.startswith(("UPDATE", "WITH")):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                if any(row[3] == "SCAN publication" for row in plan):
                    found.append(statement)
    return found


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'resuena.db'}")
    migrate(database)
    return database


def test_no_statement_of_a_tick_reads_the_whole_table(sqlite: Database) -> None:
    assert scans(sqlite) == []


def test_a_condition_that_hides_the_state_would_be_seen(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = literal_column("publication.state = 'scheduled'", Boolean)
    monkeypatch.setattr(sending, "IS_WAITING", hidden)
    monkeypatch.setattr(claiming, "IS_WAITING", hidden)
    monkeypatch.setattr(claiming, "_CHOOSE", claiming._choosing())  # noqa: SLF001 -- built once, of what is hidden now
    assert len(scans(sqlite)) == 3
