"""The database: base class of the models, column types, engines and transactions.

One behaviour on SQLite (WAL) and PostgreSQL. Functions of the house take a session and never commit;
``Database.transaction`` and ``Database.reading`` are for the edge.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    create_engine,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TIMESTAMP, Text, TypeDecorator, TypeEngine

from content_calendar import clock

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else when read aloud
_REF_LENGTH = 12
_REFS = len(_ALPHABET) ** _REF_LENGTH
_PAIRS = [one + other for one in _ALPHABET for other in _ALPHABET]
_BUSY_SECONDS = 30
# KiB of the file's pages in a connection that holds little, of SQLite's 2,000: a process of the pages opens seven, and
# what none of them keeps the system keeps for all. Fewer prepared statements than 128 cost a twelfth of the processor.
_FEW_PAGES = 500
_ASKED_EVERY = 0.0005
_ASKED_AT_MOST = 60_000
_BEGIN = "resuena_begin"

E = TypeVar("E", bound=StrEnum)


def new_ref() -> str:
    """Return a random public reference: what stands in addresses and files instead of an id."""
    # One draw for all letters, turned into pairs of them: one draw a letter takes ten times as long.
    drawn, said = secrets.randbelow(_REFS), ""
    for _ in range(_REF_LENGTH // 2):
        drawn, pair = divmod(drawn, len(_PAIRS))
        said += _PAIRS[pair]
    return said


def as_text(moment: datetime) -> str:
    """Return a moment as SQLite stores it: always as long, so that the order of texts is the order of time."""
    # Twenty times faster than strftime, and the same text.
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"


def _moment(value: Any) -> datetime | None:  # noqa: ANN401 -- as the driver gives it
    if value is None:
        return None
    return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC.

    Fixed-width text on SQLite, so that the order of texts is the order of time; timestamptz on PostgreSQL.
    """

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the column type of this database."""
        return dialect.type_descriptor(
            TIMESTAMP(timezone=True) if dialect.name == "postgresql" else String(27)
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 -- two databases, two types
        """Return what the database stores; a moment without a zone is a mistake of ours, refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a zone: {value!r}")
        return value.astimezone(UTC) if dialect.name == "postgresql" else as_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 -- see above
        """Return the moment in UTC."""
        return _moment(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002 -- the type's interface
        """Return what turns a stored value into the moment: nothing stands between, where rows come by the thousand."""
        return _moment


class Word(TypeDecorator[E]):
    """A value of one StrEnum, stored as its text; a text that is not of the enum is refused both ways."""

    impl = String(40)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__(40)
        self.words = words
        self._known: dict[str | None, E | None] = {None: None, **{one.value: one for one in words}}

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- the type's interface
        """Return the word's text."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002 -- the type's interface
        """Return the word."""
        # Ten times faster than to ask the enum, which refuses what it does not know.
        return self._known[value] if value in self._known else self.words(str(value))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], E | None]:  # noqa: ARG002 -- the type's interface
        """Return what turns a stored text into the word, as ``Moment`` does."""
        return lambda value: self.process_result_value(value, dialect)


class Json(TypeDecorator[Any]):
    """A JSON value, kept as compact text on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 -- any JSON value
        """Return the value as JSON text."""
        return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 -- any JSON value
        """Return the JSON text as a value."""
        return None if value is None else orjson.loads(value)


# SQLite numbers rows by itself only for INTEGER; PostgreSQL needs the wide type.
Id = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """Base of every model; the naming convention lets migrations name what they change."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions by itself, and late: a read that turns into a write then meets
    # "database is locked" whatever the time-out. We begin them ourselves, by name.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite knows no zones. One call, mostly of what was told before, where a chain of comparisons with every turn of
    # the clocks and its own strftime take three times as long.
    connection.create_function("local_text", 2, local_text, deterministic=True)


@lru_cache(1 << 12)
def local_text(at: str | None, zone: str) -> str | None:
    """Return a moment as SQLite stores it by a zone's clocks, to the second, such as 2026-11-23T10:00:00-06:00."""
    return at and datetime.fromisoformat(f"{at[:19]}Z").astimezone(ZoneInfo(zone)).isoformat()


def _hold_few_pages(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(f"PRAGMA cache_size=-{_FEW_PAGES}")


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get(_BEGIN, "DEFERRED")
    if kind == "DEFERRED":
        connection.exec_driver_sql("BEGIN DEFERRED")
        return
    # SQLite's own waiting sleeps ever longer, up to 100 ms, and has no queue: a busy worker would starve the
    # people who save a post. Asked again every half millisecond, whoever waits gets the next gap.
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        for _ in range(_ASKED_AT_MOST):
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
            else:
                return
            clock.rest(_ASKED_EVERY)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")


class Database:
    """One database and its two kinds of transaction.

    ``little`` keeps less of an SQLite file in each connection, for whoever has many of them and reads little at once
    (https://www.sqlite.org/pragma.html#pragma_cache_size).
    """

    def __init__(self, url: str, *, pool_size: int = 10, little: bool = False) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = create_engine(
                self.url, connect_args={"timeout": _BUSY_SECONDS}, pool_size=pool_size
            )
            event.listen(self.engine, "connect", _prepare_sqlite)
            if little:
                event.listen(self.engine, "connect", _hold_few_pages)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = create_engine(self.url, pool_pre_ping=True, pool_size=pool_size)
        self._writing: Engine = self.engine.execution_options(**{_BEGIN: "IMMEDIATE"})
        read_options: Mapping[str, Any] = {} if self.is_sqlite else {"postgresql_readonly": True}
        self._reading: Engine = self.engine.execution_options(**read_options)

    def open(self, *, writes: bool) -> Session:
        """Return a session for an edge that ends its transaction itself, such as a web request."""
        return Session(self._writing if writes else self._reading, expire_on_commit=False, autoflush=writes)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a transaction that writes: committed at the end, rolled back by any exception."""
        with self.open(writes=True) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads; whatever it changed is dropped."""
        with self.open(writes=False) as session:
            try:
                yield session
            finally:
                # Ending the transaction would empty every loaded object; what was read stays readable.
                session.expunge_all()
                session.rollback()

    def dispose(self) -> None:
        """Close every connection; to be called after a fork and at the end."""
        self.engine.dispose()
