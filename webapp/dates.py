"""Dates and numbers in words, in the reader's language and zone."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, gettext

from content_calendar.clock import now
from webapp.saying import Speaker
from webapp.session import viewer


def _locale() -> str:
    # The catalogue is "es"; dates and numbers are those of Mexico.
    return "es_MX" if str(get_locale() or "es").startswith("es") else "en"


def zone() -> ZoneInfo:
    """Return the reader's zone: their own, or the commission's."""
    return ZoneInfo(viewer().zone)


def speaker(zone_name: str = "") -> Speaker:
    """Return who says things to the reader, in their zone or in another."""
    return Speaker(_locale(), ZoneInfo(zone_name) if zone_name else zone(), gettext)


def words(moment: datetime | None, zone_name: str = "") -> str:
    """Return a moment in words, such as "mar 24 nov, 10:00 h"; the year is said when it is not this one."""
    return "" if moment is None else speaker(zone_name).words(moment)


def day_words(day: date | None) -> str:
    """Return a day in words, such as "martes 24 de noviembre"; the year is said when it is not this one."""
    return "" if day is None else speaker().day_words(day)


def short_day(day: date) -> str:
    """Return a day where there is little room, such as "24 nov"."""
    return format_date(day, "d MMM", locale=_locale())


def short_month(day: date) -> str:
    """Return a month where there is little room, such as "nov"."""
    return format_date(day, "MMM", locale=_locale())


def day_of(moment: datetime | None) -> str:
    """Return the reader's day of a moment in words."""
    return "" if moment is None else day_words(moment.astimezone(zone()).date())


def month_words(day: date) -> str:
    """Return a month in words, such as "noviembre de 2026"."""
    return format_date(day, "MMMM 'de' y" if _locale() == "es_MX" else "MMMM y", locale=_locale())


def vague_day(text: str) -> str:
    """Return a date known to the day, the month or the year in words, such as "el 21 de marzo de 2025".

    What is no such date is returned as it is.
    """
    spanish = _locale() == "es_MX"
    try:
        if len(text) == len("2025-03-21"):
            pattern = "'el' d 'de' MMMM 'de' y" if spanish else "'on' d MMMM y"
            return format_date(date.fromisoformat(text), pattern, locale=_locale())
        if len(text) == len("2025-03"):
            return f"{'en' if spanish else 'in'} {month_words(date.fromisoformat(f'{text}-01'))}"
    except ValueError:
        return text
    return f"{'en' if spanish else 'in'} {text}" if len(text) == len("2025") else text


def ago(moment: datetime | None) -> str:
    """Return how long ago, or how soon, such as "hace 5 minutos"."""
    if moment is None:
        return ""
    return format_timedelta(moment - now(), add_direction=True, locale=_locale())


def number(value: int | None) -> str:
    """Return a number as the reader writes it; nothing for a missing one, which is never zero."""
    return "" if value is None else _written(value, None, _locale())


def decimal(value: float | None) -> str:
    """Return a figure with at most one decimal, as the reader writes it; nothing for a missing one."""
    return "" if value is None else _written(round(value, 1), "#,##0.#", _locale())


@lru_cache(8192)
def _written(value: float, pattern: str | None, locale: str) -> str:
    # A page of figures has a thousand, and to write one takes longer than to show it.
    return format_decimal(value, format=pattern, locale=locale)


def install(app: Flask) -> None:
    """Give the templates their filters."""
    for function in (words, day_words, short_day, day_of, month_words, vague_day, ago, number, decimal):
        app.jinja_env.filters[function.__name__] = function
