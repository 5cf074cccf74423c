import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import content_calendar
from content_calendar.observances import ByHand, ObservanceRuleError, Span, easter, occurrences, parse

SEEDS = Path(content_calendar.__file__).parent / "seeds" / "data" / "observances.csv"
with SEEDS.open(encoding="utf-8", newline="") as rows:
    OBSERVANCES = {row["name_es"]: row for row in csv.DictReader(rows)}

years = st.integers(1900, 2200)


def found(rule: str, year: int) -> str | None:
    span = occurrences(parse(rule), year)
    if span is None:
        return None
    return f"{span.starts_on}" if span.days == 1 else f"{span.starts_on}/{span.ends_on}"


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    [
        ("01-28", 2026, "2026-01-28"),
        ("02-29", 2027, None),
        ("02-29", 2028, "2028-02-29"),
        ("1 sat of 03", 2023, "2023-03-04"),
        ("2 tue of 02", 2026, "2026-02-10"),
        ("last fri of 02", 2024, "2024-02-23"),
        ("last sun of 12", 2023, "2023-12-31"),
        ("last mon of 11", 2026, "2026-11-30"),
        ("easter", 2026, "2026-04-05"),
        ("easter +60", 2026, "2026-06-04"),
        ("easter -3 for 2 days", 2026, "2026-04-02/2026-04-03"),
        ("week of 09-28", 2026, "2026-09-28/2026-10-02"),
        ("week of 09-28", 2024, "2024-09-23/2024-09-28"),
        ("week of 09-28", 2025, "2025-09-22/2025-09-28"),
        ("10-01 every 6 years from 2024", 2018, None),
        ("10-01 every 6 years from 2024", 2029, None),
        ("10-01 every 6 years from 2024", 2036, "2036-10-01"),
        ("12-25 for 14 days", 2026, "2026-12-25/2027-01-07"),
        ("12-25 for 14 days", 9999, None),
        ("01-28", 0, None),
        ("01-28", 10000, None),
        ("easter", 1500, None),
        ("by-hand EACH-YEAR in 05", 2026, None),
    ],
)
def test_a_rule_falls_on(rule: str, year: int, expected: str | None) -> None:
    assert found(rule, year) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "28-01",
        "13-01",
        "02-30",
        "5 sat of 03",
        "0 sat of 03",
        "1 saturday of 03",
        "1 sat of 13",
        "easter 3",
        "week of easter",
        "01-28 for 0 days",
        "10-01 every 6 years",
        "01-28 from 2026 until 2025",
        "01-28 from 0000",
        "01-28;",
        "by-hand",
        "by-hand WHENEVER",
        "by-hand EACH-YEAR in 13",
        "01-28; by-hand EACH-YEAR",
        "first Saturday of March",
        "\u0660\u0661-\u0662\u0668",
    ],
)
def test_what_is_no_rule_is_refused_as_it_was_written(rule: str) -> None:
    with pytest.raises(ObservanceRuleError) as refused:
        parse(rule)
    assert refused.value.code == "observance_rule_invalid"
    assert refused.value.params == {"rule": rule}


def test_a_rule_by_hand_says_why_and_when_it_usually_is() -> None:
    rule = parse("by-hand EACH-EDITION in 02,03,05")
    assert rule.by_hand is ByHand.EACH_EDITION
    assert rule.months == (2, 3, 5)
    assert rule.by_hand.value == "fixed_by_hand_each_edition"


# Dates of the published calendars; the far ones are the earliest, the latest and the method's two exceptions.
EASTERS = """
2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21 2031-04-13
1818-03-22 1943-04-25 2038-04-25 1981-04-19 1954-04-18 2285-03-22
"""


@pytest.mark.parametrize(
    "day",
    EASTERS.split(),
)
def test_easter_falls_on(day: str) -> None:
    expected = date.fromisoformat(day)
    assert easter(expected.year) == expected


HOLIDAYS = {
    "Día de la Constitución (descanso)": (
        "2023-02-06 2024-02-05 2025-02-03 2026-02-02 2027-02-01 2028-02-07 2029-02-05 2030-02-04 2031-02-03"
    ),
    "Natalicio de Benito Juárez (descanso)": (
        "2023-03-20 2024-03-18 2025-03-17 2026-03-16 2027-03-15 2028-03-20 2029-03-19 2030-03-18 2031-03-17"
    ),
    "Día de la Revolución (descanso)": (
        "2023-11-20 2024-11-18 2025-11-17 2026-11-16 2027-11-15 2028-11-20 2029-11-19 2030-11-18 2031-11-17"
    ),
    "Día de Internet Segura (Safer Internet Day)": (
        "2023-02-14 2024-02-13 2025-02-11 2026-02-10 2027-02-09 2028-02-08 2029-02-13 2030-02-12 2031-02-11"
    ),
    "Día Internacional del Derecho de Acceso Universal a la Información": "2023-09-28 2026-09-28 2031-09-28",
    "Transmisión del Poder Ejecutivo Federal": "2024-10-01 2030-10-01",
}


@pytest.mark.parametrize(("name", "days"), HOLIDAYS.items())
def test_a_day_of_the_seeds_falls_on_its_known_dates(name: str, days: str) -> None:
    for day in days.split():
        assert found(OBSERVANCES[name]["rule"], int(day[:4])) == day


def test_the_transfer_of_power_is_a_holiday_only_every_six_years() -> None:
    rule = parse(OBSERVANCES["Transmisión del Poder Ejecutivo Federal"]["rule"])
    assert [year for year in range(2018, 2040) if occurrences(rule, year)] == [2024, 2030, 2036]


def test_the_transparency_week_of_2021_is_the_one_the_press_saw() -> None:
    assert found(OBSERVANCES["Semana Nacional de Transparencia"]["rule"], 2021) == "2021-09-27/2021-10-01"


def test_open_data_day_is_a_day_until_2022_and_a_week_since() -> None:
    rule = OBSERVANCES["Día de los Datos Abiertos (Open Data Day)"]["rule"]
    assert found(rule, 2016) == "2016-03-05"
    assert found(rule, 2017) == "2017-03-04"
    assert found(rule, 2021) == "2021-03-06"
    assert found(rule, 2024) == "2024-03-02/2024-03-08"


def test_the_load_of_obligations_has_thirty_natural_days() -> None:
    name = "Carga de obligaciones de transparencia del cuarto trimestre"
    assert found(OBSERVANCES[name]["rule"], 2026) == "2026-01-01/2026-01-30"


def test_an_anniversary_does_not_come_before_what_it_remembers() -> None:
    name = "Aniversario de la reforma constitucional en materia de transparencia (2014)"
    assert found(OBSERVANCES[name]["rule"], 2014) is None
    assert found(OBSERVANCES[name]["rule"], 2015) == "2015-02-07"


def test_every_row_of_the_seeds_has_a_rule_and_says_where_it_comes_from() -> None:
    assert len(OBSERVANCES) == 38
    for row in OBSERVANCES.values():
        rule = parse(row["rule"])
        assert row["rule_text"]
        assert row["source"]
        unsourced = row["source"].startswith("sin fuente")
        assert row["confidence"] in ({"unconfirmed"} if unsourced else {"high", "medium", "low"})
        if rule.by_hand:
            assert occurrences(rule, 2026) is None
        elif "every" not in row["rule"]:
            assert all(occurrences(rule, year) for year in range(2025, 2032))


@given(
    years,
    st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    st.integers(1, 4),
    st.integers(1, 12),
)
def test_an_nth_weekday_is_that_weekday_in_its_week_of_the_month(
    year: int, weekday: str, nth: int, month: int
) -> None:
    span = occurrences(parse(f"{nth} {weekday} of {month:02}"), year)
    assert span is not None
    assert span.starts_on.strftime("%a").lower() == weekday
    assert (span.starts_on.month, (span.starts_on.day - 1) // 7) == (month, nth - 1)


@given(years, st.sampled_from(["mon", "sun"]), st.integers(1, 12))
def test_after_the_last_weekday_of_a_month_there_is_none_in_it(year: int, weekday: str, month: int) -> None:
    span = occurrences(parse(f"last {weekday} of {month:02}"), year)
    assert span is not None
    assert span.starts_on.month == month
    assert (span.starts_on + timedelta(days=7)).month != month


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_the_week_of_a_day_starts_on_monday_and_holds_the_day(day: date) -> None:
    span = occurrences(parse(f"week of {day:%m-%d}"), day.year)
    assert span is not None
    assert span.starts_on.weekday() == 0
    assert span.starts_on <= day <= span.ends_on
    assert 5 <= span.days <= 7


@given(st.integers(1583, 9998))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


@given(st.text(max_size=40))
def test_any_words_are_a_rule_or_are_refused(words: str) -> None:
    try:
        rule = parse(words)
    except ObservanceRuleError:
        return
    assert rule.by_hand or isinstance(occurrences(rule, 2024), Span | None)
