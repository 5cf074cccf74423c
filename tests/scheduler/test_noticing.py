"""Noticing: a hold is told once, a new hold of the same publication again, and what is over closes by itself."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from content_calendar import clock, notices, people, publications
from content_calendar.db import Database
from content_calendar.models.directory import Credential
from content_calendar.models.jobs import Installation
from content_calendar.models.notices import Notice
from content_calendar.models.publications import Publication
from content_calendar.notices import Subject
from content_calendar.permissions import Role
from content_calendar.sending import Said, hold_due
from content_calendar.states import HoldReason
from scheduler import heartbeat, noticing
from tests.conftest import CountQueries
from tests.scheduler.scene import Engine, Time, account, moment, person, planned, worker


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def engine(database: Database, tmp_path: Path, time: Time) -> Iterator[Engine]:  # noqa: ARG001 -- the clock comes first
    made = Engine(worker(database, tmp_path / "data"))
    made.tick()
    yield made
    made.close()


@pytest.fixture
def team(database: Database, engine: Engine) -> list[int]:  # noqa: ARG001 -- the engine's clock comes first
    """The ids of an administrator and of an editor."""
    with database.transaction() as session:
        ids = []
        for role in (Role.ADMIN, Role.EDITOR):
            made = person(session)
            people.grant(session, made, role, on=date(2020, 1, 1))
            ids.append(made.id)
    return ids


def told(database: Database) -> list[Notice]:
    with database.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def by_hand(database: Database, time: Time, minutes: int = 1) -> Publication:
    with database.transaction() as session:
        return planned(session, account(session, "by_hand"), time.at + timedelta(minutes=minutes))


def test_the_hour_of_what_a_person_publishes_is_told_at_once_and_once(
    engine: Engine, database: Database, time: Time, team: list[int]
) -> None:
    row = by_hand(database, time)
    assert noticing.tick(engine.worker) == 0
    time.pass_by(minutes=1)
    engine.tick()
    ticks = [noticing.tick(one) for one in (engine.worker, worker(database, engine.worker.settings.data))]
    assert ticks == [1, 0]
    found = told(database)
    assert [(one.person_id, one.code, one.subject_ref, one.urgent) for one in found] == [
        (id_, "held_by_hand", row.ref, True) for id_ in team
    ]
    assert all(one.mail_at == time.at for one in found)
    assert found[0].params["handle"].startswith("cuenta")


def test_two_workers_that_notice_at_the_same_time_tell_once(
    engine: Engine, database: Database, time: Time, team: list[int]
) -> None:
    by_hand(database, time)
    time.pass_by(minutes=1)
    engine.tick()
    with database.reading() as session:
        looks = [noticing._look(session) for _ in range(2)]  # noqa: SLF001 -- both have looked before either writes
    for found in looks:
        with database.transaction() as session:
            everybody = notices.people_to_tell(session, clock.now().date())
            notices.tell(session, noticing._addressed(found, everybody))  # noqa: SLF001 -- same
    assert len(told(database)) == len(team)


def test_a_new_hold_of_the_same_publication_is_told_again(
    engine: Engine, database: Database, time: Time, team: list[int]
) -> None:
    row = by_hand(database, time)
    time.pass_by(minutes=1)
    engine.tick()
    noticing.tick(engine.worker)
    time.pass_by(minutes=1)
    with database.transaction() as session:
        again = session.get_one(Publication, row.id)
        publications.replan(session, again, moment(time.at + timedelta(minutes=5)), timedelta(minutes=30), "")
        notices.over(session, Subject.PUBLICATION, [row.ref], team[1])
    assert noticing.tick(engine.worker) == 0
    for _ in range(5):
        time.pass_by(minutes=1)
        engine.tick()
    assert noticing.tick(engine.worker) == 1
    mine = [one for one in told(database) if one.person_id == team[0]]
    assert [one.over_at is None for one in mine] == [False, True]
    assert mine[0].over_by_id == team[1]
    assert len({one.happening for one in mine}) == 2


def test_what_is_resolved_by_itself_closes_by_itself(
    engine: Engine, database: Database, time: Time, team: list[int]
) -> None:
    row = by_hand(database, time)
    time.pass_by(minutes=1)
    engine.tick()
    noticing.tick(engine.worker)
    with database.transaction() as session:
        publications.cancel(session, session.get_one(Publication, row.id), "")
    noticing.tick(engine.worker)
    assert all(one.over_at is not None and one.mail_at is None for one in told(database))
    with database.reading() as session:
        assert notices.unread_count(session, team[0]) == 0


def test_catching_up_is_told_as_a_whole_and_ends_with_it(
    engine: Engine, database: Database, time: Time, team: list[int]
) -> None:
    for minutes in (1, 2, 3):
        by_hand(database, time, minutes)
    time.pass_by(minutes=10)
    with database.transaction() as session:
        hold_due(session, HoldReason.CATCH_UP, Said("catch_up"))
        session.execute(update(Installation).values(catch_up_since=time.at, catch_up_code="silence"))
    assert [noticing.tick(engine.worker) for _ in range(2)] == [1, 0]
    assert {one.code for one in told(database)} == {"catch_up"}
    assert len(told(database)) == len(team)
    with database.transaction() as session:
        session.execute(update(Installation).values(catch_up_since=None, catch_up_code=""))
    noticing.tick(engine.worker)
    assert all(one.over_at for one in told(database))


def test_a_worker_that_went_silent_is_told_to_the_administration(
    engine: Engine, database: Database, time: Time, team: list[int]
) -> None:
    with database.transaction() as session:
        heartbeat.beat(session, "la-otra", time.at)
    time.pass_by(minutes=2)
    assert noticing.tick(engine.worker) == 1
    assert [(one.person_id, one.params["worker"]) for one in told(database)] == [(team[0], "la-otra")]
    with database.transaction() as session:
        heartbeat.beat(session, "la-otra", time.at)
    noticing.tick(engine.worker)
    assert told(database)[0].over_at is not None


def test_an_account_that_could_not_be_renewed_is_told_before_it_hurts(
    engine: Engine, database: Database, time: Time, team: list[int]
) -> None:
    with database.transaction() as session:
        to = account(session, "x", engine.worker)
        session.execute(
            update(Credential)
            .where(Credential.account_id == to.id)
            .values(said_code="renewal_refused", expires_at=time.at + timedelta(hours=1))
        )
    assert [noticing.tick(engine.worker) for _ in range(2)] == [1, 0]
    assert [(one.person_id, one.subject_ref) for one in told(database)] == [(team[0], to.ref)]


def test_a_look_asks_the_same_number_of_questions_whatever_waits(
    engine: Engine, database: Database, time: Time, count_queries: CountQueries, team: list[int]
) -> None:
    def asked(more: int) -> int:
        for _ in range(more):
            by_hand(database, time)
        time.pass_by(minutes=2)
        with database.transaction() as session:
            hold_due(session, HoldReason.LATE, Said("late"))
        with count_queries() as sent:
            noticing.tick(engine.worker)
        return len(sent)

    few, many = asked(1), asked(12)
    assert few == many
    assert len(told(database)) == 13 * len(team)


def test_a_great_many_are_told_little_by_little(
    engine: Engine, database: Database, time: Time, team: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noticing, "MOST_AT_ONCE", 2)
    for _ in range(5):
        by_hand(database, time)
    time.pass_by(minutes=2)
    with database.transaction() as session:
        hold_due(session, HoldReason.LATE, Said("late"))
    assert [noticing.tick(engine.worker) for _ in range(4)] == [2, 2, 1, 0]
    assert len(told(database)) == 5 * len(team)


def test_the_look_reads_only_what_stands_in_its_indexes(engine: Engine, database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("the plan of SQLite is asked for")
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        sent.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    noticing.tick(engine.worker)
    event.remove(database.engine, "before_cursor_execute", note)
    with database.engine.connect() as connection:
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
            for statement, values in sent
            if "publication" in statement
        ]
    assert len(plans) == 2
    assert all(
        "ix_publication_needing" in plan or "publication USING INDEX sqlite_auto" in plan for plan in plans
    )
    assert not any(
        re.search(r"SCAN publication(?! USING INDEX ix_publication_needing)", plan) for plan in plans
    )
