"""Whom to tell: those who can do something about it, and somebody always."""

import pytest

from content_calendar.audience import Somebody, of_publication, of_review, of_system
from content_calendar.permissions import Grant, Rights, Role, Scope

ADMIN, COORDINATOR, EDITOR, AUTHOR, LIAISON = range(1, 6)
HERE = Scope(body_id=7, region_id=2)


def somebody(number: int, role: Role, body_id: int | None = None) -> Somebody:
    return Somebody(number, Rights((Grant(role, body_id=body_id),)))


TEAM = [
    somebody(ADMIN, Role.ADMIN),
    somebody(COORDINATOR, Role.COORDINATOR),
    somebody(EDITOR, Role.EDITOR),
    somebody(AUTHOR, Role.EDITOR),
    somebody(LIAISON, Role.LIAISON, body_id=7),
]


def test_all_who_can_decide_find_it_and_those_concerned_are_mailed() -> None:
    audience = of_publication(TEAM, "by_hand", HERE, {AUTHOR, COORDINATOR})
    assert audience.told == {ADMIN, COORDINATOR, EDITOR, AUTHOR}
    assert audience.mailed == {AUTHOR, COORDINATOR}


def test_who_may_not_decide_is_not_told_though_they_wrote_it() -> None:
    assert LIAISON not in of_publication(TEAM, "late", HERE, {LIAISON}).told


def test_when_nobody_concerned_is_left_all_who_can_are_mailed() -> None:
    audience = of_publication(TEAM, "late", HERE, {99})
    assert audience.mailed == audience.told == {ADMIN, COORDINATOR, EDITOR, AUTHOR}


@pytest.mark.parametrize(
    ("reason", "mender"), [("access", ADMIN), ("budget", ADMIN), ("account", COORDINATOR)]
)
def test_whoever_mends_the_reason_is_mailed_too(reason: str, mender: int) -> None:
    audience = of_publication(TEAM, reason, HERE, {AUTHOR})
    assert {AUTHOR, mender} <= audience.mailed
    assert EDITOR not in audience.mailed


def test_a_person_of_one_body_hears_only_of_its_accounts() -> None:
    # No role decides for one body today; the rule holds for the day one does.
    bound = [somebody(EDITOR, Role.EDITOR, body_id=7)]
    assert of_publication(bound, "late", HERE, {EDITOR}).told == {EDITOR}
    assert of_publication(bound, "late", Scope(8, 2), {EDITOR}).told == frozenset()


def test_nobody_is_asked_to_review_what_they_wrote() -> None:
    assert of_review(TEAM, {COORDINATOR}).told == {ADMIN}


def test_the_installation_is_the_administrations() -> None:
    assert of_system(TEAM).mailed == {ADMIN}
