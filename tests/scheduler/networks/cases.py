"""One publication to a guest of a network's counterpart, and the engine that sends it by a clock of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.payloads import Payload
from content_calendar.states import AT_REST, PublicationState
from scheduler import dossiers, publishing
from scheduler.network import Outgoing, UnfinishedError
from scheduler.parcels import Parcel, pack
from tests.scheduler import scene
from tests.scheduler.networks.fault_table import Expected
from tests.scheduler.networks.guests import Form, account_of, payload_for, planned, worker_of
from tests.scheduler.scene import Engine, Time, attempts_of, now_of
from tests.simulators.counterpart import Counterpart, Guest

# Stand-ins that are servers of others go by the machine's clock: what is due a little ago is found by either.
AGO = timedelta(minutes=5)
RESTS = (*AT_REST, PublicationState.HELD)


@dataclass
class Case:
    """One publication to a guest of a counterpart, and the engine that sends it."""

    slug: str
    net: Counterpart
    engine: Engine
    time: Time
    guest: Guest
    publication: Publication
    payload: Payload

    @property
    def text(self) -> str:
        """What its first part says."""
        return self.payload.parts[0].text

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
        for n in range(150):
            if (found := self.now()).state in RESTS:
                break
            # As long as nobody takes it for a silence: an account may rest for hours between two publications.
            self.time.pass_by(minutes=1 if n < 15 else 4)
            self.engine.look()
            self.engine.tick()
        return Expected(found.state, len(self.net.published(self.guest)), self.calls(), found.hold_reason)

    def calls(self) -> int:
        return sum(one.sent_at is not None for one in attempts_of(self.engine.worker.database, self.now()))

    def parcel(self) -> Parcel:
        """The publication as a sender gets it."""
        with self.engine.worker.database.reading() as session:
            return pack(self.engine.worker, dossiers.load(session, [self.publication.id])[0])

    def one_part(self) -> None:
        """Let one part go out, and no more of it."""
        for _ in range(40):
            if publishing.serve_one(self.engine.worker) and self.calls():
                return
            self.time.pass_by(seconds=30)
        raise AssertionError("nothing went out")

    def prepared(self, may_send: Callable[[], bool] = lambda: True) -> Outgoing:
        """What is sent, all that comes before the sending done, with no engine between."""
        parcel, left = self.parcel(), dict[str, str]()
        for _ in range(40):
            outgoing = parcel.outgoing(left, clock.now(), may_send)
            if not parcel.network.needs_preparing(outgoing):
                break
            try:
                left = dict(parcel.network.prepare(parcel.access, outgoing))
            except UnfinishedError as error:
                left = dict(error.prepared)
                self.time.pass_by(seconds=30)
        return outgoing

    def now(self) -> Publication:
        return now_of(self.engine.worker.database, self.publication)


@contextmanager
def case(
    slug: str, net: Counterpart, database: Database, data: Path, text: str, form: Form = Form.WORDS
) -> Iterator[Case]:
    with (
        Time(clock.now().replace(microsecond=0) - AGO).ruling() as time,
        patch.object(clock, "rest", lambda _seconds: None),
        worker_of(database, data, **{slug: net.url}) as worker,
    ):
        guest = net.guest()
        with database.transaction() as session:
            to = account_of(session, worker, slug, guest)
            payload = payload_for(session, worker, slug, text, form)
            made = planned(session, to, payload, scene.moment(time.at + timedelta(minutes=1)))
        time.pass_by(minutes=1)
        engine = Engine(worker)
        try:
            yield Case(slug, net, engine, time, guest, made, payload)
        finally:
            engine.close()
