"""What fails at the desk harms as little as it can: one row, one moment, and nothing that was sent is forgotten."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy.exc import OperationalError

from content_calendar.db import Database
from content_calendar.epoch import EpochFile
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler import recording
from scheduler.desk import Desk
from scheduler.errands import carry_out
from scheduler.networks import networks
from scheduler.parcels import pack
from tests.scheduler.scene import Engine, Time, account, now_of, planned, worker

PUBLISHED, SCHEDULED = PublicationState.PUBLISHED, PublicationState.SCHEDULED


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
    """Publications of as many accounts, whose hour has come."""
    with engine.worker.database.transaction() as session:
        at = time.at + timedelta(seconds=1)
        made = [planned(session, account(session, "rehearsal"), at, f"Texto {n}") for n in range(count)]
    time.pass_by(seconds=2)
    return made


def state(engine: Engine, publication: Publication) -> PublicationState:
    return now_of(engine.worker.database, publication).state


def test_one_publication_that_cannot_be_looked_at_is_put_off_and_the_others_leave(
    engine: Engine, time: Time
) -> None:
    odd, *others = due(engine, time, 3)

    def packs_but_one(*given: object) -> object:
        if given[1].id == odd.id:  # type: ignore[attr-defined] # a dossier
            raise ZeroDivisionError
        return pack(*given)  # type: ignore[arg-type] # as they came

    with patch("scheduler.judging.pack", packs_but_one):
        engine.tick()
    assert [state(engine, one) for one in others] == [PUBLISHED, PUBLISHED]
    found = now_of(engine.worker.database, odd)
    assert (found.state, found.said_code) == (SCHEDULED, "network_unavailable")
    time.pass_by(seconds=31)
    engine.tick()
    assert state(engine, odd) is PUBLISHED


def test_what_senders_brought_back_is_written_down_once_the_database_is_there_again(
    engine: Engine, time: Time
) -> None:
    (publication,) = due(engine, time, 1)
    away = OperationalError("UPDATE", {}, Exception("the server closed the connection"))
    with patch.object(recording, "record_all", side_effect=away), pytest.raises(OperationalError):
        engine.tick()
    assert state(engine, publication) is PublicationState.SENDING
    engine.tick()
    assert state(engine, publication) is PUBLISHED


def test_what_comes_back_and_what_is_next_share_a_transaction_where_one_writes_at_a_time(
    engine: Engine, time: Time
) -> None:
    first, second = due(engine, time, 2)
    desk = Desk(engine.worker)
    back = [(one, carry_out(one)) for one in desk.take(1).errands]

    recorded, taken = desk.exchange(back, 1)

    assert not recorded
    assert taken is not None
    assert (state(engine, first), state(engine, second)) == (PUBLISHED, PublicationState.SENDING)
    desk.record([(one, carry_out(one)) for one in desk.hand_over(taken).errands])
    assert state(engine, second) is PUBLISHED


def test_what_cannot_be_taken_costs_nothing_of_what_came_back(engine: Engine, time: Time) -> None:
    first, second = due(engine, time, 2)
    desk = Desk(engine.worker)
    back = [(one, carry_out(one)) for one in desk.take(1).errands]

    with patch("scheduler.dossiers.load", side_effect=ZeroDivisionError):
        _, taken = desk.exchange(back, 1)

    assert taken is None
    assert (state(engine, first), state(engine, second)) == (PUBLISHED, SCHEDULED)


def test_while_the_epoch_cannot_be_kept_nothing_is_sent_and_nothing_is_doubted(
    engine: Engine, time: Time
) -> None:
    (publication,) = due(engine, time, 1)
    publish = type(networks()["rehearsal"]).publish
    with (
        patch.object(EpochFile, "keep", side_effect=OSError("no space left")),
        patch.object(type(networks()["rehearsal"]), "publish", autospec=True, side_effect=publish) as called,
        pytest.raises(OSError, match="no space"),
    ):
        engine.tick()
    assert not called.called
    assert state(engine, publication) is SCHEDULED
    time.pass_by(seconds=61)
    engine.tick()
    assert state(engine, publication) is PUBLISHED


def test_without_a_single_sender_nothing_is_counted_as_on_its_way_for_ever(
    engine: Engine, time: Time
) -> None:
    (publication,) = due(engine, time, 1)
    with patch.object(threading.Thread, "start", side_effect=RuntimeError("can't start new thread")):
        engine.tick()
    assert state(engine, publication) is SCHEDULED
    time.pass_by(seconds=61)
    engine.tick()
    assert state(engine, publication) is PUBLISHED
