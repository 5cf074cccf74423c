"""A sheet judged, row by row and cell by cell: what it would do, and what is wrong and where. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar

from content_calendar.bimesters import BIMESTERS_A_YEAR
from content_calendar.sheet_cells import CellError, day_of, hour_of, link_of, refuse_error, tags_of
from content_calendar.sheet_columns import Column, plain
from content_calendar.sheet_names import Names
from content_calendar.sheet_values import (
    Known,
    KnownAccount,
    KnownPost,
    Values,
    digest_of,
    key_of,
    parts_of,
    title_from,
)
from content_calendar.text_rules import is_blank, tag_key
from content_calendar.wall_time import MissingTimeError, resolve

LONGEST_TEXT = 10_000
LONGEST_TITLE = 200
LONGEST_ALT = 2_000
LONGEST_NOTES = 4_000
LONGEST_KEY = 60
MOST_PARTS = 25
_YEAR_DIGITS = 4

T = TypeVar("T")
D = TypeVar("D")


class Act(StrEnum):
    """What a row would do to the calendar."""

    MAKE = "make"
    CHANGE = "change"
    KEEP = "keep"
    PLACE = "place"


@dataclass
class Row:
    """A row as it was judged. ``n`` is its number in the sheet; ``faults`` are by column."""

    n: int
    cells: Mapping[str, str]
    values: Values = field(default_factory=Values)
    key: str = ""
    # The post or the theme's place that its key names.
    ref: str = ""
    act: Act = Act.MAKE
    # Whether it only says on which days a theme stands, and is no post.
    place: bool = False
    faults: dict[Column, CellError] = field(default_factory=dict)

    def take(self, column: Column, read: Callable[[str], T], default: D) -> T | D:
        """Return what ``read`` makes of a cell; note what it refuses, and return ``default`` for that and for none."""
        text = self.cells.get(column, "")
        if not text or column in self.faults:
            return default
        try:
            refuse_error(text)
            return read(text)
        except CellError as error:
            self.faults[column] = error
            return default

    def refuse(self, column: Column, error: CellError) -> None:
        """Note what is wrong with a cell; the first thing stays."""
        self.faults.setdefault(column, error)


@dataclass(frozen=True)
class Judged:
    """A whole sheet, judged."""

    rows: Sequence[Row]
    new_themes: Sequence[str] = ()

    @property
    def faults(self) -> int:
        """Return how many cells are wrong."""
        return sum(len(row.faults) for row in self.rows)

    def count(self, act: Act) -> int:
        """Return how many rows would do that."""
        return sum(row.act is act for row in self.rows)


def read(cells: Iterable[tuple[int, Mapping[str, str]]], known: Known) -> list[Row]:
    """Return the rows of a sheet as they were understood, each post with its key where it can have one."""
    names = Names(known)
    return [_read(Row(n, said), names, known) for n, said in cells]


def judge(rows: Sequence[Row], known: Known, posts: Mapping[str, KnownPost]) -> Judged:
    """Return the rows judged against what is known, and against the posts that their keys name."""
    for row in rows:
        if row.place:
            _compare_place(row, known)
        else:
            _compare(row, known, posts.get(row.key))
    _refuse_repeated(rows)
    new = {
        plain(row.values.theme): row.values.theme
        for row in rows
        if row.values.theme and not row.values.theme_ref
    }
    return Judged(rows, list(new.values()))


def _read(row: Row, names: Names, known: Known) -> Row:
    row.take(Column.BIMESTER, lambda said: _refuse_other_bimester(said, known), None)
    theme, theme_ref = row.take(Column.THEME, names.theme, ("", ""))
    zone = row.take(Column.ZONE, names.zone, known.zone)
    day, spare = row.take(Column.DAY, lambda said: day_of(said, known.days), (None, ""))
    hour = row.take(Column.HOUR, hour_of, None)
    if hour is None and spare and Column.HOUR not in row.cells:
        hour = hour_of(spare)
    row.values = Values(
        theme=theme,
        theme_ref=theme_ref,
        zone=zone,
        until=row.take(Column.UNTIL, lambda s: day_of(s, known.days)[0], None),
    )
    if {Column.TEXT, Column.ACCOUNTS, Column.HOUR, Column.TITLE, Column.LINK, Column.TAGS}.isdisjoint(
        row.cells
    ):
        _read_place(row, day, known)
    else:
        _read_post(row, names, day, hour)
    row.key = row.take(Column.KEY, _key, "") or ("" if row.place or row.faults else key_of(row.values))
    return row


def _read_place(row: Row, day: date | None, known: Known) -> None:
    first, last = day or known.days.first, row.values.until or (known.days.last if day is None else day)
    if last < first:
        row.refuse(Column.UNTIL, CellError("sheet_until_before_day", first=first))
    row.place, row.act = True, Act.PLACE
    row.values = replace(row.values, local=datetime.combine(first, time()), until=last)


def _read_post(row: Row, names: Names, day: date | None, hour: time | None) -> None:
    if row.values.until:
        row.refuse(Column.UNTIL, CellError("sheet_until_of_post"))
    accounts = row.take(
        Column.ACCOUNTS,
        lambda said: names.accounts(said, row.take(Column.NETWORK, names.networks, frozenset())),
        (),
    )
    parts = _parts(row)
    row.values = replace(
        row.values,
        until=None,
        local=_moment(row, day, hour),
        accounts=tuple(sorted(one.ref for one in accounts)),
        parts=parts,
        title=row.take(Column.TITLE, lambda said: _short(said, LONGEST_TITLE), "") or title_from(parts),
        campaigns=row.take(Column.CAMPAIGN, lambda said: names.campaigns(said, day), ()),
        noted=_noted(row, names, day),
        target="" if parts else row.take(Column.LINK, link_of, ""),
    )


def _moment(row: Row, day: date | None, hour: time | None) -> datetime | None:
    if day and hour is None and not row.cells.get(Column.HOUR):
        row.refuse(Column.HOUR, CellError("sheet_hour_missing"))
    elif hour is not None and not row.cells.get(Column.DAY):
        row.refuse(Column.DAY, CellError("sheet_day_missing"))
    if day is None or hour is None:
        return None
    local = datetime.combine(day, hour)
    try:
        resolve(local, row.values.zone)
    except MissingTimeError as error:
        resumes = datetime.fromisoformat(str(error.params["next_valid"]))
        row.refuse(Column.HOUR, CellError("sheet_hour_skipped", next=f"{resumes:%H:%M}"))
    return local


def _parts(row: Row) -> tuple[str, ...]:
    text = row.take(Column.TEXT, lambda said: _long(said, LONGEST_TEXT), "")
    link = row.take(Column.LINK, link_of, "")
    tags = row.take(Column.TAGS, tags_of, ())
    parts = parts_of(text)
    if not parts:
        return ()
    if len(parts) > MOST_PARTS:
        row.refuse(Column.TEXT, CellError("sheet_parts_too_many", most=MOST_PARTS))
    last = parts[-1]
    if link and not any(link in part for part in parts):
        last = f"{last}\n{link}"
    said = {tag_key(f"#{tag}") for part in parts for tag in _tags(part)}
    if missing := [tag for tag in tags if tag_key(tag) not in said]:
        last = f"{last}\n{' '.join(missing)}"
    return (*parts[:-1], last)


def _tags(text: str) -> list[str]:
    return [word.lstrip("#").rstrip(".,;:!?") for word in text.split() if word.startswith("#")]


def _noted(row: Row, names: Names, day: date | None) -> dict[str, str]:
    noted = {
        Column.ALT.value: row.take(Column.ALT, lambda said: _long(said, LONGEST_ALT), ""),
        Column.BODY.value: row.take(Column.BODY, lambda said: names.body(said, day), ""),
        Column.AUDIENCE.value: row.take(Column.AUDIENCE, names.audiences, ""),
        Column.NOTES.value: row.take(Column.NOTES, lambda said: _long(said, LONGEST_NOTES), ""),
    }
    return {name: said for name, said in noted.items() if said}


def _short(said: str, most: int) -> str:
    return " ".join(_long(said, most).split())


def _long(said: str, most: int) -> str:
    if len(said) > most:
        raise CellError("sheet_cell_too_long", most=most, length=len(said))
    if any(ord(sign) < ord(" ") and sign not in "\n\t\r" for sign in said) or "\ufffd" in said:
        raise CellError("sheet_text_garbled")
    return "" if is_blank(said) else said


def _key(said: str) -> str:
    if len(said) > LONGEST_KEY or len(said.split()) > 1:
        raise CellError("sheet_key_unreadable")
    return said


def _refuse_other_bimester(said: str, known: Known) -> None:
    """Raise CellError for another bimester than the one that is imported; its number, or its months, are read."""
    names = {plain(name): n for n, some in enumerate(_BIMESTERS, start=1) for name in some}
    bare = plain(said)
    year = next((word for word in bare.split() if word.isdecimal() and len(word) == _YEAR_DIGITS), "")
    rest = " ".join(word for word in bare.split() if word not in {year, "bimestre", "de", "y", "del"})
    number = names.get(rest)
    if number is None:
        raise CellError("sheet_bimester_unreadable", said=said)
    if number != known.number or (year and int(year) != known.year):
        raise CellError("sheet_bimester_other", said=said)


_ORDINALS = ("primer primero", "segundo", "tercer tercero", "cuarto", "quinto", "sexto")
_MONTHS = (
    "enero febrero", "marzo abril", "mayo junio", "julio agosto", "septiembre octubre", "noviembre diciembre",
)  # fmt: skip
_SHORT = ("ene feb", "mar abr", "may jun", "jul ago", "sep oct", "nov dic")
_BIMESTERS = tuple(
    (str(n + 1), f"{n + 1}o", f"{n + 1}er", f"{n + 1}º", *_ORDINALS[n].split(), _MONTHS[n], _SHORT[n])
    for n in range(BIMESTERS_A_YEAR)
)


def _compare(row: Row, known: Known, post: KnownPost | None) -> None:
    """Say what the row would do, by its key; what is as it was has nothing to mend."""
    if post is not None:
        row.ref, row.act = post.ref, Act.CHANGE
        if not row.faults and digest_of(row.values) in {post.digest, post.base}:
            # As it stands, or as it was when it came: whatever was changed here since stays.
            row.act = Act.KEEP
            return
        if not post.writable:
            row.refuse(Column.KEY, CellError("sheet_post_not_draft"))
        elif post.digest != post.base:
            row.refuse(Column.KEY, CellError("sheet_post_changed_meanwhile"))
    for column, error in (*_lacking(row), *_unfit(row, known)):
        row.refuse(column, error)


def _lacking(row: Row) -> Iterator[tuple[Column, CellError]]:
    if not row.values.theme:
        yield Column.THEME, CellError("sheet_theme_missing")
    if not row.values.accounts:
        yield Column.ACCOUNTS, CellError("sheet_accounts_missing")
    if not row.values.parts:
        yield Column.TEXT, CellError("sheet_text_missing")


def _compare_place(row: Row, known: Known) -> None:
    values = row.values
    if not values.theme:
        row.refuse(Column.THEME, CellError("sheet_theme_missing"))
        return
    first = values.local.date() if values.local else None
    every = {key: one for key, one in known.spans.items() if one.theme_ref == values.theme_ref}
    same = next((one for one in every.values() if one.starts_on == first), None)
    span = same or every.get(row.key)
    if span is not None:
        row.ref = span.ref
        row.act = Act.KEEP if (span.starts_on, span.ends_on) == (first, values.until) else Act.CHANGE


def _unfit(row: Row, known: Known) -> Iterator[tuple[Column, CellError]]:
    """Yield what was understood and cannot be done today."""
    values = row.values
    if values.local and (column := _past(row, known)):
        yield column, CellError("sheet_moment_past")
    accounts: Mapping[str, KnownAccount] = {one.ref: one for one in known.accounts}
    for ref in values.accounts:
        one = accounts[ref]
        if one.retired:
            yield Column.ACCOUNTS, CellError("sheet_account_retired", account=one.said)
        elif not one.usable:
            yield Column.ACCOUNTS, CellError("sheet_account_unconnected", account=one.said)
        for n, part in enumerate(values.parts, start=1):
            if (over := known.fits(ref, part)) is not None:
                yield Column.TEXT, CellError("sheet_text_over", network=over[0], over=over[1], part=n)


def _past(row: Row, known: Known) -> Column | None:
    values = row.values
    if values.local is None or Column.HOUR in row.faults:
        return None
    moment = resolve(values.local, values.zone)
    if moment.utc > known.now:
        return None
    return Column.DAY if values.local.date() < known.now.date() else Column.HOUR


def _refuse_repeated(rows: Sequence[Row]) -> None:
    keys: dict[str, int] = {}
    same: dict[str, int] = {}
    moments: dict[tuple[datetime, str, str], int] = {}
    places: dict[tuple[str, datetime | None], int] = {}
    for row in rows:
        values = row.values
        if row.place:
            _once(places, (plain(values.theme), values.local), row, Column.DAY, "sheet_place_repeated")
            continue
        if row.cells.get(Column.KEY) and not _once(keys, row.key, row, Column.KEY, "sheet_key_repeated"):
            continue
        # Two posts that stand here already may be alike: that is told elsewhere.
        kept = row.act is Act.KEEP and Column.KEY in row.cells
        if row.faults or not (kept or _once(same, key_of(values), row, Column.TEXT, "sheet_row_repeated")):
            continue
        for ref in values.accounts if values.local else ():
            at = (values.local or datetime.min, values.zone, ref)  # noqa: DTZ901 -- a wall time is naive
            if row.act is Act.KEEP:
                moments.setdefault(at, row.n)
            else:
                _once(moments, at, row, Column.HOUR, "sheet_hour_taken")


K = TypeVar("K")


def _once(seen: dict[K, int], value: K, row: Row, column: Column, code: str) -> bool:
    first = seen.setdefault(value, row.n)
    if first != row.n:
        row.refuse(column, CellError(code, row=first))
        return False
    return True
