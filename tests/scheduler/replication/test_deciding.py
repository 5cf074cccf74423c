"""Taking a decision back, and asking a body about a doubt."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import people
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.permissions import Role
from scheduler.models import Replication, ReplicationStage
from scheduler.replication import asking, deciding, ledger
from tests.webapp.stage import Stage

_S = ReplicationStage


class World:
    def __init__(self, session: Session) -> None:
        self.session = session
        stage = Stage(session)
        self.body: Body = stage.body("infonl")
        self.luz: Person = stage.person()
        row = stage.publication(stage.account(self.body))
        self.doubt: Replication = stage.replication(row, self.body, _S.DOUBTFUL)
        self.ref = self.doubt.ref

    def liaison(self) -> Person:
        person = people.add(self.session, "enlace@ejemplo.mx", "Enlace")
        people.grant(self.session, person, Role.LIAISON, on=now().date(), body_id=self.body.id)
        return person

    def notices(self) -> list[Notice]:
        return list(self.session.scalars(select(Notice)))


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with database.transaction() as session:
        yield World(session)


def test_a_decision_taken_back_leaves_the_doubt_as_it_stood(world: World) -> None:
    ledger.confirm(world.session, world.luz, world.ref)
    deciding.take_back(world.session, world.luz, world.ref)
    assert world.doubt.stage is _S.DOUBTFUL
    assert (world.doubt.decided_at, world.doubt.decided_by_id) == (None, None)


def test_only_the_last_decision_is_taken_back_and_the_one_before_counts_again(world: World) -> None:
    ledger.confirm(world.session, world.luz, world.ref)
    other = people.add(world.session, "otra@ejemplo.mx", "Otra")
    ledger.overrule(world.session, other, world.ref)
    deciding.take_back(world.session, other, world.ref)
    assert (world.doubt.stage, world.doubt.decided_by_id) == (_S.CONFIRMED, world.luz.id)
    deciding.take_back(world.session, other, world.ref)
    assert (world.doubt.stage, world.doubt.decided_by_id) == (_S.DOUBTFUL, None)
    with pytest.raises(deciding.NothingToTakeBackError):
        deciding.take_back(world.session, other, world.ref)


def test_all_that_was_said_is_told_in_order_with_who_said_it(world: World) -> None:
    ledger.confirm(world.session, world.luz, world.ref)
    deciding.take_back(world.session, world.luz, world.ref)
    told = [(one.act, one.by) for one in deciding.history(world.session, world.ref)]
    assert told == [("replication_confirmed", "Autora"), ("replication_taken_back", "Autora")]


def test_a_body_is_asked_once_and_its_yes_counts_as_its_word(world: World) -> None:
    liaison = world.liaison()
    asking.ask(world.session, world.luz, world.ref)
    asking.ask(world.session, world.luz, world.ref)
    (told,) = world.notices()
    assert (told.person_id, told.code, told.over_at) == (liaison.id, "replication_asked", None)
    asking.answer(world.session, liaison, world.ref, ours=True)
    assert (world.doubt.stage, world.doubt.declared_by_id) == (_S.DECLARED, liaison.id)
    world.session.expire_all()
    assert world.notices()[0].over_at is not None


def test_a_bodys_no_decides_nothing_and_is_told(world: World) -> None:
    liaison = world.liaison()
    asking.ask(world.session, world.luz, world.ref)
    asking.answer(world.session, liaison, world.ref, ours=False)
    assert world.doubt.stage is _S.DOUBTFUL
    question = asking.question_in(deciding.history(world.session, world.ref))
    assert question
    assert question.answer == "no"


def test_nobody_is_asked_where_nobody_stands_for_the_body(world: World) -> None:
    with pytest.raises(asking.NobodyToAskError):
        asking.ask(world.session, world.luz, world.ref)


def test_what_is_decided_is_asked_of_nobody(world: World) -> None:
    world.liaison()
    ledger.overrule(world.session, world.luz, world.ref)
    with pytest.raises(asking.ReplicationSettledError):
        asking.ask(world.session, world.luz, world.ref)
