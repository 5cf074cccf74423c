"""Dates as some sites of ours write them in their feeds: in Spanish, where the format asks for English. Pure."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MONTHS = {
    "ene": 1, "feb": 2, "mar": 3, "abr": 4, "may": 5, "jun": 6, "jul": 7, "ago": 8, "sep": 9, "set": 9, "oct": 10,
    "nov": 11, "dic": 12,
}  # fmt: skip
_NAMES = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST = 100
_HERE = "-0600"
_WORDS = re.compile(
    r"^(?:[a-záéíóúñ]{2,9}\.?,?\s+)?(?P<day>\d{1,2})(?:\s+de)?[\s/-]+(?P<month>[a-záéíóúñ]{3,10})\.?"
    r"(?:,|\s+del?)?[\s/-]+(?P<year>\d{4})\b,?(?P<rest>.*)$"
)
_FIGURES = re.compile(r"^(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})\b,?(?P<rest>.*)$")
_HOUR = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?P<zone>[+-]\d{4}|[+-]\d\d:\d\d|gmt|utc|z)?"
)
_NOON = 12


def read_date(text: str) -> datetime | None:
    """Return the moment a text tells, in UTC; nothing when it tells none.

    "lunes, 2 de noviembre de 2026 10:00", "Lun, 02 Nov 2026 10:00:00 -0600", "02/11/2026": the day first, as we
    write it. Who writes so and names no zone means the clock on the wall: that of central Mexico is taken. A day
    without an hour is its noon there, the same day in every zone of ours.
    """
    said = " ".join(text[:_LONGEST].casefold().split())
    found = _WORDS.match(said) or _FIGURES.match(said)
    if found is None:
        return None
    month = int(found["month"]) if found["month"].isdigit() else _MONTHS.get(found["month"][:3], 0)
    if not 1 <= month < len(_NAMES):
        return None
    hour, zone = _clock(found["rest"])
    try:
        moment: datetime = parsedate_to_datetime(
            f"{found['day']} {_NAMES[month]} {found['year']} {hour} {zone}"
        )
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _clock(rest: str) -> tuple[str, str]:
    found = _HOUR.search(rest)
    if found is None:
        return "12:00:00", _HERE
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % _NOON + (_NOON if found["half"].startswith("p") else 0)
    zone = found["zone"] or ""
    if not zone:
        zone = _HERE
    zone = zone.replace(":", "") if zone[0] in "+-" else "+0000"
    return f"{hour:02}:{found['minute']}:{found['second'] or '00'}", zone
