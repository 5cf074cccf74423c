"""After a silence, a clock jump or a restore nothing leaves by itself."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from content_calendar import catch_up, claiming, publications
from content_calendar.db import Database
from content_calendar.epoch import Epoch, EpochFile, installation
from content_calendar.models.publications import Publication
from content_calendar.states import HoldReason, PublicationState
from scheduler import heartbeat, retries
from tests.scheduler.scene import Engine, Time, account, moment, now_of, planned, worker
from tests.simulators.x_server import XServer, running

PUBLISHED, HELD, UNKNOWN = PublicationState.PUBLISHED, PublicationState.HELD, PublicationState.UNKNOWN


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def x_server(time: Time) -> Iterator[XServer]:
    with running(time.seconds) as server:
        yield server


def start(database: Database, data: Path, x_server: XServer) -> Engine:
    engine = Engine(worker(database, data, x=x_server.url))
    engine.tick()
    beat(engine)
    return engine


def beat(engine: Engine) -> None:
    with engine.worker.database.transaction() as session:
        heartbeat.beat(session, engine.worker.name, engine.worker.started_at)


def plan(engine: Engine, time: Time, minutes: int = 1, text: str = "Abre los datos") -> Publication:
    with engine.worker.database.transaction() as session:
        to = account(session, "x", engine.worker)
        return planned(session, to, time.at + timedelta(minutes=minutes), text)


def is_catching_up(engine: Engine) -> bool:
    with engine.worker.database.reading() as session:
        return catch_up.is_catching_up(session)


def test_after_a_silence_what_is_past_due_waits_and_nothing_leaves_until_it_is_dealt_with(
    database: Database, tmp_path: Path, time: Time, x_server: XServer
) -> None:
    before = start(database, tmp_path, x_server)
    missed, later = plan(before, time), plan(before, time, 12, "Más tarde")
    before.close()
    time.pass_by(minutes=10)
    after = start(database, tmp_path, x_server)
    assert is_catching_up(after)
    time.pass_by(minutes=4)
    after.tick()
    for publication in (missed, later):
        found = now_of(database, publication)
        assert (found.state, found.hold_reason) == (HELD, HoldReason.CATCH_UP)
    with database.transaction() as session:
        for publication in (missed, later):
            loaded = session.get_one(Publication, publication.id)
            publications.replan(
                session, loaded, moment(time.at + timedelta(minutes=1)), timedelta(hours=1), ""
            )
    time.pass_by(minutes=1)
    after.tick()
    after.close()
    assert not is_catching_up(after)
    assert {post["text"] for post in x_server.posts()} == {"Abre los datos", "Más tarde"}


def test_what_a_silent_worker_had_only_claimed_waits_like_the_rest(
    database: Database, tmp_path: Path, time: Time, x_server: XServer
) -> None:
    before = start(database, tmp_path, x_server)
    claimed = plan(before, time)
    time.pass_by(minutes=1)
    with database.transaction() as session:
        assert claiming.claim(session, before.worker.name, 1, retries.LEASE)
    before.close()
    time.pass_by(minutes=10)
    after = start(database, tmp_path, x_server)
    after.tick()
    after.close()
    found = now_of(database, claimed)
    assert (found.state, found.hold_reason) == (HELD, HoldReason.CATCH_UP)
    assert x_server.posts() == []


def test_control_a_short_stop_is_no_silence(
    database: Database, tmp_path: Path, time: Time, x_server: XServer
) -> None:
    before = start(database, tmp_path, x_server)
    missed = plan(before, time)
    before.close()
    time.pass_by(minutes=4)
    start(database, tmp_path, x_server).close()
    assert now_of(database, missed).state is PUBLISHED


def test_it_is_no_silence_while_another_worker_is_at_work(
    database: Database, tmp_path: Path, time: Time, x_server: XServer
) -> None:
    sleeper, awake = start(database, tmp_path, x_server), start(database, tmp_path, x_server)
    missed = plan(sleeper, time, 9)
    time.pass_by(minutes=10)
    beat(awake)
    sleeper.tick()
    sleeper.close()
    awake.close()
    assert now_of(database, missed).state is PUBLISHED


def test_after_a_clock_jump_what_is_past_due_waits(
    database: Database, tmp_path: Path, time: Time, x_server: XServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start(database, tmp_path, x_server)
    publication = plan(engine, time)
    stood_still = time.seconds()
    monkeypatch.setattr("content_calendar.clock.monotonic", lambda: stood_still + 1)
    time.pass_by(seconds=62)
    engine.tick()
    engine.close()
    found = now_of(database, publication)
    assert (found.state, found.hold_reason) == (HELD, HoldReason.CATCH_UP)
    assert x_server.posts() == []


def test_a_person_can_end_it(database: Database, tmp_path: Path, time: Time, x_server: XServer) -> None:
    before = start(database, tmp_path, x_server)
    missed, later = plan(before, time), plan(before, time, 15, "Más tarde")
    time.pass_by(minutes=10)
    before.tick()
    assert is_catching_up(before)
    with database.transaction() as session:
        catch_up.leave(session, "")
    time.pass_by(minutes=4)
    before.tick()
    time.pass_by(minutes=1)
    before.tick()
    before.close()
    assert now_of(database, missed).state is HELD
    assert now_of(database, later).state is PUBLISHED


@pytest.fixture
def file_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "live.db"
    shutil.copy(sqlite_template, path)
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.dispose()


def back_up(database: Database, to: Path) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{to}'")
        connection.exec_driver_sql("BEGIN")


def put_back(database: Database, backup: Path) -> None:
    database.dispose()
    live = Path(str(database.url.database))
    for left in (live, Path(f"{live}-wal"), Path(f"{live}-shm")):
        left.unlink(missing_ok=True)
    shutil.copy(backup, live)


@pytest.mark.parametrize("told", [False, True], ids=["file put back unseen", "restore command"])
def test_a_restored_database_looks_before_it_sends(
    file_database: Database, tmp_path: Path, time: Time, x_server: XServer, *, told: bool
) -> None:
    database, data = file_database, tmp_path / "data"
    engine = start(database, data, x_server)
    sent, unsent = plan(engine, time), plan(engine, time, 3, "Nunca salió")
    back_up(database, tmp_path / "backup.db")
    time.pass_by(minutes=1)
    engine.tick()
    assert now_of(database, sent).state is PUBLISHED
    engine.close()

    put_back(database, tmp_path / "backup.db")
    time.pass_by(minutes=3)
    if told:
        with database.transaction() as session:
            begun = catch_up.restored(session)
        EpochFile(data).keep(begun)
    engine = start(database, data, x_server)
    assert now_of(database, sent).state is UNKNOWN
    assert is_catching_up(engine)
    for _ in range(15):
        time.pass_by(minutes=1)
        engine.tick()
        engine.look()
        beat(engine)
    engine.tick()
    engine.close()
    assert now_of(database, sent).state is PUBLISHED
    # Looked for twice and not there, and still within its tolerance: so it goes, once.
    assert now_of(database, unsent).state is PUBLISHED
    assert sorted(post["text"] for post in x_server.posts()) == ["Abre los datos", "Nunca salió"]


def test_control_without_the_epoch_a_restored_database_tries_to_send_again(
    file_database: Database, tmp_path: Path, time: Time, x_server: XServer
) -> None:
    database, data = file_database, tmp_path / "data"
    engine = start(database, data, x_server)
    plan(engine, time)
    back_up(database, tmp_path / "backup.db")
    time.pass_by(minutes=1)
    engine.tick()
    engine.close()
    put_back(database, tmp_path / "backup.db")
    with database.reading() as session:
        known = Epoch.read(installation(session).epoch)
    (data / "epoch").write_text(f"{known}\n", encoding="ascii")
    x_server.set(refuses_equal=False)
    start(database, data, x_server).close()
    assert len(x_server.posts()) == 2


def test_an_epoch_file_never_goes_back(tmp_path: Path) -> None:
    file = EpochFile(tmp_path)
    file.keep(Epoch("a", 5))
    file.keep(Epoch("a", 3))
    assert file.read() == Epoch("a", 5)
    file.keep(Epoch("b", 0))
    assert file.read() == Epoch("b", 0)


def test_an_epoch_survives_a_power_cut_while_a_later_one_is_written(tmp_path: Path) -> None:
    file = EpochFile(tmp_path)
    for count in (5, 6, 7):
        file.keep(Epoch("a", count))
    whole = file.path.read_bytes()
    file.keep(Epoch("a", 8))
    written = file.path.read_bytes()
    first = next(at for at in range(len(whole)) if whole[at] != written[at])
    last = max(at for at in range(len(whole)) if whole[at] != written[at])
    for cut in range(first + 1, last + 1):  # whatever of it reached the disk
        file.path.write_bytes(written[:cut] + whole[cut:])
        assert file.read() == Epoch("a", 7)
    file.keep(Epoch("a", 9))
    assert file.read() == Epoch("a", 9)


def test_a_file_with_one_epoch_alone_is_read_as_it_was_written_once(tmp_path: Path) -> None:
    file = EpochFile(tmp_path)
    file.path.write_text("a.5\n", encoding="ascii")
    file.keep(Epoch("a", 3))
    assert file.read() == Epoch("a", 5)
    file.keep(Epoch("a", 6))
    assert file.read() == Epoch("a", 6)
