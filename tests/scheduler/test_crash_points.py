"""Death at every named point, on every kind of network: a real process ends there, and another one goes on."""

import ast
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from unittest.mock import patch

import pytest

from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.states import AT_REST, HoldReason, PublicationState
from scheduler.crash_points import LETTER_POINTS, POINTS, RENEWAL_POINTS
from scheduler.network import Protection
from scheduler.networks import networks
from tests.drill.networks import PREFIX, PREPARES, drill_networks
from tests.drill.torment import herd_of, maker, posts_of, simulator
from tests.scheduler.scene import Engine, Time, account, now_of, planned, worker

ROOT = Path(__file__).parents[2]
HELD, PUBLISHED = PublicationState.HELD, PublicationState.PUBLISHED
# Past these, and before what comes of it is written, the network may have it or not.
IN_DOUBT = {"sending", "sent"}
SENT = {"sent", "recorded"}


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator["subprocess.Popen[str]"]:
    with maker(1, tmp_path_factory.mktemp("maker") / "workers.log") as made:
        yield made


@pytest.fixture(scope="module")
def net() -> Iterator[str]:
    # Without any lag: the one who goes on has a clock of its own, and the simulator has not.
    with simulator("tests.drill.simulator", lag=0) as address, patch.dict(networks(), drill_networks()):
        yield address


class Trial:
    """One publication, a worker that dies with it in hand, and the one that comes after."""

    def __init__(self, database: Database, data: Path, net: str, protection: Protection) -> None:
        self.database, self.data, self.net = database, data, net
        self.slug = PREFIX + protection.value
        # A little ago, so that it is due when the process looks at the real clock.
        self.time = Time()
        self.time.pass_by(seconds=-3)

    def begin(self, process: "subprocess.Popen[str]", point: str, mutant: str = "") -> None:
        text = f"{PREPARES} lo que se aprobó" if point == "prepared" else "Lo que se aprobó"
        with self.time.ruling(), self.database.transaction() as session:
            to = account(session, self.slug)
            self.text = f"{text} en {to.handle}"
            self.publication = planned(session, to, self.time.at + timedelta(seconds=1), self.text)
        addresses = {self.slug: self.net}
        with herd_of(process, self.database, self.data, addresses, mutant=mutant) as herd:
            until_gone(herd.add(point))

    def go_on(self) -> Publication:
        """Let another worker work, by a clock of its own, until nothing is to be done any more."""
        self.time.pass_by(seconds=33)
        with self.time.ruling():
            engine = Engine(worker(self.database, self.data, **{self.slug: self.net}))
            for _ in range(40):
                engine.tick()
                engine.look()
                if (found := now_of(self.database, self.publication)).state in {*AT_REST, HELD}:
                    break
                self.time.pass_by(seconds=30)
            engine.close()
        return found

    def posts(self) -> int:
        return sum(mark == self.text for _, _, mark in posts_of(self.net))


def until_gone(pid: int) -> None:
    """Wait until a process that is not our child has ended."""
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        Event().wait(0.05)
    raise AssertionError("it did not die")


CASES = [
    *(("sqlite", point, protection) for point in POINTS for protection in Protection),
    # What a death leaves in the rows is the same on both; here is that the other one does it too.
    *(("postgresql", point, Protection.READABLE) for point in POINTS),
]


@pytest.mark.parametrize(("database_url", "point", "protection"), CASES, indirect=["database_url"])
def test_whoever_dies_anywhere_posts_nothing_twice_and_loses_nothing(
    database: Database,
    tmp_path: Path,
    process: "subprocess.Popen[str]",
    net: str,
    point: str,
    protection: Protection,
) -> None:
    trial = Trial(database, tmp_path, net, protection)
    trial.begin(process, point)
    assert trial.posts() == (point in SENT)
    found = trial.go_on()
    if protection is Protection.BLIND and point in IN_DOUBT:
        assert (found.state, found.hold_reason) == (HELD, HoldReason.UNCONFIRMED)
        assert trial.posts() == (point in SENT)
    else:
        assert found.state is PUBLISHED
        assert trial.posts() == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("protection", [Protection.READABLE, Protection.BLIND])
def test_control_without_the_commit_before_the_call_it_is_out_twice(
    database: Database, tmp_path: Path, process: "subprocess.Popen[str]", net: str, protection: Protection
) -> None:
    trial = Trial(database, tmp_path, net, protection)
    trial.begin(process, "sent", mutant="no_commit_before_the_call")
    trial.go_on()
    assert trial.posts() == 2


def test_every_point_of_the_list_is_reached_somewhere_and_no_other_is() -> None:
    reached = {
        node.args[0].value
        for path in (ROOT / "scheduler").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "reached"
        and isinstance(node.args[0], ast.Constant)
    }
    assert reached == {*POINTS, *RENEWAL_POINTS, *LETTER_POINTS}
