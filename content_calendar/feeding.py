"""Rows that a statement is fed as one parameter: many of them cost one statement, whatever their number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BindParameter, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from content_calendar.db import as_text


class _Rows(TypeDecorator[Sequence[Sequence[Any]]]):
    """Rows as one JSON text; each value as its column's own text, which is what SQLite stores."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Sequence[Any]] | None, dialect: Dialect) -> str:  # noqa: ARG002 -- the type's interface
        """Return the rows as JSON."""
        return orjson.dumps(value or (), default=_said, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return as_text(value)
    raise TypeError(type(value))


class _Each(FunctionElement[Any]):
    """The rows, one at a time."""

    inherit_cache = False


class _Item(FunctionElement[Any]):
    """One value of a row, by its place."""

    inherit_cache = False

    def __init__(self, row: Any, at: int, item: TypeEngine[Any]) -> None:  # noqa: ANN401 -- a column of whatever rows are
        super().__init__(row)
        self.at = at
        self.type = item


@compiles(_Each)
def _each_on_sqlite(element: _Each, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    return f"json_each({compiler.process(element.clauses, **given)})"


@compiles(_Each, "postgresql")
def _each_on_postgresql(element: _Each, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    return f"json_array_elements(CAST({compiler.process(element.clauses, **given)} AS json))"


@compiles(_Item)
def _item_on_sqlite(element: _Item, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    return f"({compiler.process(element.clauses, **given)} ->> {element.at})"


@compiles(_Item, "postgresql")
def _item_on_postgresql(element: _Item, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    item = compiler.process(element.clauses, **given)
    kind = compiler.dialect.type_compiler_instance.process(element.type)
    return f"CAST({item} ->> {element.at} AS {kind})"


class Fed:
    """Rows under the parameter ``name``: ``Fed(id=BigInteger(), at=Moment())["id"]`` is a column to compare with.

    Whoever feeds it gives rows with the values in that order.
    """

    def __init__(self, columns: Mapping[str, TypeEngine[Any]], name: str = "rows") -> None:
        rows: BindParameter[Any] = bindparam(name, type_=_Rows())
        each = _Each(rows).table_valued("value", name="fed")
        self._columns = {
            column: _Item(each.c.value, at, item) for at, (column, item) in enumerate(columns.items())
        }

    def __getitem__(self, column: str) -> FunctionElement[Any]:
        """Return one of its columns."""
        return self._columns[column]
