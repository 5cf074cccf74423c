"""The weekly barrido: one answer for each body and post, undone as it was, and never more than was seen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from content_calendar import clock, people
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, Standing
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.notices import Code
from content_calendar.pasted import known_networks
from content_calendar.permissions import Role
from scheduler.listening.recognising import feed_address
from scheduler.models import Feed, Replication, ReplicationKind, ReplicationStage
from scheduler.replication import barrido, barrido_board, barrido_reminders, declaring, ledger, undeclaring
from scheduler.replication.barrido import Said, is_swept
from scheduler.replication.barrido_models import BarridoLook, LookAnswer, NotReachedWhy
from scheduler.replication.link_owner import Whose, owner_of
from tests.conftest import CountQueries
from tests.webapp.stage import Stage

ZONE = "America/Mexico_City"
# A Wednesday, in the week after the one that is looked at.
NOW = datetime(2026, 11, 18, 18, tzinfo=UTC)
WEEK = date(2026, 11, 9)
OUT = datetime(2026, 11, 11, 16, tzinfo=UTC)
SEEN = Said(LookAnswer.SEEN, link="https://red-que-nadie-lee.example/norte/posts/1")
NOT_SEEN = Said(LookAnswer.NOT_SEEN)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
UNREAD = "red_que_nadie_lee"


@pytest.fixture(autouse=True)
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_now", lambda: NOW)


class World:
    """Two bodies of two regions with a page each, and three posts of the week."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            stage = Stage(session)
            self.north, self.south = stage.region("norte"), stage.region("sur")
            self.bodies = [stage.body("uno", self.north), stage.body("dos", self.south)]
            for body in self.bodies:
                page(stage, body)
            ours = stage.account(stage.commission())
            rows = [stage.publication(ours, due_at=OUT + timedelta(hours=n)) for n in range(3)]
            self.posts = [row.post_id for row in rows]
            # Of another week: nobody is asked about it.
            stage.publication(ours, due_at=OUT - timedelta(days=7))
            self.tere = people.add(session, "tere@ejemplo.mx", "Tere")
            people.grant(session, self.tere, Role.REGIONAL, on=date(2020, 1, 1), region_id=self.north.id)
            self.luz = people.add(session, "luz@ejemplo.mx", "Luz")
            people.grant(session, self.luz, Role.COORDINATOR, on=date(2020, 1, 1))

    def board(self) -> barrido_board.Board:
        with self.database.reading() as session:
            bodies = barrido_board.bodies_of(session, NOW.date())
            found = barrido_board.board(session, WEEK, ZONE, bodies, NOW.date())
            session.expunge_all()
            return found

    def answer(self, post: int, said: Said, body: int = 0, who: Person | None = None) -> str:
        with self.database.transaction() as session:
            return barrido.answer_one(
                session, who or self.tere, WEEK, self.bodies[body].id, self.posts[post], said
            )

    def take_back(self, batch: str) -> None:
        with self.database.transaction() as session:
            barrido.take_back(session, self.tere, batch)

    def stages(self) -> list[ReplicationStage]:
        with self.database.reading() as session:
            return list(session.scalars(select(Replication.stage).order_by(Replication.id)))


def page(stage: Stage, body: Body, network: str = UNREAD, standing: Standing = Standing.IN_FORCE) -> Account:
    account = stage.account(body, network)
    account.standing = standing
    stage.session.flush()
    return account


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_a_yes_is_in_the_ledger_and_what_was_not_seen_is_only_that(world: World) -> None:
    world.answer(0, SEEN)
    world.answer(1, NOT_SEEN)
    assert world.stages() == [ReplicationStage.DECLARED]
    with world.database.reading() as session:
        seen = barrido.looked_at(session, world.posts)
    assert seen == {(world.posts[1], world.bodies[0].id): NOW}


def test_a_yes_that_is_taken_back_leaves_the_ledger(world: World) -> None:
    batch = world.answer(0, SEEN)
    world.take_back(batch)
    assert world.stages() == []
    assert world.board().rows[1].left == 3


def test_what_somebody_confirmed_since_stays_in_the_ledger(world: World) -> None:
    batch = world.answer(0, SEEN)
    with world.database.transaction() as session:
        ledger.confirm(session, world.luz, session.scalars(select(Replication.ref)).one())
    world.take_back(batch)
    assert world.stages() == [ReplicationStage.CONFIRMED]


def test_a_doubt_that_was_said_yes_to_is_a_doubt_again_when_that_is_taken_back(world: World) -> None:
    world.answer(0, SEEN)
    with world.database.transaction() as session:
        row = session.scalars(select(Replication)).one()
        row.stage, row.declared_by_id, row.score = ReplicationStage.DOUBTFUL, None, 70
        session.delete(session.scalars(select(BarridoLook)).one())
    batch = world.answer(0, SEEN)
    assert world.stages() == [ReplicationStage.DECLARED]
    world.take_back(batch)
    assert world.stages() == [ReplicationStage.DOUBTFUL]


def test_taking_back_brings_the_answer_before_again(world: World) -> None:
    world.answer(0, NOT_SEEN, who=world.luz)
    batch = world.answer(0, Said(LookAnswer.NOT_REACHED, NotReachedWhy.PRIVATE))
    world.take_back(batch)
    with world.database.reading() as session:
        look = session.scalars(select(BarridoLook)).one()
        assert (look.answer, look.why, look.looked_by_id) == (LookAnswer.NOT_SEEN, None, world.luz.id)
    with pytest.raises(barrido.BarridoNothingError):
        world.take_back(batch)


def test_a_yes_that_is_changed_to_no_leaves_the_ledger_and_comes_back_when_undone(world: World) -> None:
    world.answer(0, SEEN)
    batch = world.answer(0, NOT_SEEN)
    assert world.stages() == []
    world.take_back(batch)
    assert world.stages() == [ReplicationStage.DECLARED]


def test_a_yes_that_comes_back_is_as_it_was_and_can_be_taken_back(world: World) -> None:
    told = Said(
        LookAnswer.SEEN, link=SEEN.link, kind=ReplicationKind.REPOST, occurred_at=OUT + timedelta(hours=5)
    )
    first = world.answer(0, told, who=world.luz)
    world.take_back(world.answer(0, NOT_SEEN))
    with world.database.reading() as session:
        row = session.scalars(select(Replication)).one()
        assert (row.kind, row.occurred_at) == (ReplicationKind.REPOST, OUT + timedelta(hours=5))
        assert row.declared_by_id == world.luz.id
    world.take_back(first)
    assert world.stages() == []


def test_what_the_body_itself_declared_too_stays_when_the_yes_is_taken_back(world: World) -> None:
    batch = world.answer(0, SEEN)
    with world.database.transaction() as session:
        declaring.declare(
            session, world.luz, post_id=world.posts[0], body_id=world.bodies[0].id, link=SEEN.link
        )
    world.take_back(batch)
    assert world.stages() == [ReplicationStage.DECLARED]
    with world.database.transaction() as session:
        row = session.scalars(select(Replication)).one()
        assert row.declared_by_id == world.luz.id
        # And it is theirs to take back, with nobody left who said it.
        assert undeclaring.take_back(session, world.luz, row.ref)
    assert world.stages() == []


def test_the_rest_is_what_nobody_answered_and_was_shown(world: World) -> None:
    world.answer(0, SEEN)
    with world.database.transaction() as session:
        batch, count = barrido.answer_rest(
            session, world.tere, WEEK, world.bodies[0].id, world.posts[:2], NOT_SEEN
        )
    assert count == 1
    assert world.board().row("uno") is not None
    rows = {row.body.slug: row for row in world.board().rows}
    assert (rows["uno"].left, rows["dos"].left) == (1, 3)
    world.take_back(batch)
    assert world.stages() == [ReplicationStage.DECLARED]


def test_who_could_not_look_says_why_and_a_yes_is_never_said_of_several(world: World) -> None:
    with pytest.raises(barrido.BarridoWhyError):
        world.answer(0, Said(LookAnswer.NOT_REACHED))
    with world.database.transaction() as session, pytest.raises(barrido.BarridoWhyError):
        barrido.answer_rest(session, world.tere, WEEK, world.bodies[0].id, world.posts, SEEN)
    assert world.stages() == []


def test_what_the_ledger_knows_is_not_asked(world: World) -> None:
    with world.database.transaction() as session:
        declaring.declare(
            session, world.luz, post_id=world.posts[0], body_id=world.bodies[0].id, link="https://a.example/1"
        )
    row = world.board().row("uno")
    assert row is not None
    assert [pair.open for pair in row.pairs] == [False, True, True]
    # Control: the other body is asked about all three.
    assert [row.left for row in world.board().rows] == [3, 2]


def test_only_pages_that_are_the_bodys_own_and_that_no_machine_reads_are_looked_at(world: World) -> None:
    with world.database.transaction() as session:
        stage = Stage(session)
        body = session.get_one(Body, world.bodies[0].id)
        page(stage, body, standing=Standing.IMPERSONATED)
        page(stage, body, "rehearsal")
    row = world.board().row("uno")
    assert row is not None
    assert len(row.accounts) == 1


def test_the_week_is_told_by_region_and_says_how_long_the_rest_takes(world: World) -> None:
    world.answer(0, SEEN)
    world.answer(1, NOT_SEEN)
    board = world.board()
    (north, told), (south, untold) = board.by_region()
    assert (north, told.seen, told.not_seen, told.left, told.bodies_done) == ("Norte", 1, 1, 1, 0)
    assert (south, untold.left, untold.total) == ("Sur", 3, 3)
    assert (board.done, board.minutes) == (0, 1)
    following = board.next_after("uno")
    assert following is not None
    assert following.body.slug == "dos"


def test_a_board_asks_the_same_questions_however_many_bodies_there_are(
    world: World, count_queries: CountQueries
) -> None:
    with count_queries() as few:
        world.board()
    with world.database.transaction() as session:
        stage = Stage(session)
        for n in range(6):
            page(stage, stage.body(f"otro{n}"))
    with count_queries() as many:
        world.board()
    assert len(many) == len(few) <= 8


def test_who_published_a_post_is_not_asked_about_it(world: World) -> None:
    with world.database.transaction() as session:
        stage = Stage(session)
        theirs = stage.publication(stage.account(world.bodies[0]), due_at=OUT)
    asked = {row.body.slug: [pair.post.id for pair in row.pairs] for row in world.board().rows}
    assert theirs.post_id not in asked["uno"]
    assert theirs.post_id in asked["dos"]


def test_an_account_whose_feed_is_read_needs_nobody_and_one_whose_feed_is_not_does(world: World) -> None:
    with world.database.transaction() as session:
        stage = Stage(session)
        network = next(
            one for one in known_networks() if is_swept(one) and feed_address(one, "UC" + "a" * 22)
        )
        third = stage.body("tres", world.north)
        account = page(stage, third, network)
        account.handle = "UC" + "a" * 22
        body_id, address = third.id, feed_address(network, account.handle)

    def looked() -> list[str]:
        return [row.body.slug for row in world.board().looked]

    assert "tres" in looked()
    with world.database.transaction() as session:
        session.add(Feed(owner_id=body_id, url=address))
    assert "tres" not in looked()
    with world.database.transaction() as session:
        session.execute(update(Feed).values(failures=3))
    assert "tres" in looked()


def reminded(world: World) -> list[tuple[int, str]]:
    with world.database.reading() as session:
        rows = session.execute(
            select(Notice.person_id, Notice.subject_ref).where(
                Notice.code == Code.BARRIDO_LATE.value, Notice.over_at.is_(None)
            )
        )
        return sorted((person_id, ref) for person_id, ref in rows)


def test_who_is_late_is_told_once_and_not_by_mail(world: World) -> None:
    with world.database.transaction() as session:
        assert barrido_reminders.remind(session, ZONE) == 2
        assert barrido_reminders.remind(session, ZONE) == 0
    north = barrido_reminders.subject_of(WEEK, world.north.id)
    south = barrido_reminders.subject_of(WEEK, world.south.id)
    # Nobody coordinates the south: whoever keeps the whole is told.
    assert reminded(world) == sorted([(world.tere.id, north), (world.luz.id, south)])
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).where(Notice.mail_at.is_not(None))) == 0


def test_nobody_is_late_before_tuesday(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_now", lambda: datetime(2026, 11, 16, 22, tzinfo=UTC))
    with world.database.transaction() as session:
        assert barrido_reminders.remind(session, ZONE) == 0


def test_the_reminder_ends_when_the_region_is_through(world: World) -> None:
    with world.database.transaction() as session:
        barrido_reminders.remind(session, ZONE)
        barrido.answer_rest(session, world.tere, WEEK, world.bodies[0].id, world.posts, NOT_SEEN)
    with world.database.transaction() as session:
        bodies = [session.get_one(Body, world.bodies[0].id)]
        rows = barrido_board.board(session, WEEK, ZONE, bodies, NOW.date()).rows
        barrido_reminders.settle(session, WEEK, rows, world.tere.id)
    assert [person for person, _ in reminded(world)] == [world.luz.id]


def test_whose_a_link_is_is_told_by_its_handle(world: World) -> None:
    swept = min(one for one in known_networks() if is_swept(one))
    from content_calendar.pasted import address_of  # noqa: PLC0415 -- used here alone

    with world.database.transaction() as session:
        stage = Stage(session)
        for slug, handle in ((0, "infonuevoleon"), (1, "infocolima")):
            account = page(stage, session.get_one(Body, world.bodies[slug].id), swept)
            account.handle = account.handle_folded = handle
        session.flush()
        body_id = world.bodies[0].id
        found = [
            owner_of(session, f"{address_of(swept, handle)}/posts/1", body_id).whose
            for handle in ("infonuevoleon", "infocolima", "infonuevoIeon", "otracosa")
        ]
        assert found == [Whose.THEIRS, Whose.ANOTHERS, Whose.LIKE, Whose.UNKNOWN]
        assert owner_of(session, "https://un-sitio.example/nota", body_id).whose is Whose.UNKNOWN
