"""Death at every named point on every network that has a counterpart, unasked; all but one point in the drill."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.publications import PlannedMoment
from content_calendar.states import HoldReason, PublicationState
from scheduler import dossiers
from scheduler.crash_points import POINTS
from scheduler.networks import network
from scheduler.parcels import pack
from scheduler.worker import Worker
from tests.drill.torment import maker
from tests.scheduler.dying import IN_DOUBT, SENT, Trial
from tests.scheduler.networks.fault_table import Settling, settling
from tests.scheduler.networks.guests import Form, account_of, payload_for, planned, takes, worker_of
from tests.simulators.counterpart import Counterpart
from tests.simulators.counterparts import slugs

# The one death after which only the network knows; the others differ by what the engine does, not the network.
CASES = [
    pytest.param(slug, point, marks=() if point == "sent" else pytest.mark.drill)
    for slug in slugs()
    for point in POINTS
]


class NetworkTrial(Trial):
    """A trial on a network's counterpart."""

    def __init__(self, database: Database, data: Path, slug: str, net: Counterpart) -> None:
        super().__init__(database, data, slug, net.url)
        self.net, self.guest = net, net.guest()

    def worker(self) -> AbstractContextManager[Worker]:
        return worker_of(self.database, self.data, **{self.slug: self.address})

    def plan(self, session: Session, worker: Worker, at: PlannedMoment, point: str) -> Publication:  # noqa: ARG002 -- the same for each
        to = account_of(session, worker, self.slug, self.guest)
        text = f"Lo que se aprobó en {self.slug}"
        form = Form.PICTURE if takes(network(self.slug), Form.PICTURE) else Form.WORDS
        made = planned(session, to, payload_for(session, worker, self.slug, text, form), at)
        parcel = pack(worker, dossiers.load(session, [made.id])[0])
        self.prepares = parcel.needs_preparing()
        return made

    def passes(self, point: str) -> bool:
        """Whether there is anything to prepare, where that is the point."""
        return point != "prepared" or self.prepares

    def posts(self) -> int:
        return len(self.net.published(self.guest))


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator["subprocess.Popen[str]"]:
    with maker(1, tmp_path_factory.mktemp("maker") / "workers.log") as made:
        yield made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("slug", "point"), CASES)
def test_whoever_dies_posts_nothing_twice_and_loses_nothing(
    slug: str,
    point: str,
    stand_in: Callable[[str], Counterpart],
    database: Database,
    tmp_path: Path,
    process: "subprocess.Popen[str]",
) -> None:
    trial = NetworkTrial(database, tmp_path, slug, stand_in(slug))
    if not trial.begin(process, point):
        return  # this network prepares nothing
    assert trial.posts() == (point in SENT)
    found = trial.go_on()
    if settling(network(slug)) is Settling.ASKS and point in IN_DOUBT:
        assert (found.state, found.hold_reason) == (PublicationState.HELD, HoldReason.UNCONFIRMED)
        assert trial.posts() == (point in SENT)
    else:
        assert found.state is PublicationState.PUBLISHED
        assert trial.posts() == 1
