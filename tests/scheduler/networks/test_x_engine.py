"""Threads, reposts and videos through the whole engine to the simulated X: once, whatever was lost."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from assets.storage import DiskStorage, Shelf
from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.payloads import Payload, PayloadPart, PayloadVideo
from content_calendar.publications import Destination, schedule
from content_calendar.states import HoldReason, PublicationState
from scheduler import networks
from scheduler.network import AccountAccess
from scheduler.networks.x import NETWORK
from tests.scheduler import scene
from tests.scheduler.networks.x_contract import outgoing
from tests.scheduler.scene import X_KEYS, Engine, Time, now_of
from tests.simulators.x_server import XServer, running

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def x_server(time: Time) -> Iterator[XServer]:
    with running(time.seconds) as started:
        yield started


@pytest.fixture
def engine(database: Database, tmp_path: Path, x_server: XServer) -> Iterator[Engine]:
    made = Engine(scene.worker(database, tmp_path, x=x_server.url))
    yield made
    made.close()


def plan(engine: Engine, time: Time, payload: Payload) -> Publication:
    """A publication of this payload, due now."""
    with engine.worker.database.transaction() as session:
        post, version = scene.approved_post(session, "Lo aprobado")
        keys = [networks.new_key("x") for _ in payload.parts]
        to = Destination(scene.account(session, "x", engine.worker).id, payload, keys)
        at = scene.moment(time.at + timedelta(minutes=1))
        (planned,) = schedule(session, post, version, [to], at, scene.TOLERANCE, "")
    time.pass_by(minutes=1)
    return planned


def thread(*texts: str) -> Payload:
    return Payload(tuple(PayloadPart(text, "es") for text in texts), PostKind.THREAD)


def go_on(engine: Engine, time: Time, rounds: int = 6) -> None:
    for _ in range(rounds):
        engine.tick()
        time.pass_by(minutes=2)
        engine.look()


def test_a_thread_whose_middle_answer_was_lost_is_out_once_and_whole(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    planned = plan(engine, time, thread("Uno", "Dos", "Tres"))
    x_server.fault("")
    x_server.fault("lost_answer")
    go_on(engine, time)
    posts = x_server.posts()
    assert [post["text"] for post in posts] == ["Uno", "Dos", "Tres"]
    assert [post["reply_to"] for post in posts] == ["", posts[0]["id"], posts[1]["id"]]
    settled = now_of(engine.worker.database, planned)
    assert settled.state is PublicationState.PUBLISHED
    assert [part.remote_id for part in settled.parts] == [post["id"] for post in posts]


def test_a_thread_that_x_does_not_let_go_on_waits_and_keeps_what_is_out(
    engine: Engine, time: Time, x_server: XServer
) -> None:
    planned = plan(engine, time, thread("Uno", "Dos"))
    x_server.set(allows_replies=False)
    go_on(engine, time, 2)
    held = now_of(engine.worker.database, planned)
    assert held.state is PublicationState.HELD
    assert held.hold_reason is HoldReason.ACCESS
    assert [part.remote_id for part in held.parts] == [x_server.posts()[0]["id"], None]


def test_a_repost_whose_answer_was_lost_is_found(engine: Engine, time: Time, x_server: XServer) -> None:
    other = AccountAccess("otra", "77", {**X_KEYS, "access_token": "77-ficha"}, x_server.url)
    target = NETWORK.publish(other, outgoing("De otra cuenta"))
    planned = plan(engine, time, Payload((PayloadPart("", "es"),), PostKind.REPOST, target.url))
    x_server.fault("lost_answer", on="/2/retweets")
    go_on(engine, time)
    settled = now_of(engine.worker.database, planned)
    assert settled.state is PublicationState.PUBLISHED
    assert settled.parts[0].remote_id == f"repost:{target.remote_id}"
    assert x_server.told()["seen"].count("POST /2/users/42/retweets") == 1


def test_a_video_goes_out_with_its_words(engine: Engine, time: Time, x_server: XServer) -> None:
    x_server.set(polls=0)
    with engine.worker.database.transaction() as session:
        kept = scene.picture(session, engine.worker, "Una vaquita nada", kept=False)
    DiskStorage(engine.worker.settings.data / "materials").put(Shelf.SERVED, BytesIO(b"Una vaquita nada"))
    video = PayloadVideo(kept.asset_ref, 1, kept.sha256, "video/mp4", kept.alt_text)
    planned = plan(engine, time, Payload((PayloadPart("Mira", "es", (), video),)))
    go_on(engine, time, 2)
    assert now_of(engine.worker.database, planned).state is PublicationState.PUBLISHED
    (post,) = x_server.posts()
    assert x_server.told()["alt_texts"] == {post["media"][0]: "Una vaquita nada"}
