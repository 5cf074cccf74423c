"""The real worker, as a process of its own: it works, ends in good order, and survives its own death."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler import crash_points, heartbeat
from scheduler.__main__ import run
from scheduler.publishing import Publisher
from scheduler.timetable import Timetable
from tests.scheduler.scene import Engine, Time, account, now_of, picture, planned, worker
from tests.simulators.x_server import XServer, running

ROOT = Path(__file__).parents[2]
CRASHED = 137
PUBLISHED = PublicationState.PUBLISHED


@contextmanager
def worker_process(
    database_url: str, data: Path, server: XServer, crash_at: str = ""
) -> Iterator[subprocess.Popen[str]]:
    environment = {
        "PATH": os.environ["PATH"],
        "RESUENA_DATABASE_URL": database_url,
        "RESUENA_DATA": str(data),
        "RESUENA_NETWORK_URLS": f"x={server.url}",
        "RESUENA_TEST_CRASH_AT": crash_at,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "scheduler"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def plan(database: Database, data: Path, server: XServer, time: Time) -> Publication:
    """A publication that is due in a second, with a picture: so that there is something to prepare."""
    at = worker(database, data, x=server.url)
    with time.ruling(), database.transaction() as session:
        school = picture(session, at, "Una escuela")
        to = account(session, "x", at)
        return planned(session, to, time.at + timedelta(seconds=1), "Lo que se aprobó", (school,))


@pytest.mark.parametrize("point", ["claimed", "prepared", "sending", "sent", "recorded"])
def test_a_worker_that_dies_at_any_point_never_posts_twice_and_loses_nothing(
    database: Database, database_url: str, tmp_path: Path, point: str
) -> None:
    time = Time()
    with running(time.seconds) as server:
        publication = plan(database, tmp_path, server, time)
        with worker_process(database_url, tmp_path, server, crash_at=point) as process:
            assert process.wait(60) == CRASHED
        time.pass_by(seconds=30)
        with time.ruling():
            engine = Engine(worker(database, tmp_path, x=server.url))
            for _ in range(30):
                engine.tick()
                engine.look()
                time.pass_by(seconds=30)
            engine.close()
        assert now_of(database, publication).state is PUBLISHED
        assert [post["text"] for post in server.posts()] == ["Lo que se aprobó"]


def test_control_a_sending_that_is_simply_tried_again_after_a_death_is_out_twice(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    time = Time()
    with running(time.seconds) as server:
        server.set(refuses_equal=False)
        plan(database, tmp_path, server, time)
        with worker_process(database_url, tmp_path, server, crash_at="sent") as process:
            assert process.wait(60) == CRASHED
        with database.transaction() as session:
            session.execute(text("UPDATE publication SET state = 'scheduled'"))
            session.execute(text("UPDATE publication_part SET state = 'waiting'"))
        time.pass_by(seconds=30)
        with time.ruling():
            engine = Engine(worker(database, tmp_path, x=server.url))
            engine.tick()
            engine.close()
        assert len(server.posts()) == 2


def test_a_worker_publishes_by_the_clock_and_ends_in_good_order(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    time = Time()
    patience = Event()
    with running(time.seconds) as server:
        publication = plan(database, tmp_path, server, time)
        with worker_process(database_url, tmp_path, server) as process:
            for _ in range(300):
                if now_of(database, publication).state is PUBLISHED:
                    break
                patience.wait(0.1)
            for _ in range(100):
                with database.reading() as session:
                    if heartbeat.alive(session):
                        break
                patience.wait(0.1)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        assert len(server.posts()) == 1
    with database.reading() as session:
        assert heartbeat.alive(session) == []
        assert heartbeat.silent(session) == []
        assert heartbeat.last_beat(session) is not None


def test_a_worker_refuses_a_database_that_is_not_migrated_with_one_line(tmp_path: Path) -> None:
    with running() as server, worker_process(f"sqlite:///{tmp_path}/empty.db", tmp_path, server) as process:
        _, told = process.communicate(timeout=60)
        assert process.returncode == 3
    assert told.startswith("resuena: database_not_migrated(")
    assert len(told.splitlines()) == 1


def test_the_ticks_end_before_the_senders_that_they_hand_their_claims_to(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    close, stop, settle = Publisher.close, Timetable.stop, Publisher.settle

    def settling(publisher: Publisher) -> None:
        ended.append("what was on its way")
        settle(publisher)

    def closing(publisher: Publisher) -> None:
        ended.append("senders")
        close(publisher)

    def stopping_ticks(timetable: Timetable) -> None:
        ended.append("ticks")
        stop(timetable)

    monkeypatch.setattr(Publisher, "settle", settling)
    monkeypatch.setattr(Publisher, "close", closing)
    monkeypatch.setattr(Timetable, "stop", stopping_ticks)
    stopping = Event()
    stopping.set()
    run(worker(database, tmp_path), stopping)
    # First what is on its way: a tick may last as long as a report takes to be made.
    assert ended == ["what was on its way", "ticks", "senders"]


def test_only_the_named_point_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr("scheduler.crash_points._CRASH_AT", "sent")
    monkeypatch.setattr("os._exit", ended.append)
    crash_points.reached("sending")
    assert ended == []
    crash_points.reached("sent")
    assert ended == [CRASHED]
