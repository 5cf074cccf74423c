"""Several short lists in one question: each comes back as JSON, and its values as the types of its columns.

For pages that show a little of much: on a far database every question is a journey of its own.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Date, Select, String, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Boolean, TypeEngine

from content_calendar.db import Moment, Word

_Turn = Callable[[Any], Any]


class _Rows(GenericFunction[str]):
    """The rows of a subquery as one JSON array."""

    name = "gathered_rows"
    type = String()
    inherit_cache = True


class _Row(GenericFunction[str]):
    """The columns of a row as one JSON array."""

    name = "gathered_row"
    type = String()
    inherit_cache = True


@compiles(_Rows)
def _rows_on_sqlite(element: _Rows, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    return f"json_group_array({compiler.process(element.clauses, **given)})"


@compiles(_Rows, "postgresql")
def _rows_on_postgresql(element: _Rows, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    return f"CAST(json_agg({compiler.process(element.clauses, **given)}) AS TEXT)"


@compiles(_Row)
def _row_on_sqlite(element: _Row, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    return f"json_array({compiler.process(element.clauses, **given)})"


@compiles(_Row, "postgresql")
def _row_on_postgresql(element: _Row, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    return f"json_build_array({compiler.process(element.clauses, **given)})"


def gather(session: Session, **lists: Select[*tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each of these queries, by its name, in one question.

    Columns are texts, numbers, truths, days, moments and words of an enum; each query says its own order.
    """
    asked = []
    for name, query in lists.items():
        rows = query.subquery(f"of_{name}")
        asked.append(select(_Rows(_Row(*rows.c))).select_from(rows).scalar_subquery().label(name))
    answer = session.execute(select(*asked)).one()
    return {
        name: _turned(said, [_turn(column.type) for column in query.selected_columns])
        for (name, query), said in zip(lists.items(), answer, strict=True)
    }


def _turned(said: str | None, turns: Sequence[_Turn | None]) -> list[tuple[Any, ...]]:
    changing = [(at, turn) for at, turn in enumerate(turns) if turn is not None]
    rows: list[list[Any]] = orjson.loads(said) if said else []
    for row in rows:
        for at, turn in changing:
            if row[at] is not None:
                row[at] = turn(row[at])
    return [tuple(row) for row in rows]


def _turn(kind: TypeEngine[Any]) -> _Turn | None:
    if isinstance(kind, Word):
        return kind.words
    if isinstance(kind, Moment):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    return bool if isinstance(kind, Boolean) else None
