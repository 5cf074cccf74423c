"""What people write in the cells of a sheet, read: days, hours, links, hashtags, accounts. Pure.

Nothing is guessed where two readings are likely: a cell that cannot be read for sure is told.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from content_calendar import text_rules
from content_calendar.sheet_columns import plain

# Day 60 of a spreadsheet is 29 February 1900, which never was; counted from here, later days are right.
_SERIAL_BEGINS = date(1899, 12, 30)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{2,4}))?")
_WORDS = re.compile(
    r"(?:\w+,? )?(\d{1,2})(?:o|ro)?[-/. ]+(?:de )?([a-z]+)\.?(?:[-/., ]+(?:de |del )?(\d{2,4}))?"
)
_AT_HOUR = re.compile(r"[T ](\d{1,2}:\d{2}(?::\d{2})?)$")
_CLOCK = re.compile(
    r"(?:a las? )?(\d{1,2})(?:[:.h ]\s?(\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*(am|pm|h|hrs?|horas?)?"
)
_FRACTION = re.compile(r"0?\.\d+|0")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero ene jan january", "febrero feb february", "marzo mar march", "abril abr apr april", "mayo may",
            "junio jun june", "julio jul july", "agosto ago aug august", "septiembre setiembre sep sept set september",
            "octubre oct october", "noviembre nov november", "diciembre dic dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_TWO_DIGITS, _CENTURY = 100, 2000
_NOON, _HOURS, _MINUTES = 12, 24, 60
_LINK = re.compile(r"https?://[^\s/?#]+\.[^\s/?#]{2,}[^\s]*", re.IGNORECASE)
LONGEST_LINK = 2_000
MOST_TAGS = 30
_ERRORS = re.compile(r"#(?:REF|N/A|NAME\?|DIV/0|VALUE|NUM|NULL|SPILL|CALC|¿NOMBRE\?|¡.+)!?")


class CellError(Exception):
    """A cell that cannot be taken: a code, and the words its sentence needs."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Days:
    """The days that are planned, both in it; they tell the year where nobody wrote it."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def refuse_error(text: str) -> None:
    """Raise CellError for what a spreadsheet writes where its formula failed."""
    if _ERRORS.fullmatch(text):
        raise CellError("sheet_formula_failed", said=text)


def day_of(text: str, days: Days) -> tuple[date, str]:
    """Return the day that a cell says, and the hour behind it if there is one. Raises CellError.

    Mexican order: 15/03/2026 is in March. Serial numbers of spreadsheets are read (1900 system).
    """
    said = " ".join(text.split())
    hour = ""
    if found := _AT_HOUR.search(said):
        said, hour = said[: found.start()], found[1]
        hour = "" if hour.startswith(("00:00", "0:00")) else hour
    if _SERIAL.fullmatch(said):
        whole, _, part = said.partition(".")
        day = _SERIAL_BEGINS + timedelta(days=int(whole))
        hour = f"0.{part}" if part.strip("0") else hour
    elif found := _ISO.fullmatch(said):
        day = _date(int(found[1]), int(found[2]), int(found[3]), text)
    elif found := _NUMBERS.fullmatch(said):
        day = _numbers(int(found[1]), int(found[2]), found[3], days, text)
    elif (found := _WORDS.fullmatch(_bare(said))) and found[2] in _MONTHS:
        day = _date(_year(found[3], _MONTHS[found[2]], days), _MONTHS[found[2]], int(found[1]), text)
    else:
        raise CellError("sheet_day_unreadable", said=text)
    return _within(day, days), hour


def _bare(text: str) -> str:
    # The signs stay: "15-mar-26".
    return " ".join(re.sub(r"[^\w\s/.,-]+", " ", _unaccented(text)).split())


def _unaccented(text: str) -> str:
    return text.casefold().translate(str.maketrans("áéíóúü", "aeiouu"))


def _numbers(first: int, second: int, year: str | None, days: Days, text: str) -> date:
    if second > len(set(_MONTHS.values())) >= first:
        raise CellError("sheet_day_month_first", said=text)
    return _date(_year(year, second, days), second, first, text)


def _year(said: str | None, month: int, days: Days) -> int:
    if said:
        return int(said) + (_CENTURY if int(said) < _TWO_DIGITS else 0)
    return next((one.year for one in (days.first, days.last) if one.month == month), days.first.year)


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellError("sheet_day_impossible", said=text) from error


def _within(day: date, days: Days) -> date:
    if day not in days:
        raise CellError("sheet_day_outside", day=day, first=days.first, last=days.last)
    return day


def hour_of(text: str) -> time:
    """Return the hour that a cell says: 9:00, 9 am, 09:00 h, or a spreadsheet's fraction. Raises CellError."""
    said = " ".join(
        _unaccented(text).replace("a. m.", "am").replace("p. m.", "pm").replace("a.m.", "am").split()
    )
    said = (
        said.replace("p.m.", "pm")
        .replace("p.m", "pm")
        .replace("a.m", "am")
        .rstrip(".")
        .replace("hrs.", "hrs")
    )
    if said in {"mediodia", "medio dia"}:
        return time(_NOON)
    if _FRACTION.fullmatch(said):
        minutes = round(float(said) * _HOURS * _MINUTES)
        if minutes < _HOURS * _MINUTES:
            return time(minutes // _MINUTES, minutes % _MINUTES)
    found = _CLOCK.fullmatch(said)
    if not found or not (found[2] or found[4]):
        raise CellError("sheet_hour_unreadable", said=text)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[4]
    if half in {"am", "pm"} and 1 <= hour <= _NOON:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    try:
        return time(hour, minute, int(found[3] or 0))
    except ValueError as error:
        raise CellError("sheet_hour_impossible", said=text) from error


def link_of(text: str) -> str:
    """Return the link that a cell says. Raises CellError."""
    if len(text) > LONGEST_LINK:
        raise CellError("sheet_link_too_long", most=LONGEST_LINK)
    if len(text.split()) > 1:
        raise CellError("sheet_link_several")
    if not text.lower().startswith(("http://", "https://")):
        raise CellError("sheet_link_without_scheme", said=text)
    if not _LINK.fullmatch(text):
        raise CellError("sheet_link_unreadable", said=text)
    return text


def tags_of(text: str) -> tuple[str, ...]:
    """Return the hashtags of a cell, each with its sign. Raises CellError."""
    found = []
    for word in re.split(r"[\s,;]+", text.strip()):
        if not word:
            continue
        tag = word if word.startswith("#") else f"#{word}"
        if tag.lstrip("#").isdecimal():
            raise CellError("sheet_tag_only_digits", tag=tag)
        if text_rules.hashtags(tag) != [tag[1:]]:
            raise CellError("sheet_tag_unreadable", tag=tag)
        found.append(tag)
    if len(found) > MOST_TAGS:
        raise CellError("sheet_tags_too_many", most=MOST_TAGS)
    repeated = [
        tag for n, tag in enumerate(found) if text_rules.tag_key(tag) in map(text_rules.tag_key, found[:n])
    ]
    if repeated:
        raise CellError("sheet_tag_repeated", tag=repeated[0])
    return tuple(found)


def several(text: str) -> list[str]:
    """Return the pieces of a cell that holds several things, apart by commas, semicolons or lines."""
    return [piece for one in re.split(r"[\n;,]+", text) if (piece := " ".join(one.split()))]


def named(text: str, names: Mapping[str, str], unknown: str) -> str:
    """Return what a name stands for; raise CellError with the code ``unknown`` where it stands for nothing."""
    found = names.get(plain(text))
    if found is None:
        raise CellError(unknown, said=text)  # its callers' codes are told by them
    return found


def joined(day: date, hour: time) -> datetime:
    """Return a wall time."""
    return datetime.combine(day, hour)
