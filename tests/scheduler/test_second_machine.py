"""Two machines over one database: neither calls the other restored."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from content_calendar import catch_up
from content_calendar.catch_up import is_catching_up, restored
from content_calendar.db import Database
from content_calendar.epoch import Epoch, installation
from scheduler import heartbeat
from tests.scheduler.scene import Engine, Time, account, planned, worker


def epoch_of(database: Database) -> Epoch:
    with database.reading() as session:
        return Epoch.read(installation(session).epoch)


def one_that_has_sent(database: Database, folder: Path, time: Time) -> Engine:
    """A machine that has published once."""
    engine = Engine(worker(database, folder))
    engine.tick()
    with database.transaction() as session:
        planned(session, account(session, "rehearsal"), time.at + timedelta(seconds=10))
    time.pass_by(seconds=10)
    engine.tick()
    assert epoch_of(database).count == 1
    return engine


@pytest.mark.parametrize("first_works", [True, False])
def test_a_machine_without_a_file_never_makes_the_two_take_turns(
    database: Database, tmp_path: Path, *, first_works: bool
) -> None:
    with Time().ruling() as time:
        one = one_that_has_sent(database, tmp_path / "one", time)
        if first_works:
            with database.transaction() as session:
                heartbeat.beat(session, "one", time.at)
        before = epoch_of(database)
        two = Engine(worker(database, tmp_path / "two"))
        for _ in range(3):
            two.tick()
            one.tick()
        assert epoch_of(database) == before
        with database.reading() as session:
            # Beside one that works it is a new machine; alone it cannot know, and looks before it sends.
            caught_up_at_once = not is_catching_up(session)
        assert caught_up_at_once
        one.close()
        two.close()


def test_after_a_restore_the_other_machine_learns_the_new_epoch_and_doubts_nothing(
    database: Database, tmp_path: Path
) -> None:
    with Time().ruling() as time:
        one = one_that_has_sent(database, tmp_path / "one", time)
        two = Engine(worker(database, tmp_path / "two"))
        two.tick()
        with database.transaction() as session:
            begun = restored(session)
        one.worker.epoch_file.keep(begun)
        for _ in range(3):
            one.tick()
            two.tick()
        assert epoch_of(database) == begun
        assert two.worker.epoch_file.read() == begun
        one.close()
        two.close()


def test_who_read_the_file_a_moment_before_another_worker_wrote_it_calls_nothing_restored(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Time().ruling() as time:
        one = one_that_has_sent(database, tmp_path, time)
        two = Engine(worker(database, tmp_path))
        called: list[bool] = []
        monkeypatch.setattr(catch_up, "restored", lambda *_, **__: called.append(True))
        monkeypatch.setattr(two.worker.epoch_file, "read", _none_at_first(two.worker.epoch_file.read))
        two.tick()
        assert called == []
        one.close()
        two.close()


def _none_at_first(read: Callable[[], Epoch | None]) -> Callable[[], Epoch | None]:
    answers: list[Callable[[], Epoch | None]] = [lambda: None]

    def answer() -> Epoch | None:
        return answers.pop()() if answers else read()

    return answer
