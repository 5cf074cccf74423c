"""A worker that dies at a named point with a publication in hand, and the one that comes after it."""

import os
import subprocess
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Event

from sqlalchemy.orm import Session

from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.publications import PlannedMoment
from content_calendar.states import AT_REST, PublicationState
from scheduler.worker import Worker
from tests.drill.torment import herd_of
from tests.scheduler import scene
from tests.scheduler.scene import Engine, Time, now_of

# Past these, and before what comes of it is written, the network may have it or not.
IN_DOUBT = {"sending", "sent"}
SENT = {"sent", "recorded"}


class Trial:
    """One publication, a worker that dies with it in hand, and the one that comes after."""

    def __init__(self, database: Database, data: Path, slug: str, address: str) -> None:
        self.database, self.data, self.slug, self.address = database, data, slug, address
        # A little ago, so that it is due when the process looks at the real clock.
        self.time = Time()
        self.time.pass_by(seconds=-3)
        self.public_url = ""

    def worker(self) -> AbstractContextManager[Worker]:
        """The one that plans, and that goes on."""
        return nullcontext(scene.worker(self.database, self.data, **{self.slug: self.address}))

    def plan(self, session: Session, worker: Worker, at: PlannedMoment, point: str) -> Publication:
        """Plan what is to die at that point."""
        raise NotImplementedError

    def posts(self) -> int:
        """How often it is out."""
        raise NotImplementedError

    def passes(self, point: str) -> bool:  # noqa: ARG002 -- for those that do not
        """Whether what was planned comes to that point at all."""
        return True

    def begin(self, process: "subprocess.Popen[str]", point: str, mutant: str = "") -> bool:
        """Let a process work until it dies there; return whether it came there."""
        with self.worker() as worker:
            self.public_url = worker.settings.public_url
            with self.time.ruling(), self.database.transaction() as session:
                at = scene.moment(self.time.at + timedelta(seconds=1))
                self.publication = self.plan(session, worker, at, point)
            if not self.passes(point):
                return False
            more = {"mutant": mutant, "public_url": self.public_url}
            with herd_of(process, self.database, self.data, {self.slug: self.address}, **more) as herd:
                until_gone(herd.add(point))
        return True

    def go_on(self) -> Publication:
        """Let another worker work, by a clock of its own, until nothing is to be done any more."""
        self.time.pass_by(seconds=33)
        with self.worker() as worker, self.time.ruling():
            engine = Engine(worker)
            for n in range(150):
                engine.tick()
                engine.look()
                found = now_of(self.database, self.publication)
                if found.state in {*AT_REST, PublicationState.HELD}:
                    break
                self.time.pass_by(seconds=30 if n < 40 else 240)
            engine.close()
        return found


def until_gone(pid: int) -> None:
    """Wait until a process that is not our child has ended."""
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        Event().wait(0.05)
    raise AssertionError("it did not die")
