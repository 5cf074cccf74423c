"""One publication through the whole engine to a real PDS: once, also when the answer was lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.publications import Destination, schedule
from content_calendar.states import PublicationState
from content_calendar.vault import store_credential
from scheduler import networks
from scheduler.network import AccountAccess
from scheduler.networks.bluesky import Bluesky
from tests.counterparts.bluesky import BlueskyAccount, BlueskyServer
from tests.scheduler import scene
from tests.scheduler.scene import Engine, Time, attempts_of, now_of
from tests.simulators.losing_proxy import Canned, LosingProxy, losing_proxy

PUT = "com.atproto.repo.putRecord"


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def proxy(bluesky_server: BlueskyServer) -> Iterator[LosingProxy]:
    with losing_proxy(bluesky_server.url) as started:
        yield started


@pytest.fixture
def engine(database: Database, tmp_path: Path, proxy: LosingProxy, time: Time) -> Iterator[Engine]:  # noqa: ARG001 -- time begins first
    started = Engine(scene.worker(database, tmp_path, bluesky=proxy.url))
    yield started
    started.close()


def connected(engine: Engine, server: BlueskyServer) -> tuple[BlueskyAccount, int]:
    """A new account on the server, and ours that publishes with it."""
    there = server.account()
    given = {"server": "https://bsky.social", "identifier": there.handle, "app_password": there.app_password}
    opened = Bluesky().check_keys(AccountAccess(there.handle, "", given, server.url))
    with engine.worker.database.transaction() as session:
        account = scene.account(session, "bluesky")
        account.handle, account.remote_id = there.handle, there.did
        store_credential(session, engine.worker.vault, account, opened.secrets)
        return there, account.id


def plan(engine: Engine, time: Time, account_id: int, *texts: str) -> Publication:
    """A publication of these parts, due now."""
    with engine.worker.database.transaction() as session:
        post, version = scene.approved_post(session, "Lo aprobado")
        kind = PostKind.THREAD if len(texts) > 1 else PostKind.POST
        payload = Payload(tuple(PayloadPart(text, "es") for text in texts), kind)
        keys = [networks.new_key("bluesky") for _ in texts]
        to, at = Destination(account_id, payload, keys), scene.moment(time.at + timedelta(minutes=1))
        (planned,) = schedule(session, post, version, [to], at, scene.TOLERANCE, "")
    time.pass_by(minutes=1)
    return planned


def go_on(engine: Engine, time: Time) -> None:
    for _ in range(6):
        time.pass_by(minutes=2)
        engine.look()
        engine.tick()


def test_a_publication_goes_out_once_though_its_answer_was_lost(
    engine: Engine, time: Time, proxy: LosingProxy, bluesky_server: BlueskyServer
) -> None:
    database = engine.worker.database
    there, account_id = connected(engine, bluesky_server)
    planned = plan(engine, time, account_id, "Pregunta #SNTtips")
    proxy.spoil(PUT)
    engine.tick()
    assert now_of(database, planned).state is PublicationState.UNKNOWN
    assert len(bluesky_server.records(there.did)) == 1  # it is out, and nobody knows
    go_on(engine, time)
    settled = now_of(database, planned)
    assert settled.state is PublicationState.PUBLISHED
    (record,) = bluesky_server.records(there.did)
    assert settled.parts[0].remote_id == record["uri"]
    assert record["uri"].endswith(settled.parts[0].client_key)
    assert proxy.count(PUT) == 2
    assert [one.outcome for one in attempts_of(database, planned)] == ["unknown", "done"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_thread_goes_on_after_a_doubt_where_it_stopped(
    engine: Engine, time: Time, proxy: LosingProxy, bluesky_server: BlueskyServer
) -> None:
    there, account_id = connected(engine, bluesky_server)
    planned = plan(engine, time, account_id, "Uno", "Dos", "Tres")
    proxy.spoil(PUT, Canned(502, after=False))
    engine.tick()
    assert bluesky_server.records(there.did) == []
    go_on(engine, time)
    assert now_of(engine.worker.database, planned).state is PublicationState.PUBLISHED
    first, second, third = bluesky_server.records(there.did)
    assert [one["value"]["text"] for one in (first, second, third)] == ["Uno", "Dos", "Tres"]
    assert second["value"]["reply"]["parent"]["cid"] == first["cid"]
    assert third["value"]["reply"]["parent"] == {"uri": second["uri"], "cid": second["cid"]}
    assert third["value"]["reply"]["root"] == {"uri": first["uri"], "cid": first["cid"]}
