"""A deputy gets what the liaison gets, while named and no longer."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import clock, contributions, deputies, people, planning
from content_calendar.contribution_chasing import chase
from content_calendar.models.directory import Member
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.permissions import Permission, Role
from tests.content_calendar.conftest import Plan

DUE = date(2030, 3, 20)
FIRST, LAST = date(2030, 3, 15), date(2030, 3, 18)
At = Callable[[date], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    def move(day: date) -> None:
        monkeypatch.setattr(clock, "_now", lambda: datetime.combine(day, time(18), UTC))

    return move


@pytest.fixture
def owing(session: Session, plan: Plan, at: At) -> Plan:
    """The plan's body owes a contribution; Ana, its author, is the liaison, asked ten days before."""
    at(DUE - timedelta(10))
    people.grant(session, plan.author, Role.LIAISON, on=date(2020, 1, 1), body_id=plan.body.id)
    session.add(Member(body_id=plan.body.id, valid_from=date(2020, 1, 1)))
    theme = Theme(title="Cuida tus datos", starts_on=date(2030, 3, 1), ends_on=date(2030, 4, 30))
    session.add(theme)
    session.flush()
    bimester = planning.open_bimester(session, 2030, 2)
    contributions.ask_members(session, bimester, theme, plan.reviewer, "Un caso", DUE)
    return plan


def told(session: Session, person: Person) -> list[str]:
    return list(session.scalars(select(Notice.code).where(Notice.person_id == person.id).order_by(Notice.id)))


def contributes(session: Session, person: Person, day: date) -> bool:
    return people.rights(session, person.id, day).can(Permission.CONTRIBUTE)


def test_a_deputy_is_reminded_beside_the_liaison_and_only_while_named(
    session: Session, owing: Plan, at: At
) -> None:
    sub = people.add(session, "sub@snt.mx", "Suplente")
    never = people.add(session, "nunca@snt.mx", "Nadie")
    deputies.name(session, owing.body, sub, FIRST, LAST, owing.author)
    for day in range(-9, 12):
        at(DUE + timedelta(day))
        chase(session)
    # The first reminder goes out three days before, the second one after Ana is back.
    assert told(session, sub) == ["contribution_reminder"]
    assert told(session, owing.author)[1:] == ["contribution_reminder"] * 2
    assert told(session, owing.reviewer) == ["contribution_unanswered"]
    assert told(session, never) == []
    days = [FIRST - timedelta(1), FIRST, LAST, LAST + timedelta(1)]
    assert [contributes(session, sub, day) for day in days] == [False, True, True, False]


def test_a_deputy_of_today_is_told_what_is_owed_and_ending_and_undoing_count_at_once(
    session: Session, owing: Plan
) -> None:
    sub = people.add(session, "sub@snt.mx", "Suplente")
    today = clock.now().date()
    held = deputies.name(session, owing.body, sub, today, None, owing.author)
    assert told(session, sub) == ["contribution_asked"]
    names = [
        (one.person.name, one.is_deputy)
        for one in deputies.answering(session, [owing.body.id], today)[owing.body.id]
    ]
    assert names == [(owing.author.name, False), ("Suplente", True)]
    assert deputies.is_only_deputy(session, sub.id, owing.body.id)
    assert not deputies.is_only_deputy(session, owing.author.id, owing.body.id)
    deputies.end(session, owing.body, held.id, owing.author)
    assert not contributes(session, sub, today)
    with pytest.raises(deputies.DeputyNotFoundError):
        deputies.end(session, owing.body, held.id, owing.author)
    deputies.resume(session, owing.body, held.id, owing.author)
    assert contributes(session, sub, today)
    with pytest.raises(deputies.DeputyAnswersAlreadyError):
        deputies.name(session, owing.body, sub, today, None, owing.author)
    # Whoever leaves takes the deputyship along.
    people.leave(session, people.find(session, sub.ref), owing.author.ref, today)
    assert not contributes(session, sub, today)


@pytest.mark.parametrize(("first", "last"), [(-3, None), (0, -4), (5, 4), (0, 9999)])
def test_days_that_make_no_sense_are_refused(
    session: Session, owing: Plan, first: int, last: int | None
) -> None:
    today = clock.now().date()
    sub = people.add(session, "sub@snt.mx", "Suplente")
    until = None if last is None else today + timedelta(last)
    with pytest.raises(deputies.DeputyDaysError):
        deputies.name(session, owing.body, sub, today + timedelta(first), until, owing.author)
