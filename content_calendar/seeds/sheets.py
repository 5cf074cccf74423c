"""The seed sheets: what each file in ``data/`` says, as rows of text, and how their dates are read."""

import csv
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from importlib import resources

_DATA = resources.files("content_calendar.seeds") / "data"
_DAY_LENGTH = len("2025-03-21")
_SLUG_LENGTH = 120

Row = dict[str, str]


def read(name: str) -> Sequence[Row]:
    """Return the rows of one sheet, by column; a missing cell is empty."""
    text = (_DATA / f"{name}.csv").read_text(encoding="utf-8")
    return [{column: cell or "" for column, cell in row.items()} for row in csv.DictReader(text.splitlines())]


def first_day(partial: str) -> date | None:
    """Return the first day that ``2025-05`` or ``2025-05-21`` may mean; none for an empty cell."""
    if not partial:
        return None
    return date.fromisoformat(partial if len(partial) == _DAY_LENGTH else f"{partial}-01")


def last_day(partial: str) -> date | None:
    """Return the last day that ``2025-05`` or ``2025-05-21`` may mean; none for an empty cell."""
    first = first_day(partial)
    if first is None or len(partial) == _DAY_LENGTH:
        return first
    return first.replace(day=monthrange(first.year, first.month)[1])


def ended_by(partial: str) -> date | None:
    """Return the first day on which what ended ``partial`` is surely over.

    An end on a day is over on that day; one of which only the month is known, on the first of the next.
    """
    last = last_day(partial)
    if last is None or len(partial) == _DAY_LENGTH:
        return last
    return last + timedelta(days=1)


def slug_of(name: str) -> str:
    """Return a name as it stands in an address: plain letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:_SLUG_LENGTH].rstrip("-")
