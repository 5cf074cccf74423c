from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.bimesters import UnknownBimesterError, bimester_after, bimester_of, bimester_span

days = st.dates(min_value=date(1, 1, 1), max_value=date(9998, 12, 31))


@pytest.mark.parametrize(
    ("year", "number", "first", "last"),
    [
        (2026, 1, date(2026, 1, 1), date(2026, 2, 28)),
        (2028, 1, date(2028, 1, 1), date(2028, 2, 29)),
        (2026, 5, date(2026, 9, 1), date(2026, 10, 31)),
        (2026, 6, date(2026, 11, 1), date(2026, 12, 31)),
    ],
)
def test_a_bimester_is_two_whole_months(year: int, number: int, first: date, last: date) -> None:
    assert bimester_span(year, number) == (first, last)


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 7), (2026, -1), (0, 1), (9999, 6)])
def test_there_is_no_such_bimester(year: int, number: int) -> None:
    with pytest.raises(UnknownBimesterError) as refused:
        bimester_span(year, number)
    assert refused.value.params == {"year": year, "number": number}


def test_after_the_sixth_comes_the_first_of_next_year() -> None:
    assert bimester_after(2026, 6) == (2027, 1)
    assert bimester_after(2026, 1, steps=-1) == (2025, 6)
    assert bimester_after(2026, 3, steps=12) == (2028, 3)


@given(days)
def test_a_day_is_in_its_bimester(day: date) -> None:
    first, last = bimester_span(*bimester_of(day))
    assert first <= day <= last


@given(days.filter(lambda day: day.year < 9998))
def test_bimesters_follow_each_other_without_a_hole(day: date) -> None:
    year, number = bimester_of(day)
    _, last = bimester_span(year, number)
    assert bimester_span(*bimester_after(year, number))[0] == last + timedelta(days=1)
