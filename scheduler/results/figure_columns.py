"""The columns of networks' own sheets of figures, in Spanish and English, and the cells below them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import orjson

from content_calendar.sheet_cells import CellError, refuse_error
from content_calendar.sheet_columns import plain
from scheduler.results.figure_models import FigureKind

_HEADING_ROWS, _LEAST_HEADINGS = 20, 2
_LARGEST = (1 << 53) - 1
_GROUPED = re.compile(r"\d{1,3}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]0+)?")
_PLAIN = re.compile(r"\d+(?:[.,]0+)?")
_NOTHING = frozenset(
    {"", "-", "--", "—", "\u2013", "n/a", "n/d", "nd", "na", "null", "none", "sin dato", "s/d", "#n/d"}
)


class Told(StrEnum):
    """What a column tells; the figures bear the names that readings have."""

    LINK = "link"
    REMOTE_ID = "remote_id"
    VIEWS = "views"
    LIKES = "likes"
    REPOSTS = "reposts"
    QUOTES = "quotes"
    REPLIES = "replies"
    BOOKMARKS = "bookmarks"
    LINK_CLICKS = "link_clicks"
    PROFILE_CLICKS = "profile_clicks"
    ENGAGEMENTS = "engagements"
    REACH = "reach"
    ACCOUNT = "account"
    DAY = "day"
    FOLLOWERS = "followers"


WHICH: Final = (Told.LINK, Told.REMOTE_ID)
FIGURES: Final = (
    Told.VIEWS, Told.LIKES, Told.REPOSTS, Told.QUOTES, Told.REPLIES, Told.BOOKMARKS, Told.LINK_CLICKS,
    Told.PROFILE_CLICKS, Told.ENGAGEMENTS, Told.REACH,
)  # fmt: skip
OF_KIND: Final[Mapping[FigureKind, Sequence[Told]]] = {
    FigureKind.READINGS: (*WHICH, *FIGURES),
    FigureKind.FOLLOWERS: (Told.ACCOUNT, Told.DAY, Told.FOLLOWERS),
}

# As the networks' own exports call them, and people who copy them by hand.
HEADINGS: Final[Mapping[Told, Sequence[str]]] = {
    Told(told): some
    for told, some in orjson.loads(Path(__file__).with_name("figure_headings.json").read_bytes()).items()
}
"""The first is what we write; all are read, whatever their accents, capitals and signs."""

_BY_HEADING: Final = {plain(heading): told for told, some in HEADINGS.items() for heading in some}


@dataclass(frozen=True)
class Read:
    """A sheet whose headings were found: what each column tells, empty where nobody knows, and the rows below."""

    headings: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def told_by(heading: str, kind: FigureKind) -> Told | None:
    """Return what a heading means in a sheet of that kind; it may have a remark in brackets behind it."""
    found = _BY_HEADING.get(plain(heading)) or _BY_HEADING.get(plain(heading.partition("(")[0]))
    return found if found in OF_KIND[kind] else None


def read(rows: Sequence[Sequence[str]], kind: FigureKind) -> Read | None:
    """Return the sheet read: its headings are the row among the first with most of ours, or else its first full one.

    None for a sheet without two filled cells beside each other. A column that repeats another is left unread.
    """
    first = rows[:_HEADING_ROWS]
    known = [len({told_by(cell, kind) for cell in row} - {None}) for row in first]
    filled = [sum(bool(cell.strip()) for cell in row) for row in first]
    at = next((n for n, many in enumerate(known) if many >= _LEAST_HEADINGS and many == max(known)), None)
    if at is None:
        at = next((n for n, many in enumerate(filled) if many >= _LEAST_HEADINGS), None)
    if at is None:
        return None
    columns: list[str] = []
    for cell in first[at]:
        told = told_by(cell, kind)
        columns.append("" if told is None or told in columns else told.value)
    below = tuple(
        (number, tuple(cell.strip() for cell in row))
        for number, row in enumerate(rows[at + 1 :], start=at + 2)
        if any(cell.strip() for cell in row)
    )
    return Read(tuple(cell.strip() for cell in first[at]), tuple(columns), below)


def count_of(text: str) -> int | None:
    """Return the whole number that a cell says, None where it says that there is none. Raises CellError.

    Thousands may be apart by comma, point, apostrophe or space. What is rounded ("1.2 K") or no count is refused:
    a figure that nobody counted is not made up.
    """
    said = text.strip().strip("'\u200b")
    if said.casefold() in _NOTHING:
        return None
    refuse_error(said)
    if found := _GROUPED.fullmatch(said):
        # One group of three after a point or a comma is thousands: counts have no decimals.
        whole = (
            said
            if (tail := re.search(r"[.,]0+$", said)) is None or tail[0][1:] == "000"
            else said[: tail.start()]
        )
        digits = whole.replace(found[1], "")
    elif _PLAIN.fullmatch(said):
        digits = re.split(r"[.,]", said)[0]
    else:
        raise CellError("figure_no_count", said=said[:40])
    if int(digits) > _LARGEST:
        raise CellError("figure_no_count", said=said[:40])
    return int(digits)
