"""What a report says, whatever its form: sections of paragraphs, figures, tables, charts and a map. Pure values.

The one source of the PDF, the DOCX and the XLSX. It is kept as JSON under its own hash, so that a form can be made
again at any time, to the same byte.
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache, lru_cache
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import orjson

# Version of what is kept: a form is only made of what this code has written.
SHAPE: Final = 2
# What turns the order of letters around, or says nothing at all.
_HIDDEN: Final = frozenset(
    "\ufffe\uffff\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


class Kind(StrEnum):
    """What stands in a column. A missing value is None whatever the kind, and never zero.

    number: a whole number. decimal, hours: at most one decimal. percent: 0 to 100. day and moment: ISO 8601, a moment
    with its offset.
    """

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    HOURS = "hours"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"
    LINK = "link"


Cell = str | int | float | None
NUMERIC: Final = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.HOURS, Kind.PERCENT})


@dataclass(frozen=True)
class Column:
    """A column of a table; ``width`` is its share of the page beside the others'."""

    title: str
    kind: Kind = Kind.TEXT
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """Rows under columns, the first of which names the row.

    ``sheet`` is the name of its sheet in a workbook; on paper stand at most ``printed`` rows, all with 0.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sheet: str
    note: str = ""
    printed: int = 0
    sort: str = "table"


@dataclass(frozen=True)
class Paragraph:
    """A few sentences."""

    text: str
    sort: str = "paragraph"


@dataclass(frozen=True)
class Listing:
    """Short points, one under the other."""

    items: tuple[str, ...]
    sort: str = "listing"


@dataclass(frozen=True)
class Figure:
    """One figure with its label, and what has to be known to read it."""

    label: str
    value: Cell
    kind: Kind = Kind.NUMBER
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """The figures that one looks for first."""

    title: str
    items: tuple[Figure, ...]
    sheet: str
    sort: str = "figures"


@dataclass(frozen=True)
class Point:
    """A value of a chart; ``short`` is what fits in a tile, ``place`` its row and column on a map."""

    label: str
    value: float | None
    short: str = ""
    place: tuple[int, int] | None = None


@dataclass(frozen=True)
class Chart:
    """Bars, or a map of tiles where points have places. Behind each stands a table with the same values."""

    title: str
    alt: str
    points: tuple[Point, ...]
    kind: Kind = Kind.NUMBER
    legend: tuple[str, ...] = ()
    sort: str = "chart"

    @property
    def is_map(self) -> bool:
        """Return whether it is drawn as tiles."""
        return any(point.place for point in self.points)


Block = Paragraph | Listing | Figures | Table | Chart
# Cells are what JSON has: very many of them need no look.
_A_ROW: Final = (tuple[Cell, ...], ...)
_BLOCKS: Final[Mapping[str, type[Any]]] = {
    "paragraph": Paragraph,
    "listing": Listing,
    "figures": Figures,
    "table": Table,
    "chart": Chart,
}


@dataclass(frozen=True)
class Section:
    """A part of a report under its heading; ``level`` 1 is a chapter."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True)
class Filling:
    """What fills the coordination's blank: the hash of the blank, the value of each place, the rows of each list."""

    blank: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A whole report.

    ``cut_off`` is as of when its figures are, in UTC; ``about`` the lines under its title; ``words`` what the forms
    themselves have to say, in the report's language, by name.
    """

    title: str
    subtitle: str
    author: str
    locale: str
    zone: str
    cut_off: str
    about: tuple[str, ...]
    sections: tuple[Section, ...]
    words: Mapping[str, str]
    filling: Filling = Filling()
    shape: int = SHAPE

    def tables(self) -> list[Table]:
        """Return all tables in their order."""
        return [block for part in self.sections for block in part.blocks if isinstance(block, Table)]


@lru_cache(1 << 13)
def clean(text: str) -> str:
    """Return what somebody typed without what no paper shows: control characters, and marks that turn text around."""
    said = unicodedata.normalize("NFC", text).encode("utf-8", "ignore").decode()
    return "".join(
        " " if letter in "\t\n\r\v\f\u2028\u2029" else letter
        for letter in said
        if letter not in _HIDDEN and (unicodedata.category(letter) != "Cc" or letter in "\t\n\r\v\f")
    ).strip()


def as_json(document: Document) -> bytes:
    """Return the document as it is kept; the same document is the same bytes."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def hash_of(kept: bytes) -> str:
    """Return what proves of a report what it was made from: SHA-256, in hexadecimal."""
    return hashlib.sha256(kept).hexdigest()


def from_json(kept: bytes) -> Document:
    """Return a document that was kept; raises ValueError for one of another shape."""
    told = orjson.loads(kept)
    if told.get("shape") != SHAPE:
        raise ValueError(f"a document of shape {told.get('shape')!r}")
    found: Document = _made(Document, told)
    return found


@cache
def _hints(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((one.name, hints[one.name]) for one in fields(kind))


def _made(kind: Any, told: Any) -> Any:  # noqa: ANN401 -- of any of the types above
    if kind is Block:
        kind = _BLOCKS[told["sort"]]
    if hasattr(kind, "__dataclass_fields__"):
        return kind(**{name: _made(hint, told[name]) for name, hint in _hints(kind)})
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple(get_args(kind), told)
    if origin in (Union, UnionType) and told is not None:
        of = [one for one in get_args(kind) if get_origin(one) is tuple]
        return _made(of[0], told) if of else told
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(told)
    return told


def _tuple(of: Sequence[Any], told: Sequence[Any]) -> tuple[Any, ...]:
    if of == _A_ROW:
        return tuple(map(tuple, told))
    if of[-1] is Ellipsis:
        return tuple(_made(of[0], one) for one in told)
    return tuple(_made(one, value) for one, value in zip(of, told, strict=True))
