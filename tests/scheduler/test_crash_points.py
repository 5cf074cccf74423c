"""Death at every named point, on every kind of network: a real process ends there, and another one goes on."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy.orm import Session

from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.publications import PlannedMoment
from content_calendar.states import HoldReason, PublicationState
from scheduler.crash_points import LETTER_POINTS, POINTS, RENEWAL_POINTS
from scheduler.network import Protection
from scheduler.networks import networks
from scheduler.worker import Worker
from tests.drill.networks import PREFIX, PREPARES, drill_networks
from tests.drill.torment import maker, posts_of, simulator
from tests.scheduler.dying import IN_DOUBT, SENT, Trial
from tests.scheduler.scene import account, planned

ROOT = Path(__file__).parents[2]
HELD, PUBLISHED = PublicationState.HELD, PublicationState.PUBLISHED


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator["subprocess.Popen[str]"]:
    with maker(1, tmp_path_factory.mktemp("maker") / "workers.log") as made:
        yield made


@pytest.fixture(scope="module")
def net() -> Iterator[str]:
    # Without any lag: the one who goes on has a clock of its own, and the simulator has not.
    with simulator("tests.drill.simulator", lag=0) as address, patch.dict(networks(), drill_networks()):
        yield address


class DrillTrial(Trial):
    """A trial on one of the drill's kinds of network."""

    def __init__(self, database: Database, data: Path, net: str, protection: Protection) -> None:
        super().__init__(database, data, PREFIX + protection.value, net)

    def plan(self, session: Session, worker: Worker, at: PlannedMoment, point: str) -> Publication:  # noqa: ARG002 -- it has no keys
        text = f"{PREPARES} lo que se aprobó" if point == "prepared" else "Lo que se aprobó"
        to = account(session, self.slug)
        self.text = f"{text} en {to.handle}"
        return planned(session, to, at.at, self.text)

    def posts(self) -> int:
        return sum(mark == self.text for _, _, mark in posts_of(self.address))


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
    trial = DrillTrial(database, tmp_path, net, protection)
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
    trial = DrillTrial(database, tmp_path, net, protection)
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
