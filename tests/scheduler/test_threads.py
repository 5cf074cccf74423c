"""A thread goes out part by part: each once, in order, after the one before; a doubt stops it where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

import pytest

from content_calendar import publications
from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.publications import Destination, schedule
from content_calendar.rules import NetworkRules
from content_calendar.states import HoldReason, PartState, PublicationState
from scheduler import retries
from scheduler.network import (
    AccountAccess,
    CredentialField,
    DoubtError,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    Verified,
)
from scheduler.networks import networks
from tests.scheduler.scene import (
    TOLERANCE,
    Engine,
    Time,
    account,
    approved_post,
    attempts_of,
    moment,
    now_of,
    worker,
)

SLUG = "simulada"
PARTS = ("Uno", "Dos", "Tres")
HELD, PUBLISHED, UNKNOWN = PublicationState.HELD, PublicationState.PUBLISHED, PublicationState.UNKNOWN


class Threads:
    """A network that takes threads; its account can be read. ``fate`` tells by text what happens to a part."""

    slug: ClassVar[str] = SLUG
    name: ClassVar[str] = "Simulada"
    protection: ClassVar[Protection] = Protection.READABLE
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = False
    credential_fields: ClassVar[Sequence[CredentialField]] = ()
    rules: ClassVar[NetworkRules] = NetworkRules(SLUG, None, len, "characters")
    kinds: ClassVar[frozenset[PostKind]] = frozenset(PostKind)
    takes_video: ClassVar[bool] = False
    pace: ClassVar[Pace] = Pace()
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = retries.FLIGHT
    read_lag: ClassVar[timedelta] = retries.READ_LAG

    def __init__(self) -> None:
        self.posts: list[tuple[str, str]] = []
        self.fate: dict[str, str] = {}
        self.left: list[Mapping[str, str]] = []

    def new_key(self) -> str:
        return f"clave{len(self.posts)}"

    def needs_preparing(self, outgoing: Outgoing) -> bool:
        return bool(outgoing.before)

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:  # noqa: ARG002 -- the contract
        self.left.append(outgoing.before[-1].prepared)
        return {"answers": outgoing.before[-1].remote_id}

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:  # noqa: ARG002 -- the contract
        fate = self.fate.pop(outgoing.text, "ok")
        if fate == "refused":
            raise RefusedError
        if fate == "lost_request":
            raise DoubtError
        self.posts.append((outgoing.text, outgoing.prepared.get("answers", "")))
        if fate == "lost_answer":
            raise DoubtError
        return Receipt(str(len(self.posts)), f"https://red.example/{len(self.posts)}")

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:  # noqa: ARG002 -- the contract
        return [
            Receipt(str(n), f"https://red.example/{n}")
            for n, (text, _) in enumerate(self.posts, start=1)
            if text == outgoing.text
        ]


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


def thread(engine: Engine, time: Time, network: str = SLUG, tolerance: timedelta = TOLERANCE) -> Publication:
    """A thread of three that is due in a minute; time is then past its hour."""
    with engine.worker.database.transaction() as session:
        post, version = approved_post(session, "Uno")
        payload = Payload(tuple(PayloadPart(text, "es") for text in PARTS), PostKind.THREAD)
        destination = Destination(account(session, network).id, payload, ["k1", "k2", "k3"])
        due = moment(time.at + timedelta(minutes=1))
        made = schedule(session, post, version, [destination], due, tolerance, "")[0]
    time.pass_by(seconds=61)
    return made


def settle(engine: Engine, time: Time, minutes: int = 12) -> None:
    for _ in range(minutes * 2):
        engine.tick()
        engine.look()
        time.pass_by(seconds=30)


def states(engine: Engine, publication: Publication) -> list[PartState]:
    return [part.state for part in now_of(engine.worker.database, publication).parts]


def test_a_thread_goes_out_in_one_tick_each_part_as_an_answer_to_the_one_before(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time)
    engine.tick()
    assert network.posts == [("Uno", ""), ("Dos", "1"), ("Tres", "2")]
    found = now_of(engine.worker.database, publication)
    assert found.state is PUBLISHED
    assert [part.remote_id for part in found.parts] == ["1", "2", "3"]
    assert [part.prepared for part in found.parts] == [{}, {"answers": "1"}, {"answers": "2"}]
    assert network.left == [{}, {"answers": "1"}]
    assert [(one.part, one.said_code) for one in attempts_of(engine.worker.database, publication)] == [
        (1, "published"), (2, "published"), (3, "published")
    ]  # fmt: skip


@pytest.mark.parametrize("fate", ["lost_answer", "lost_request"])
@pytest.mark.parametrize("text", PARTS)
def test_a_doubt_about_any_part_is_looked_up_and_then_the_thread_goes_on(
    engine: Engine, time: Time, network: Threads, text: str, fate: str
) -> None:
    publication = thread(engine, time)
    network.fate[text] = fate
    engine.tick()
    assert [said for said, _ in network.posts] == list(
        PARTS[: PARTS.index(text) + (1 if fate == "lost_answer" else 0)]
    )
    settle(engine, time)
    assert [said for said, _ in network.posts] == list(PARTS)
    assert now_of(engine.worker.database, publication).state is PUBLISHED


def test_a_refusal_in_the_middle_waits_for_a_person_and_what_is_out_stays_out(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time)
    network.fate["Dos"] = "refused"
    engine.tick()
    found = now_of(engine.worker.database, publication)
    assert (found.state, found.hold_reason) == (HELD, HoldReason.CONTENT)
    assert states(engine, publication) == [PartState.PUBLISHED, PartState.WAITING, PartState.WAITING]
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        publications.replan(session, loaded, moment(time.at + timedelta(minutes=1)), TOLERANCE, "")
    settle(engine, time, 2)
    assert [said for said, _ in network.posts] == list(PARTS)


def test_a_thread_that_began_in_time_goes_on_though_it_lasts_past_its_tolerance(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time, tolerance=timedelta(minutes=2))
    network.fate["Uno"] = "lost_answer"
    settle(engine, time)
    assert [said for said, _ in network.posts] == list(PARTS)
    assert now_of(engine.worker.database, publication).state is PUBLISHED


def test_a_thread_that_a_person_published_is_confirmed_whole_by_its_first_link(
    engine: Engine, time: Time
) -> None:
    publication = thread(engine, time, "by_hand")
    engine.tick()
    assert now_of(engine.worker.database, publication).hold_reason is HoldReason.BY_HAND
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        publications.confirm_published(session, loaded, "", "https://red.example/9", "", whole=True)
    found = now_of(engine.worker.database, publication)
    assert found.state is PUBLISHED
    assert [part.remote_id for part in found.parts] == ["https://red.example/9", None, None]


def test_a_person_who_saw_one_part_lets_the_thread_go_on_with_the_next(
    engine: Engine, time: Time, network: Threads
) -> None:
    publication = thread(engine, time)
    network.fate["Dos"] = "refused"
    engine.tick()
    with engine.worker.database.transaction() as session:
        loaded = session.get_one(Publication, publication.id)
        publications.confirm_published(session, loaded, "77", "https://red.example/77", "")
    engine.tick()
    assert [said for said, _ in network.posts] == ["Uno", "Tres"]
    assert network.posts[-1] == ("Tres", "77")
