"""Whether the database is one that this worker's code can work on."""

from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

import assets.models
import content_calendar.models.jobs
import content_calendar.models.notices
import content_calendar.models.publications
import scheduler.models
from content_calendar.db import Base, Database
from content_calendar.errors import DatabaseNotMigratedError, DatabaseUnreachableError

# The worker does not know the pages' migrations; it knows what it writes and reads.
_USED = (
    assets.models.AssetUse,
    assets.models.Consent,
    assets.models.Takedown,
    content_calendar.models.jobs.Installation,
    content_calendar.models.jobs.Job,
    content_calendar.models.notices.Notice,
    content_calendar.models.publications.Publication,
    content_calendar.models.publications.PublicationPart,
    scheduler.models.Attempt,
    scheduler.models.Entry,
    scheduler.models.Feed,
    scheduler.models.Heartbeat,
    scheduler.models.Replication,
)


def require_tables(database: Database) -> None:
    """Raise DatabaseNotMigratedError unless the database has every table and column of the models used.

    Raises DatabaseUnreachableError when it does not answer.
    """
    try:
        found = inspect(database.engine)
        names = set(found.get_table_names())
        missing = [
            f"{table}.{column.name}"
            for table in sorted(model.__tablename__ for model in _USED)
            for column in Base.metadata.tables[table].columns
            if table not in names or column.name not in {each["name"] for each in found.get_columns(table)}
        ]
    except OperationalError as error:
        raise DatabaseUnreachableError(address=database.url.render_as_string(hide_password=True)) from error
    if missing:
        raise DatabaseNotMigratedError(found=_revision(database, names), expected=missing[0])


def _revision(database: Database, tables: set[str]) -> str:
    if "alembic_version" not in tables:
        return "-"
    with database.engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "-")
