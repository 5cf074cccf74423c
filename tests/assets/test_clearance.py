from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from assets.clearance import MISSING, ConsentBy, ConsentFacts, Facts, People, cleared

MEXICO = ZoneInfo("America/Mexico_City")
NOON = datetime(2026, 3, 10, 18, tzinfo=UTC)
HERS = ConsentFacts(ConsentBy.PERSON, "Ana")
THEIRS = ConsentFacts(ConsentBy.GUARDIANS, "niña de rojo")
TODAY, YESTERDAY = date(2026, 3, 10), date(2026, 3, 9)
GOOD = Facts(
    people=People.ADULTS,
    licence="CC BY 4.0",
    embargo_until=None,
    expires_on=None,
    archived=False,
    consents=(HERS,),
)


def codes(facts: Facts, at: datetime = NOON) -> tuple[bool, list[str]]:
    clearance = cleared(facts, at, MEXICO)
    return clearance.ok, [reason.code for reason in clearance.reasons]


def test_a_material_with_everything_said_is_cleared() -> None:
    assert codes(GOOD) == (True, [])


@pytest.mark.parametrize(
    ("facts", "ok", "code"),
    [
        (replace(GOOD, archived=True), False, "asset_archived"),
        (replace(GOOD, people=People.MINORS, consents=()), False, "minors_without_consent"),
        (replace(GOOD, people=People.UNSAID), True, "people_unsaid"),
        (replace(GOOD, licence=""), True, "licence_missing"),
        (replace(GOOD, embargo_until=datetime(2026, 3, 10, 18, 1, tzinfo=UTC)), False, "asset_embargoed"),
        (replace(GOOD, expires_on=date(2026, 3, 9)), False, "asset_expired"),
    ],
)
def test_each_reason_has_its_code_and_stands_in_the_way_or_warns(facts: Facts, ok: bool, code: str) -> None:  # noqa: FBT001 -- a column of the table above
    assert codes(facts) == (ok, [code])


def test_an_embargo_ends_at_its_very_moment() -> None:
    assert codes(replace(GOOD, embargo_until=NOON)) == (True, [])


def test_the_last_day_lasts_until_midnight_where_one_publishes() -> None:
    facts = replace(GOOD, expires_on=date(2026, 3, 10))
    assert codes(facts, datetime(2026, 3, 11, 5, 59, tzinfo=UTC)) == (True, [])
    assert codes(facts, datetime(2026, 3, 11, 6, 0, tzinfo=UTC)) == (False, ["asset_expired"])
    assert cleared(facts, datetime(2026, 3, 11, 6, 30, tzinfo=UTC), ZoneInfo("America/Tijuana")).ok


def test_every_reason_is_told_at_once() -> None:
    facts = Facts(People.MINORS, "", datetime(2027, 1, 1, tzinfo=UTC), date(2026, 1, 1), archived=True)
    assert codes(facts) == (
        False,
        ["asset_archived", "asset_embargoed", "asset_expired", "minors_without_consent", "licence_missing"],
    )


@pytest.mark.parametrize(
    ("people", "consents", "ok", "told"),
    [
        # No minor without the guardians: the minor's own word is not enough.
        (People.MINORS, (), False, ["minors_without_consent"]),
        (People.MINORS, (HERS,), False, ["minors_without_consent"]),
        (People.MINORS, (THEIRS,), True, []),
        (People.MINORS, (replace(THEIRS, ends_on=TODAY),), True, []),
        (People.MINORS, (replace(THEIRS, ends_on=YESTERDAY),), False, ["consent_ended"]),
        (People.MINORS, (replace(THEIRS, withdrawn=True),), False, ["consent_withdrawn"]),
        # Renewed by the same one; another's does not stand in for it.
        (People.MINORS, (replace(THEIRS, ends_on=YESTERDAY), THEIRS), True, []),
        (
            People.MINORS,
            (replace(THEIRS, withdrawn=True), replace(THEIRS, whom="otra")),
            False,
            ["consent_withdrawn"],
        ),
        (People.ADULTS, (), True, ["consent_missing"]),
        (People.ADULTS, (HERS, replace(HERS, withdrawn=True)), True, []),
        (People.ADULTS, (HERS, replace(HERS, whom="Beto", withdrawn=True)), False, ["consent_withdrawn"]),
        (
            People.ADULTS,
            (replace(HERS, ends_on=YESTERDAY), replace(HERS, whom="Beto", withdrawn=True)),
            False,
            ["consent_withdrawn", "consent_ended"],
        ),
        (People.UNSAID, (replace(HERS, withdrawn=True),), False, ["consent_withdrawn", "people_unsaid"]),
        (People.NONE, (replace(HERS, withdrawn=True),), True, []),
    ],
)
def test_what_those_who_are_shown_have_said_decides(
    people: People, consents: tuple[ConsentFacts, ...], *, ok: bool, told: list[str]
) -> None:
    assert codes(replace(GOOD, people=people, consents=consents)) == (ok, told)


def test_the_last_day_of_a_consent_lasts_until_midnight_where_one_publishes() -> None:
    facts = replace(GOOD, consents=(replace(HERS, ends_on=TODAY),))
    assert codes(facts, datetime(2026, 3, 11, 5, 59, tzinfo=UTC)) == (True, [])
    late = cleared(facts, datetime(2026, 3, 11, 6, 0, tzinfo=UTC), MEXICO)
    assert [(one.code, one.params) for one in late.reasons] == [("consent_ended", (("on", TODAY),))]


def test_what_is_not_there_is_not_cleared() -> None:
    assert not MISSING.ok
