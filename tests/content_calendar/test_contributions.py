"""What each body gives to a theme of a bimester."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import contributions, planning
from content_calendar.contributions import (
    ContributionEmptyError,
    ContributionMovedError,
    ContributionNotFoundError,
    ContributionTooLongError,
    ReturnReasonMissingError,
)
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.plan import Contribution, ContributionStage
from tests.conftest import CountQueries
from tests.content_calendar.makers import make_body, make_member, make_person, make_theme

_S = ContributionStage


def _asked(session: Session) -> tuple[Contribution, Person]:
    person, theme = make_person(session), make_theme(session)
    body = make_body(session, "itei", "MX-JAL")
    bimester = planning.open_bimester(session, 2026, 2)
    return contributions.ask(session, bimester, theme, [body], person)[0], person


def test_members_owe_what_they_are_asked_and_others_are_invited(session: Session) -> None:
    person, theme = make_person(session), make_theme(session)
    member, guest = make_body(session, "itei", "MX-JAL"), make_body(session, "itea", "MX-AGU")
    make_member(session, member)
    make_body(session, "istai", "MX-SON")
    bimester = planning.open_bimester(session, 2026, 2)
    asked = contributions.ask(
        session, bimester, theme, [member, guest], person, " Un texto corto ", date(2026, 3, 20)
    )
    assert [(row.body.slug, row.owed) for row in asked] == [("itea", False), ("itei", True)]
    assert {(row.request, row.due_on, row.stage) for row in asked} == {
        ("Un texto corto", date(2026, 3, 20), _S.ASKED)
    }


def test_asking_again_leaves_what_was_sent(session: Session) -> None:
    contribution, person = _asked(session)
    contributions.send(session, contribution, person, "Va")
    bimester = planning.open_bimester(session, 2026, 2)
    again = contributions.ask(session, bimester, contribution.theme, [contribution.body], person, "Otra vez")
    assert [(row.id, row.stage, row.request) for row in again] == [(contribution.id, _S.SENT, "")]


def test_all_members_of_today_are_asked_at_once(session: Session, count_queries: CountQueries) -> None:
    person, theme = make_person(session), make_theme(session)
    for number in range(12):
        body = make_body(session, f"b{number}", f"MX-{number}")
        make_member(session, body, date(2020, 1, 1) if number < 10 else date(2999, 1, 1))
    bimester = planning.open_bimester(session, 2026, 2)
    with count_queries() as queries:
        asked = contributions.ask_members(session, bimester, theme, person)
    assert len(asked) == 10
    assert all(row.owed for row in asked)
    # Three that write them down, three that tell whom it concerns, however many they are.
    assert len(queries) <= 6


def test_a_body_volunteers_and_owes_nothing(session: Session) -> None:
    person, theme = make_person(session), make_theme(session)
    body, bimester = make_body(session, "itei", "MX-JAL"), planning.open_bimester(session, 2026, 2)
    given = contributions.volunteer(session, bimester, theme, body, person)
    assert (given.owed, given.stage) == (False, _S.ASKED)
    assert contributions.volunteer(session, bimester, theme, body, person).id == given.id


def test_a_contribution_is_sent_returned_with_a_reason_sent_again_and_accepted(session: Session) -> None:
    contribution, person = _asked(session)
    contributions.send(session, contribution, person, " Primer texto ")
    assert (contribution.stage, contribution.text, contribution.sent_by_id) == (
        _S.SENT, "Primer texto", person.id,
    )  # fmt: skip
    contributions.give_back(session, contribution, person, "Falta la fuente")
    assert (contribution.stage, contribution.answer) == (_S.RETURNED, "Falta la fuente")
    contributions.send(session, contribution, person, "Segundo texto")
    contributions.accept(session, contribution, person)
    assert contribution.stage is _S.ACCEPTED
    assert contribution.decided_at is not None
    acts = session.scalars(
        select(AuditEvent.act).where(AuditEvent.subject_kind == "contribution").order_by(AuditEvent.id)
    ).all()
    assert acts == [
        "contribution_sent", "contribution_returned", "contribution_sent", "contribution_accepted",
    ]  # fmt: skip


def test_an_empty_or_endless_contribution_is_refused(session: Session) -> None:
    contribution, person = _asked(session)
    with pytest.raises(ContributionEmptyError):
        contributions.send(session, contribution, person, "  ")
    with pytest.raises(ContributionTooLongError):
        contributions.send(session, contribution, person, "x" * 10_001)
    contributions.send(session, contribution, person, "x" * 10_000)
    with pytest.raises(ReturnReasonMissingError):
        contributions.give_back(session, contribution, person, " ")


@pytest.mark.parametrize(
    "answer",
    [
        contributions.accept,
        lambda session, row, person: contributions.give_back(session, row, person, "no"),
        contributions.drop,
        lambda session, row, person: contributions.send(session, row, person, "otra"),
    ],
)
def test_whoever_answers_second_is_told(
    session: Session, answer: Callable[[Session, Contribution, Person], None]
) -> None:
    contribution, person = _asked(session)
    contributions.send(session, contribution, person, "Va")
    contributions.accept(session, contribution, person)
    with pytest.raises(ContributionMovedError) as told:
        answer(session, contribution, person)
    assert told.value.params == {"stage": "accepted"}
    assert contribution.text == "Va"


def test_what_is_asked_can_be_dropped(session: Session) -> None:
    contribution, person = _asked(session)
    contributions.drop(session, contribution, person, "Ya no hace falta")
    assert contributions.find(session, contribution.ref).stage is _S.DROPPED
    with pytest.raises(ContributionNotFoundError):
        contributions.find(session, "nada")
