"""How a value of the database is written in open data, worked out by the database itself, alike on both kinds.

What a row of a million needs is worked out in SQL, so that what arrives can be written as it is.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from content_calendar.db import Moment

# Nobody of ours has published anything before.
_FIRST = datetime(2010, 1, 1, tzinfo=UTC)
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


class _Utc(FunctionElement[Any]):
    """A moment to the second in UTC."""

    name = "utc_text"
    inherit_cache = True
    type = String()


class _Local(FunctionElement[Any]):
    """A moment by the clocks of a zone: of the moment, the zone's name, and what says it where clocks are compared."""

    name = "zoned_text"
    inherit_cache = True
    type = String()


class _Shifted(FunctionElement[Any]):
    """A moment moved by a span, to the second, without its distance from UTC."""

    name = "shifted_text"
    inherit_cache = True
    type = String()


class _Seconds(FunctionElement[Any]):
    """How many whole seconds lie between two moments."""

    name = "seconds_between"
    inherit_cache = True
    type = BigInteger()


class _Quoted(FunctionElement[Any]):
    """A text as a cell of CSV: between quotation marks where it holds what would end the cell."""

    name = "quoted_text"
    inherit_cache = True
    type = String()


def _said(element: FunctionElement[Any], compiler: SQLCompiler, given: Mapping[str, Any]) -> Sequence[str]:
    return [compiler.process(one, **given) for one in element.clauses]


@compiles(_Utc)
def _utc_on_sqlite(element: _Utc, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    (at,) = _said(element, compiler, given)
    return f"substr({at}, 1, 19) || 'Z'"


@compiles(_Utc, "postgresql")
def _utc_on_postgresql(element: _Utc, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- as above
    (at,) = _said(element, compiler, given)
    return f"to_char({at} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"


@compiles(_Local)
def _local_on_sqlite(element: _Local, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- as above
    at, zone, _ = element.clauses
    # A function of ours, which every connection to SQLite has.
    return f"local_text({compiler.process(at, **given)}, {compiler.process(zone, **given)})"


@compiles(_Local, "postgresql")
def _local_on_postgresql(element: _Local, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- as above
    return _said(element, compiler, given)[-1]


@compiles(_Shifted, "postgresql")
def _shifted_on_postgresql(element: _Shifted, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- as above
    at, span = _said(element, compiler, given)
    return f"to_char(({at} AT TIME ZONE 'UTC') + interval {span}, 'YYYY-MM-DD\"T\"HH24:MI:SS')"


@compiles(_Seconds)
def _seconds_on_sqlite(element: _Seconds, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- as above
    begun, ended = _said(element, compiler, given)
    return f"(strftime('%s', substr({ended}, 1, 19)) - strftime('%s', substr({begun}, 1, 19)))"


@compiles(_Seconds, "postgresql")
def _seconds_on_postgresql(element: _Seconds, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- as above
    begun, ended = _said(element, compiler, given)
    whole = "CAST(extract(epoch FROM date_trunc('second', {})) AS bigint)"
    return f"({whole.format(ended)} - {whole.format(begun)})"


@compiles(_Quoted)
def _quoted_on_sqlite(element: _Quoted, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- as above
    (said,) = _said(element, compiler, given)
    return _between_marks(said, f"{said} GLOB ('*[\",' || char(10, 13) || ']*')")


@compiles(_Quoted, "postgresql")
def _quoted_on_postgresql(element: _Quoted, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- as above
    (said,) = _said(element, compiler, given)
    return _between_marks(said, f"{said} ~ ('[\",' || chr(10) || chr(13) || ']')")


def _between_marks(said: str, asked: str) -> str:
    return f"""CASE WHEN {asked} THEN '"' || replace({said}, '"', '""') || '"' ELSE {said} END"""


def csv_line(cells: Sequence[tuple[ColumnElement[Any], bool]]) -> ColumnElement[Any]:
    """Return cells as one line of CSV, without its end; with each, whether its text may hold a mark of CSV's own."""
    said = [
        func.coalesce(_Quoted(cell) if free else cast(cell, Text), literal_column("''", Text))
        for cell, free in cells
    ]
    line: ColumnElement[Any] = said[0]
    for one in said[1:]:
        line = line.concat(literal_column("','", Text)).concat(one)
    return line


def text(column: Any) -> ColumnElement[Any]:  # noqa: ANN401 -- a column, or a model's attribute
    """Return a text as it is, nothing for an empty one."""
    return func.nullif(type_coerce(column, String), "")


def day(column: Any) -> ColumnElement[Any]:  # noqa: ANN401 -- a column, or a model's attribute
    """Return a day; as both databases give it, it is written as ISO 8601."""
    return type_coerce(column, String)


def yes_no(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """Return "true" or "false", nothing for what is not known."""
    return case((condition, literal_column("'true'")), (~condition, literal_column("'false'")))


def word(column: Any, words: Mapping[str, str]) -> ColumnElement[Any]:  # noqa: ANN401 -- a column, or a model's attribute
    """Return the Spanish word of a code of ours, nothing for a code without one."""
    code = type_coerce(column, String)
    return case(*((code == said, literal(spanish)) for said, spanish in words.items()))


def utc(column: Any) -> ColumnElement[Any]:  # noqa: ANN401 -- a column, or a model's attribute
    """Return a moment in UTC, such as 2026-11-23T16:00:00Z."""
    return _Utc(column)


def local(column: Any, zone: ZoneInfo, today: datetime) -> ColumnElement[Any]:  # noqa: ANN401 -- a column, or a model's attribute
    """Return a moment by the clocks of ``zone``, such as 2026-11-23T10:00:00-06:00."""
    spans = _spans(zone, today.year)
    first = _shifted(column, spans[0][1])
    # The newest first: nearly every row is of this year.
    # Clocks are compared, not zones asked for: a database server may know other rules than we do.
    since = [
        (column >= literal(begun, Moment), _shifted(column, seconds))
        for (begun, _), (_, seconds) in zip(reversed(spans[:-1]), reversed(spans), strict=False)
    ]
    name = literal_column(f"'{zone.key}'", String)
    return _Local(column, name, case(*since, else_=first) if since else first)


def minutes_between(begun: Any, ended: Any) -> ColumnElement[Any]:  # noqa: ANN401 -- columns, or attributes of models
    """Return how many whole minutes lie between two moments, nothing where the second is the earlier one."""
    seconds = _Seconds(begun, ended)
    # Whole numbers divide into whole numbers on both databases; SQLAlchemy's own sign would make a fraction.
    return case((seconds >= 0, seconds.op("/", return_type=BigInteger())(literal_column("60"))))


def _shifted(column: Any, seconds: int) -> ColumnElement[Any]:  # noqa: ANN401 -- a column, or a model's attribute
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "-" if seconds < 0 else "+"
    offset = literal_column(f"'{sign}{hours:02}:{minutes:02}'", String)
    return _Shifted(column, literal_column(f"'{seconds} seconds'")).concat(offset)


@lru_cache(maxsize=8)
def _spans(zone: ZoneInfo, year: int) -> Sequence[tuple[datetime, int]]:
    """Return until when the zone's clocks were how many seconds from UTC, until the end of the year after."""
    found: list[tuple[datetime, int]] = []
    end = datetime(year + 2, 1, 1, tzinfo=UTC)
    at = _FIRST
    while at < end:
        after = min(at + _DAY, end)
        if _seconds(zone, at) != _seconds(zone, after):
            found.append((_turn(zone, at, after), _seconds(zone, at)))
        at = after
    return [*found, (end, _seconds(zone, end))]


def _turn(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second at which the zone's clocks stand as they do ``after``."""
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _seconds(zone, middle) == _seconds(zone, before):
            before = middle
        else:
            after = middle
    return after


def _seconds(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
