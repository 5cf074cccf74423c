"""A random search over the real engine, in the spirit of the design's executable delivery model.

Networks of the five kinds, requests and answers that are lost, delayed or answered by an error, workers that
die at every point or wake up late, looks that fail or lag, a person who looks and decides: whatever comes, a
post is never out twice, and what is called published is out.

A few lines over 400 on purpose: the machine, its mutants and their traces are one argument.
"""

import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete
from sqlalchemy.orm import Session

from content_calendar import batches, claiming, clock, publications, sending
from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.moves import move
from content_calendar.rules import NetworkRules
from content_calendar.states import AT_REST, HoldReason, PartEvent, PublicationEvent, PublicationState
from scheduler import crash_points, parcels, publishing, reconciling, retries
from scheduler.models import Attempt
from scheduler.network import (
    AccountAccess,
    CredentialField,
    DoubtError,
    DuplicateError,
    NotSentError,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    UnavailableError,
    Verified,
)
from scheduler.networks import networks
from tests.scheduler.scene import TOLERANCE, Time, account, moment, now_of, planned, worker

SLUG = "simulada"
_NEW_KEYS = itertools.count(1)
POINTS = ("claimed", "prepared", "sending", "sent", "recorded")
FATES = ("ok", "lost_request", "lost_answer", "5xx_after", "delayed", "rate_limit", "asleep")
HELD, PUBLISHED, UNKNOWN = PublicationState.HELD, PublicationState.PUBLISHED, PublicationState.UNKNOWN


class Death(BaseException):
    """The worker's process is gone."""


class SimulatedNetwork:
    """A network of one kind, with the fate of the next request chosen by the search."""

    slug: ClassVar[str] = SLUG
    name: ClassVar[str] = "Simulada"
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = False
    credential_fields: ClassVar[Sequence[CredentialField]] = ()
    rules: ClassVar[NetworkRules] = NetworkRules(SLUG, None, len, "characters")
    kinds: ClassVar[frozenset[PostKind]] = frozenset(PostKind)
    takes_video: ClassVar[bool] = True
    pace: ClassVar[Pace] = Pace()
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = retries.FLIGHT
    read_lag: ClassVar[timedelta] = retries.READ_LAG

    def __init__(self, protection: Protection, time: Time) -> None:
        self.protection = protection
        self.time = time
        self.posts: list[tuple[str, datetime]] = []
        self.in_flight: list[tuple[str, datetime]] = []
        self.asleep: list[Outgoing] = []
        self.fate = "ok"
        self.readable = True
        self.lag = timedelta(0)

    def new_key(self) -> str:
        return "clave"

    def needs_preparing(self, outgoing: Outgoing) -> bool:  # noqa: ARG002 -- the contract
        return True

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:  # noqa: ARG002 -- the contract
        return {}

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:  # noqa: ARG002 -- the contract
        fate, self.fate = self.fate, "ok"
        if fate == "asleep":
            self.asleep.append(outgoing)
            raise Death
        if not outgoing.may_send():
            raise NotSentError
        if fate == "rate_limit":
            raise UnavailableError(retry_at=self.time.at + timedelta(seconds=30))
        if fate == "lost_request":
            raise DoubtError
        if fate == "delayed":
            self.in_flight.append((outgoing.client_key, self.time.at + retries.FLIGHT))
            raise DoubtError
        receipt = self.apply(outgoing.client_key)
        if fate in {"lost_answer", "5xx_after"}:
            raise ConnectionResetError
        return receipt

    def apply(self, key: str) -> Receipt:
        if (
            self.posts
            and self.protection in {Protection.REPLAY, Protection.TWO_PHASE}
            and self.posts[0][0] == key
        ):
            return Receipt("1", "https://red.example/1")
        if self.posts and self.protection is Protection.REFUSES_EQUAL:
            raise DuplicateError
        self.posts.append((key, self.time.at))
        return Receipt(str(len(self.posts)), f"https://red.example/{len(self.posts)}", self.time.at)

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:  # noqa: ARG002 -- the contract
        if not self.readable:
            raise UnavailableError
        return [
            Receipt(str(n), f"https://red.example/{n}", at)
            for n, (_, at) in enumerate(self.posts, start=1)
            if since <= at <= self.time.at - self.lag
        ]

    def wake(self) -> None:
        outgoing = self.asleep.pop()
        if outgoing.may_send():
            self.quietly(outgoing.client_key)

    def settle(self) -> None:
        due = [key for key, at in self.in_flight if at <= self.time.at]
        self.in_flight = [one for one in self.in_flight if one[1] > self.time.at]
        for key in due:
            self.quietly(key)

    def quietly(self, key: str) -> None:
        try:
            self.apply(key)
        except DuplicateError:
            return


class Delivery(RuleBasedStateMachine):
    database: ClassVar[Database]
    data: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.time = self.stack.enter_context(Time().ruling())
        self.die_at = ""
        self.workers = 0

    @initialize(protection=st.sampled_from(list(Protection)))
    def begin(self, protection: Protection) -> None:
        self.net = SimulatedNetwork(protection, self.time)
        self.stack.enter_context(patch.dict(networks(), {SLUG: self.net}))
        self.stack.enter_context(patch.object(crash_points, "reached", self.reached))
        self.worker = worker(self.database, self.data)
        with self.database.transaction() as session:
            for model in (Attempt, PublicationPart, Publication):
                session.execute(delete(model))
            to = account(session, SLUG)
            self.publication = planned(session, to, self.time.at + timedelta(seconds=1))
        self.time.pass_by(seconds=2)
        self.frozen = self.now().payload_sha256

    def reached(self, point: str) -> None:
        if point == self.die_at:
            raise Death

    def now(self) -> Publication:
        return now_of(self.database, self.publication)

    @rule(fate=st.sampled_from(FATES), die_at=st.sampled_from(("", "", *POINTS)))
    def work(self, fate: str, die_at: str) -> None:
        self.net.fate, self.die_at = fate, die_at
        self.workers += 1
        with suppress(Death):
            publishing.serve_one(replace(self.worker, name=f"w{self.workers}"))
        self.net.fate = "ok"

    @precondition(lambda self: self.net.asleep)
    @rule()
    def a_sleeping_worker_wakes(self) -> None:
        self.net.wake()

    @rule(seconds=st.integers(1, 150))
    def time_passes(self, seconds: int) -> None:
        for _ in range(0, seconds, 30):
            self.time.pass_by(seconds=min(30, seconds))
            self.net.settle()

    @rule()
    def reap(self) -> None:
        with self.database.transaction() as session:
            sending.reap(session)
            sending.miss_late(session)

    @rule(lag=st.integers(0, 60), readable=st.booleans())
    def look(self, lag: int, *, readable: bool) -> None:
        self.net.lag, self.net.readable = timedelta(seconds=lag), readable
        reconciling.tick(self.worker)

    @precondition(lambda self: self.now().state is HELD)
    @rule()
    def a_person_decides(self) -> None:
        """Looks at the account and says truly what is there."""
        found = self.now()
        with self.database.transaction() as session:
            loaded = session.get_one(Publication, found.id)
            if self.net.posts:
                publications.confirm_published(session, loaded, "1", "https://red.example/1", "")
            elif found.hold_reason in {HoldReason.UNCONFIRMED, HoldReason.DUPLICATE}:
                publications.resend(session, loaded, TOLERANCE, "")
            else:
                due = moment(self.time.at + timedelta(seconds=5))
                publications.replan(session, loaded, due, TOLERANCE, "")

    @invariant()
    def never_twice(self) -> None:
        if hasattr(self, "net"):
            assert len(self.net.posts) <= 1, self.net.protection

    @invariant()
    def what_is_called_published_is_out_and_what_was_frozen_stays(self) -> None:
        if hasattr(self, "frozen"):
            found = self.now()
            assert found.state is not PUBLISHED or (self.net.posts and found.parts[0].remote_id == "1")
            assert found.payload_sha256 == self.frozen
            assert found.parts[0].client_key == "clave"

    def teardown(self) -> None:
        if hasattr(self, "frozen"):
            self.come_to_rest()
        self.stack.close()

    def come_to_rest(self) -> None:
        """With a healthy network and no more deaths it always ends out, or before a person."""
        self.net.asleep.clear()
        for _ in range(40):
            if self.now().state in AT_REST | {HELD}:
                break
            self.time_passes(120)
            self.reap()
            self.look(0, readable=True)
            self.work("ok", "")
        assert self.now().state in {PUBLISHED, HELD}
        assert len(self.net.posts) <= 1


SEARCH = settings(
    max_examples=int(os.environ.get("RESUENA_TEST_EXAMPLES", "25")),
    stateful_step_count=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.fixture
def machine(database: Database, tmp_path: Path) -> type[Delivery]:
    return type("DeliveryHere", (Delivery,), {"database": database, "data": tmp_path})


def test_whatever_comes_a_post_is_never_out_twice_and_always_comes_to_rest(machine: type[Delivery]) -> None:
    run_state_machine_as_test(machine, settings=SEARCH)


Steps = Callable[[Delivery], None]


def lost_answer_then_tried_again(trace: Delivery) -> None:
    trace.work("lost_answer", "")
    trace.work("ok", "")


def death_after_the_answer(trace: Delivery) -> None:
    trace.work("ok", "sent")
    for _ in range(5):
        trace.time_passes(30)
    trace.reap()
    trace.work("ok", "")


def delayed_and_looked_at_too_early(trace: Delivery) -> None:
    trace.work("delayed", "")
    trace.look(0, readable=True)
    trace.time_passes(1)
    trace.time_passes(20)
    trace.look(0, readable=True)
    trace.work("ok", "")
    trace.time_passes(120)


def worker_that_sleeps_past_its_deadline(trace: Delivery) -> None:
    trace.work("asleep", "")
    for _ in range(24):
        trace.time_passes(30)
        trace.reap()
        trace.look(0, readable=True)
    trace.work("ok", "")
    trace.a_sleeping_worker_wakes()


def lost_answer_on_a_blind_network(trace: Delivery) -> None:
    trace.work("lost_answer", "")
    for _ in range(10):
        trace.time_passes(30)
    trace.look(0, readable=True)
    trace.work("ok", "")


def retry_on_doubt(session: Session, claimed: sending.Claimed, said: sending.Said, **_: object) -> bool:
    at = claimed.claimed_at
    return sending._record(  # noqa: SLF001 -- the mutant is made of the engine's own parts
        session, claimed, PublicationEvent.RETRY, {"next_at": at, **said.values()}, PartEvent.RESET
    )


def requeue(session: Session) -> sending.Reaped:
    where = [Publication.state == PublicationState.SENDING]
    ids = move(session, Publication, PublicationEvent.RETRY, where)
    sending._move_parts(session, PartEvent.RESET, ids)  # noqa: SLF001 -- as above
    return sending.Reaped(ids, [])


def wake_and_send(network: SimulatedNetwork) -> None:
    network.apply(network.asleep.pop().client_key)


def death_after_the_answer_and_a_lease_that_ends(trace: Delivery) -> None:
    trace.work("ok", "sent")
    trace.time_passes(150)
    trace.reap()
    trace.work("ok", "")


def lost_answer_and_a_harmless_repeat(trace: Delivery) -> None:
    trace.work("lost_answer", "")
    for _ in range(2):
        trace.time_passes(120)
    trace.look(0, readable=True)
    trace.work("ok", "")


def begin_without_writing_it_down(
    session: Session,
    ready: Sequence[batches.Ready],
    _window: timedelta,
    lease: timedelta,
    *,
    chosen: bool = False,
) -> tuple[datetime, set[int]]:
    if chosen:
        claiming.take(session, [one.claimed for one in ready], lease)
    return clock.db_now(session), {one.claimed.id for one in ready}


def with_a_new_key(key: str, *rest: object) -> Outgoing:
    return Outgoing(f"{key}{next(_NEW_KEYS)}", *rest)  # type: ignore[arg-type] # as the engine gives them


def always_counts(*_: object) -> bool:
    return True


def look_at_once(_begun: datetime, now: datetime) -> datetime:
    return now


def resend_after_one_look(_p: object, doubt: retries.Doubt, *_: object) -> retries.Decision:
    return retries.Decision(retries.Next.RESEND if doubt.absent_reads else retries.Next.LOOK)


def resend_always(*_: object) -> retries.Decision:
    return retries.Decision(retries.Next.RESEND)


REPLAY, READABLE, BLIND = Protection.REPLAY, Protection.READABLE, Protection.BLIND
MUTANTS: dict[str, tuple[Protection, Steps, list[tuple[object, str, object]]]] = {
    "retries on a time-out": (
        READABLE, lost_answer_then_tried_again, [(sending, "record_doubt", retry_on_doubt)]
    ),
    "the reaper sends again": (READABLE, death_after_the_answer, [(sending, "reap", requeue)]),
    "no commit before the call": (
        READABLE,
        death_after_the_answer_and_a_lease_that_ends,
        [(batches, "begin", begin_without_writing_it_down)],
    ),
    "a new key for each attempt": (
        REPLAY, lost_answer_and_a_harmless_repeat, [(parcels, "Outgoing", with_a_new_key)]
    ),
    "no quiet time": (
        READABLE,
        delayed_and_looked_at_too_early,
        [
            (retries, "absence_counts", always_counts),
            (retries, "next_look", look_at_once),
            (reconciling, "after_doubt", resend_after_one_look),
        ],
    ),
    "no deadline before the write": (
        READABLE,
        worker_that_sleeps_past_its_deadline,
        [(SimulatedNetwork, "wake", wake_and_send)],
    ),
    "sends again on a blind network": (
        BLIND, lost_answer_on_a_blind_network, [(reconciling, "after_doubt", resend_always)]
    ),
}  # fmt: skip


def played(machine: type[Delivery], protection: Protection, steps: Steps) -> int:
    """Play one trace; return how many posts are out."""
    trace = machine()
    try:
        trace.begin(protection)
        steps(trace)
        return len(trace.net.posts)
    finally:
        trace.stack.close()


@pytest.mark.parametrize("mutant", MUTANTS)
def test_each_known_mistake_would_be_caught(machine: type[Delivery], mutant: str) -> None:
    protection, steps, patches = MUTANTS[mutant]
    assert played(machine, protection, steps) <= 1
    with ExitStack() as stack:
        for where, name, stand_in in patches:
            stack.enter_context(patch.object(where, name, stand_in))
        assert played(machine, protection, steps) == 2
