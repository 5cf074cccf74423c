"""Bimesters: the two months the commission plans at a time (January and February are the first)."""

from datetime import date, timedelta
from typing import ClassVar

from content_calendar.errors import InvalidError

BIMESTERS_A_YEAR = 6


class UnknownBimesterError(InvalidError):
    """A year has bimesters 1 to 6; years go from 1 to 9998. ``year`` and ``number`` are what was asked."""

    code: ClassVar[str] = "unknown_bimester"


def bimester_of(day: date) -> tuple[int, int]:
    """Return the year and the number (1 to 6) of the bimester that holds ``day``."""
    return day.year, (day.month + 1) // 2


def bimester_span(year: int, number: int) -> tuple[date, date]:
    """Return the first and the last day of a bimester, both in it. Raises UnknownBimesterError."""
    if not (1 <= number <= BIMESTERS_A_YEAR and date.min.year <= year < date.max.year):
        raise UnknownBimesterError(year=year, number=number)
    next_year, next_number = bimester_after(year, number)
    return date(year, 2 * number - 1, 1), date(next_year, 2 * next_number - 1, 1) - timedelta(days=1)


def bimester_after(year: int, number: int, steps: int = 1) -> tuple[int, int]:
    """Return the bimester ``steps`` later, or earlier when negative."""
    ahead, index = divmod(year * BIMESTERS_A_YEAR + number - 1 + steps, BIMESTERS_A_YEAR)
    return ahead, index + 1
