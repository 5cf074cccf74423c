"""What is half out, or may be, is never sent again: after a restore, an edit, an old page or a wrong clock."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import update

from content_calendar import catch_up, publications
from content_calendar.db import Database
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import HoldReason, PartState, PublicationState
from scheduler.networks import networks
from tests.scheduler.scene import TOLERANCE, Engine, Time, now_of, worker
from tests.scheduler.test_threads import PARTS, SLUG, Threads, settle, thread

HELD, PUBLISHED, UNKNOWN = PublicationState.HELD, PublicationState.PUBLISHED, PublicationState.UNKNOWN
SCHEDULED = PublicationState.SCHEDULED


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def network() -> Iterator[Threads]:
    made = Threads()
    with ExitStack() as stack:
        stack.enter_context(patch.dict(networks(), {SLUG: made}))
        yield made


@pytest.fixture
def engine(database: Database, tmp_path: Path, time: Time, network: Threads) -> Iterator[Engine]:  # noqa: ARG001 -- they rule
    made = Engine(worker(database, tmp_path / "data"))
    made.tick()
    yield made
    made.close()


def put_back(engine: Engine, publication: Publication) -> None:
    """Let the database be the one of before anything of it was sent, and be noticed as such."""
    with engine.worker.database.transaction() as session:
        session.execute(
            update(PublicationPart)
            .where(PublicationPart.publication_id == publication.id)
            .values(state=PartState.WAITING, remote_id=None, remote_url="", published_at=None, prepared={})
        )
        session.execute(
            update(Publication)
            .where(Publication.id == publication.id)
            .values(state=SCHEDULED, sent_at=None, attempts=0, published_at=None, lease_gen=0)
        )
    with engine.worker.database.transaction() as session:
        assert catch_up.restored(session, renews=False)


def said(network: Threads) -> list[str]:
    return [text for text, _ in network.posts]


def state_of(engine: Engine, publication: Publication) -> tuple[PublicationState, HoldReason | None]:
    found = now_of(engine.worker.database, publication)
    return found.state, found.hold_reason


def test_a_thread_that_a_restored_database_forgot_is_looked_up_part_by_part_and_not_sent_again(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time, tolerance=timedelta(hours=6))
    engine.tick()
    assert said(network) == list(PARTS)
    put_back(engine, publication)
    settle(engine, time, 30)
    assert said(network) == list(PARTS)
    assert state_of(engine, publication) == (PUBLISHED, None)
    assert [part.remote_id for part in now_of(engine.worker.database, publication).parts] == ["1", "2", "3"]


def test_of_a_thread_that_a_restored_database_forgot_half_out_only_the_rest_is_sent(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time, tolerance=timedelta(hours=6))
    network.fate["Dos"] = "refused"
    engine.tick()
    assert said(network) == ["Uno"]
    put_back(engine, publication)
    settle(engine, time, 30)
    assert said(network) == list(PARTS)
    assert state_of(engine, publication) == (PUBLISHED, None)


def test_a_persons_yes_to_one_part_of_what_a_restore_forgot_says_nothing_of_the_next(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time, tolerance=timedelta(hours=6))
    engine.tick()
    put_back(engine, publication)
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        publications.confirm_published(session, loaded, "1", "https://red.example/1", "")
    assert state_of(engine, publication)[0] is UNKNOWN
    settle(engine, time, 30)
    assert said(network) == list(PARTS)
    assert state_of(engine, publication) == (PUBLISHED, None)
