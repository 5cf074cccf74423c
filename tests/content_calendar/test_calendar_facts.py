"""What stands in the calendar on some days."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import contributions, planning
from content_calendar.calendar_facts import RangeTooLongError, calendar_facts
from content_calendar.models.directory import Confidence, SilenceWindow
from content_calendar.models.plan import Observance, ObservanceDate
from content_calendar.seeds import plant
from content_calendar.silence import UpsideDownSpanError
from tests.conftest import CountQueries
from tests.content_calendar.makers import make_body, make_person, make_theme

MARCH, APRIL_END = date(2026, 3, 1), date(2026, 4, 30)


def _observance(session: Session, slug: str, rule: str) -> Observance:
    observance = Observance(
        slug=slug, name=slug, rule=rule, kind="national", confidence=Confidence.MEDIUM, source="DOF", note="n"
    )
    session.add(observance)
    session.flush()
    return observance


def test_the_number_of_queries_does_not_grow_with_the_calendar(
    session: Session, count_queries: CountQueries
) -> None:
    plant(session, MARCH)
    person, bimester = make_person(session), planning.open_bimester(session, 2026, 2)
    with count_queries() as few:
        calendar_facts(session, MARCH, APRIL_END)
    bodies = [make_body(session, f"b{number}", f"MX-{number}") for number in range(5)]
    for number in range(6):
        theme = make_theme(session, f"tema {number}")
        planning.place_theme(session, bimester, theme, MARCH, APRIL_END, actor_ref="p")
        contributions.ask(session, bimester, theme, bodies, person)
        session.add(SilenceWindow(state_iso="MX-JAL", starts_on=MARCH, ends_on=MARCH, reason="veda"))
    session.flush()
    with count_queries() as many:
        facts = calendar_facts(session, MARCH, APRIL_END)
    assert (len(facts.spans), len(facts.contributions), len(facts.silences)) == (6, 30, 6)
    assert len(few) == len(many) <= 6


def test_bands_that_touch_the_days_are_told_with_their_theme(session: Session) -> None:
    theme = make_theme(session, "Datos", colour="#0b7a75", area="datos abiertos", kind="event")
    bimester = planning.open_bimester(session, 2026, 2)
    span = planning.place_theme(session, bimester, theme, date(2026, 3, 9), date(2026, 3, 20), actor_ref="p")
    other = make_theme(session, "Otro")
    planning.place_theme(session, bimester, other, MARCH, date(2026, 3, 8), actor_ref="p")
    facts = calendar_facts(session, date(2026, 3, 20), APRIL_END)
    assert [(fact.ref, fact.theme_ref, fact.title, fact.colour) for fact in facts.spans] == [
        (span.ref, theme.ref, "Datos", "#0b7a75")
    ]
    assert len(calendar_facts(session, MARCH, APRIL_END).spans) == 2
    assert len(calendar_facts(session, MARCH, APRIL_END, theme_ref=other.ref).spans) == 1
    assert calendar_facts(session, date(2026, 3, 21), APRIL_END).spans == []


def test_a_contribution_without_a_day_is_due_when_its_bimester_ends(session: Session) -> None:
    person, theme = make_person(session), make_theme(session)
    one, two = make_body(session, "itei", "MX-JAL"), make_body(session, "itea", "MX-AGU")
    bimester = planning.open_bimester(session, 2026, 2)
    dropped = contributions.ask(session, bimester, theme, [one], person)[0]
    contributions.ask(session, bimester, theme, [two], person, due_on=date(2026, 3, 20))
    facts = calendar_facts(session, MARCH, APRIL_END)
    assert [(fact.body_slug, fact.due_on) for fact in facts.contributions] == [
        ("itea", date(2026, 3, 20)),
        ("itei", date(2026, 4, 30)),
    ]
    only = calendar_facts(session, MARCH, APRIL_END, body_slug="itei").contributions
    assert [fact.body_name for fact in only] == ["ITEI"]
    contributions.drop(session, dropped, person)
    assert len(calendar_facts(session, MARCH, APRIL_END).contributions) == 1


def test_observances_are_computed_for_the_days_of_any_year(session: Session) -> None:
    plant(session, MARCH)
    names = {
        fact.name: fact.starts_on for fact in calendar_facts(session, MARCH, date(2026, 3, 31)).observances
    }
    assert names["Natalicio de Benito Juárez (descanso)"] == date(2026, 3, 16)
    assert names["Día Internacional de las Mujeres"] == date(2026, 3, 8)
    for year in (1999, 2024, 2032):
        assert calendar_facts(session, date(year, 1, 1), date(year, 12, 31)).observances
    easter = calendar_facts(session, date(2024, 3, 28), date(2024, 3, 28)).observances
    assert "Jueves y Viernes Santo" in {fact.name for fact in easter}


def test_an_observance_says_how_well_it_is_confirmed(session: Session) -> None:
    _observance(session, "dia", "03-08")
    fact = calendar_facts(session, MARCH, APRIL_END).observances[0]
    assert (fact.confidence, fact.source, fact.note) == (Confidence.MEDIUM, "DOF", "n")


def test_a_date_fixed_by_hand_takes_the_place_of_the_computed_one(session: Session) -> None:
    observance = _observance(session, "semana", "week of 09-28")
    session.add(
        ObservanceDate(
            observance_id=observance.id, year=2023, starts_on=date(2023, 10, 2), ends_on=date(2023, 10, 6)
        )
    )
    session.flush()
    september = calendar_facts(session, date(2023, 9, 1), date(2023, 9, 30)).observances
    october = calendar_facts(session, date(2023, 10, 1), date(2023, 10, 31)).observances
    assert (september, [fact.ends_on for fact in october]) == ([], [date(2023, 10, 6)])
    assert calendar_facts(session, date(2024, 9, 1), date(2024, 9, 30)).observances


def test_what_a_person_must_date_is_asked_for_in_its_usual_months_until_it_is(session: Session) -> None:
    observance = _observance(session, "open-gov-week", "by-hand EACH-YEAR in 05")
    may = date(2026, 5, 1), date(2026, 5, 31)
    asked = calendar_facts(session, *may).to_fix
    assert [(fact.slug, fact.year, fact.months, fact.why) for fact in asked] == [
        ("open-gov-week", 2026, (5,), "fixed_by_hand_each_year")
    ]
    assert calendar_facts(session, MARCH, APRIL_END).to_fix == []
    session.add(
        ObservanceDate(
            observance_id=observance.id, year=2026, starts_on=date(2026, 5, 18), ends_on=date(2026, 5, 22)
        )
    )
    session.flush()
    facts = calendar_facts(session, *may)
    assert (facts.to_fix, len(facts.observances)) == ([], 1)


def test_what_began_in_december_reaches_into_january(session: Session) -> None:
    _observance(session, "dieciseis", "12-10 for 30 days")
    assert len(calendar_facts(session, date(2026, 1, 1), date(2026, 1, 31)).observances) == 1


def test_a_rule_that_nobody_can_read_does_not_cost_the_calendar(session: Session) -> None:
    _observance(session, "rota", "el primer martes")
    facts = calendar_facts(session, MARCH, APRIL_END)
    assert [fact.why for fact in facts.to_fix] == ["observance_rule_invalid"]


def test_silences_reach_a_body_its_state_or_everybody(session: Session) -> None:
    itei = make_body(session, "itei", "MX-JAL")
    make_body(session, "itea", "MX-AGU")
    session.add_all(
        [
            SilenceWindow(body_id=itei.id, starts_on=MARCH, ends_on=MARCH, reason="propia"),
            SilenceWindow(state_iso="MX-AGU", starts_on=MARCH, ends_on=MARCH, reason="local"),
            SilenceWindow(starts_on=MARCH, ends_on=APRIL_END, reason="federal", source="INE"),
            SilenceWindow(starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 2), reason="después"),
        ]
    )
    session.flush()
    assert {fact.reason for fact in calendar_facts(session, MARCH, APRIL_END).silences} == {
        "propia", "local", "federal",
    }  # fmt: skip
    for slug, reasons in (("itei", {"propia", "federal"}), ("itea", {"local", "federal"})):
        facts = calendar_facts(session, MARCH, APRIL_END, body_slug=slug).silences
        assert {fact.reason for fact in facts} == reasons
    own = calendar_facts(session, MARCH, MARCH, body_slug="itei").silences
    assert [(fact.body_slug, fact.body_name, fact.state_iso) for fact in own if fact.body_slug] == [
        ("itei", "ITEI", "")
    ]


def test_days_are_in_order_and_not_too_many(session: Session) -> None:
    with pytest.raises(UpsideDownSpanError):
        calendar_facts(session, APRIL_END, MARCH)
    with pytest.raises(RangeTooLongError):
        calendar_facts(session, MARCH, MARCH + timedelta(days=400))
    calendar_facts(session, MARCH, MARCH + timedelta(days=399))
    calendar_facts(session, date.min, date.min + timedelta(days=60))
    assert session.scalars(select(Observance)).all() == []
