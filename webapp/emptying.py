"""Emptying a database of everything that is ours, whichever version made it."""

from sqlalchemy import Connection, text

from content_calendar.db import Database

_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
# Tables of a search bring tables of their own, which cannot be dropped by themselves.
_SEARCHES = f"{_SQLITE} AND sql LIKE 'CREATE VIRTUAL %'"
_POSTGRESQL = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
# Those of an extension are its own: they stay with it.
_FUNCTIONS = (
    "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)


def empty(database: Database) -> None:
    """Drop every table, with its triggers and their functions, in one transaction."""
    with database.engine.begin() as connection:
        if database.is_sqlite:
            # Heard until the transaction ends: by then neither who refers nor who is referred to is left.
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            _drop(connection, "TABLE", _SEARCHES)
            _drop(connection, "TABLE", _SQLITE)
            return
        _drop(connection, "TABLE", _POSTGRESQL, " CASCADE")
        for name in connection.scalars(text(_FUNCTIONS)).all():
            connection.execute(text(f"DROP FUNCTION {name} CASCADE"))


def _drop(connection: Connection, kind: str, asked: str, how: str = "") -> None:
    quote = connection.dialect.identifier_preparer.quote
    for name in connection.scalars(text(asked)).all():
        connection.execute(text(f"DROP {kind} {quote(name)}{how}"))
