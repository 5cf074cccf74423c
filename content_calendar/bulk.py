"""Statements for many rows whose text never changes: prepared once by the driver, whatever the number of rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Executable,
    Text,
    bindparam,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine


class _Listed(TypeDecorator[Sequence[Any]]):
    """A list as one value: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of this database."""
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:  # noqa: ANN401 -- two databases, two types
        """Return the list as the database takes it."""
        return list(value or ()) if dialect.name == "postgresql" else orjson.dumps(list(value or ())).decode()


class Among(ColumnElement[bool]):
    """Whether a column's value is among those of the parameter ``name``: ids, or ``item`` says of what type.

    As ``IN (…)``, but of one parameter: with ``IN`` each number of values is another statement to prepare.
    """

    inherit_cache = True
    type = NullType()  # type: ignore[assignment] # of a Boolean SQLAlchemy makes "… = 1" on SQLite, which no index serves
    _traverse_internals = [  # noqa: RUF012 -- SQLAlchemy reads it as it is
        ("column", InternalTraversal.dp_clauseelement),
        ("ids", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any, name: str = "ids", item: TypeEngine[Any] | None = None) -> None:  # noqa: ANN401 -- a column, or a model's attribute
        self.column = column.expression
        self.ids: BindParameter[Any] = bindparam(name, type_=_Listed(item or BigInteger()))


@compiles(Among)
def _on_sqlite(element: Among, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    column, ids = compiler.process(element.column, **given), compiler.process(element.ids, **given)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 -- both are the compiler's own text


@compiles(Among, "postgresql")
def _on_postgresql(element: Among, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 -- the compiler's own
    column, ids = compiler.process(element.column, **given), compiler.process(element.ids, **given)
    return f"{column} = ANY ({ids})"


_Turn = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement as one kind of database takes it: what it is fed and what it answers, and how each is turned."""

    said: str
    fed: Sequence[tuple[str, _Turn]]
    # What never changes from call to call, turned already.
    fixed: Mapping[str, Any]
    positional: bool
    answers: Sequence[tuple[int, Callable[[Any], Any]]] | None

    def feed(self, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- as the driver takes it
        turned = [
            self.fixed[name] if name not in given else given[name] if turn is None else turn(given[name])
            for name, turn in self.fed
        ]
        return (
            tuple(turned)
            if self.positional
            else dict(zip((name for name, _ in self.fed), turned, strict=True))
        )


def _make(statement: Executable, dialect: Dialect, names: list[str] | None = None) -> _Made:
    compiled = statement.compile(dialect=dialect, column_keys=names)  # type: ignore[attr-defined] # every statement of ours has it
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(type(compiled))
    if any(bind.expanding for bind in compiled.binds.values()):
        raise TypeError("a list of its own number each time: Among takes it as one value")
    fed: list[tuple[str, _Turn]] = [
        (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in compiled.positiontup or compiled.binds
    ]
    fixed = {
        name: turn(compiled.binds[name].value) if turn else compiled.binds[name].value
        for name, turn in fed
        if not compiled.binds[name].required
    }
    turns = _turns(statement, dialect) if getattr(statement, "exported_columns", ()) else None
    return _Made(str(compiled), fed, fixed, compiled.positional, turns)


def _turns(statement: Executable, dialect: Dialect) -> list[tuple[int, Callable[[Any], Any]]]:
    """Return which of the columns of an answer are turned into something else, and how."""
    return [
        (at, turn)
        for at, column in enumerate(getattr(statement, "exported_columns", ()))
        if (turn := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
    ]


class Bulk:
    """One statement made for many rows: compiled once for each kind of database, then only fed."""

    def __init__(self, statement: UpdateBase) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each row, a mapping of its parameters."""
        if not rows:
            return
        made = self._made.get(connection.dialect.name)
        if made is None:
            made = self._made[connection.dialect.name] = _make(
                self._statement, connection.dialect, list(rows[0])
            )
        fed = [made.feed(row) for row in rows]
        with _cursor(connection, made.said, fed) as cursor:
            cursor.executemany(made.said, fed)


class Prepared:
    """One statement: compiled once for each kind of database, then only fed, past SQLAlchemy's own execution.

    For where the same few run by the thousand while others wait: what SQLAlchemy works
    out at each execution costs it more than the database's own work. No ``IN`` of a list: ``Among``.
    """

    def __init__(self, statement: Executable | Callable[[str], Executable]) -> None:
        # A function, where the databases need to be told differently: it gets the name of the kind.
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def __call__(self, connection: Connection, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it; return the rows that it answers, none when it answers nothing."""
        return self.turned(connection, self.raw(connection, given))

    def raw(self, connection: Connection, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it; return the rows as the driver gives them: enough to tell whether an answer is still the same."""
        made = self._made_for(connection)
        fed = made.feed(given)
        with _cursor(connection, made.said, fed) as cursor:
            cursor.execute(made.said, fed)
            return [] if made.answers is None else cursor.fetchall()

    def turned(self, connection: Connection, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Return what ``raw`` returned, each value as what it stands for."""
        answers = self._made_for(connection).answers
        return [_turned(row, answers) for row in rows] if answers else rows

    def _made_for(self, connection: Connection) -> _Made:
        made = self._made.get(connection.dialect.name)
        if made is None:
            name, said = connection.dialect.name, self._statement
            made = self._made[name] = _make(
                said if isinstance(said, Executable) else said(name), connection.dialect
            )
        return made


def streamed(
    connection: Connection, statement: Executable, together: int
) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the rows of an answer, at most ``together`` at a time, in constant memory.

    SQLite's driver reads as it is asked, and its rows are taken as they are: a ``Row`` made of each of a million takes
    longer than reading them. Other drivers have to be told to read so, and then SQLAlchemy holds the first row.
    """
    if connection.dialect.name != "sqlite":
        result = connection.execute(statement, execution_options={"yield_per": together})
        try:
            yield from result.partitions()
        finally:
            result.close()
        return
    result = connection.execute(statement)
    turns, cursor = _turns(statement, connection.dialect), result.cursor
    if cursor is None:
        raise TypeError("it answers no rows")
    try:
        while part := cursor.fetchmany(together):
            yield [_turned(row, turns) for row in part] if turns else part
    finally:
        result.close()


def _turned(row: Sequence[Any], turns: Sequence[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for at, turn in turns:
        values[at] = turn(values[at])
    return tuple(values)


@contextmanager
def _cursor(connection: Connection, said: str, fed: Any) -> Iterator[Any]:  # noqa: ANN401 -- as the driver takes it
    """Give a cursor of the driver; what the driver raises is raised as SQLAlchemy would, and who listens is told."""
    dialect = connection.dialect
    cursor = connection.connection.cursor()
    try:
        connection.dispatch.before_cursor_execute(connection, cursor, said, fed, None, isinstance(fed, list))
        yield cursor
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(said, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error
    finally:
        cursor.close()
