"""A long preparation is not a silent worker: its lease is kept, and nobody else takes it over."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from threading import Event
from unittest.mock import patch

import pytest

from content_calendar import batches
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler import publishing
from scheduler.network import AccountAccess, Outgoing
from scheduler.networks import networks
from tests.scheduler.scene import Engine, Time, account, attempts_of, now_of, planned, worker

REHEARSAL = type(networks()["rehearsal"])


class Slow(REHEARSAL):  # type: ignore[valid-type, misc] # a network's class is its file's own
    """A network to which an upload takes more than three minutes; ``reached`` tells how often it was begun."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.reached = 0

    def needs_preparing(self, outgoing: Outgoing) -> bool:  # noqa: ARG002 -- the contract
        return True

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:  # noqa: ARG002 -- the contract
        self.reached += 1
        for _ in range(10):
            self.time.pass_by(seconds=21)
            Event().wait(0.15)  # the publisher minds its leases meanwhile
        return {"media": "1"}


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def slow(time: Time) -> Iterator[Slow]:
    made = Slow(time)
    with patch.dict(networks(), {"rehearsal": made}), patch.object(publishing, "_MIND_SECONDS", 0.02):
        yield made


def sent_slowly(database: Database, data: Path, time: Time) -> Publication:
    engine = Engine(worker(database, data))
    engine.tick()
    with database.transaction() as session:
        publication = planned(session, account(session, "rehearsal"), time.at + timedelta(seconds=1))
    time.pass_by(seconds=2)
    engine.tick()
    engine.tick()
    engine.close()
    return now_of(database, publication)


def test_an_upload_that_outlasts_the_lease_is_made_once_and_goes_out(
    database: Database, tmp_path: Path, time: Time, slow: Slow
) -> None:
    publication = sent_slowly(database, tmp_path / "data", time)
    assert publication.state is PublicationState.PUBLISHED
    assert publication.parts[0].prepared == {"media": "1"}
    assert slow.reached == 1
    assert len(attempts_of(database, publication)) == 1


def test_control_without_a_sign_of_life_it_is_begun_again(
    database: Database, tmp_path: Path, time: Time, slow: Slow
) -> None:
    with patch.object(batches, "keep", lambda *_: None):
        sent_slowly(database, tmp_path / "data", time)
    assert slow.reached > 1
