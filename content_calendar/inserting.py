"""Insert what is not there yet, whoever else does the same at the same moment."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from content_calendar.db import Base


def absent(dialect: str, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an insert of this kind of database that passes over what a unique key of the table forbids."""
    if dialect == "sqlite":
        return sqlite.insert(model).on_conflict_do_nothing()
    return postgresql.insert(model).on_conflict_do_nothing()


def insert_absent(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows that no unique key of the table forbids; the others stay as they stand.

    Which ones were there before is not told: read them afterwards.
    """
    if not rows:
        return
    session.execute(absent(session.get_bind().dialect.name, model), rows)
