"""Who owes a contribution is reminded twice, then the commission is told, once; who owes nothing is left in peace."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import clock, contributions, planning
from content_calendar.contribution_chasing import Step, chase, next_step
from content_calendar.models.directory import Member
from content_calendar.models.notices import Notice
from content_calendar.models.people import Membership, Person
from content_calendar.models.plan import Contribution, Theme
from content_calendar.permissions import Role
from tests.content_calendar.conftest import Plan

DUE = date(2030, 3, 20)
At = Callable[[date], None]


@pytest.mark.parametrize(
    ("today", "reminders", "reminded", "step"),
    [
        (DUE - timedelta(4), 0, None, None),
        (DUE - timedelta(3), 0, None, Step.REMIND),
        (DUE, 1, DUE - timedelta(3), None),
        (DUE + timedelta(1), 1, DUE - timedelta(3), Step.REMIND),
        (DUE + timedelta(1), 1, DUE, None),
        (DUE + timedelta(3), 2, DUE + timedelta(1), None),
        (DUE + timedelta(4), 2, DUE + timedelta(1), Step.ESCALATE),
        (DUE + timedelta(4), 2, DUE + timedelta(3), None),
    ],
)
def test_the_step_of_a_day(today: date, reminders: int, reminded: date | None, step: Step | None) -> None:
    assert next_step(DUE, today, reminders, reminded) is step


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Set the day on which everything happens; noon in Mexico City."""

    def move(day: date) -> None:
        monkeypatch.setattr(clock, "_now", lambda: datetime.combine(day, time(18), UTC))

    return move


def asked(session: Session, plan: Plan) -> Contribution:
    """A contribution that the plan's body owes; Luz asked for it, Ana stands for the body."""
    session.add_all(
        [
            Member(body_id=plan.body.id, valid_from=date(2020, 1, 1)),
            Membership(
                person_id=plan.author.id, role=Role.LIAISON, body_id=plan.body.id, valid_from=date(2020, 1, 1)
            ),
        ]
    )
    theme = Theme(title="Cuida tus datos", starts_on=date(2030, 3, 1), ends_on=date(2030, 4, 30))
    session.add(theme)
    session.flush()
    bimester = planning.open_bimester(session, 2030, 2)
    return contributions.ask_members(session, bimester, theme, plan.reviewer, "Un caso", DUE)[0]


def told(session: Session, person: Person) -> list[str]:
    return list(session.scalars(select(Notice.code).where(Notice.person_id == person.id).order_by(Notice.id)))


def test_it_is_told_twice_and_then_to_who_asked(session: Session, plan: Plan, at: At) -> None:
    at(DUE - timedelta(10))
    owed = asked(session, plan)
    for day in range(-9, 12):
        at(DUE + timedelta(day))
        chase(session)
    reminded = ["contribution_asked", "contribution_reminder", "contribution_reminder"]
    assert told(session, plan.author) == reminded
    assert told(session, plan.reviewer) == ["contribution_unanswered"]
    assert owed.reminders == 2


def test_what_has_come_is_not_asked_for_again(session: Session, plan: Plan, at: At) -> None:
    at(DUE - timedelta(10))
    owed = asked(session, plan)
    contributions.send(session, owed, plan.author, "Abrimos una ventanilla.")
    assert told(session, plan.reviewer) == ["contribution_sent"]
    contributions.give_back(session, owed, plan.reviewer, "¿En qué municipio?")
    assert told(session, plan.author)[1:] == ["contribution_returned"]
    contributions.send(session, owed, plan.author, "Abrimos una ventanilla en Apodaca.")
    contributions.accept(session, owed, plan.reviewer)
    at(DUE + timedelta(20))
    assert chase(session) == 0
    open_ = select(Notice.code).where(Notice.over_at.is_(None))
    assert list(session.scalars(open_)) == []


def test_who_was_only_invited_is_reminded_of_nothing(session: Session, plan: Plan, at: At) -> None:
    at(DUE - timedelta(10))
    asked(session, plan).owed = False
    session.flush()
    at(DUE + timedelta(20))
    assert chase(session) == 0
