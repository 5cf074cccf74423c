from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy.orm import Session

from scheduler import heartbeat
from scheduler.models import Heartbeat
from tests.scheduler.scene import Time


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


def names(found: Sequence[Heartbeat]) -> list[str]:
    return [each.worker for each in found]


def test_a_worker_that_gives_no_sign_for_a_minute_is_silent(session: Session, time: Time) -> None:
    heartbeat.beat(session, "uno", time.at)
    heartbeat.beat(session, "dos", time.at)
    time.pass_by(seconds=61)
    heartbeat.beat(session, "dos", time.at)
    assert names(heartbeat.alive(session)) == ["dos"]
    assert names(heartbeat.silent(session)) == ["uno"]


def test_a_worker_that_ended_in_good_order_is_neither_alive_nor_silent(session: Session, time: Time) -> None:
    heartbeat.beat(session, "uno", time.at)
    heartbeat.farewell(session, "uno")
    ended_at = time.at
    time.pass_by(minutes=10)
    assert names(heartbeat.alive(session)) == []
    assert names(heartbeat.silent(session)) == []
    assert heartbeat.last_beat(session) == ended_at


def test_a_worker_of_long_ago_is_forgotten(session: Session, time: Time) -> None:
    heartbeat.beat(session, "viejo", time.at)
    time.pass_by(days=8)
    assert names(heartbeat.silent(session)) == []
    heartbeat.beat(session, "nuevo", time.at)
    heartbeat.farewell(session, "nuevo")
    assert heartbeat.last_beat(session, but="nuevo") is None
