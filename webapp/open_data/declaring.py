"""What a set of open data is: its columns with what each says, and the query that fills them.

One declaration: CSV, JSON, dictionary, catalogue and checks are all made from it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from inspect import isfunction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Label, Select, select

from webapp.open_data import written
from webapp.words import N_

VERSION = "v1"
"""Stands in every address; a column that goes or changes its meaning makes the next one, new columns do not."""

TOGETHER = 2_000
"""How many rows are asked of the database at a time."""

Row = Sequence[Any]


class Kind(StrEnum):
    """What a column holds, in the words of Table Schema."""

    TEXT = "string"
    URL = "url"
    DAY = "date"
    MOMENT = "moment"
    LOCAL = "local"
    NUMBER = "integer"
    DECIMAL = "number"
    YES_NO = "boolean"
    WORD = "word"


KINDS: Mapping[Kind, str] = {
    Kind.TEXT: N_("texto"),
    Kind.URL: N_("dirección web"),
    Kind.DAY: N_("día"),
    Kind.MOMENT: N_("momento en UTC"),
    Kind.LOCAL: N_("momento, hora de la Comisión"),
    Kind.NUMBER: N_("número entero"),
    Kind.DECIMAL: N_("número"),
    Kind.YES_NO: N_("sí o no: true, false"),
    Kind.WORD: N_("una de estas palabras"),
}


@dataclass(frozen=True)
class Ask:
    """What a query may depend on: the commission's zone, the moment, and which networks are none.

    What goes out on a ``rehearsed`` one nobody else sees; accounts on an ``unreal`` one are no accounts of a network.
    """

    zone: ZoneInfo
    now: datetime
    rehearsed: frozenset[str] = frozenset()
    unreal: frozenset[str] = frozenset()
    demo: bool = False

    @property
    def today(self) -> date:
        """Return the day it is by the commission's clock."""
        return self.now.astimezone(self.zone).date()


# A column as the database is asked for it, or a function of an ``Ask`` that gives one.
Value = Any


@dataclass(frozen=True)
class Column:
    """One column: its name in the files, what it says in Spanish, where it comes from.

    ``value`` is what the database is asked for; without one the set's own function gives it. ``words`` are those
    that it may hold, each with what it means. ``typed`` says that a person wrote it.
    """

    name: str
    kind: Kind
    about: str
    source: str
    value: Value | None = None
    empty: str = ""
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    typed: bool = False

    @property
    def nullable(self) -> bool:
        """Return whether it may be empty; ``empty`` says what that means."""
        return bool(self.empty)

    @property
    def may_need_marks(self) -> bool:
        """Return whether CSV may have to put it between quotation marks."""
        if self.kind is Kind.WORD:
            return any(mark in said for said in self.words for mark in ',"\r\n')
        return self.kind in (Kind.TEXT, Kind.URL)

    def asked(self, ask: Ask) -> Label[Any]:
        """Return what the database is asked for."""
        if self.value is None:
            raise LookupError(self.name)
        found: ColumnElement[Any] = self.value(ask) if isfunction(self.value) else self.value
        return found.label(self.name)


@dataclass(frozen=True)
class DataSet:
    """A table that anybody may have: one row for each ``row``, told apart by ``key``, in an order that stays.

    ``joined`` completes the query of its columns; a set that no query fills has ``rows`` instead.
    """

    slug: str
    title: str
    about: str
    row: str
    fresh: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    keywords: tuple[str, ...]
    joined: Callable[[Select[Any], Ask], Select[Any]] | None = None
    rows: Callable[[Connection, Ask], Iterable[Row]] | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of its columns, in their order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def typed(self) -> tuple[int, ...]:
        """Return the places of what people wrote."""
        return tuple(at for at, column in enumerate(self.columns) if column.typed)

    @cached_property
    def yes_no(self) -> tuple[str, ...]:
        """Return the names of the columns that are true or false."""
        return tuple(column.name for column in self.columns if column.kind is Kind.YES_NO)

    def statement(self, ask: Ask) -> Select[Any]:
        """Return the query that fills it."""
        return self._completed(select(*(column.asked(ask) for column in self.columns)), ask)

    @cached_property
    def lined(self) -> bool:
        """Return whether the database can give a row as a line of CSV: nobody typed it, and it has no decimals."""
        return self.joined is not None and not any(
            column.typed or column.value is None or column.kind is Kind.DECIMAL for column in self.columns
        )

    def line_statement(self, ask: Ask) -> Select[Any]:
        """Return the query whose one column is a line of CSV, without its end."""
        cells = [(column.asked(ask).element, column.may_need_marks) for column in self.columns]
        return self._completed(select(written.csv_line(cells)), ask)

    def _completed(self, query: Select[Any], ask: Ask) -> Select[Any]:
        if self.joined is None:
            raise LookupError(self.slug)
        return self.joined(query, ask)


def _asked(value: Any, write: Callable[[Any], ColumnElement[Any]]) -> Value:  # noqa: ANN401 -- as below
    if isfunction(value):
        given: Callable[[Ask], Any] = value
        return lambda ask: write(given(ask))
    return None if value is None else write(value)


# In each, ``value`` is a column, a model's attribute, or a function of an ``Ask`` that gives one; ``more`` are fields
# of the declaration.
def text(name: str, about: str, source: str, value: Any = None, **more: Any) -> Column:  # noqa: ANN401 -- as above
    """Declare a text. ``typed=True`` where a person wrote it freely."""
    return Column(name, Kind.TEXT, about, source, _asked(value, written.text), **more)


def url(name: str, about: str, source: str, value: Any = None, **more: Any) -> Column:  # noqa: ANN401 -- as above
    """Declare an address of the web."""
    return Column(name, Kind.URL, about, source, _asked(value, written.text), **more)


def day(name: str, about: str, source: str, value: Any = None, **more: Any) -> Column:  # noqa: ANN401 -- as above
    """Declare a day."""
    return Column(name, Kind.DAY, about, source, _asked(value, written.day), **more)


def number(name: str, about: str, source: str, value: Any = None, **more: Any) -> Column:  # noqa: ANN401 -- as above
    """Declare a whole number."""
    return Column(name, Kind.NUMBER, about, source, _asked(value, lambda column: column), **more)


def decimal(name: str, about: str, source: str, value: Any = None, **more: Any) -> Column:  # noqa: ANN401 -- as above
    """Declare a number that may have decimals."""
    return Column(name, Kind.DECIMAL, about, source, _asked(value, lambda column: column), **more)


def yes_no(name: str, about: str, source: str, value: Any = None, **more: Any) -> Column:  # noqa: ANN401 -- as above
    """Declare what is true or false; ``value`` is a condition."""
    return Column(name, Kind.YES_NO, about, source, _asked(value, written.yes_no), **more)


def word(
    name: str,
    about: str,
    source: str,
    words: Mapping[Any, tuple[str, str]],
    value: Any = None,  # noqa: ANN401 -- as above
    **more: Any,  # noqa: ANN401 -- as above
) -> Column:
    """Declare one of a few words. ``words`` gives, for each code of ours, the Spanish word and what it means."""
    spanish = {str(code): said for code, (said, _) in words.items()}
    asked = _asked(value, lambda column: written.word(column, spanish))
    return Column(name, Kind.WORD, about, source, asked, words=dict(words.values()), **more)


def moment(name: str, about: str, source: str, value: Any, empty: str = "") -> tuple[Column, Column]:  # noqa: ANN401 -- a column, or a model's attribute
    """Declare a moment: in UTC, and by the commission's clocks."""
    return (
        Column(f"{name}_utc", Kind.MOMENT, about, source, written.utc(value), empty),
        Column(
            f"{name}_local", Kind.LOCAL, N_("El mismo momento, con la hora de la Comisión."), source,
            lambda ask: written.local(value, ask.zone, ask.now), empty,
        ),
    )  # fmt: skip
