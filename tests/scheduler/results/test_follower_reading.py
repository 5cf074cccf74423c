"""Followers, read once a day where it is free and once a week where somebody allowed to pay for it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

import pytest
import time_machine
from sqlalchemy import select

from content_calendar import budget
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.money import Charge
from scheduler.network import AccountAccess, RefusedError, UnavailableError
from scheduler.networks import networks
from scheduler.networks.rehearsal import Rehearsal
from scheduler.results import follower_reading
from scheduler.results.following_models import FollowerLook
from scheduler.results.models import Followers
from scheduler.worker import Worker
from tests.scheduler.scene import account, person, worker

SLUG = "seguida"


class Followed(Rehearsal):
    slug: ClassVar[str] = SLUG
    needs_connection: ClassVar[bool] = True
    follower_mills: ClassVar[int] = 0

    def __init__(self) -> None:
        self.told: int | None = 100
        self.fate: list[Exception] = []
        self.asked = 0

    def followers(self, access: AccountAccess) -> int | None:
        assert access.handle
        self.asked += 1
        if self.fate:
            raise self.fate.pop(0)
        return self.told


class Dear(Followed):
    follower_mills: ClassVar[int] = 10


class Private(Followed):
    followers_source: ClassVar[str] = "https://example.mx/"

    def followers(self, access: AccountAccess) -> int | None:
        assert access.secrets
        return super().followers(access)


@pytest.fixture(params=[Followed])
def network(request: pytest.FixtureRequest) -> Iterator[Followed]:
    made: Followed = request.param()
    with patch.dict(networks(), {SLUG: made}):
        yield made


@pytest.fixture
def at_work(database: Database, tmp_path: Path) -> Worker:
    made = worker(database, tmp_path)
    with database.transaction() as session:
        person(session)
        account(session, SLUG, made)
    return made


def told(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(Followers.value).order_by(Followers.on)))


def code(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(FollowerLook.said_code)).one()


def test_followers_are_read_once_a_day(network: Followed, at_work: Worker) -> None:
    with time_machine.travel(now(), tick=False) as time:
        assert follower_reading.tick(at_work) == 1
        assert follower_reading.tick(at_work) == 0
        network.told = 130
        time.shift(timedelta(days=1, minutes=1))
        assert follower_reading.tick(at_work) == 1
    assert told(at_work.database) == [100, 130]


def test_what_is_not_told_is_missing_and_a_failure_is_tried_again_sooner(
    network: Followed, at_work: Worker
) -> None:
    network.told = None
    network.fate = [UnavailableError(), RefusedError()]
    with time_machine.travel(now(), tick=False) as time:
        follower_reading.tick(at_work)
        assert code(at_work.database) == "reading_failed"
        time.shift(timedelta(hours=1))
        assert follower_reading.tick(at_work) == 1
        assert code(at_work.database) == "reading_refused"
        # What a person must mend first waits for the usual time.
        time.shift(timedelta(hours=13))
        assert follower_reading.tick(at_work) == 0
        time.shift(timedelta(hours=13))
        assert follower_reading.tick(at_work) == 1
        assert code(at_work.database) == "reading_not_given"
    assert told(at_work.database) == []


@pytest.mark.parametrize("network", [Dear], indirect=True)
def test_what_costs_is_asked_only_where_somebody_allowed_it(network: Followed, at_work: Worker) -> None:
    with time_machine.travel(now(), tick=False) as time:
        follower_reading.tick(at_work)
        assert (network.asked, code(at_work.database)) == (0, "reading_over_budget")
        with at_work.database.transaction() as session:
            budget.set_ceiling(session, person(session), SLUG, 1000)
        time.shift(timedelta(days=7, minutes=1))
        follower_reading.tick(at_work)
        time.shift(timedelta(days=2))
        follower_reading.tick(at_work)
    assert network.asked == 1
    with at_work.database.reading() as session:
        assert session.scalars(select(Charge.mills)).all() == [10]


@pytest.mark.parametrize("network", [Private], indirect=True)
def test_what_is_told_to_owners_alone_is_asked_with_the_account_s_keys(
    network: Followed, at_work: Worker
) -> None:
    with at_work.database.transaction() as session:
        account(session, SLUG)
    follower_reading.tick(at_work)
    assert network.asked == 1
    assert told(at_work.database) == [100]
