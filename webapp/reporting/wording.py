"""How a report says things: in its own language and its body's zone, and the same whenever it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_decimal

from webapp.letters import catalogue
from webapp.reporting.document import NUMERIC, Cell, Kind, clean
from webapp.words import N_

_MONTHS_A_BIMESTER = 2
_A_MONDAY = date(2026, 11, 23)
NO_DATA = N_("sin dato")


@dataclass(frozen=True)
class Wording:
    """Says things in one language ("es" or "en"), moments as they were in one zone."""

    locale: str
    zone: ZoneInfo
    _say: Callable[[str], str]
    _count: Callable[[str, str, int], str]

    @property
    def shown_locale(self) -> str:
        """Return the locale of dates and numbers: the catalogue is "es", numbers are those of Mexico."""
        return "es_MX" if self.locale == "es" else "en"

    def gettext(self, sentence: str, **params: object) -> str:
        """Return a Spanish sentence in the report's language, filled in."""
        said = self._say(sentence)
        return said % params if params else said

    def ngettext(self, one: str, many: str, num: int, **params: object) -> str:
        """Return the sentence for so many, filled in; ``num`` is written as one writes numbers."""
        return self._count(one, many, num) % {"num": self.number(num), **params}

    def number(self, value: float) -> str:
        """Return a number as one writes it, with at most one decimal."""
        pattern = "#,##0" if isinstance(value, int) else "#,##0.#"
        return format_decimal(
            value if isinstance(value, int) else round(value, 1), format=pattern, locale=self.shown_locale
        )

    def day(self, day: date) -> str:
        """Return a day in words, such as "24 de noviembre de 2026"."""
        pattern = "d 'de' MMMM 'de' y" if self.locale == "es" else "d MMMM y"
        return format_date(day, pattern, locale=self.shown_locale)

    def short_day(self, day: date) -> str:
        """Return a day where there is little room, such as "24 nov 2026"."""
        return format_date(day, "d MMM y", locale=self.shown_locale)

    def moment(self, at: datetime) -> str:
        """Return a moment in words, such as "24 nov 2026, 10:00"."""
        return format_datetime(at.astimezone(self.zone), "d MMM y, HH:mm", locale=self.shown_locale)

    def weekday(self, number: int) -> str:
        """Return a day of the week, 0 is Monday."""
        return format_date(_A_MONDAY + timedelta(days=number), "EEEE", locale=self.shown_locale)

    def cut_off(self, at: datetime) -> str:
        """Return as of when figures are, with the zone that the hour is told in."""
        there = at.astimezone(self.zone)
        zone = get_timezone_location(self.zone.key, locale=self.shown_locale, return_city=True)
        return self.gettext(
            "Corte: %(day)s, %(hour)s h (hora de %(zone)s)",
            day=self.day(there.date()),
            hour=f"{there:%H:%M}",
            zone=zone,
        )

    def days(self, first: date, last: date) -> str:
        """Return a span of days in words."""
        return self.gettext("Del %(first)s al %(last)s", first=self.day(first), last=self.day(last))

    def months(self, year: int, number: int) -> str:
        """Return the two months of a bimester, such as "septiembre y octubre de 2026"."""
        names = [
            format_date(date(year, 2 * number - 1 + n, 1), "MMMM", locale=self.shown_locale)
            for n in range(_MONTHS_A_BIMESTER)
        ]
        return self.gettext("%(first)s y %(last)s de %(year)s", first=names[0], last=names[1], year=year)

    def shown(self, value: Cell, kind: Kind) -> str:
        """Return a cell as paper shows it; what is not known says so."""
        if value is None:
            return self.gettext(NO_DATA)
        if kind in NUMERIC and not isinstance(value, str):
            said = self.number(value)
            return f"{said}\u00a0%" if kind is Kind.PERCENT else said
        if kind is Kind.DAY:
            return self.short_day(date.fromisoformat(str(value)))
        if kind is Kind.MOMENT:
            return self.moment(datetime.fromisoformat(str(value)))
        return str(value)


def wording(locale: str, zone: ZoneInfo) -> Wording:
    """Return who says things in that language and zone."""
    said = catalogue(locale)
    return Wording(locale, zone, said.gettext, said.ngettext)


def hours(lag: timedelta | None) -> float | None:
    """Return a lag in hours, to one decimal; nothing for one that is not known."""
    return None if lag is None else round(lag.total_seconds() / 3600, 1)


def share(part: int, whole: int) -> int | None:
    """Return a part in percent; None of nothing."""
    return round(100 * part / whole) if whole else None


__all__ = ["NO_DATA", "Wording", "clean", "hours", "share", "wording"]
