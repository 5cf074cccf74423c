"""What a sheet of figures would do, row by row: which publication or account, at which age, which figures. Pure.

Nothing is guessed: a row whose publication is not ours, or has no age to compare at, is told and left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from content_calendar.sheet_cells import CellError, Days, day_of
from content_calendar.sheet_columns import plain
from scheduler.readings import WINDOWS
from scheduler.results.figure_columns import FIGURES, WHICH, Told, count_of

# A sheet says a day, not an hour: ages of less than three days cannot be told by it.
_BY_DAY: Final = tuple(one for one in WINDOWS if one.age >= timedelta(days=3))
_AGES: Final = {one.name: one.age for one in WINDOWS}
# So far from an age, in parts of it, a figure still stands for it.
_NEAR: Final = 4
_EARLIEST: Final = date(2006, 1, 1)
_A_DAY: Final = timedelta(days=1)


class Act(StrEnum):
    """What becomes of a row.

    new: it is written. known: all of it was read or brought before, and stays. unmatched: no publication or account
    of ours. young, between: at no age that figures are compared at. empty: it has no figure. partial: of a thread
    whose other parts are not there. bad: a cell cannot be read.
    """

    NEW = "new"
    KNOWN = "known"
    UNMATCHED = "unmatched"
    YOUNG = "young"
    BETWEEN = "between"
    EMPTY = "empty"
    PARTIAL = "partial"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Part:
    """One remote post of a publication of ours; ``parts`` is how many its publication has."""

    publication_id: int
    n: int
    parts: int
    post_ref: str
    title: str
    account: str
    published_at: datetime


@dataclass(slots=True)
class Row:
    """A row as it was understood; ``faults`` are by the index of the column."""

    n: int
    cells: Sequence[str]
    act: Act = Act.NEW
    faults: dict[int, CellError] = field(default_factory=dict)
    part: Part | None = None
    window: str = ""
    figures: dict[str, int] = field(default_factory=dict)
    account_id: int = 0
    account: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Judged:
    """A sheet's rows, what will be written of them, and how many rows there are of each act."""

    rows: Sequence[Row]
    # By publication and age: the figures; or by account and day: the followers.
    readings: Mapping[tuple[int, str], Mapping[str, int]]
    followers: Mapping[tuple[int, date], int]

    @property
    def counts(self) -> dict[Act, int]:
        """Return how many rows there are of each act; those that there are none of are left out."""
        found = {act: sum(row.act is act for row in self.rows) for act in Act}
        return {act: count for act, count in found.items() if count}


def window_at(age: timedelta) -> str | None:
    """Return the age at which figures are compared that a publication so old stands for; None for none.

    What is older than the last one stands for it: by then hardly anything happens any more.
    """
    if age >= _BY_DAY[-1].age:
        return _BY_DAY[-1].name
    near = [one for one in _BY_DAY if abs(age - one.age) <= one.age / _NEAR]
    return near[0].name if near else None


def cells_of(cells: Sequence[str], columns: Sequence[str]) -> dict[Told, tuple[int, str]]:
    """Return the filled cells of a row by what they tell, each with its column's index."""
    return {
        Told(column): (n, cells[n])
        for n, column in enumerate(columns)
        if column and n < len(cells) and cells[n].strip()
    }


def judge_readings(
    rows: Sequence[Row],
    columns: Sequence[str],
    matched: Mapping[int, Part],
    told_at: datetime,
    window: str,
    known: Mapping[tuple[int, str], frozenset[str]],
) -> Judged:
    """Return what the rows would do.

    ``matched`` are the parts by row; ``told_at`` is when the network told the figures; ``window`` the age that the
    person says they are of, empty for what each publication had reached; ``known`` the figures that there are.
    """
    together: dict[tuple[int, str], dict[int, Row]] = {}
    for row in rows:
        cells = cells_of(row.cells, columns)
        _read_figures(row, cells)
        row.part = matched.get(row.n)
        _place(row, told_at, window)
        if row.act is Act.NEW and row.part is not None:
            key = row.part.publication_id, row.window
            if together.setdefault(key, {}).setdefault(row.part.n, row) is not row:
                index = next((cells[one][0] for one in WHICH if one in cells), 0)
                row.act, row.faults[index] = (
                    Act.BAD,
                    CellError("figure_row_twice", row=together[key][row.part.n].n),
                )
    readings: dict[tuple[int, str], dict[str, int]] = {}
    for key, parts in together.items():
        told = _together(parts)
        fresh = {name: value for name, value in told.items() if name not in known.get(key, frozenset())}
        act = Act.PARTIAL if not told else Act.NEW if fresh else Act.KNOWN
        for row in parts.values():
            row.act = act
        if fresh:
            readings[key] = fresh
    return Judged(rows, readings, {})


def _read_figures(row: Row, cells: Mapping[Told, tuple[int, str]]) -> None:
    for told in FIGURES:
        if told not in cells:
            continue
        index, said = cells[told]
        try:
            value = count_of(said)
        except CellError as error:
            row.faults[index] = error
        else:
            if value is not None:
                row.figures[told.value] = value


def _place(row: Row, told_at: datetime, window: str) -> None:
    """Say what becomes of the row, as far as it alone tells."""
    if row.faults:
        row.act = Act.BAD
    elif row.part is None:
        row.act = Act.UNMATCHED
    elif not row.figures:
        row.act = Act.EMPTY
    else:
        age = told_at - row.part.published_at
        row.window = window or window_at(age) or ""
        if window and age + _A_DAY < _AGES[window]:
            row.act = Act.YOUNG
        elif not row.window:
            row.act = Act.YOUNG if age < _BY_DAY[0].age else Act.BETWEEN


def _together(parts: Mapping[int, Row]) -> dict[str, int]:
    """Return the figures of a publication: those that all its parts have, added up; none while a part is missing."""
    some = list(parts.values())
    if some[0].part is None or len(some) < some[0].part.parts:
        return {}
    named = set[str].intersection(*(set(row.figures) for row in some))
    return {name: sum(row.figures[name] for row in some) for name in sorted(named)}


def judge_followers(
    rows: Sequence[Row],
    columns: Sequence[str],
    accounts: Mapping[str, Sequence[tuple[int, str]]],
    today: date,
    as_of: date | None,
    known: Mapping[tuple[int, date], int],
) -> Judged:
    """Return what the rows would do; ``accounts`` are the ids and names by ``plain`` handle and address."""
    found: dict[tuple[int, date], int] = {}
    seen: dict[tuple[int, date], int] = {}
    for row in rows:
        cells = cells_of(row.cells, columns)
        value = _followers(row, cells, accounts, today, as_of)
        if row.faults:
            row.act = Act.BAD
        elif not row.account_id:
            row.act = Act.UNMATCHED
        elif value is None or row.day is None:
            row.act = Act.EMPTY
        else:
            key = row.account_id, row.day
            if seen.setdefault(key, row.n) != row.n:
                row.act, row.faults[cells[Told.ACCOUNT][0]] = (
                    Act.BAD,
                    CellError("figure_row_twice", row=seen[key]),
                )
            elif key in known:
                row.act = Act.KNOWN
            else:
                found[key] = value
    return Judged(rows, {}, found)


def _followers(
    row: Row,
    cells: Mapping[Told, tuple[int, str]],
    accounts: Mapping[str, Sequence[tuple[int, str]]],
    today: date,
    as_of: date | None,
) -> int | None:
    """Read a row's account, day and followers; what cannot be read is written down as its fault."""
    if Told.ACCOUNT in cells:
        index, said = cells[Told.ACCOUNT]
        some = accounts.get(plain(said), ())
        if len(some) > 1:
            row.faults[index] = CellError("figure_account_ambiguous", said=said[:60])
        elif some:
            row.account_id, row.account = some[0]
    row.day = as_of
    if Told.DAY in cells:
        index, said = cells[Told.DAY]
        try:
            row.day = day_of(said, Days(_EARLIEST, today))[0]
        except CellError as error:
            row.faults[index] = error
    if Told.FOLLOWERS not in cells:
        return None
    index, said = cells[Told.FOLLOWERS]
    try:
        value = count_of(said)
    except CellError as error:
        row.faults[index] = error
        return None
    if value is not None:
        row.figures[Told.FOLLOWERS.value] = value
    return value
