"""A body's word for what it took up: doubted where the directory knows better, and no lag where nobody knows when."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.directory import Site
from content_calendar.models.webhooks import EventKind, WebhookEvent
from scheduler.models import Entry, Replication, ReplicationStage
from scheduler.replication import asking, deciding, funnel, ledger
from scheduler.replication.declaring import OF_ANOTHER, Declared, OwnPostError, declare
from scheduler.replication.funnel import Span
from scheduler.replication.ledger import Matcher
from scheduler.replication.sums import Taken
from tests.scheduler.planting import plant_body, plant_person, plant_published

OUT = datetime(2026, 11, 20, 16, tzinfo=UTC)
NOW = OUT + timedelta(days=4)
TEXT = "Antes de compartir tu CURP, tu domicilio o tus fotografías, pregunta para qué los quieren y quién los cuida."
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_now", lambda: NOW)


class World:
    """A post of one body, and two others, each with its site."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            self.owner, self.one, self.other = (plant_body(session, name) for name in ("sale", "uno", "dos"))
            for body in (self.one, self.other):
                session.add(Site(owner_id=body.id, url=f"https://{body.slug}.mx"))
            self.person = plant_person(session)
            self.post = plant_published(session, self.owner, TEXT, OUT)

    def says(
        self, link: str = "https://uno.mx/nota", at: datetime | None = None, body: int | None = None
    ) -> Declared:
        with self.database.transaction() as session:
            return declare(
                session,
                self.person,
                post_id=self.post.id,
                body_id=body or self.one.id,
                link=link,
                occurred_at=at,
            )

    def only(self) -> Replication:
        with self.database.reading() as session:
            return session.scalars(select(Replication)).one()

    def taken(self) -> Taken | None:
        with self.database.reading() as session:
            span = Span(OUT - timedelta(days=1), NOW)
            found = funnel.read(session, span, [self.one.id])
            everybody = funnel.lags_of_all(session, found.posts)
            taken = found.cell(self.post.id, self.one.id).taken
            assert (everybody is None) == (taken is None or taken.lag is None)
            return taken


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_what_nobody_says_the_moment_of_counts_as_taken_up_and_not_as_slow(world: World) -> None:
    world.says()
    taken = world.taken()
    assert taken is not None
    assert (taken.at, taken.lag) == (NOW, None)


def test_a_moment_that_is_told_is_a_lag_and_so_is_the_first_of_several_that_is_known(world: World) -> None:
    world.says()
    world.says("https://uno.mx/otra", at=OUT + timedelta(hours=5))
    taken = world.taken()
    assert taken is not None
    assert taken.lag == timedelta(hours=5)


def test_a_note_without_a_date_counts_and_is_no_lag(world: World) -> None:
    with world.database.transaction() as session:
        session.add(
            Entry(
                owner_id=world.one.id, identity="a" * 64, title="", summary=TEXT, link="https://uno.mx/a",
                published_at=OUT + timedelta(days=3), dated=False,
            )
        )  # fmt: skip
    Matcher().match(world.database)
    taken = world.taken()
    assert taken is not None
    assert taken.lag is None


def test_a_link_to_what_is_anothers_waits_for_a_person_however_often_it_is_said(world: World) -> None:
    for _ in range(2):
        world.says("https://dos.mx/nota")
    row = world.only()
    assert (row.stage, row.why_code, row.why_params["owner"]) == (
        ReplicationStage.DOUBTFUL,
        OF_ANOTHER,
        "DOS",
    )
    # The control: the same link of the one whose it is.
    world.says("https://dos.mx/nota", body=world.other.id)
    with world.database.reading() as session:
        stages = session.scalars(select(Replication.stage).order_by(Replication.id)).all()
    assert stages == [ReplicationStage.DOUBTFUL, ReplicationStage.DECLARED]


def test_a_decision_taken_back_leaves_the_doubt_as_it_was(world: World) -> None:
    world.says("https://dos.mx/nota")
    with world.database.transaction() as session:
        ledger.confirm(session, world.person, world.only().ref)
    assert world.only().stage is ReplicationStage.CONFIRMED
    with world.database.transaction() as session:
        deciding.take_back(session, world.person, world.only().ref)
    assert world.only().stage is ReplicationStage.DOUBTFUL


def test_who_published_a_post_does_not_take_it_up(world: World) -> None:
    with pytest.raises(OwnPostError):
        world.says("https://sale.mx/nota", body=world.owner.id)


def test_the_body_whose_word_is_doubted_does_not_settle_it_and_nobody_is_told_that_it_was_found(
    world: World,
) -> None:
    world.says("https://dos.mx/nota")
    with world.database.transaction() as session:
        asking.answer(session, world.person, world.only().ref, ours=True)
    assert world.only().stage is ReplicationStage.DOUBTFUL

    def told() -> int:
        with world.database.reading() as session:
            found = EventKind.REPLICATION_FOUND
            return session.scalar(select(func.count()).where(WebhookEvent.kind == found)) or 0

    assert told() == 0
    with world.database.transaction() as session:
        ledger.confirm(session, world.person, world.only().ref)
    assert told() == 1
