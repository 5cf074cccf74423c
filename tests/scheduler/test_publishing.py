"""The engine through a whole publication: every outcome of a sending, every gate, every person's act.

Longer than 400 lines on purpose: the cases share one scene, and are read against each other.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.orm import joinedload

from content_calendar import claiming, publications, sending
from content_calendar.batches import begin_sending
from content_calendar.content import Content, as_json, hash_of
from content_calendar.db import Database
from content_calendar.models.directory import Account, SilenceException, SilenceWindow, Standing
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.moves import StateChangedError, move
from content_calendar.sending import Claimed, Proof
from content_calendar.states import HoldReason, PostState, PublicationEvent, PublicationState
from scheduler import retries
from scheduler.desk import Desk
from scheduler.errands import Prepared, carry_out
from scheduler.models import Outcome
from tests.scheduler.scene import (
    Engine,
    Time,
    account,
    attempts_of,
    moment,
    now_of,
    person,
    picture,
    planned,
    worker,
)
from tests.simulators.x_server import XServer, running

PUBLISHED, HELD, UNKNOWN = PublicationState.PUBLISHED, PublicationState.HELD, PublicationState.UNKNOWN
SCHEDULED = PublicationState.SCHEDULED


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def x_server(time: Time) -> Iterator[XServer]:
    with running(time.seconds) as server:
        yield server


@pytest.fixture
def engine(database: Database, tmp_path: Path, x_server: XServer) -> Iterator[Engine]:
    made = Engine(worker(database, tmp_path / "data", x=x_server.url))
    made.tick()  # an installation that has been at work
    yield made
    made.close()


@pytest.fixture
def database_of(engine: Engine) -> Database:
    return engine.worker.database


def plan(engine: Engine, time: Time, network: str = "x", text: str = "Tu derecho a saber") -> Publication:
    """A publication that is due in a minute."""
    with engine.worker.database.transaction() as session:
        to = account(session, network, engine.worker)
        return planned(session, to, time.at + timedelta(minutes=1), text)


def let_come(engine: Engine, time: Time, seconds: float = 60) -> None:
    """Let time pass as it does while a worker lives, tick by tick."""
    left = seconds
    while left > 0:
        step = min(left, 30)
        time.pass_by(seconds=step)
        engine.tick()
        left -= step


def look_until_settled(
    engine: Engine, time: Time, publication: Publication, minutes: int = 45
) -> Publication:
    for _ in range(minutes):
        found = now_of(engine.worker.database, publication)
        if found.state not in {UNKNOWN, PublicationState.SENDING, SCHEDULED}:
            return found
        time.pass_by(minutes=1)
        engine.tick()
        engine.look()
    return now_of(engine.worker.database, publication)


def test_nothing_goes_out_before_its_hour(engine: Engine, time: Time, x_server: XServer) -> None:
    publication = plan(engine, time)
    let_come(engine, time, 59)
    assert x_server.posts() == []
    assert now_of(engine.worker.database, publication).state is SCHEDULED


def test_a_publication_goes_out_once_at_its_hour_and_its_post_is_done(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    publication = plan(engine, time)
    let_come(engine, time)
    let_come(engine, time)
    found = now_of(engine.worker.database, publication)
    assert [post["text"] for post in x_server.posts()] == ["Tu derecho a saber"]
    assert found.state is PUBLISHED
    assert found.parts[0].remote_id == x_server.posts()[0]["id"]
    assert found.parts[0].remote_url.endswith(x_server.posts()[0]["id"])
    assert found.post.state is PostState.DONE
    assert [made.outcome for made in attempts_of(engine.worker.database, publication)] == [Outcome.DONE]


def test_the_rehearsal_network_shows_what_would_be_public(engine: Engine, time: Time) -> None:
    publication = plan(engine, time, "rehearsal")
    let_come(engine, time)
    part = now_of(engine.worker.database, publication).parts[0]
    assert part.remote_id == part.client_key
    assert part.remote_url == f"/ensayo/{part.client_key}"


def test_by_hand_it_is_told_at_its_hour_and_confirmed_with_a_link(engine: Engine, time: Time) -> None:
    publication = plan(engine, time, "by_hand")
    let_come(engine, time)
    found = now_of(engine.worker.database, publication)
    assert (found.state, found.hold_reason) == (HELD, HoldReason.BY_HAND)
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        publications.confirm_published(session, loaded, "", "https://red.example/1", "")
    assert now_of(engine.worker.database, publication).state is PUBLISHED


def test_an_account_without_credentials_or_of_an_unknown_network_is_published_by_hand(
    engine: Engine, time: Time
) -> None:
    with engine.worker.database.transaction() as session:
        bare = planned(session, account(session, "x"), time.at + timedelta(minutes=1))
        elsewhere = planned(session, account(session, "otra_red"), time.at + timedelta(minutes=1))
    let_come(engine, time)
    for publication in (bare, elsewhere):
        assert now_of(engine.worker.database, publication).hold_reason is HoldReason.BY_HAND


def test_two_workers_that_claim_at_once_get_a_row_once(database: Database, tmp_path: Path) -> None:
    with Time().ruling() as time:
        one = worker(database, tmp_path)
        with database.transaction() as session:
            to = account(session, "rehearsal")
            for _ in range(20):
                planned(session, to, time.at + timedelta(seconds=1))
        time.pass_by(seconds=2)
        claimed: list[Claimed] = []
        together = Barrier(4)

        def claim(name: str) -> None:
            together.wait()
            # While others look at the same rows, a claim may come back empty: a worker asks again.
            for _ in range(200):
                with one.database.transaction() as session:
                    claimed.extend(claiming.claim(session, name, 2, retries.LEASE))
                if len(claimed) >= 20:
                    break

        threads = [Thread(target=claim, args=(f"w{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(claimed) == 20
    assert len({each.id for each in claimed}) == 20


def test_control_without_the_state_in_the_update_a_row_is_claimed_twice(database: Database) -> None:
    with Time().ruling() as time, database.transaction() as session:
        publication = planned(session, account(session, "rehearsal"), time.at + timedelta(seconds=1))
    claims = 0
    for name in ("one", "two"):
        with database.transaction() as session:
            claims += len(
                session.execute(
                    update(Publication)
                    .where(Publication.id == publication.id)
                    .values(lease_owner=name)
                    .returning(Publication.id)
                ).all()
            )
    assert claims == 2


def test_accounts_take_turns(database: Database) -> None:
    with Time().ruling() as time:
        with database.transaction() as session:
            loud, quiet = account(session, "rehearsal"), account(session, "rehearsal")
            for n in range(6):
                planned(session, loud, time.at + timedelta(seconds=1 + n))
            last = planned(session, quiet, time.at + timedelta(seconds=10))
        time.pass_by(seconds=20)
        with database.transaction() as session:
            assert last.id in {each.id for each in claiming.claim(session, "w", 2, retries.LEASE)}


def test_a_claim_whose_worker_fell_silent_goes_back_to_the_queue(engine: Engine, time: Time) -> None:
    publication = plan(engine, time, "rehearsal")
    time.pass_by(seconds=60)
    with engine.worker.database.transaction() as session:
        claiming.claim(session, "silent", 1, retries.LEASE)
    let_come(engine, time, 119)
    assert now_of(engine.worker.database, publication).state is PublicationState.CLAIMED
    let_come(engine, time, 2)
    assert now_of(engine.worker.database, publication).state is PUBLISHED


def begin(engine: Engine, name: str) -> Claimed:
    with engine.worker.database.transaction() as session:
        (claimed,) = claiming.claim(session, name, 1, retries.LEASE)
    with engine.worker.database.transaction() as session:
        begin_sending(session, claimed, 1, retries.DEADLINE, retries.LEASE, {})
    return claimed


def test_a_sending_whose_worker_fell_silent_is_doubted_and_never_sent_by_a_timer(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    publication = plan(engine, time)
    time.pass_by(seconds=60)
    begin(engine, "silent")
    let_come(engine, time, 300)
    assert now_of(engine.worker.database, publication).state is UNKNOWN
    assert x_server.posts() == []


def test_a_late_answer_is_recorded_over_a_row_that_was_doubted(engine: Engine, time: Time) -> None:
    publication = plan(engine, time)
    time.pass_by(seconds=60)
    claimed = begin(engine, "slow")
    let_come(engine, time, 130)
    assert now_of(engine.worker.database, publication).state is UNKNOWN
    with engine.worker.database.transaction() as session:
        assert sending.record_published(session, claimed, 1, Proof("77", "https://x.example/77"))
    assert now_of(engine.worker.database, publication).parts[0].remote_id == "77"


def test_a_worker_that_wakes_after_its_claim_was_taken_over_writes_nothing(
    engine: Engine, time: Time
) -> None:
    publication = plan(engine, time)
    time.pass_by(seconds=60)
    with engine.worker.database.transaction() as session:
        (stale,) = claiming.claim(session, "slow", 1, retries.LEASE)
    time.pass_by(seconds=121)
    with engine.worker.database.transaction() as session:
        sending.reap(session)
        claiming.claim(session, "quick", 1, retries.LEASE)
    with engine.worker.database.transaction() as session:
        with pytest.raises(StateChangedError):
            begin_sending(session, stale, 1, retries.DEADLINE, retries.LEASE, {})
        assert not sending.record_published(session, stale, 1, Proof("1", "https://x.example/1"))
    assert now_of(engine.worker.database, publication).lease_owner == "quick"


def test_a_worker_that_wakes_after_its_lease_does_not_send(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    with engine.worker.database.transaction() as session:
        chart = picture(session, engine.worker, "Un mapa")
        planned(
            session, account(session, "x", engine.worker), time.at + timedelta(minutes=1), "Mira", (chart,)
        )
    time.pass_by(seconds=60)
    desk = Desk(engine.worker)
    (errand,) = desk.take(1).errands
    prepared = carry_out(errand)
    assert isinstance(prepared, Prepared)
    time.pass_by(seconds=121)
    assert desk.begin([(errand, prepared)]) == []
    assert x_server.posts() == []


def test_control_within_its_lease_it_does(engine: Engine, time: Time, x_server: XServer) -> None:
    with engine.worker.database.transaction() as session:
        chart = picture(session, engine.worker, "Un mapa")
        planned(
            session, account(session, "x", engine.worker), time.at + timedelta(minutes=1), "Mira", (chart,)
        )
    time.pass_by(seconds=60)
    desk = Desk(engine.worker)
    (errand,) = desk.take(1).errands
    prepared = carry_out(errand)
    assert isinstance(prepared, Prepared)
    (begun,) = desk.begin([(errand, prepared)])
    desk.record([(begun, carry_out(begun))])
    assert [post["text"] for post in x_server.posts()] == ["Mira"]


@pytest.mark.parametrize(
    ("fault", "outs"),
    [
        ("lost_answer", 1),
        ("5xx_after", 1),
        ("bad_json", 1),
        ("no_id", 1),
        ("lost_request", 0),
        ("5xx_before", 0),
    ],
)
def test_a_doubt_is_looked_up_before_anything_else_and_ends_published_once(
    engine: Engine, time: Time, x_server: XServer, fault: str, outs: int
) -> None:
    publication = plan(engine, time)
    x_server.fault(fault)
    let_come(engine, time)
    assert now_of(engine.worker.database, publication).state is UNKNOWN
    assert len(x_server.posts()) == outs
    assert look_until_settled(engine, time, publication).state is PUBLISHED
    assert len(x_server.posts()) == 1


def test_a_delayed_application_is_waited_for(engine: Engine, time: Time, x_server: XServer) -> None:
    publication = plan(engine, time)
    x_server.fault("delayed")
    let_come(engine, time)
    time.pass_by(seconds=100)
    engine.look()
    x_server.settle()
    assert look_until_settled(engine, time, publication).state is PUBLISHED
    assert len(x_server.posts()) == 1


def test_a_redirect_and_a_stranger_s_refusal_are_doubts(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    for fault in ("redirect", "html"):
        publication = plan(engine, time, text=f"Con {fault}")
        x_server.fault(fault)
        let_come(engine, time)
        assert now_of(engine.worker.database, publication).state is UNKNOWN
    assert x_server.posts() == []


def test_an_equal_text_that_is_not_ours_waits_for_a_person(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    with engine.worker.database.transaction() as session:
        to = account(session, "x", engine.worker)
        first = planned(session, to, time.at + timedelta(minutes=1), "Martes de datos abiertos")
        second = planned(session, to, time.at + timedelta(minutes=20), "Martes de datos abiertos")
    let_come(engine, time, 25 * 60)
    assert now_of(engine.worker.database, first).state is PUBLISHED
    found = look_until_settled(engine, time, second)
    assert (found.state, found.hold_reason) == (HELD, HoldReason.DUPLICATE)
    assert len(x_server.posts()) == 1


def test_what_cannot_be_looked_up_within_half_an_hour_waits_for_a_person(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    publication = plan(engine, time)
    x_server.fault("lost_answer")
    x_server.fault("5xx_before", on="/2/users", times=99)
    let_come(engine, time)
    found = look_until_settled(engine, time, publication)
    assert (found.state, found.hold_reason) == (HELD, HoldReason.UNCONFIRMED)
    later = moment(time.at + timedelta(hours=1))
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        with pytest.raises(publications.DoubtOpenError):
            publications.replan(session, loaded, later, timedelta(hours=1), "")
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        publications.resend(session, loaded, timedelta(minutes=30), "")
    x_server.set(refuses_equal=False)
    let_come(engine, time)
    assert now_of(engine.worker.database, publication).state is PUBLISHED


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        ("400", PublicationState.FAILED, None),
        ("401", HELD, HoldReason.ACCESS),
        ("402", HELD, HoldReason.BUDGET),
        ("403", PublicationState.FAILED, None),
        ("usage_cap", HELD, HoldReason.BUDGET),
        ("rate_limit", SCHEDULED, None),
    ],
)
def test_a_refusal_is_told_apart(
    engine: Engine,
    time: Time,
    x_server: XServer,
    fault: str,
    state: PublicationState,
    reason: HoldReason | None,
) -> None:
    publication = plan(engine, time)
    x_server.fault(fault)
    let_come(engine, time)
    found = now_of(engine.worker.database, publication)
    assert (found.state, found.hold_reason) == (state, reason)
    assert x_server.posts() == []
    (made,) = attempts_of(engine.worker.database, publication)
    assert made.outcome is Outcome.REFUSED
    assert made.http_status in {400, 401, 402, 403, 429}


def test_a_rate_limit_is_waited_out_and_then_it_goes(engine: Engine, time: Time, x_server: XServer) -> None:
    publication = plan(engine, time)
    x_server.fault("rate_limit")
    let_come(engine, time, 60 + 89)
    assert x_server.posts() == []
    let_come(engine, time, 5)
    assert now_of(engine.worker.database, publication).state is PUBLISHED


def test_a_network_that_is_away_is_tried_again_until_it_is_too_late(
    engine: Engine, time: Time, database_of: Database, tmp_path: Path
) -> None:
    away = Engine(worker(database_of, tmp_path / "away", x="http://127.0.0.1:1"))
    with database_of.transaction() as session:
        publication = planned(session, account(session, "x", away.worker), time.at + timedelta(minutes=1))
    away.worker.epoch_file.keep(engine.worker.epoch_file.read())  # type: ignore[arg-type] # written by the fixture
    let_come(away, time)
    assert now_of(database_of, publication).state is SCHEDULED
    let_come(away, time, 31 * 60)
    away.close()
    found = now_of(database_of, publication)
    assert (found.state, found.hold_reason) == (HELD, HoldReason.LATE)
    tried = [made for made in attempts_of(database_of, publication) if made.outcome is Outcome.REFUSED]
    assert len(tried) > 3


def test_past_its_tolerance_it_waits_for_a_person(engine: Engine, time: Time, x_server: XServer) -> None:
    publication = plan(engine, time)
    time.pass_by(minutes=31, seconds=1)
    with engine.worker.database.transaction() as session:
        sending.miss_late(session)
        assert claiming.claim(session, "w", 1, retries.LEASE) == []
    found = now_of(engine.worker.database, publication)
    assert (found.state, found.hold_reason) == (HELD, HoldReason.LATE)
    assert x_server.posts() == []


def test_a_post_that_was_edited_after_it_was_scheduled_waits_for_a_person(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    publication = plan(engine, time)
    with engine.worker.database.transaction() as session:
        other = as_json(Content(parts=("Otra cosa",)))
        post = session.get_one(Post, publication.post_id)
        version = PostVersion(
            post_id=post.id, n=2, content=other, content_hash=hash_of(other), author_id=post.author_id
        )
        session.add(version)
        session.flush()
        post.approved_version_id = version.id
    assert_held(engine, time, publication, HoldReason.CONTENT)
    assert x_server.posts() == []


def assert_held(engine: Engine, time: Time, publication: Publication, reason: HoldReason) -> None:
    let_come(engine, time)
    found = now_of(engine.worker.database, publication)
    assert (found.state, found.hold_reason) == (HELD, reason)


def test_a_post_that_is_not_approved_any_more_waits_for_a_person(engine: Engine, time: Time) -> None:
    publication = plan(engine, time)
    with engine.worker.database.transaction() as session:
        session.get_one(Post, publication.post_id).approved_version_id = None
    assert_held(engine, time, publication, HoldReason.CONTENT)


def test_a_payload_that_was_tampered_with_waits_for_a_person(engine: Engine, time: Time) -> None:
    publication = plan(engine, time)
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        loaded.payload = loaded.payload.replace(b"derecho", b"deRecho")
    assert_held(engine, time, publication, HoldReason.CONTENT)


@pytest.mark.parametrize("excepted", [False, True])
def test_during_its_body_s_silence_it_waits_unless_the_post_has_an_exception(
    engine: Engine, time: Time, *, excepted: bool
) -> None:
    publication = plan(engine, time)
    with engine.worker.database.transaction() as session:
        to = session.get_one(Account, publication.account_id)
        window = SilenceWindow(
            body_id=to.owner_id,
            starts_on=time.at.date() - timedelta(days=1),
            ends_on=time.at.date() + timedelta(days=1),
            reason="Elección local",
        )
        session.add(window)
        session.flush()
        if excepted:
            giver = person(session)
            session.add(
                SilenceException(
                    window_id=window.id, post_id=publication.post_id, reason="Art. 63", given_by_id=giver.id
                )
            )
    let_come(engine, time)
    found = now_of(engine.worker.database, publication)
    if excepted:
        assert found.state is PUBLISHED
    else:
        assert (found.state, found.hold_reason) == (HELD, HoldReason.SILENCE)
        assert found.said_params["reason"] == "Elección local"


@pytest.mark.parametrize("whose", ["account", "owner"])
def test_an_account_that_ended_today_or_whose_body_did_says_nothing(
    engine: Engine, time: Time, whose: str
) -> None:
    publication = plan(engine, time)
    with engine.worker.database.transaction() as session:
        to = session.get_one(Account, publication.account_id, options=[joinedload(Account.owner)])
        ended = to if whose == "account" else to.owner
        ended.valid_to = time.at.astimezone(ZoneInfo(to.owner.zone)).date()
    let_come(engine, time)
    found = now_of(engine.worker.database, publication)
    assert (found.state, found.hold_reason) == (HELD, HoldReason.ACCOUNT)


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.IN_FORCE])
def test_an_account_that_is_not_in_force_says_nothing(engine: Engine, time: Time, standing: Standing) -> None:
    publication = plan(engine, time)
    with engine.worker.database.transaction() as session:
        session.get_one(Account, publication.account_id).standing = standing
    assert_held(engine, time, publication, HoldReason.ACCOUNT)


def test_a_remote_post_proves_one_publication_only(engine: Engine, time: Time) -> None:
    with engine.worker.database.transaction() as session:
        to = account(session, "by_hand")
        first, second = (planned(session, to, time.at + timedelta(minutes=1 + n)) for n in range(2))
    let_come(engine, time, 180)
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, first.id)
        publications.confirm_published(session, loaded, "", "https://red.example/1", "")
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, second.id)
        with pytest.raises(sending.RemotePostTakenError):
            publications.confirm_published(session, loaded, "", "https://red.example/1", "")
    assert now_of(engine.worker.database, second).state is HELD


def test_a_move_of_a_set_leaves_alone_what_does_not_stand_there(engine: Engine, time: Time) -> None:
    publication = plan(engine, time, "rehearsal")
    let_come(engine, time)
    with engine.worker.database.transaction() as session:
        assert move(session, Publication, PublicationEvent.CLAIM, [Publication.id == publication.id]) == []


@pytest.mark.parametrize("kept", [True, False])
def test_a_picture_goes_out_as_it_was_approved_or_not_at_all(
    engine: Engine, time: Time, x_server: XServer, *, kept: bool
) -> None:
    with engine.worker.database.transaction() as session:
        school = picture(session, engine.worker, "Una escuela", kept=kept)
        to = account(session, "x", engine.worker)
        publication = planned(session, to, time.at + timedelta(minutes=1), "Mira", (school,))
    let_come(engine, time)
    found = now_of(engine.worker.database, publication)
    if kept:
        assert found.state is PUBLISHED
        assert list(x_server.told()["alt_texts"].values()) == ["Una escuela"]
    else:
        assert (found.state, found.hold_reason) == (HELD, HoldReason.MATERIAL)
        assert x_server.posts() == []


def test_credentials_that_do_not_open_wait_for_a_person(
    engine: Engine, time: Time, x_server: XServer, tmp_path: Path
) -> None:
    publication = plan(engine, time)
    (tmp_path / "data" / "keys" / "vault.key").unlink()
    assert_held(engine, time, publication, HoldReason.ACCESS)
    assert x_server.posts() == []


def test_an_upload_that_fails_is_tried_again_and_nothing_was_sent(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    with engine.worker.database.transaction() as session:
        chart = picture(session, engine.worker, "Un mapa")
        to = account(session, "x", engine.worker)
        publication = planned(session, to, time.at + timedelta(minutes=1), "Mira", (chart,))
    x_server.fault("5xx_before", on="/2/media/upload")
    let_come(engine, time)
    assert now_of(engine.worker.database, publication).state is SCHEDULED
    assert now_of(engine.worker.database, publication).attempts == 0
    let_come(engine, time, 31)
    assert now_of(engine.worker.database, publication).state is PUBLISHED
