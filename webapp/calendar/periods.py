"""Periods of the calendar: which days they hold, what they are called, and where their neighbours are."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from flask import url_for
from flask_babel import get_locale, gettext

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.errors import NotFoundError
from content_calendar.wall_time import wall_time
from webapp.dates import day_words, month_words
from webapp.session import settings
from webapp.words import N_

MONTHS = (
    N_("enero"),
    N_("febrero"),
    N_("marzo"),
    N_("abril"),
    N_("mayo"),
    N_("junio"),
    N_("julio"),
    N_("agosto"),
    N_("septiembre"),
    N_("octubre"),
    N_("noviembre"),
    N_("diciembre"),
)
# What stands in an address beside the path; ``url_for`` takes any value by name.
Filters = dict[str, Any]
_FIRST_YEAR, _LAST_YEAR = 2, 9997
_A_WEEK = timedelta(days=7)
_A_DAY = timedelta(days=1)
_FEW = 4


class PeriodNotFoundError(NotFoundError):
    """There is no such period in the calendar."""

    code = "period_not_found"


@dataclass(frozen=True)
class Period:
    """Days that are shown together, both ends in it, and the addresses around them."""

    kind: str
    first: date
    last: date
    title: str
    previous_url: str
    next_url: str


def today() -> date:
    """Return the day it is for the commission."""
    return wall_time(now(), settings().zone).date()


def bimester_title(year: int, number: int) -> str:
    """Return a bimester's name, such as "noviembre y diciembre de 2026"."""
    one, two = gettext(MONTHS[2 * number - 2]), gettext(MONTHS[2 * number - 1])
    said: str = gettext("%(one)s y %(two)s de %(year)s", one=one, two=two, year=year)
    return said


def of_bimester(year: int, number: int, filters: Filters, kind: str = "bimester") -> Period:
    """Return a bimester, seen as bands or as a list. Raises PeriodNotFoundError."""
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= number <= 6):  # noqa: PLR2004 -- six bimesters a year
        raise PeriodNotFoundError
    first, last = bimester_span(year, number)
    endpoint = "calendar.bimester" if kind == "bimester" else "calendar.agenda_list"

    def there(steps: int) -> str:
        y, n = bimester_after(year, number, steps)
        return url_for(endpoint, year=y, number=n, **filters)

    return Period(kind, first, last, bimester_title(year, number), there(-1), there(1))


def of_month(year: int, month: int, filters: Filters) -> Period:
    """Return a month. Raises PeriodNotFoundError."""
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= len(MONTHS)):
        raise PeriodNotFoundError
    first = date(year, month, 1)
    last = date(year, month, monthrange(year, month)[1])

    def there(day: date) -> str:
        return url_for("calendar.month", year=day.year, month=day.month, **filters)

    return Period("month", first, last, month_words(first), there(first - _A_DAY), there(last + _A_DAY))


def of_week(iso: str, filters: Filters) -> Period:
    """Return the week called like "2026-W48". Raises PeriodNotFoundError."""
    try:
        year, _, week = iso.partition("-W")
        first = date.fromisocalendar(int(year), int(week), 1)
    except ValueError as error:
        raise PeriodNotFoundError from error
    if not _FIRST_YEAR <= first.year <= _LAST_YEAR:
        raise PeriodNotFoundError
    last = first + _A_WEEK - _A_DAY
    title = gettext("Del %(first)s al %(last)s", first=day_words(first), last=day_words(last))
    return Period(
        "week", first, last, title, week_url(first - _A_WEEK, filters), week_url(first + _A_WEEK, filters)
    )


def of_day(iso: str, filters: Filters) -> Period:
    """Return the day written like "2026-11-24". Raises PeriodNotFoundError."""
    try:
        day = date.fromisoformat(iso)
    except ValueError as error:
        raise PeriodNotFoundError from error
    if not (_FIRST_YEAR <= day.year <= _LAST_YEAR and iso == day.isoformat()):
        raise PeriodNotFoundError
    return Period(
        "day", day, day, day_words(day), day_url(day - _A_DAY, filters), day_url(day + _A_DAY, filters)
    )


def day_url(day: date, filters: Filters) -> str:
    """Return the address of a day."""
    return url_for("calendar.day", iso=day.isoformat(), **filters)


def week_url(day: date, filters: Filters) -> str:
    """Return the address of the week that holds ``day``."""
    year, week, _ = day.isocalendar()
    return url_for("calendar.week", iso=f"{year}-W{week:02}", **filters)


def views(period: Period, filters: Filters) -> list[tuple[str, str, bool]]:
    """Return the other ways to see the same days: (name, address, whether it is this one)."""
    day = today() if period.first <= today() <= period.last else period.first
    year, number = bimester_of(day)
    return [
        (
            gettext("Bimestre"),
            url_for("calendar.bimester", year=year, number=number, **filters),
            period.kind == "bimester",
        ),
        (
            gettext("Mes"),
            url_for("calendar.month", year=day.year, month=day.month, **filters),
            period.kind == "month",
        ),
        (gettext("Semana"), week_url(day, filters), period.kind == "week"),
        (gettext("Día"), day_url(day, filters), period.kind == "day"),
        (
            gettext("Lista"),
            url_for("calendar.agenda_list", year=year, number=number, **filters),
            period.kind == "list",
        ),
    ]


def today_url(period: Period, filters: Filters) -> str:
    """Return the address of the period of the same kind that holds today."""
    day = today()
    year, number = bimester_of(day)
    if period.kind == "month":
        return url_for("calendar.month", year=day.year, month=day.month, **filters)
    if period.kind == "week":
        return week_url(day, filters)
    if period.kind == "day":
        return day_url(day, filters)
    endpoint = "calendar.bimester" if period.kind == "bimester" else "calendar.agenda_list"
    return url_for(endpoint, year=year, number=number, **filters)


def weeks_of(first: date, last: date) -> list[tuple[date, date]]:
    """Return the weeks that hold these days, cut to them; a rest of few days joins its neighbour."""
    found: list[tuple[date, date]] = []
    day = first
    while day <= last:
        sunday = min(last, day + timedelta(days=6 - day.weekday()))
        found.append((day, sunday))
        day = sunday + _A_DAY
    if len(found) > 1 and _days(found[0]) < _FEW:
        found[:2] = [(found[0][0], found[1][1])]
    if len(found) > 1 and _days(found[-1]) < _FEW:
        found[-2:] = [(found[-2][0], found[-1][1])]
    return found


def _days(span: tuple[date, date]) -> int:
    return (span[1] - span[0]).days + 1


def short(day: date) -> str:
    """Return a day in few letters, such as "24 nov"."""
    locale = "es_MX" if str(get_locale() or "es").startswith("es") else "en"
    return format_date(day, "d MMM", locale=locale)
