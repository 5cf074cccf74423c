"""The promise of every day, as it was kept: days kept, missed and off, and how many in a row. Pure.

Owed is every working day: Monday to Friday but for the rest days of the law. What is replicated on another day is
told apart, and breaks or mends no row of days.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_SATURDAY = 5


class Mark(StrEnum):
    """What a day came to.

    kept: something was replicated on a working day. missed: nothing was, and the day is over.
    extra: something was replicated on a day off. off: a day off without anything.
    open: today, with nothing yet. ahead: to come. before: nobody had promised anything yet.
    """

    KEPT = "kept"
    MISSED = "missed"
    EXTRA = "extra"
    OFF = "off"
    OPEN = "open"
    AHEAD = "ahead"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and what it came to."""

    on: date
    mark: Mark


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both in it; the promise holds ``since`` a day, which is not known before."""

    first: date
    last: date
    today: date
    since: date | None


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in their order. ``present`` and ``longest`` count working days kept one after the other."""

    days: Sequence[Day]
    present: int
    longest: int

    def count(self, mark: Mark) -> int:
        """Return how many days came to that."""
        return sum(day.mark == mark for day in self.days)

    @property
    def owed(self) -> int:
        """Return how many working days there were to keep; today counts once it is kept."""
        return self.count(Mark.KEPT) + self.count(Mark.MISSED)

    @property
    def missed(self) -> list[date]:
        """Return the days that were missed."""
        return [day.on for day in self.days if day.mark is Mark.MISSED]


def is_off(day: date, holidays: Collection[date]) -> bool:
    """Return whether nothing is owed on a day."""
    return day.weekday() >= _SATURDAY or day in holidays


def keep_count(span: Span, kept: Collection[date], holidays: Collection[date]) -> Streak:
    """Return what each day came to; one that is not over yet breaks no row of days."""
    days = [
        Day(on, _mark(on, span, kept, holidays))
        for on in (span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1))
    ]
    present = longest = 0
    for day in days:
        if day.mark is Mark.KEPT:
            present += 1
            longest = max(longest, present)
        elif day.mark is Mark.MISSED:
            present = 0
    return Streak(days, present, longest)


def _mark(on: date, span: Span, kept: Collection[date], holidays: Collection[date]) -> Mark:
    off = is_off(on, holidays)
    if on in kept:
        return Mark.EXTRA if off else Mark.KEPT
    if on > span.today:
        return Mark.OFF if off else Mark.AHEAD
    if span.since is None or on < span.since:
        return Mark.BEFORE
    if off:
        return Mark.OFF
    return Mark.OPEN if on == span.today else Mark.MISSED
