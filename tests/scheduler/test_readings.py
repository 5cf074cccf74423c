"""Readings: planned once, read at their age or not at all, by one worker; what is missing is missing, never zero.

Longer than 400 lines on purpose: the plan, the reading and the failures are one life of the same rows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import ClassVar
from unittest.mock import patch

import pytest
from sqlalchemy import func, select, update

from content_calendar import budget
from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.money import Charge
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.publications import Destination, confirm_published, schedule
from content_calendar.vault import forget_credential
from scheduler import readings
from scheduler.models import Reading, ReadingRound
from scheduler.network import AccountAccess, RefusedError, UnavailableError
from scheduler.networks import networks
from scheduler.networks.rehearsal import Rehearsal
from scheduler.readings import plan_missing, plan_rounds, tick
from scheduler.worker import Worker
from tests.conftest import CountQueries
from tests.scheduler.scene import TOLERANCE, Time, account, approved_post, moment, person, worker

SLUG = "contada"


class Counted(Rehearsal):
    """A network that gives figures; ``told`` are those of each post, ``fate`` what the next calls raise."""

    slug: ClassVar[str] = SLUG
    needs_connection: ClassVar[bool] = True

    def __init__(self) -> None:
        self.told: dict[str, dict[str, int]] = {}
        self.fate: list[Exception] = []
        self.asked: list[list[str]] = []

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        assert access.secrets
        self.asked.append(list(remote_ids))
        if self.fate:
            raise self.fate.pop(0)
        return {one: self.told[one] for one in remote_ids if one in self.told}


class Charging(Counted):
    """One that charges for them."""

    reading_mills: ClassVar[int] = 1


@dataclass
class Scene:
    """A worker, its time, its network."""

    worker: Worker
    time: Time
    network: Counted
    _made: int = field(default=0)

    def account(self, slug: str = SLUG) -> Account:
        with self.worker.database.transaction() as session:
            return account(session, slug, self.worker)

    def out(self, to: Account, *remote_ids: str, kind: PostKind = PostKind.POST, planned: bool = True) -> int:
        """The id of a publication that is out, as these remote posts, since now."""
        self._made += 1
        with self.worker.database.transaction() as session:
            post, version = approved_post(session, f"Texto {self._made}")
            payload = Payload(tuple(PayloadPart(f"Texto {one}", "es") for one in remote_ids), kind)
            destination = Destination(to.id, payload, [f"{self._made}-{one}" for one in remote_ids])
            row = schedule(
                session,
                post,
                version,
                [destination],
                moment(self.time.at + timedelta(minutes=1)),
                TOLERANCE,
                "",
            )[0]
            for n, remote_id in enumerate(remote_ids, start=1):
                session.execute(
                    update(PublicationPart)
                    .where(PublicationPart.publication_id == row.id, PublicationPart.n == n)
                    .values(remote_id=remote_id)
                )
            if planned:
                plan_rounds(session, [(row.id, self.time.at)])
            return row.id

    def read(self) -> dict[tuple[int, str], dict[str, int]]:
        """The figures, by publication and window."""
        found: dict[tuple[int, str], dict[str, int]] = {}
        with self.worker.database.reading() as session:
            for one in session.scalars(select(Reading)):
                assert one.source == SLUG
                found.setdefault((one.publication_id, one.window), {})[one.metric] = one.value
        return found

    def rounds(self) -> dict[str, ReadingRound]:
        with self.worker.database.reading() as session:
            return {one.window: one for one in session.scalars(select(ReadingRound))}

    def charged(self) -> int:
        with self.worker.database.reading() as session:
            return int(session.scalar(select(func.sum(Charge.mills))) or 0)


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def network() -> Counted:
    return Counted()


@pytest.fixture
def scene(database: Database, tmp_path: Path, time: Time, network: Counted) -> Iterator[Scene]:
    with patch.dict(networks(), {SLUG: network}):
        yield Scene(worker(database, tmp_path / "data"), time, network)


def test_five_rounds_are_planned_where_readings_are_given_and_only_once(
    scene: Scene, count_queries: CountQueries
) -> None:
    to, silent = scene.account(), scene.account("rehearsal")
    counted = [scene.out(to, f"a{n}", planned=False) for n in range(3)]
    uncounted = scene.out(silent, "b", planned=False)
    published = [(one, scene.time.at) for one in (*counted, uncounted)]
    for _ in range(2):
        with count_queries() as asked, scene.worker.database.transaction() as session:
            plan_rounds(session, published)
        assert len(asked) == 1
    with scene.worker.database.reading() as session:
        rows = session.execute(select(ReadingRound.publication_id, ReadingRound.due_at)).all()
    assert {row.publication_id for row in rows} == set(counted)
    ages = [
        (row.due_at - scene.time.at) // timedelta(hours=1) for row in rows if row.publication_id == counted[0]
    ]
    assert sorted(ages) == [1, 24, 72, 7 * 24, 28 * 24]


def test_a_round_is_read_when_it_is_due_and_what_is_not_given_has_no_row(scene: Scene) -> None:
    to = scene.account()
    liked, gone = scene.out(to, "a"), scene.out(to, "b")
    scene.network.told = {"a": {"likes": 3, "replies": 0}}
    scene.time.pass_by(minutes=59)
    assert tick(scene.worker) == 0
    scene.time.pass_by(minutes=1)
    assert tick(scene.worker) == 2
    assert scene.network.asked == [["a", "b"]]
    assert scene.read() == {(liked, "1h"): {"likes": 3, "replies": 0}}
    assert tick(scene.worker) == 0
    with scene.worker.database.reading() as session:
        rounds = session.scalars(select(ReadingRound).where(ReadingRound.window == "1h")).all()
    said = {one.publication_id: (one.said_code, one.taken_at) for one in rounds}
    assert said == {liked: ("", scene.time.at), gone: ("reading_not_given", scene.time.at)}


def test_what_comes_too_late_for_its_age_is_missing(scene: Scene) -> None:
    scene.out(scene.account(), "a")
    scene.network.told = {"a": {"likes": 3}}
    scene.time.pass_by(hours=26, seconds=1)
    tick(scene.worker)
    assert scene.network.asked == []
    assert scene.read() == {}
    assert [scene.rounds()[one].said_code for one in ("1h", "24h", "72h")] == [
        "reading_too_late", "reading_too_late", ""
    ]  # fmt: skip


def test_control_a_little_later_is_still_that_age(scene: Scene) -> None:
    publication = scene.out(scene.account(), "a")
    scene.network.told = {"a": {"likes": 3}}
    scene.time.pass_by(hours=26)
    tick(scene.worker)
    assert scene.read() == {(publication, "24h"): {"likes": 3}}


def test_a_failure_is_tried_again_later_and_given_up_once_the_age_is_over(scene: Scene) -> None:
    publication = scene.out(scene.account(), "a")
    scene.network.told = {"a": {"likes": 3}}
    retry_at = scene.time.at + timedelta(hours=1, minutes=10)
    scene.network.fate = [RuntimeError("algo"), UnavailableError(retry_at=retry_at)]
    scene.time.pass_by(hours=1)
    assert tick(scene.worker) == 1
    assert tick(scene.worker) == 0
    scene.time.pass_by(seconds=30)
    assert tick(scene.worker) == 1
    scene.time.pass_by(minutes=9)
    assert tick(scene.worker) == 0
    scene.time.pass_by(minutes=1)
    assert tick(scene.worker) == 1
    assert scene.read() == {(publication, "1h"): {"likes": 3}}
    scene.network.fate = [RefusedError()] * 40
    scene.time.pass_by(hours=23)
    for _ in range(30):
        tick(scene.worker)
        scene.time.pass_by(minutes=5)
    now = scene.rounds()["24h"]
    assert (now.said_code, now.taken_at is not None) == ("reading_refused", True)
    assert len(scene.read()) == 1


def test_an_account_that_cannot_be_opened_is_not_asked_for(scene: Scene) -> None:
    to = scene.account()
    scene.out(to, "a")
    with scene.worker.database.transaction() as session:
        forget_credential(session, session.get_one(Account, to.id))
    scene.time.pass_by(hours=1)
    assert tick(scene.worker) == 1
    assert scene.network.asked == []
    assert scene.rounds()["1h"].said_code == "reading_without_keys"


def test_one_account_that_fails_does_not_keep_the_others_waiting(scene: Scene) -> None:
    first, second = scene.out(scene.account(), "a"), scene.out(scene.account(), "b")
    scene.network.told = {"a": {"likes": 1}, "b": {"likes": 2}}
    scene.network.fate = [RuntimeError("algo")]
    scene.time.pass_by(hours=1)
    tick(scene.worker)
    assert scene.network.asked == [["a"], ["b"]]
    assert scene.read() == {(second, "1h"): {"likes": 2}}
    scene.time.pass_by(minutes=1)
    tick(scene.worker)
    assert (first, "1h") in scene.read()


def slow(scene: Scene, meanwhile: list[Callable[[], object]]) -> None:
    """Let each act happen while a call is on its way, one for each call."""
    give = scene.network.readings

    def readings_(access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        told = {one: dict(figures) for one, figures in give(access, remote_ids).items()}
        if meanwhile:
            meanwhile.pop(0)()
        return told

    scene.network.readings = readings_  # type: ignore[method-assign] # the slow one


def test_no_transaction_is_open_during_the_call_and_no_other_worker_takes_the_same_round(
    scene: Scene,
) -> None:
    scene.out(scene.account(), "a")
    scene.network.told = {"a": {"likes": 1}}
    other = replace(scene.worker, name="otro")
    seen: list[int] = []

    def meanwhile() -> None:
        with (
            scene.worker.database.transaction() as session
        ):  # would wait for the lock that a transaction holds
            person(session)
        seen.append(tick(other))

    slow(scene, [meanwhile])
    scene.time.pass_by(hours=1)
    assert tick(scene.worker) == 1
    assert seen == [0]
    assert scene.network.asked == [["a"]]


def test_control_without_a_lease_two_workers_read_the_same_round(scene: Scene) -> None:
    scene.out(scene.account(), "a")
    slow(scene, [lambda: tick(replace(scene.worker, name="otro"))])
    scene.time.pass_by(hours=1)
    with patch.object(readings, "_LEASE", timedelta(0)):
        tick(scene.worker)
    assert scene.network.asked == [["a"], ["a"]]


def awake_late(scene: Scene) -> dict[tuple[int, str], dict[str, int]]:
    """One worker sleeps through its lease while another has the round; what is stored once the first one wakes."""
    publication = scene.out(scene.account(), "a")
    scene.network.told = {"a": {"likes": 1}}
    stored: list[dict[tuple[int, str], dict[str, int]]] = []

    def first_sleeps() -> None:
        scene.time.pass_by(minutes=11)
        scene.network.told = {"a": {"likes": 2}}
        second = Thread(target=lambda: tick(replace(scene.worker, name="otro")))
        second.start()
        assert asked.wait(10)
        waiting.append(second)

    def second_waits() -> None:
        asked.set()
        assert go_on.wait(10)

    asked, go_on, waiting = Event(), Event(), list[Thread]()
    slow(scene, [first_sleeps, second_waits])
    scene.time.pass_by(hours=1)
    tick(scene.worker)
    stored.append(scene.read())
    go_on.set()
    waiting[0].join()
    assert scene.read() == stored[0] or scene.read() == {(publication, "1h"): {"likes": 2}}
    return stored[0]


def test_a_worker_that_wakes_after_its_lease_writes_nothing(scene: Scene) -> None:
    assert awake_late(scene) == {}


def test_control_without_the_fence_it_would(scene: Scene) -> None:
    fence = readings._ours  # noqa: SLF001 -- the protection that is removed

    with patch.object(readings, "_ours", lambda rounds: fence(rounds)[:2]):
        assert len(awake_late(scene)) == 1


def test_a_thread_counts_as_one_without_the_answers_that_are_its_own_parts(scene: Scene) -> None:
    to = scene.account()
    publication = scene.out(to, "a", "b", "c", kind=PostKind.THREAD)
    scene.network.told = {
        "a": {"likes": 5, "replies": 2, "views": 90},
        "b": {"likes": 1, "replies": 1, "views": 50},
        "c": {"likes": 0, "replies": 3},
    }
    scene.time.pass_by(hours=1)
    tick(scene.worker)
    # What one part does not give is not given of the whole.
    assert scene.read() == {(publication, "1h"): {"likes": 6, "replies": 4}}


def test_what_is_only_shared_is_not_counted_as_ours(scene: Scene) -> None:
    scene.out(scene.account(), "a", kind=PostKind.REPOST)
    scene.network.told = {"a": {"likes": 9_000}}
    scene.time.pass_by(hours=1)
    tick(scene.worker)
    assert (scene.read(), scene.network.asked) == ({}, [])
    assert scene.rounds()["1h"].said_code == "reading_of_anothers"


def test_a_figure_that_makes_no_sense_is_missing(scene: Scene) -> None:
    publication = scene.out(scene.account(), "a")
    scene.network.told = {"a": {"likes": -1, "views": 1 << 63, "n" * 41: 1, "quotes": 2}}
    scene.time.pass_by(hours=1)
    tick(scene.worker)
    assert scene.read() == {(publication, "1h"): {"quotes": 2}}


class TestOneThatCharges:
    @pytest.fixture
    def network(self) -> Counted:
        return Charging()

    def test_its_readings_are_charged_once_also_when_they_are_tried_again(self, scene: Scene) -> None:
        scene.out(scene.account(), "a", "b", kind=PostKind.THREAD)
        scene.network.fate = [UnavailableError()]
        scene.time.pass_by(hours=1)
        tick(scene.worker)
        scene.time.pass_by(minutes=1)
        assert tick(scene.worker) == 1
        assert len(scene.network.asked) == 2
        assert scene.charged() == 2

    @pytest.mark.parametrize(("ceiling", "asked"), [(1, 0), (2, 1), (None, 1)])
    def test_a_ceiling_that_is_reached_stops_them(
        self, scene: Scene, ceiling: int | None, asked: int
    ) -> None:
        scene.out(scene.account(), "a", "b", kind=PostKind.THREAD)
        with scene.worker.database.transaction() as session:
            budget.set_ceiling(session, person(session), SLUG, ceiling)
        scene.time.pass_by(hours=1)
        tick(scene.worker)
        assert len(scene.network.asked) == asked
        assert scene.rounds()["1h"].said_code == ("reading_not_given" if asked else "reading_over_budget")
        assert scene.charged() == (2 if asked else 0)


def test_a_tick_asks_the_database_as_often_for_many_rounds_as_for_few(
    scene: Scene, count_queries: CountQueries
) -> None:
    to = scene.account()
    counts = []
    for number in (2, 20):
        for n in range(number):
            scene.out(to, f"{number}-{n}")
        scene.time.pass_by(hours=1)
        with count_queries() as asked:
            assert tick(scene.worker) == number
        counts.append(len(asked))
        scene.time.pass_by(minutes=30)
    assert counts[0] == counts[1]


def test_a_publication_has_its_own_figures_kept_once(scene: Scene) -> None:
    publication = scene.out(scene.account(), "a")
    with scene.worker.database.transaction() as session:
        row = session.get_one(Publication, publication)
        session.add(
            Reading(
                publication_id=row.id,
                window="1h",
                metric="likes",
                value=7,
                taken_at=scene.time.at,
                source=SLUG,
            )
        )
    scene.network.told = {"a": {"likes": 9, "quotes": 1}}
    scene.time.pass_by(hours=1)
    tick(scene.worker)
    assert scene.read() == {(publication, "1h"): {"likes": 7, "quotes": 1}}


def test_whatever_came_out_is_planned_for_also_what_a_person_confirmed(scene: Scene) -> None:
    publication = scene.out(scene.account(), "a", planned=False)
    with scene.worker.database.transaction() as session:
        plan_missing(session)
    assert scene.rounds() == {}
    with scene.worker.database.transaction() as session:
        row = session.get_one(Publication, publication)
        confirm_published(session, row, "z", "https://red.example/z", "")
        plan_missing(session)
        plan_missing(session)
    assert set(scene.rounds()) == {"1h", "24h", "72h", "7d", "28d"}
