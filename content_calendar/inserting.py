"""Insert what is not there yet, whoever else does the same at the same moment."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from content_calendar.db import Base


def insert_absent(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows that no unique key of the table forbids; the others stay as they stand.

    Which ones were there before is not told: read them afterwards.
    """
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(model).on_conflict_do_nothing(), rows)
