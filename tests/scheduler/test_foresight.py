"""What was looked up before its turn leaves only if every answer is still the same when its turn has come."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy.orm import Session

from content_calendar.db import Database
from content_calendar.models.directory import Account, SilenceWindow, Standing
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.publications import cancel
from content_calendar.states import HoldReason, PublicationState
from scheduler import foresight
from scheduler.desk import Desk
from tests.scheduler.scene import Engine, Time, account, now_of, planned, worker

HELD, SENDING = PublicationState.HELD, PublicationState.SENDING
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def engine(database: Database, tmp_path: Path, time: Time) -> Iterator[Engine]:  # noqa: ARG001 -- it rules
    made = Engine(worker(database, tmp_path / "data"))
    made.tick()
    yield made
    made.close()


def due(engine: Engine, time: Time, count: int) -> list[Publication]:
    with engine.worker.database.transaction() as session:
        at = time.at + timedelta(seconds=1)
        made = [planned(session, account(session, "rehearsal"), at, f"Texto {n}") for n in range(count)]
    time.pass_by(seconds=2)
    return made


def loses_its_standing(session: Session, publication: Publication, _time: Time) -> None:
    session.get_one(Account, publication.account_id).standing = Standing.TO_CERTIFY


def is_written_anew(session: Session, publication: Publication, _time: Time) -> None:
    session.get_one(Post, publication.post_id).approved_version_id = None


def keeps_silence(session: Session, _publication: Publication, time: Time) -> None:
    today = time.at.date()
    session.add(
        SilenceWindow(
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=1),
            reason="Veda",
            source="https://ine.example/veda",
        )
    )


CHANGES = [
    (loses_its_standing, HoldReason.ACCOUNT),
    (is_written_anew, HoldReason.CONTENT),
    (keeps_silence, HoldReason.SILENCE),
]


@pytest.mark.parametrize(("change", "reason"), CHANGES)
def test_what_changed_since_it_was_foreseen_stops_at_its_gate(
    engine: Engine,
    time: Time,
    change: Callable[[Session, Publication, Time], None],
    reason: HoldReason,
) -> None:
    (publication,) = due(engine, time, 1)
    desk = Desk(engine.worker)
    foreseen = desk.foresee(5)
    assert foreseen is not None
    assert len(foreseen.plain) == 1
    with engine.worker.database.transaction() as session:
        change(session, publication, time)

    assert desk.take(5, foreseen).errands == []

    found = now_of(engine.worker.database, publication)
    assert (found.state, found.hold_reason) == (HELD, reason)


def test_a_desk_that_did_not_ask_again_would_send_it(engine: Engine, time: Time) -> None:
    (publication,) = due(engine, time, 1)
    desk = Desk(engine.worker)
    foreseen = desk.foresee(5)
    with engine.worker.database.transaction() as session:
        loses_its_standing(session, publication, time)
    with patch.object(foresight, "still_holds", return_value=True):
        assert len(desk.take(5, foreseen).errands) == 1


def test_what_was_cancelled_or_taken_by_another_since_is_left_alone_and_the_others_leave(
    engine: Engine, time: Time
) -> None:
    cancelled, taken, other = due(engine, time, 3)
    desk = Desk(engine.worker)
    foreseen = desk.foresee(5)
    with engine.worker.database.transaction() as session:
        cancel(session, session.get_one(Publication, cancelled.id), "")
    (theirs,) = Desk(worker(engine.worker.database, engine.worker.settings.data, "otra")).take(1).errands
    assert theirs.claimed.id == taken.id

    ours = desk.take(5, foreseen).errands

    assert [one.claimed.id for one in ours] == [other.id]
    assert now_of(engine.worker.database, taken).lease_owner == theirs.claimed.worker


def test_what_passed_its_tolerance_since_does_not_leave(engine: Engine, time: Time) -> None:
    (publication,) = due(engine, time, 1)
    desk = Desk(engine.worker)
    foreseen = desk.foresee(5)
    time.pass_by(hours=1)
    assert desk.take(5, foreseen).errands == []
    assert now_of(engine.worker.database, publication).state is PublicationState.SCHEDULED


def test_what_is_next_is_looked_up_while_the_disk_writes_and_nothing_is_taken_twice(
    engine: Engine, time: Time
) -> None:
    made = due(engine, time, 6)
    desk = Desk(engine.worker, ahead=True)
    found: list[int] = []
    with patch.object(foresight, "still_holds", wraps=foresight.still_holds) as asked:
        for _ in range(3):
            found += [one.claimed.id for one in desk.take(2, desk.foresee(2)).errands]
    desk.close()
    assert sorted(found) == sorted(one.id for one in made)
    assert asked.call_count == 3
    assert {now_of(engine.worker.database, one).state for one in made} == {SENDING}
