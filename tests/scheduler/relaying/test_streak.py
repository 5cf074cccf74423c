"""The promise of every day: which days are owed, kept, missed, and how many in a row."""

from datetime import date, timedelta

from scheduler.relaying.streak import Mark, Span, keep_count

# A Monday, and the third one of the month is a rest day.
FIRST = date(2026, 11, 2)
REST = date(2026, 11, 16)


def days(*numbers: int) -> set[date]:
    return {date(2026, 11, n) for n in numbers}


def span(today: int, since: int | None = 2) -> Span:
    began = date(2026, 11, since) if since else None
    return Span(FIRST, date(2026, 11, 30), date(2026, 11, today), began)


def test_working_days_are_owed_and_the_row_goes_on_over_weekends_and_rest_days() -> None:
    kept = days(2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 17)
    found = keep_count(span(17), kept, {REST})
    assert (found.present, found.longest, found.owed, found.missed) == (11, 11, 11, [])
    assert {day.mark for day in found.days if day.on == REST} == {Mark.OFF}


def test_a_missed_day_breaks_the_row_and_is_told() -> None:
    found = keep_count(span(10), days(2, 3, 5, 6, 9, 10), ())
    assert (found.present, found.longest, found.missed) == (4, 4, [date(2026, 11, 4)])
    assert (found.count(Mark.KEPT), found.owed) == (6, 7)


def test_today_breaks_nothing_until_it_is_over() -> None:
    found = keep_count(span(5), days(2, 3, 4), ())
    assert (found.present, found.owed) == (3, 3)
    assert found.days[3].mark is Mark.OPEN
    assert keep_count(span(6), days(2, 3, 4), ()).present == 0


def test_a_day_off_is_told_apart_and_mends_nothing() -> None:
    found = keep_count(span(10), days(2, 3, 4, 5, 8, 9), ())
    assert found.missed == [date(2026, 11, 6)]
    assert (found.count(Mark.EXTRA), found.present, found.owed) == (1, 1, 6)


def test_nothing_was_owed_before_anybody_promised() -> None:
    found = keep_count(span(6, since=5), days(5), ())
    assert [day.mark for day in found.days[:4]] == [Mark.BEFORE, Mark.BEFORE, Mark.BEFORE, Mark.KEPT]
    assert found.owed == 1
    assert keep_count(span(20, since=None), (), ()).owed == 0


def test_days_to_come_are_not_missed() -> None:
    found = keep_count(span(2), (), ())
    later = [day.mark for day in found.days if day.on > FIRST + timedelta(days=1)]
    assert set(later) == {Mark.AHEAD, Mark.OFF}
