"""Sentences in one reader's language and zone, with or without a page around them: a letter says them too."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from content_calendar.clock import now
from webapp.sentences import SENTENCES
from webapp.words import N_

_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")


class _Forgiving(dict[str, object]):
    # A stored why-sentence may be older than its translation: a missing word must not cost the page.
    def __missing__(self, key: str) -> str:
        return "…"


class Told(str):
    """A sentence that knows its code, so that a page can lead to what explains it."""

    __slots__ = ("code",)

    def __new__(cls, said: str, code: str) -> Self:
        """Return the sentence with its code."""
        told = super().__new__(cls, said)
        told.code = code
        return told

    code: str


@dataclass(frozen=True)
class Speaker:
    """Says things to one reader. ``locale`` is "es_MX" or "en"; ``translate`` turns Spanish into their language."""

    locale: str
    zone: ZoneInfo
    translate: Callable[[str], str]

    def words(self, moment: datetime) -> str:
        """Return a moment in words, such as "mar 24 nov, 10:00 h"; the year is said when it is not this one."""
        there = moment.astimezone(self.zone)
        year = "" if there.year == now().astimezone(self.zone).year else " y"
        if self.locale == "en":
            return format_datetime(there, f"EEE d MMM{year}, HH:mm", locale="en")
        return format_datetime(there, f"EEE d MMM{year}, HH:mm'\u00a0h'", locale="es_MX")

    def day_words(self, day: date) -> str:
        """Return a day in words, such as "martes 24 de noviembre"; the year is said when it is not this one."""
        spanish = self.locale == "es_MX"
        pattern = "EEEE d 'de' MMMM" if spanish else "EEEE d MMMM"
        if day.year != now().astimezone(self.zone).year:
            pattern += " 'de' y" if spanish else " y"
        return format_date(day, pattern, locale=self.locale)

    def week_words(self, first: date) -> str:
        """Return the seven days from ``first`` in words, such as "del 23 al 29 de noviembre"."""
        last = first + timedelta(days=6)
        spanish, locale = self.locale == "es_MX", self.locale
        year = last.year != now().astimezone(self.zone).year
        whole = (
            ("d 'de' MMMM" + (" 'de' y" if year else "")) if spanish else ("d MMMM" + (" y" if year else ""))
        )
        begins = "d" if first.month == last.month else ("d 'de' MMMM" if spanish else "d MMMM")
        return self.fill(
            N_("del %(first)s al %(last)s"),
            {
                "first": format_date(first, begins, locale=locale),
                "last": format_date(last, whole, locale=locale),
            },
        )

    def number(self, value: int) -> str:
        """Return a number as the reader writes it."""
        return format_decimal(value, locale=self.locale)

    def shown(self, value: object) -> object:
        """Return a parameter as a sentence shows it: moments and days in words, numbers as one writes them."""
        if isinstance(value, datetime):
            return self.words(value) if value.tzinfo else value.strftime("%d/%m/%Y %H:%M")
        if isinstance(value, date):
            return self.day_words(value)
        if isinstance(value, str) and (found := _stored(value)) is not None:
            return self.shown(found)
        if isinstance(value, list | tuple):
            return ", ".join(str(self.shown(one)) for one in value)
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        return self.number(value)

    def fill(self, sentence: str, params: Mapping[str, object] | None = None) -> str:
        """Return a Spanish sentence in the reader's language with its parameters filled in."""
        return self.translate(sentence) % _Forgiving(
            {key: self.shown(value) for key, value in (params or {}).items()}
        )

    def sentence(self, code: str, params: Mapping[str, object] | None = None) -> Told:
        """Return the sentence of a code with its parameters filled in."""
        return Told(self.fill(SENTENCES.get(code, SENTENCES["error"]), params), code)


def _stored(text: str) -> date | datetime | None:
    # Stored parameters are JSON, where a day and a moment are texts.
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:  # written like a date, and none
        return None
