"""What is half out, or may be, is never sent again: after a restore, an edit, an old page or a wrong clock."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from content_calendar import catch_up, claiming, posts, publications, sending
from content_calendar.content import Content
from content_calendar.db import Database
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.moves import StateChangedError
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.posts import Draft, Due
from content_calendar.publications import Destination, schedule
from content_calendar.states import HoldReason, PartState, PublicationState
from scheduler.network import Protection, UnavailableError
from scheduler.networks import networks
from tests.scheduler.scene import (
    TOLERANCE,
    ZONE,
    Engine,
    Time,
    account,
    approved_post,
    moment,
    now_of,
    person,
    worker,
)
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
        catch_up.restored(session, renews=False)


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


def edit(engine: Engine, post_id: int) -> None:
    with engine.worker.database.transaction() as session:
        post = session.get_one(Post, post_id)
        draft = Draft(Content(parts=("Otra cosa",)))
        posts.save(session, post, person(session), draft, post.edition, TOLERANCE)


def test_a_post_whose_thread_is_half_out_keeps_its_words_also_once_the_rest_was_cancelled(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time)
    network.fate["Dos"] = "refused"
    engine.tick()
    database = engine.worker.database
    with pytest.raises(posts.PostIsOutError):
        edit(engine, publication.post_id)
    assert state_of(engine, publication) == (HELD, HoldReason.CONTENT)
    with database.transaction() as session:
        assert publications.withdraw_all(session, session.get_one(Post, publication.post_id), "") == []
    with database.transaction() as session:
        # Between two parts, or at rest with another account's publication still open.
        session.execute(
            update(Publication)
            .where(Publication.id == publication.id)
            .values(state=PublicationState.CANCELLED)
        )
    with pytest.raises(posts.PostIsOutError):
        edit(engine, publication.post_id)


def test_a_thread_between_two_parts_is_not_moved_with_its_post(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time)
    network.fate["Dos"] = "refused"
    engine.tick()
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        publications.confirm_published(session, loaded, "77", "https://red.example/77", "")
    assert state_of(engine, publication)[0] is SCHEDULED
    later = time.at + timedelta(hours=2)
    with engine.worker.database.transaction() as session:
        post, somebody = session.get_one(Post, publication.post_id), person(session)
        with pytest.raises(posts.PostIsOutError):
            posts.reschedule(session, post, somebody, Due(later, later, ZONE), TOLERANCE)


def test_a_post_that_is_out_at_one_account_is_not_edited_while_another_waits(
    engine: Engine, time: Time, network: Threads
) -> None:
    database = engine.worker.database
    with database.transaction() as session:
        post, version = approved_post(session, "Uno")
        payload = Payload((PayloadPart("Uno", "es"),))
        destinations = [Destination(account(session, SLUG).id, payload, [key]) for key in ("k1", "k2")]
        schedule(session, post, version, destinations, moment(time.at + timedelta(minutes=1)), TOLERANCE, "")
    time.pass_by(seconds=61)
    network.fate["Uno"] = "refused"
    engine.tick()
    assert said(network) == ["Uno"]
    with database.transaction() as session:
        held = {"state": HELD, "hold_reason": HoldReason.BUDGET}
        session.execute(update(Publication).where(Publication.state != PUBLISHED).values(held))
    with pytest.raises(posts.PostIsOutError):
        edit(engine, post.id)
    with database.reading() as session:
        states = session.scalars(select(Publication.state).where(Publication.post_id == post.id)).all()
    assert sorted(states) == [HELD, PUBLISHED]


def test_a_doubt_about_a_key_that_dies_is_looked_up_and_never_waits_as_if_it_had_not_gone_out(
    engine: Engine, time: Time, network: Threads
) -> None:
    with patch.multiple(Threads, protection=Protection.REPLAY, key_life=timedelta(minutes=55)):
        publication = thread(engine, time)
        network.fate["Uno"] = "lost_answer"
        engine.tick()
        time.pass_by(minutes=4)
        with patch.object(network, "find", side_effect=UnavailableError):
            engine.look()
        assert state_of(engine, publication)[0] is UNKNOWN
        settle(engine, time)
    assert said(network) == list(PARTS)


def test_what_a_person_says_on_an_old_page_is_not_said_of_a_later_doubt(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time)
    database = engine.worker.database

    def held_by_doubt() -> int:
        with patch.object(network, "find", side_effect=UnavailableError):
            for _ in range(9):
                engine.tick()
                time.pass_by(minutes=4)
                engine.look()
        assert state_of(engine, publication) == (HELD, HoldReason.UNCONFIRMED)
        return now_of(database, publication).lease_gen

    def confirm(generation: int) -> None:
        with database.transaction() as session:
            loaded = session.get_one(Publication, publication.id)
            link = "https://red.example/1"
            publications.confirm_published(session, loaded, "1", link, "", generation=generation)

    network.fate["Uno"] = network.fate["Dos"] = "lost_answer"
    old = held_by_doubt()
    confirm(old)
    with pytest.raises(StateChangedError):
        confirm(old)
    new = held_by_doubt()
    with pytest.raises(StateChangedError):
        confirm(old)
    with database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        with pytest.raises(StateChangedError):
            publications.resend(session, loaded, TOLERANCE, "", generation=old)
    with database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        publications.confirm_published(session, loaded, "2", "https://red.example/2", "", generation=new)
    engine.tick()
    assert said(network) == list(PARTS)


def test_a_worker_that_stood_still_looks_before_it_asks_a_person(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time, tolerance=timedelta(hours=2))
    network.fate["Tres"] = "lost_answer"
    engine.tick()
    time.pass_by(minutes=31)
    engine.look()
    assert state_of(engine, publication) == (PUBLISHED, None)


def test_a_doubt_that_can_never_be_looked_up_is_a_persons_after_half_an_hour(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time)
    network.fate["Uno"] = "lost_answer"
    engine.tick()
    with patch.object(network, "find", side_effect=UnavailableError):
        settle(engine, time, 35)
    assert state_of(engine, publication) == (HELD, HoldReason.UNCONFIRMED)


def test_a_repeat_by_key_that_nobody_looked_up_is_in_doubt_again_when_it_cannot_leave(
    engine: Engine, time: Time, network: Threads
) -> None:
    database = engine.worker.database
    with patch.object(Threads, "protection", Protection.REPLAY):
        publication = thread(engine, time, tolerance=timedelta(hours=2))
        network.fate["Uno"] = "lost_answer"
        engine.tick()
        time.pass_by(minutes=4)
        engine.look()
        assert state_of(engine, publication)[0] is SCHEDULED
        with database.transaction() as session:
            loaded = session.get_one(Publication, publication.id)
            with pytest.raises(publications.DoubtOpenError):
                publications.cancel(session, loaded, "")
            with pytest.raises(publications.DoubtOpenError):
                publications.replan(session, loaded, moment(time.at + timedelta(hours=1)), TOLERANCE, "")
            assert publications.withdraw_all(session, session.get_one(Post, loaded.post_id), "") == []
        time.pass_by(minutes=8)
        engine.tick()
        assert state_of(engine, publication)[0] is UNKNOWN
        engine.look()
        # Looked up, not repeated while nothing may leave.
        assert said(network) == ["Uno"]
        assert now_of(database, publication).parts[0].state is PartState.PUBLISHED


def test_a_repeat_by_key_that_became_late_is_in_doubt_again(
    engine: Engine, time: Time, network: Threads
) -> None:
    with patch.object(Threads, "protection", Protection.REPLAY):
        publication = thread(engine, time)
        network.fate["Uno"] = "lost_answer"
        engine.tick()
        time.pass_by(minutes=4)
        engine.look()
        time.pass_by(minutes=30)
        with engine.worker.database.transaction() as session:
            assert sending.miss_late(session) == []
    assert state_of(engine, publication)[0] is UNKNOWN


def test_what_is_late_is_held_a_bounded_number_at_a_time(engine: Engine, time: Time) -> None:
    first, second = thread(engine, time), thread(engine, time)
    time.pass_by(hours=1)
    with engine.worker.database.transaction() as session:
        assert sending.miss_late(session, 1) == [first.id]
        assert sending.hold_due(session, HoldReason.CATCH_UP, sending.Said("catch_up"), 1) == [second.id]


def test_a_lease_and_a_look_of_a_clock_that_was_ahead_do_not_last(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time)
    database = engine.worker.database
    with database.transaction() as session:
        claiming.claim(session, "otro", 1, timedelta(hours=5))
        assert sending.reap(session).released == [publication.id]
    with database.transaction() as session:
        claiming.claim(session, "otro", 1, timedelta(minutes=2))
        assert sending.reap(session).released == []
        far = {"state": UNKNOWN, "unknown_since": time.at, "next_check_at": time.at + timedelta(hours=5)}
        session.execute(update(Publication).values(far))
    with patch.object(network, "find", side_effect=UnavailableError):
        assert engine.look() == 1
