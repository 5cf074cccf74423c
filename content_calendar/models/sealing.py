"""The audit's chain: a seal for each event, and the database's own refusal to change either.

Events are written as they happen; seals follow within seconds, so that nobody waits in line to publish.
The triggers come and go with the table of the seals, on both databases.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, ForeignKey, String, Table, event, text
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment


class AuditSeal(Base):
    """The n-th link: which event it is of, and the hash over it and the link before."""

    __tablename__ = "audit_seal"
    n: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(Moment, default=now)


_KEPT: Final = ("audit_event", "audit_seal")


def guard(connection: Connection) -> None:
    """Make the database refuse to change or delete what the audit holds."""
    for table in _KEPT:
        if connection.dialect.name == "sqlite":
            for act in ("UPDATE", "DELETE"):
                connection.execute(
                    text(
                        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                    )
                )
            continue
        connection.execute(
            text(
                f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
            )
        )
        connection.execute(
            text(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()"
            )
        )


def lift(connection: Connection) -> None:
    """Let the audit be replaced as a whole, as a restore does; ``guard`` is to follow in the same transaction."""
    for table in _KEPT:
        if connection.dialect.name == "sqlite":
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
        else:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_kept ON {table}"))
            connection.execute(text(f"DROP FUNCTION IF EXISTS {table}_kept()"))


# Migrations make the table without the model: the event is that of every table, told apart by name.
@event.listens_for(Table, "after_create")
def _guard_new(table: Table, connection: Connection, **_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
    if table.name == AuditSeal.__tablename__:
        guard(connection)


@event.listens_for(Table, "before_drop")
def _lift_old(table: Table, connection: Connection, **_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
    if table.name == AuditSeal.__tablename__:
        lift(connection)
