"""Each fault on each network that has a counterpart, through the whole engine: it ends as the table says.

A new network is met here unasked, once its counterpart is in ``tests/simulators/counterparts``.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.publications import Destination, schedule
from content_calendar.states import AT_REST, PublicationState
from scheduler import invariants, networks, reconciling
from scheduler.network import Protection
from scheduler.retries import Decision, Next
from tests.scheduler import scene
from tests.scheduler.networks.fault_table import (
    AT_ONCE,
    EVERYWHERE,
    Expected,
    expected,
    settling,
    table,
)
from tests.scheduler.networks.guests import account_of, payload_for
from tests.scheduler.scene import Engine, Time, attempts_of, now_of
from tests.simulators.counterpart import Counterpart, Fault, Guest
from tests.simulators.counterparts import counterpart, lacking, slugs
from tests.simulators.counterparts.x import XCounterpart

DOCS = Path(__file__).parents[3] / "docs"
# Stand-ins that are servers of others go by the machine's clock: what is due a little ago is found by either.
AGO = timedelta(minutes=5)
RESTS = (*AT_REST, PublicationState.HELD)
# On these nothing but the engine keeps a post from being out twice.
UNPROTECTED = [
    slug
    for slug in slugs()
    if networks.network(slug).protection in {Protection.READABLE, Protection.BLIND} or slug == "x"
]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[Callable[[str], Counterpart]]:
    """The counterpart of a network; it is opened once."""
    with ExitStack() as stack:
        opened: dict[str, Counterpart] = {}

        def get(slug: str) -> Counterpart:
            if slug not in opened:
                opened[slug] = stack.enter_context(counterpart(slug))
            return opened[slug]

        yield get


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """On one kind of database: what the engine does with a doubt is tried on both elsewhere."""
    path = tmp_path / "resuena.db"
    shutil.copy(sqlite_template, path)
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.dispose()


@dataclass
class Case:
    """One publication to a guest of a counterpart, and the engine that sends it."""

    slug: str
    net: Counterpart
    engine: Engine
    time: Time
    guest: Guest
    publication: Publication
    text: str

    def first_call(self) -> int:
        """Let the engine work until it has called once; return how much is out then."""
        for _ in range(40):
            self.engine.tick()
            if self.calls():
                break
            self.time.pass_by(seconds=30)
        return len(self.net.published(self.guest))

    def go_on(self) -> Expected:
        """Let the engine work until it rests, and return what came of it."""
        for _ in range(60):
            if (found := self.now()).state in RESTS:
                break
            self.time.pass_by(minutes=1)
            self.engine.look()
            self.engine.tick()
        return Expected(found.state, len(self.net.published(self.guest)), self.calls(), found.hold_reason)

    def calls(self) -> int:
        return sum(one.sent_at is not None for one in attempts_of(self.engine.worker.database, self.now()))

    def now(self) -> Publication:
        return now_of(self.engine.worker.database, self.publication)


@contextmanager
def case(slug: str, net: Counterpart, database: Database, data: Path, text: str) -> Iterator[Case]:
    with (
        Time(clock.now().replace(microsecond=0) - AGO).ruling() as time,
        patch.object(clock, "rest", lambda _seconds: None),
    ):
        guest = net.guest()
        engine = Engine(scene.worker(database, data, **{slug: net.url}))
        with database.transaction() as session:
            to = account_of(session, engine.worker, slug, guest)
            payload = payload_for(session, engine.worker, slug, text)
            post, version = scene.approved_post(session, text)
            where = Destination(to.id, payload, [networks.new_key(slug)])
            at = scene.moment(time.at + timedelta(minutes=1))
            (planned,) = schedule(session, post, version, [where], at, timedelta(hours=6), "")
        time.pass_by(minutes=1)
        try:
            yield Case(slug, net, engine, time, guest, planned, text)
        finally:
            engine.close()


def test_every_network_that_is_connected_has_a_counterpart() -> None:
    assert lacking() == [], "each of these needs tests/simulators/counterparts/<slug>.py"
    assert set(slugs()) <= set(networks.networks())


@pytest.mark.parametrize("slug", slugs())
def test_a_counterpart_shows_every_fault_that_its_network_can_show(
    slug: str, stand_in: Callable[[str], Counterpart]
) -> None:
    needed = set(EVERYWHERE)
    if networks.network(slug).protection is Protection.REFUSES_EQUAL:
        needed.add(Fault.DUPLICATE)
    assert needed <= stand_in(slug).faults


@pytest.mark.parametrize("slug", slugs())
def test_without_any_fault_it_is_out_once(
    slug: str, stand_in: Callable[[str], Counterpart], database: Database, tmp_path: Path
) -> None:
    with case(slug, stand_in(slug), database, tmp_path, f"Sin contratiempos en {slug}") as tried:
        assert tried.first_call() == 1
        assert tried.go_on() == Expected(PublicationState.PUBLISHED, 1, 1)
        assert tried.net.published(tried.guest) == [tried.text]


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("slug", slugs())
def test_a_fault_ends_as_the_table_says(
    slug: str, fault: Fault, stand_in: Callable[[str], Counterpart], database: Database, tmp_path: Path
) -> None:
    net = stand_in(slug)
    if fault not in net.faults:
        return  # the network has no such answer; that every other is shown, another test says
    with case(slug, net, database, tmp_path, f"Con {fault} en {slug}") as tried:
        net.fail(fault)
        at_once = tried.first_call()
        assert at_once == AT_ONCE.get(fault, at_once), "the stand-in does not do what the fault says"
        if fault is Fault.DELAYED:
            net.settle()
        assert tried.go_on() == expected(settling(networks.network(slug)), fault, at_once)
        with database.reading() as session:
            assert invariants.look(session) == []


def tries_again_at_once(*_: object) -> Decision:
    """The mutant: what was not answered is simply sent again."""
    return Decision(Next.RESEND)


@contextmanager
def taking_equals(net: Counterpart) -> Iterator[None]:
    """X has never promised to refuse equal texts: here it takes them, as it may."""
    if not isinstance(net, XCounterpart):
        yield
        return
    net.server.set(refuses_equal=False)
    yield
    net.server.set(refuses_equal=True)


@pytest.mark.parametrize("slug", UNPROTECTED)
def test_control_an_engine_that_simply_tries_again_is_out_twice(
    slug: str,
    stand_in: Callable[[str], Counterpart],
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reconciling, "after_doubt", tries_again_at_once)
    net = stand_in(slug)
    with taking_equals(net), case(slug, net, database, tmp_path, f"Dos veces en {slug}") as tried:
        net.fail(Fault.LOST_ANSWER)
        assert tried.first_call() == 1
        found = tried.go_on()
        assert found.out == 2
        assert found != expected(settling(networks.network(slug)), Fault.LOST_ANSWER, 1)


def test_the_docs_show_this_table() -> None:
    assert table() in (DOCS / "publishing.md").read_text(encoding="utf-8")
