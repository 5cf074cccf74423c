from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from content_calendar.clock import db_now, now
from content_calendar.db import Database, new_ref
from content_calendar.models.people import Person


def somebody(**values: object) -> Person:
    return Person(**{"email": "ana@snt.mx", "email_folded": "ana@snt.mx", "name": "Ana", **values})


def test_a_moment_comes_back_as_it_was_to_the_microsecond_and_in_utc(database: Database) -> None:
    at = datetime(2026, 11, 22, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=-6)))
    with database.transaction() as session:
        session.add(somebody(created_at=at))
    with database.reading() as session:
        kept = session.scalars(select(Person.created_at)).one()
    assert (kept, kept.tzinfo) == (at, UTC)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError), database.transaction() as session:
        session.add(somebody(created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 -- that is what is refused


def test_an_exception_takes_back_everything(database: Database) -> None:
    def write_and_fail() -> None:
        with database.transaction() as session:
            session.add(somebody())
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with database.reading() as session:
        assert session.scalars(select(Person)).all() == []


def test_what_was_read_can_be_used_after_its_transaction(database: Database) -> None:
    with database.transaction() as session:
        session.add(somebody())
    with database.reading() as session:
        person = session.scalars(select(Person)).one()
    assert person.name == "Ana"


def test_a_reading_transaction_keeps_nothing_it_was_given(database: Database) -> None:
    with database.reading() as session:
        session.add(somebody())
    with database.reading() as session:
        assert session.scalars(select(Person)).all() == []


def test_a_writer_that_reads_first_waits_for_another_instead_of_failing(database: Database) -> None:
    if not database.is_sqlite:
        return
    with database.transaction() as session:
        # The control: a transaction that began by reading cannot become a writer once another has written.
        deferred = database.open(writes=False)
        deferred.execute(select(Person))
        session.add(somebody())
        session.flush()
        deferred.execute(text("PRAGMA busy_timeout=1"))
        with pytest.raises(DBAPIError):
            deferred.execute(text("UPDATE person SET name = 'x'"))
        deferred.close()


def test_sqlite_survives_a_power_cut_with_its_last_commit(database: Database) -> None:
    if database.is_sqlite:
        with database.reading() as session:
            assert session.scalar(text("PRAGMA synchronous")) == 2
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"
            assert session.scalar(text("PRAGMA foreign_keys")) == 1


def test_the_database_knows_what_time_it_is(database: Database) -> None:
    with database.reading() as session:
        assert abs(db_now(session) - now()) < timedelta(seconds=5)


def test_references_are_twelve_letters_that_can_be_read_aloud_and_do_not_repeat() -> None:
    refs = {new_ref() for _ in range(10_000)}
    assert len(refs) == 10_000
    assert all(len(ref) == 12 and not set(ref) & set("01ilo") for ref in refs)


@pytest.mark.parametrize(("little", "pages"), [(True, -500), (False, -2_000)])
def test_a_connection_that_holds_little_keeps_fewer_pages(
    tmp_path: Path, *, little: bool, pages: int
) -> None:
    database = Database(f"sqlite:///{tmp_path}/one.db", little=little)
    with database.reading() as session:
        assert session.execute(text("PRAGMA cache_size")).scalar_one() == pages
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    database.dispose()
