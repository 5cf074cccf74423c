"""When an observance falls in a year, from a rule in a few words.

A rule is one or more clauses joined by ``;``, each a day and what limits it, or else ``by-hand``::

    09-28                                  a day of the year
    1 sat of 03                            the first Saturday of March; 1 to 4, or "last"
    easter -3                              days from Easter Sunday
    week of 09-28                          Monday to Friday of that week, and the day itself if on a weekend
    ... for 7 days                         as many days in a row, the first one counted
    ... from 2015 / until 2022             the first and the last year in which it holds
    ... every 6 years from 2024            only in those years
    by-hand EACH-YEAR in 05,06             nobody can compute it; who sets it, and the months it usually takes

``content_calendar/seeds/data/observances.csv`` is written in it.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from content_calendar.errors import InvalidError

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FRIDAY, _DAYS_A_WEEK = 4, 7
_FIRST_GREGORIAN_YEAR = 1583
_LEAP_YEAR = 2000

_CLAUSE = re.compile(
    r"(?:(?P<week>week of )?(?P<month>\d\d)-(?P<day>\d\d)"
    rf"|(?P<nth>[1-4]|last) (?P<weekday>{'|'.join(_WEEKDAYS)}) of (?P<of_month>\d\d)"
    r"|easter(?: (?P<shift>[+-]\d{1,3}))?)"
    r"(?: for (?P<days>[1-9]\d{0,2}) days)?"
    r"(?: every (?P<every>[1-9]\d?) years)?"
    r"(?: from (?P<first>\d{4}))?(?: until (?P<last>\d{4}))?",
    re.ASCII,
)
_BY_HAND = re.compile(r"by-hand (?P<why>[A-Z-]+)(?: in (?P<months>\d\d(?:,\d\d)*))?", re.ASCII)


class ObservanceRuleError(InvalidError):
    """The rule is not in the language above. ``rule`` is what was written."""

    code: ClassVar[str] = "observance_rule_invalid"


class ByHand(StrEnum):
    """Why nobody can compute a date; the values are stable codes, rendered at the edge."""

    EACH_YEAR = "fixed_by_hand_each_year"
    EACH_EDITION = "fixed_by_hand_each_edition"
    ELECTORAL_LAW = "fixed_by_electoral_law"
    EACH_BODY = "fixed_by_each_body"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``starts_on`` to ``ends_on``, both in it; the same day twice for a single one."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True, slots=True)
class FixedDay:
    """A day of the year; ``whole_week`` widens it to the working week around it."""

    month: int
    day: int
    whole_week: bool = False

    def span(self, year: int) -> Span | None:
        """Return its days in ``year``, None for 29 February in a common year."""
        try:
            day = date(year, self.month, self.day)
        except ValueError:
            return None
        if not self.whole_week:
            return Span(day, day)
        monday = day - timedelta(days=day.weekday())
        return Span(monday, max(day, monday + timedelta(days=_FRIDAY)))


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The ``nth`` (1 to 4, or 0 for the last) ``weekday`` (0 is Monday) of a month."""

    nth: int
    weekday: int
    month: int

    def span(self, year: int) -> Span:
        """Return its day in ``year``."""
        if self.nth:
            first = date(year, self.month, 1)
            ahead = (self.weekday - first.weekday()) % _DAYS_A_WEEK
            day = first + timedelta(days=ahead + _DAYS_A_WEEK * (self.nth - 1))
        else:
            next_month = date(year, self.month, 28) + timedelta(days=4)
            end = next_month - timedelta(days=next_month.day)
            day = end - timedelta(days=(end.weekday() - self.weekday) % _DAYS_A_WEEK)
        return Span(day, day)


@dataclass(frozen=True, slots=True)
class FromEaster:
    """So many days after (before, when negative) Easter Sunday of the western churches."""

    shift: int

    def span(self, year: int) -> Span | None:
        """Return its day in ``year``, None before the Gregorian calendar."""
        if year < _FIRST_GREGORIAN_YEAR:
            return None
        day = easter(year) + timedelta(days=self.shift)
        return Span(day, day)


@dataclass(frozen=True, slots=True)
class Clause:
    """A day with its limits: ``days`` in a row (None: as many as it has by itself) and the years it holds."""

    when: FixedDay | NthWeekday | FromEaster
    days: int | None = None
    every: int = 1
    first_year: int = date.min.year
    last_year: int = date.max.year

    def span(self, year: int) -> Span | None:
        """Return its days in ``year``, None when it does not hold then."""
        if not self.first_year <= year <= self.last_year or (year - self.first_year) % self.every:
            return None
        try:
            span = self.when.span(year)
            if span is None or self.days is None:
                return span
            return Span(span.starts_on, span.starts_on + timedelta(days=self.days - 1))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Rule:
    """Either ``clauses``, of which the first that holds in a year decides, or why it is ``by_hand``.

    ``months`` are those a rule by hand usually takes, as a hint for whoever enters the date.
    """

    clauses: tuple[Clause, ...] = ()
    by_hand: ByHand | None = None
    months: tuple[int, ...] = ()


def parse(rule: str) -> Rule:
    """Return the rule written in ``rule``. Raises ObservanceRuleError."""
    words = " ".join(rule.split())
    try:
        if hand := _BY_HAND.fullmatch(words):
            months = tuple(
                date(_LEAP_YEAR, int(month), 1).month for month in (hand["months"] or "").split(",") if month
            )
            return Rule(by_hand=ByHand[hand["why"].replace("-", "_")], months=months)
        return Rule(clauses=tuple(_clause(part.strip()) for part in words.split(";")))
    except (ValueError, KeyError) as error:
        raise ObservanceRuleError(field="rule", rule=rule) from error


def occurrences(rule: Rule, year: int) -> Span | None:
    """Return the days of ``rule`` in ``year``; None when it does not happen then or is fixed by hand."""
    if not date.min.year <= year <= date.max.year:
        return None
    return next((span for clause in rule.clauses if (span := clause.span(year))), None)


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches (Gauss's method, as Lichtenberg mended it)."""
    century = year // 100
    moon_shift = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun_shift = 2 - (3 * century + 3) // 4
    moon_year = year % 19
    moon_seed = (19 * moon_year + moon_shift) % 30
    correction = (moon_seed + moon_year // 11) // 29
    full_moon = 21 + moon_seed - correction
    first_sunday = 7 - (year + year // 4 + sun_shift) % 7
    return date(year, 3, 1) + timedelta(days=full_moon + 6 - (full_moon - first_sunday) % 7)


def _clause(words: str) -> Clause:
    found = _CLAUSE.fullmatch(words)
    if found is None or (found["every"] and not found["first"]):
        raise ValueError(words)
    clause = Clause(
        when=_when(found),
        days=int(found["days"]) if found["days"] else None,
        every=int(found["every"] or 1),
        first_year=int(found["first"] or date.min.year),
        last_year=int(found["last"] or date.max.year),
    )
    if not date.min.year <= clause.first_year <= clause.last_year:
        raise ValueError(words)
    return clause


def _when(found: re.Match[str]) -> FixedDay | NthWeekday | FromEaster:
    if found["day"]:
        day = date(_LEAP_YEAR, int(found["month"]), int(found["day"]))
        return FixedDay(day.month, day.day, whole_week=bool(found["week"]))
    if found["nth"]:
        month = date(_LEAP_YEAR, int(found["of_month"]), 1).month
        return NthWeekday(int(found["nth"].replace("last", "0")), _WEEKDAYS.index(found["weekday"]), month)
    return FromEaster(int(found["shift"] or 0))
