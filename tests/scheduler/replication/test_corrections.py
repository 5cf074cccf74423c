"""Corrections reach exactly the bodies that took the post up, until each has answered."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import select

from content_calendar import clock, people
from content_calendar.db import Database
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.permissions import Role
from content_calendar.settings import read
from content_calendar.states import PublicationState
from scheduler import linked_letters
from scheduler.mailing import Letter
from scheduler.models import ReplicationStage
from scheduler.replication import correction_mailing, corrections, ledger
from scheduler.replication.correction_mailing import CorrectionParcel
from scheduler.replication.correction_models import (
    Correction,
    CorrectionAnswer,
    CorrectionLink,
    CorrectionTask,
)
from scheduler.replication.declaring import PostNotPublishedError
from scheduler.worker import new_worker
from tests.simulators.mail_server import running
from tests.webapp.stage import Stage
from webapp.correction_letters import correction_writer

START = datetime(2026, 11, 18, 18, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAID, RIGHT = "Tienes hasta el 20 para preguntar.", "Tienes hasta el 30 para preguntar."


class Clock:
    """The clock of a test, that is put forward."""

    def __init__(self) -> None:
        self.at = START

    def later(self, **span: int) -> None:
        self.at += timedelta(**span)


@pytest.fixture(autouse=True)
def hours(monkeypatch: pytest.MonkeyPatch) -> Clock:
    told = Clock()
    monkeypatch.setattr(clock, "_now", lambda: told.at)
    return told


class World:
    """A post that went out, and bodies of which it is known in every way whether they took it up."""

    KNOWN: ClassVar = {
        "visto": ReplicationStage.SEEN,
        "dicho": ReplicationStage.DECLARED,
        "firme": ReplicationStage.CONFIRMED,
        "duda": ReplicationStage.DOUBTFUL,
        "noes": ReplicationStage.REJECTED,
    }

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as session:
            stage = Stage(session)
            self.bodies = {slug: stage.body(slug) for slug in (*self.KNOWN, "nada")}
            self.row = stage.publication(stage.account(self.bodies["nada"]), text=SAID)
            self.replications = {
                slug: stage.replication(self.row, self.bodies[slug], known).ref
                for slug, known in self.KNOWN.items()
            }
            self.ana = people.add(session, "ana@ejemplo.mx", "Ana")
            people.grant(session, self.ana, Role.EDITOR, on=date(2020, 1, 1))
            self.beto = people.add(session, "beto@ejemplo.mx", "Beto")
            people.grant(
                session, self.beto, Role.LIAISON, on=date(2020, 1, 1), body_id=self.bodies["visto"].id
            )

    def correct(self) -> int:
        with self.database.transaction() as session:
            post = session.get_one(Post, self.row.post_id)
            return corrections.begin(session, post, self.ana, "La fecha", SAID, RIGHT).id

    def tasks(self) -> dict[str, CorrectionTask]:
        with self.database.reading() as session:
            made = session.scalars(select(Correction.id)).all()
            found = {one.body.slug: one for one in corrections.tasks_of(session, made)}
            session.expunge_all()
            return found

    def tick(self) -> int:
        with self.database.transaction() as session:
            return corrections.tick(session)

    def open_notices(self, person: Person) -> list[str]:
        with self.database.reading() as session:
            return list(
                session.scalars(
                    select(Notice.code)
                    .where(Notice.person_id == person.id, Notice.over_at.is_(None))
                    .order_by(Notice.id)
                )
            )

    def answer(
        self, slug: str, said: CorrectionAnswer, link: str = "", note: str = "", by: Person | None = None
    ) -> None:
        with self.database.transaction() as session:
            task = corrections.find_task(session, self.tasks()[slug].ref)
            corrections.answer(session, task, said, link, note, by)


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_exactly_those_that_took_it_up_are_asked_and_the_doubtful_are_told_so(world: World) -> None:
    world.correct()
    assert {slug: task.doubtful for slug, task in world.tasks().items()} == {
        "visto": False,
        "dicho": False,
        "firme": False,
        "duda": True,
    }
    assert world.open_notices(world.beto) == ["correction_asked"]


def test_a_body_that_is_found_later_is_asked_too_and_nobody_twice(world: World) -> None:
    world.correct()
    with world.database.transaction() as session:
        Stage(session).replication(world.row, world.bodies["nada"])
    assert world.tick() == 1
    assert world.tick() == 0
    assert "nada" in world.tasks()


def test_a_doubt_that_is_decided_changes_what_is_asked(world: World) -> None:
    world.correct()
    with world.database.transaction() as session:
        ledger.confirm(session, world.ana, world.replications["duda"])
        ledger.overrule(session, world.ana, world.replications["visto"])
    world.tick()
    tasks = world.tasks()
    assert not tasks["duda"].doubtful
    assert not tasks["visto"].open
    assert world.open_notices(world.beto) == []


@pytest.mark.parametrize(
    ("said", "link", "note", "error"),
    [
        (CorrectionAnswer.CORRECTED, "", "", corrections.CorrectionLinkNeededError),
        (CorrectionAnswer.CORRECTED, "javascript:alert(1)", "", corrections.CorrectionLinkNeededError),
        (CorrectionAnswer.NOT_APPLICABLE, "", " ", corrections.CorrectionNoteError),
        (CorrectionAnswer.DELETED, "", "x" * 1001, corrections.CorrectionNoteError),
    ],
)
def test_an_answer_says_what_it_has_to(
    world: World, said: CorrectionAnswer, link: str, note: str, error: type[Exception]
) -> None:
    world.correct()
    with pytest.raises(error):
        world.answer("visto", said, link, note)
    assert world.tasks()["visto"].open


def test_reminders_stop_when_it_is_answered_and_the_silent_are_told_after_two(
    world: World, hours: Clock
) -> None:
    world.correct()
    world.answer("dicho", CorrectionAnswer.DELETED)
    for reminders in (1, 2):
        hours.later(days=3, minutes=1)
        world.tick()
        assert world.tasks()["visto"].reminders == reminders
        assert world.open_notices(world.beto) == ["correction_reminder"]
    assert world.tasks()["dicho"].reminders == 0
    assert "correction_unanswered" not in world.open_notices(world.ana)
    hours.later(days=3, minutes=1)
    world.tick()
    assert "correction_unanswered" in world.open_notices(world.ana)
    world.answer("visto", CorrectionAnswer.CORRECTED, "https://visto.example/2", by=world.beto)
    assert world.open_notices(world.beto) == []
    hours.later(days=9)
    # Nobody is reminded without end.
    assert world.tick() == 0


def test_a_correction_that_is_called_off_asks_nobody_and_can_go_on(world: World) -> None:
    made = world.correct()
    world.answer("dicho", CorrectionAnswer.DELETED)
    with world.database.transaction() as session:
        corrections.call_off(session, session.get_one(Correction, made), world.ana)
    assert not any(task.open for task in world.tasks().values())
    assert world.open_notices(world.beto) == []
    assert world.tick() == 0
    with pytest.raises(corrections.CorrectionClosedError):
        world.answer("visto", CorrectionAnswer.DELETED)
    with world.database.transaction() as session:
        corrections.resume(session, session.get_one(Correction, made), world.ana)
    tasks = world.tasks()
    assert tasks["visto"].open
    assert tasks["dicho"].answer is CorrectionAnswer.DELETED


@pytest.mark.parametrize(
    ("why", "right", "error"),
    [
        ("", RIGHT, corrections.CorrectionWhyError),
        ("x" * 501, RIGHT, corrections.CorrectionWhyError),
        ("La fecha", f" {SAID} ", corrections.CorrectionSameError),
        ("La fecha", "", corrections.CorrectionSameError),
    ],
)
def test_a_correction_says_what_was_wrong_and_what_is_right(
    world: World, why: str, right: str, error: type[Exception]
) -> None:
    with world.database.transaction() as session, pytest.raises(error):
        corrections.begin(session, session.get_one(Post, world.row.post_id), world.ana, why, SAID, right)
    assert world.tasks() == {}


def test_only_what_is_out_is_corrected(world: World) -> None:
    with world.database.transaction() as session:
        row = Stage(session).publication(
            Stage(session).account(world.bodies["nada"]), state=PublicationState.SCHEDULED
        )
        with pytest.raises(PostNotPublishedError):
            corrections.begin(session, session.get_one(Post, row.post_id), world.ana, "x", SAID, RIGHT)
        assert session.get(Publication, row.id) is not None


def test_a_letters_link_opens_its_task_for_thirty_days(world: World, hours: Clock) -> None:
    world.correct()
    with world.database.transaction() as session:
        task = corrections.find_task(session, world.tasks()["visto"].ref)
        token = corrections.new_link(session, task)
    with world.database.reading() as session:
        assert corrections.opened(session, token).id == task.id
        with pytest.raises(corrections.CorrectionMissingError):
            corrections.opened(session, token[:-1])
    hours.later(days=31)
    with world.database.reading() as session, pytest.raises(corrections.CorrectionLinkOverError):
        corrections.opened(session, token)


def test_who_answers_for_the_body_gets_one_letter_with_the_difference(world: World, tmp_path: Path) -> None:
    world.correct()
    with running() as server:
        environment = server.settings(RESUENA_PUBLIC_URL="https://r.example", RESUENA_DATA=str(tmp_path))
        settings = read(environment)
        worker = new_worker(world.database, settings)
        assert correction_mailing.tick(worker, correction_writer(settings)) == 1
        assert correction_mailing.tick(worker, correction_writer(settings)) == 0
        [letter] = server.received
    assert "beto@ejemplo.mx" in str(letter["To"])
    body = letter.get_body(("html",))
    assert body is not None
    said = body.get_content()
    assert "<del>20</del><ins>30</ins>" in said
    token = said.partition("https://r.example/e/")[2].partition('"')[0]
    with world.database.reading() as session:
        assert corrections.opened(session, token).body_id == world.bodies["visto"].id
        # Only its hash is kept.
        assert session.get(CorrectionLink, token) is None
    assert world.tasks()["visto"].mailed_at is not None


def test_a_letter_that_cannot_be_written_rests_and_says_so_and_the_others_go(
    world: World, tmp_path: Path
) -> None:
    world.correct()

    def broken(_parcel: CorrectionParcel) -> Letter:
        raise KeyError("body_name")

    with running() as server:
        environment = server.settings(RESUENA_PUBLIC_URL="https://r.example", RESUENA_DATA=str(tmp_path))
        worker = new_worker(world.database, read(environment))
        assert [correction_mailing.tick(worker, broken) for _ in range(2)] == [0, 0]
        assert server.received == []
    task = world.tasks()["visto"]
    assert (task.mail_code, task.mail_at, task.mailed_at) == (linked_letters.UNWRITABLE, None, None)
