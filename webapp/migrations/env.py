"""What Alembic runs: the house's tables against one database."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from content_calendar.db import Database
from webapp.schema import is_ours, metadata


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as the plain ones below them, so that old migrations never import new code."""
    if kind == "type" and isinstance(item, TypeDecorator) and type(item).__module__ == "content_calendar.db":
        if type(item).__name__ == "Moment":
            return "sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), 'postgresql')"
        return f"sa.{item.impl_instance!r}"
    return False


def migrate(connection: Connection) -> None:
    """Run the migrations on one connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_as_batch=True,
        compare_type=False,
        render_item=render_item,
        include_name=is_ours,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    database = Database(context.config.attributes.get("url") or "sqlite://")
    with database.engine.connect() as opened:
        migrate(opened)
        opened.commit()
