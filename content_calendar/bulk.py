"""Statements for many rows whose text never changes: prepared once by the driver, whatever the number of rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, BindParameter, ColumnElement, Connection, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine


class _Ids(TypeDecorator[Sequence[int]]):
    """A list of ids as one value: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of this database."""
        return dialect.type_descriptor(ARRAY(BigInteger) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:  # noqa: ANN401 -- two databases, two types
        """Return the list as the database takes it."""
        return list(value or ()) if dialect.name == "postgresql" else orjson.dumps(list(value or ())).decode()


class Among(ColumnElement[bool]):
    """Whether a column's value is among the ids of the parameter ``name``.

    As ``IN (…)``, but of one parameter: with ``IN`` each number of ids is another statement to prepare.
    """

    inherit_cache = True
    type = NullType()  # type: ignore[assignment] # of a Boolean SQLAlchemy makes "… = 1" on SQLite, which no index serves
    _traverse_internals = [  # noqa: RUF012 -- SQLAlchemy reads it as it is
        ("column", InternalTraversal.dp_clauseelement),
        ("ids", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any, name: str = "ids") -> None:  # noqa: ANN401 -- a column, or a model's attribute
        self.column = column.expression
        self.ids: BindParameter[Any] = bindparam(name, type_=_Ids())


@compiles(Among)
def _on_sqlite(element: Among, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    column, ids = compiler.process(element.column, **given), compiler.process(element.ids, **given)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 -- both are the compiler's own text


@compiles(Among, "postgresql")
def _on_postgresql(element: Among, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    column, ids = compiler.process(element.column, **given), compiler.process(element.ids, **given)
    return f"{column} = ANY ({ids})"


_Made = tuple[str, list[tuple[str, Callable[[Any], Any] | None]], bool]


class Bulk:
    """One statement made for many rows: compiled once for each kind of database, then only fed."""

    def __init__(self, statement: UpdateBase) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each row, a mapping of its parameters."""
        if not rows:
            return
        said, columns, positional = self._for(connection.dialect, list(rows[0]))
        if positional:
            fed: Any = [
                tuple(row[name] if turn is None else turn(row[name]) for name, turn in columns)
                for row in rows
            ]
        else:
            fed = [
                {name: row[name] if turn is None else turn(row[name]) for name, turn in columns}
                for row in rows
            ]
        connection.exec_driver_sql(said, fed)

    def _for(self, dialect: Dialect, names: list[str]) -> _Made:
        if dialect.name not in self._made:
            compiled = self._statement.compile(dialect=dialect, column_keys=names)
            if not isinstance(compiled, SQLCompiler):
                raise TypeError(type(compiled))
            order = list(compiled.positiontup or compiled.binds)
            columns: list[tuple[str, Callable[[Any], Any] | None]] = [
                (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
                for name in order
            ]
            self._made[dialect.name] = (str(compiled), columns, compiled.positional)
        return self._made[dialect.name]
