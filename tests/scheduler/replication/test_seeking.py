"""Seeking: who took a publication up, asked of its network at growing ages; what it tells is written once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from content_calendar import budget
from content_calendar.db import Database
from content_calendar.models.directory import Account, Standing
from content_calendar.models.money import Ceiling, Charge
from content_calendar.models.plan import Campaign
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.publications import Destination, schedule
from content_calendar.states import PartState, PublicationState
from scheduler.echo_powers import Echoes, EchoForm, RemoteEcho, Sought
from scheduler.models import Entry, Reading, Replication, ReplicationKind, ReplicationStage
from scheduler.network import AccountAccess, Answer, RefusedError, UnavailableError
from scheduler.networks import networks
from scheduler.networks.rehearsal import Rehearsal
from scheduler.replication.declaring import declare
from scheduler.replication.ledger import overrule
from scheduler.replication.seek_models import AccountSeek, PublicationSeek, ReplicationEvidence
from scheduler.replication.seeking import tick
from scheduler.replication.seeking_plan import AGES, next_look
from scheduler.worker import Worker
from tests.scheduler.scene import TOLERANCE, Time, account, approved_post, moment, person, worker

SLUG, NAME = "vista", "Vista"
# What the databases do not do each in their own way.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


class Seen(Rehearsal):
    """A network that tells who took up its posts; ``fate`` is what the next questions raise."""

    slug: ClassVar[str] = SLUG
    name: ClassVar[str] = NAME
    sought_together: ClassVar[int] = 2

    def __init__(self) -> None:
        self.echoes: dict[str, list[RemoteEcho]] = {}
        self.said: list[RemoteEcho] = []
        self.whole = True
        self.fate: list[Exception] = []
        self.asked: list[object] = []

    def read_echoes(self, access: AccountAccess, remote_id: str) -> Echoes:
        assert access.handle
        self.asked.append(remote_id)
        if self.fate:
            raise self.fate.pop(0)
        return Echoes(self.echoes.get(remote_id, ()), self.whole, 7 * len(self.echoes.get(remote_id, ())))

    def seek_posts(
        self, access: AccountAccess, sought: Sequence[Sought], tags: Sequence[str], since: datetime
    ) -> Echoes:
        assert access.handle
        assert tags == ["PlanDAI"]
        assert since.tzinfo is UTC
        self.asked.append(tuple(one.handle for one in sought))
        if self.fate:
            raise self.fate.pop(0)
        names = {one.handle for one in sought}
        return Echoes([one for one in self.said if one.handle in names])


class Dear(Seen):
    """One that charges for it."""

    needs_connection: ClassVar[bool] = True
    echoes_mills: ClassVar[int] = 100
    seeking_mills: ClassVar[int] = 100


@dataclass
class Scene:
    """A worker, its time, its network; an account of ours, and one of a body that may take up what is out."""

    worker: Worker
    time: Time
    network: Seen
    ours: Account = field(init=False)
    theirs: Account = field(init=False)
    publication: int = 0
    post: int = 0

    def __post_init__(self) -> None:
        with self.worker.database.transaction() as session:
            self.ours = account(session, SLUG, self.worker)
            self.theirs = account(session, SLUG)
            self.theirs.connected_at = None
            session.add(Campaign(slug="plandai", name="PlanDAI", tags=["PlanDAI"]))
        self.publication, self.post = self.out("vista:1")

    def out(self, remote_id: str) -> tuple[int, int]:
        with self.worker.database.transaction() as session:
            post, version = approved_post(session, f"Texto {remote_id}")
            destination = Destination(self.ours.id, Payload((PayloadPart("Texto", "es"),)), [remote_id])
            at = moment(self.time.at + timedelta(minutes=1))
            row = schedule(session, post, version, [destination], at, TOLERANCE, "")[0]
            # As the engine leaves it.
            session.execute(
                update(PublicationPart)
                .where(PublicationPart.publication_id == row.id)
                .values({"remote_id": remote_id, "remote_url": f"https://vista.example/{remote_id}"})
                .values({PublicationPart.state: PartState.PUBLISHED})
            )
            session.execute(
                update(Publication)
                .where(Publication.id == row.id)
                .values(
                    {Publication.state: PublicationState.PUBLISHED, Publication.published_at: self.time.at}
                )
            )
            return row.id, post.id

    def echo(self, form: EchoForm = EchoForm.REPOST, **said: object) -> RemoteEcho:
        told = {
            "form": form, "account_id": "", "handle": self.theirs.handle, "link": "", "text": "",
            "at": self.time.at + HOUR, "targets": ("vista:1",),
        }  # fmt: skip
        return RemoteEcho(**{**told, **said})  # type: ignore[arg-type] # its own fields

    def look(self, *, after: timedelta = HOUR) -> int:
        self.time.at += after + timedelta(minutes=1)
        return tick(self.worker)

    def found(self) -> list[Replication]:
        with self.worker.database.reading() as session:
            rows = list(session.scalars(select(Replication).order_by(Replication.id)))
            session.expunge_all()
        return rows

    def only(self) -> Replication:
        (one,) = self.found()
        return one

    def seek(self) -> PublicationSeek:
        with self.worker.database.reading() as session:
            row = session.get_one(PublicationSeek, self.publication)
            session.expunge_all()
        return row

    def count(self, table: type) -> int:
        with self.worker.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def charged(self) -> int:
        with self.worker.database.reading() as session:
            return int(session.scalar(select(func.sum(Charge.mills))) or 0)


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture
def network() -> Seen:
    return Seen()


@pytest.fixture
def scene(database: Database, tmp_path: Path, time: Time, network: Seen) -> Iterator[Scene]:
    with patch.dict(networks(), {SLUG: network}, clear=True):
        yield Scene(worker(database, tmp_path / "data"), time, network)


def test_a_publication_is_looked_at_at_growing_ages_and_never_again(time: Time) -> None:
    out_at, at, ages = time.at, time.at, []
    while (at := next_look(out_at, at, dear=False)) is not None:  # type: ignore[assignment] # None ends it
        ages.append(at - out_at)
    assert tuple(ages) == AGES
    # What was missed while nobody looked is one look.
    assert next_look(out_at, out_at + timedelta(days=2), dear=False) == out_at + timedelta(days=3)
    assert next_look(out_at, out_at, dear=True) == out_at + 25 * HOUR


def test_a_repost_by_a_body_of_the_directory_is_certain_with_its_reason_and_evidence(scene: Scene) -> None:
    scene.network.echoes["vista:1"] = [scene.echo(text="Texto")]
    assert scene.look() == 2
    found = scene.only()
    assert (found.kind, found.stage) == (ReplicationKind.REPOST, ReplicationStage.SEEN)
    assert (found.post_id, found.body_id) == (scene.post, scene.theirs.owner_id)
    assert found.why_code == "replication_reposted"
    assert found.why_params == {"account": f"@{scene.theirs.handle}", "network": NAME}
    assert found.occurred_at == scene.network.echoes["vista:1"][0].at
    assert found.link == "https://vista.example/vista:1"
    with scene.worker.database.reading() as session:
        kept = session.scalars(select(ReplicationEvidence)).one()
        assert (kept.text, kept.seen_at, len(kept.text_hash)) == ("Texto", scene.time.at, 64)
    assert (scene.seek().looks, scene.seek().found) == (1, 1)


def test_seeing_it_again_changes_nothing_and_a_changed_text_is_added(scene: Scene) -> None:
    quote = scene.echo(EchoForm.QUOTE, link="https://vista.example/cita", text="La citamos")
    scene.network.echoes["vista:1"] = [quote]
    scene.look()
    before = scene.only()
    scene.look(after=6 * HOUR)
    assert (scene.only().seen_at, scene.count(ReplicationEvidence)) == (before.seen_at, 1)
    scene.network.echoes["vista:1"] = [
        scene.echo(EchoForm.QUOTE, link=quote.link, text="Cambiada", at=quote.at)
    ]
    scene.look(after=24 * HOUR)
    assert (scene.only().ref, scene.count(ReplicationEvidence)) == (before.ref, 2)
    assert scene.seek().looks == 3


@on_sqlite
def test_a_repost_without_its_moment_takes_the_one_that_is_seen_later(scene: Scene) -> None:
    at = scene.time.at + timedelta(minutes=20)
    scene.network.echoes["vista:1"] = [scene.echo(at=None)]
    scene.look()
    assert scene.only().why_code == "replication_reposted_undated"
    assert scene.only().occurred_at == scene.time.at
    scene.network.echoes.clear()
    scene.network.said = [scene.echo(at=at)]
    scene.look(after=3 * HOUR)
    assert (scene.only().why_code, scene.only().occurred_at) == ("replication_reposted", at)


@on_sqlite
def test_a_stranger_and_whoever_published_it_are_no_echo(scene: Scene) -> None:
    scene.network.echoes["vista:1"] = [
        scene.echo(handle="desconocida"),
        scene.echo(handle=scene.ours.handle),
        scene.echo(targets=("vista:de-nadie",)),
    ]
    scene.look()
    assert scene.found() == []


@pytest.mark.parametrize("standing", [Standing.IMPERSONATED, Standing.NO_ACCESS, Standing.EXTINCT])
@on_sqlite
def test_an_account_out_of_its_owners_hands_speaks_for_nobody(scene: Scene, standing: Standing) -> None:
    with scene.worker.database.transaction() as session:
        session.get_one(Account, scene.theirs.id).standing = standing
    scene.network.echoes["vista:1"] = [scene.echo()]
    scene.look()
    assert scene.found() == []


@on_sqlite
def test_the_number_counts_before_the_handle(scene: Scene) -> None:
    with scene.worker.database.transaction() as session:
        session.get_one(Account, scene.theirs.id).remote_id = "77"
    # The handle is somebody else's by now; and the body is called something else.
    scene.network.echoes["vista:1"] = [scene.echo(account_id="99")]
    scene.look()
    assert scene.found() == []
    scene.network.echoes["vista:1"] = [scene.echo(account_id="77", handle="nuevo_nombre")]
    scene.look(after=6 * HOUR)
    assert scene.only().body_id == scene.theirs.owner_id


def test_what_an_account_says_with_a_campaigns_tag_becomes_a_note_once(scene: Scene) -> None:
    said = "Pregunta & aprende\n#plandai con <nosotros>"
    scene.network.said = [
        scene.echo(EchoForm.POST, link="https://vista.example/a", text=said, targets=()),
        scene.echo(EchoForm.POST, link="https://vista.example/b", text="Buenos días", targets=()),
    ]
    scene.look()
    scene.look(after=3 * HOUR)
    with scene.worker.database.reading() as session:
        note = session.scalars(select(Entry)).one()
        assert (note.owner_id, note.link) == (scene.theirs.owner_id, "https://vista.example/a")
        assert note.published_at == scene.network.said[0].at
        assert "<nosotros>" not in note.summary
        assert note.title.startswith("Pregunta & aprende")
        seek = session.scalars(select(AccountSeek).where(AccountSeek.account_id == scene.theirs.id)).one()
        assert (seek.found, seek.looks) == (1, 2)
    # Ours is not listened to: it would echo itself.
    assert all(scene.ours.handle not in one for one in scene.network.asked if isinstance(one, tuple))


@on_sqlite
def test_a_decision_of_a_person_is_never_undone(scene: Scene) -> None:
    scene.network.echoes["vista:1"] = [scene.echo()]
    scene.look()
    with scene.worker.database.transaction() as session:
        overrule(session, person(session), scene.only().ref)
    scene.look(after=6 * HOUR)
    assert scene.only().stage is ReplicationStage.REJECTED


@on_sqlite
def test_a_quote_that_its_body_declared_is_one_with_the_one_that_is_found(scene: Scene) -> None:
    link = "https://vista.example/cita"
    scene.network.echoes["vista:1"] = [scene.echo(EchoForm.QUOTE, link=link, text="La citamos")]
    with scene.worker.database.transaction() as session:
        declare(
            session, person(session), post_id=scene.post, body_id=scene.theirs.owner_id, link=link,
            occurred_at=scene.time.at,
        )  # fmt: skip
    scene.look()
    assert scene.only().stage is ReplicationStage.DECLARED
    assert scene.count(ReplicationEvidence) == 2


@on_sqlite
def test_a_network_that_fails_is_asked_later_and_later_and_the_others_meanwhile(scene: Scene) -> None:
    other, _ = scene.out("vista:2")
    scene.network.echoes["vista:2"] = [scene.echo(targets=("vista:2",))]
    scene.network.fate = [UnavailableError(Answer(503))]
    scene.look()
    assert (scene.seek().failures, scene.seek().said_code) == (1, "seek_failed")
    assert len(scene.found()) == 1
    first = scene.seek().next_at
    assert first is not None
    assert timedelta(0) < first - scene.time.at < HOUR
    scene.network.fate = [UnavailableError(Answer(429), retry_at=scene.time.at + 3 * HOUR)]
    scene.look(after=HOUR)
    assert scene.seek().next_at == scene.time.at + 3 * HOUR - HOUR - timedelta(minutes=1)
    scene.look(after=3 * HOUR)
    assert (scene.seek().failures, scene.seek().said_code, scene.seek().looks) == (0, "", 1)
    assert other


@on_sqlite
def test_a_server_that_asks_to_wait_is_asked_nothing_more_for_now(scene: Scene) -> None:
    scene.out("vista:2")
    scene.network.fate = [UnavailableError(Answer(429), retry_at=scene.time.at + 2 * HOUR)]
    assert scene.look() == 1
    assert scene.network.asked == ["vista:1"]
    # What was left waits for no failure of its own: the next tick after the lease takes it.
    scene.look(after=timedelta(minutes=10))
    assert "vista:2" in scene.network.asked


@on_sqlite
def test_what_refuses_or_breaks_keeps_nobody_from_being_asked(scene: Scene) -> None:
    scene.out("vista:2")
    scene.network.fate = [RefusedError(Answer(403)), ZeroDivisionError()]
    scene.look()
    with scene.worker.database.reading() as session:
        said = session.scalars(select(PublicationSeek.said_code)).all()
    assert sorted(said) == ["seek_failed", "seek_refused"]
    assert len(scene.network.asked) == 3


def test_two_workers_do_not_look_at_the_same(scene: Scene, database: Database, tmp_path: Path) -> None:
    other = worker(database, tmp_path / "otro")
    answers = []
    read = scene.network.read_echoes

    def both(access: AccountAccess, remote_id: str) -> Echoes:
        answers.append(tick(other))
        return read(access, remote_id)

    with patch.object(scene.network, "read_echoes", both):
        scene.look()
    assert answers == [0]


def test_what_a_hostile_network_tells_is_kept_without_harm(scene: Scene) -> None:
    scene.network.echoes["vista:1"] = [
        scene.echo(
            EchoForm.QUOTE, link="javascript:alert(1)", text="a\0b\u202e" + "c" * 90_000, picture="d\0"
        ),
        scene.echo(
            EchoForm.QUOTE, link="https://vista.example/\0" + "x" * 9000, at=scene.time.at + 9999 * HOUR
        ),
    ]
    scene.look()
    with scene.worker.database.reading() as session:
        kept = session.scalars(select(ReplicationEvidence)).all()
        assert kept
        assert all(len(one.text) <= 20_000 for one in kept)
        assert not any("\0" in one.text + one.picture_hash for one in kept)
    assert {one.link for one in scene.found()} == {"https://vista.example/vista:1"}
    assert all(one.occurred_at <= scene.time.at for one in scene.found())


@on_sqlite
def test_that_not_all_was_read_is_told(scene: Scene) -> None:
    scene.network.whole = False
    scene.look()
    assert scene.seek().said_code == "seek_not_whole"


class TestDear:
    """Where asking costs."""

    @pytest.fixture
    def network(self) -> Seen:
        return Dear()

    def ceiling(self, scene: Scene, mills: int) -> None:
        with scene.worker.database.transaction() as session:
            session.merge(Ceiling(network=SLUG, mills=mills, set_at=scene.time.at))

    @on_sqlite
    def test_nobody_asks_without_a_ceiling_and_that_is_told(self, scene: Scene) -> None:
        scene.network.echoes["vista:1"] = [scene.echo()]
        scene.look(after=25 * HOUR)
        assert (scene.network.asked, scene.charged()) == ([], 0)
        assert scene.seek().said_code == "budget_no_ceiling"
        # The control: with one, it is asked.
        self.ceiling(scene, 1000)
        scene.look(after=2 * HOUR)
        assert len(scene.found()) == 1

    def test_what_it_did_cost_is_written_down_and_no_more(self, scene: Scene) -> None:
        self.ceiling(scene, 1000)
        scene.network.echoes["vista:1"] = [scene.echo()]
        scene.look(after=25 * HOUR)
        assert scene.charged() == 7

    @on_sqlite
    def test_nothing_is_asked_that_might_pass_the_ceiling(self, scene: Scene) -> None:
        self.ceiling(scene, 99)
        scene.look(after=25 * HOUR)
        assert scene.network.asked == []
        assert scene.seek().said_code == "over_budget_to_read"

    @on_sqlite
    def test_a_refusal_is_not_charged_and_an_answer_that_was_lost_is(self, scene: Scene) -> None:
        self.ceiling(scene, 1000)
        scene.network.fate = [RefusedError(Answer(403)), UnavailableError(Answer())]
        scene.look(after=25 * HOUR)
        assert scene.charged() == 100

    @on_sqlite
    def test_nobody_pays_for_who_when_the_figures_say_nobody(self, scene: Scene) -> None:
        self.ceiling(scene, 1000)
        with scene.worker.database.transaction() as session:
            for metric in ("reposts", "quotes"):
                session.add(
                    Reading(
                        publication_id=scene.publication, window="24h", metric=metric, value=0,
                        taken_at=scene.time.at, source=SLUG,
                    )
                )  # fmt: skip
        scene.look(after=25 * HOUR)
        assert "vista:1" not in scene.network.asked
        assert scene.seek().said_code == "seek_nothing_there"

    @on_sqlite
    def test_without_an_account_of_ours_nobody_is_asked_what_others_said(self, scene: Scene) -> None:
        self.ceiling(scene, 1000)
        with scene.worker.database.transaction() as session:
            session.execute(update(Account).where(Account.id == scene.ours.id).values(connected_at=None))
        scene.look(after=25 * HOUR)
        assert scene.network.asked == []
        with scene.worker.database.reading() as session:
            assert set(session.scalars(select(AccountSeek.said_code))) == {"seek_without_keys"}


@on_sqlite
def test_a_read_is_reserved_and_settled(scene: Scene) -> None:
    with scene.worker.database.transaction() as session:
        session.add(Ceiling(network=SLUG, mills=150, set_at=scene.time.at))
        cost = budget.Cost(None, 1, scene.ours.id, SLUG, "echoes", 100)
    with scene.worker.database.transaction() as session:
        first = budget.reserve_read(session, cost, ZoneInfo("UTC"), scene.time.at)
        with pytest.raises(budget.OverCeilingError):
            budget.reserve_read(session, cost, ZoneInfo("UTC"), scene.time.at)
        budget.settle_read(session, first, 10)
        second = budget.reserve_read(session, cost, ZoneInfo("UTC"), scene.time.at)
        budget.settle_read(session, second, 0)
    assert scene.charged() == 10
