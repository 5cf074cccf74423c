"""The rules of the programme, for every combination of days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.programme_rules import (
    FINAL_REPORT,
    SOON,
    TERM_MONTHS,
    Light,
    ReportLight,
    due_of,
    is_known,
    last_day_of_plan,
    light,
    months_after,
    report_bimesters,
    report_due,
    report_light,
    term_span,
)

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
MAYBE = st.none() | DAYS
# However busy the machine is.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(due_on=MAYBE, done_on=MAYBE, today=DAYS, known=st.booleans())
def test_every_combination_of_days_gives_exactly_the_light_of_the_printed_rule(
    due_on: date | None, done_on: date | None, today: date, *, known: bool
) -> None:
    done = done_on is not None and done_on <= today
    conditions = {
        Light.DONE: done,
        Light.NO_DATA: not done and (due_on is None or (due_on < today and not known)),
        Light.OVERDUE: not done and due_on is not None and due_on < today and known,
        Light.SOON: not done and due_on is not None and today <= due_on <= today + timedelta(days=30),
        Light.PLANNED: not done and due_on is not None and due_on > today + timedelta(days=30),
    }
    assert [one for one, holds in conditions.items() if holds] == [light(due_on, done_on, today, known=known)]


@PATIENT
@given(due_on=DAYS, today=DAYS)
def test_an_action_only_ever_goes_from_planned_to_soon_to_overdue(due_on: date, today: date) -> None:
    order = [Light.PLANNED, Light.SOON, Light.OVERDUE]
    before, after = light(due_on, None, today), light(due_on, None, today + timedelta(days=1))
    assert order.index(before) <= order.index(after)
    assert light(due_on, None, due_on) is light(due_on, None, due_on - SOON) is Light.SOON
    assert light(due_on, None, due_on - SOON - timedelta(days=1)) is Light.PLANNED


@PATIENT
@given(due_on=MAYBE, since=MAYBE, told=st.booleans())
def test_a_passed_day_says_something_only_of_what_was_followed_or_told_of(
    due_on: date | None, since: date | None, *, told: bool
) -> None:
    followed = due_on is not None and since is not None and since <= due_on
    assert is_known(due_on, since, told=told) is (told or followed)


@PATIENT
@given(starts_on=DAYS, own=MAYBE, edition=MAYBE, permanent=MAYBE)
def test_the_final_report_is_never_due_after_the_local_plan_s_twelfth_month(
    starts_on: date, own: date | None, edition: date | None, permanent: date | None
) -> None:
    due_on = due_of(FINAL_REPORT, own, edition, starts_on, permanent)
    assert due_on is not None
    assert due_on <= last_day_of_plan(starts_on)
    assert due_on in {own, edition, permanent, last_day_of_plan(starts_on)}
    assert due_of(FINAL_REPORT - 1, own, edition, starts_on, permanent) == (own or edition or permanent)


@pytest.mark.parametrize(
    ("starts_on", "last"),
    [
        (date(2021, 7, 1), date(2022, 6, 30)),
        (date(2024, 2, 29), date(2025, 2, 27)),
        (date(2021, 8, 31), date(2022, 8, 30)),
    ],
)
def test_a_local_plan_has_twelve_months(starts_on: date, last: date) -> None:
    assert last_day_of_plan(starts_on) == last
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)


def test_the_terms_of_the_plan_follow_one_another_from_november() -> None:
    spans = [term_span("CVPDCS 2022-2023", term) for term in TERM_MONTHS]
    assert spans[0] == (date(2022, 11, 1), date(2023, 1, 31))
    assert spans[3] == (date(2023, 8, 1), date(2023, 10, 31))
    for before, after in pairwise(spans):
        assert before
        assert after
        assert before[1] + timedelta(days=1) == after[0]
    assert term_span("CVPDCS 2022-2023", "blue") is term_span("PROTAI", "green") is None


@PATIENT
@given(starts_on=DAYS, length=st.integers(0, 400))
def test_a_report_is_owed_of_every_bimester_that_the_plan_touches(starts_on: date, length: int) -> None:
    ends_on = starts_on + timedelta(days=length)
    owed = report_bimesters(starts_on, ends_on)
    assert owed == sorted({bimester_of(starts_on + timedelta(days=n)) for n in range(length + 1)})
    assert all(report_due(*one) > bimester_span(*one)[1] for one in owed)
    assert report_bimesters(None, ends_on) == report_bimesters(starts_on, None) == []


@PATIENT
@given(due_on=DAYS, today=DAYS, stage=st.sampled_from([None, "delivered", "accepted", "returned"]))
def test_a_report_that_was_handed_in_stands_as_it_was_answered(
    due_on: date, today: date, stage: str | None
) -> None:
    found = report_light(due_on, stage, today)
    assert found is (ReportLight(stage) if stage else ReportLight(light(due_on, None, today).value))
