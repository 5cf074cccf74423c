"""The database's life: migrate it, know whether it is migrated."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateTable

from content_calendar.db import Database
from content_calendar.errors import DatabaseNotMigratedError, DatabaseUnreachableError
from scheduler.replication.undating import undate_declarations
from webapp.downgrading import DowngradeLosesError, losses_between, tables_of
from webapp.schema import is_ours, metadata

# Up to this revision a declaration without a day was written as if it had one.
LAST_UNTOLD = "0008"
_MIGRATIONS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def head() -> str:
    """Return the newest revision that this version of the code knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    return revision or ""


def knows(revision: str) -> bool:
    """Return whether this version of the code knows a revision: it does not know those of newer ones."""
    return revision in {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}


def revision_of(database: Database) -> str:
    """Return the revision that the database stands at, empty for one without tables.

    Raises DatabaseUnreachableError when it does not answer.
    """
    try:
        with database.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    except OperationalError as error:
        raise DatabaseUnreachableError(address=database.url.render_as_string(hide_password=True)) from error


def migrate(database: Database, to: str = "head", *, lose: bool = False) -> None:
    """Bring the database's tables to a revision, up or down; each step in its own transaction.

    What no statement of a migration can tell of the rows themselves is mended once, after the step that it belongs to.
    Raises DowngradeLosesError, and does nothing, when a way down would drop what somebody wrote, unless ``lose``.
    """
    before = revision_of(database)
    config = _config()
    upward = to == "head" or (to != "base" and to > before)
    if not upward and not lose and (lost := losses(database, to)):
        raise DowngradeLosesError(revision=to, lost=", ".join(lost))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        if upward:
            command.upgrade(config, to)
        else:
            command.downgrade(config, to)
        connection.commit()
    if before and before <= LAST_UNTOLD < revision_of(database):
        with database.transaction() as session:
            undate_declarations(session)


def make_at_once(database: Database) -> None:
    """Make the tables that the models say in an empty database, without the steps that led to them.

    Many times quicker than to migrate, and for a trial only: no trigger is there, nor a search's index.
    """
    with database.engine.begin() as connection:
        for table in metadata().sorted_tables:
            connection.execute(CreateTable(table))
    config = _config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.stamp(config, "head")
        connection.commit()


def losses(database: Database, to: str) -> list[str]:
    """Return the tables and columns that hold something and that the older revision does not have."""
    with tempfile.TemporaryDirectory() as folder:
        older = Database(f"sqlite:///{folder}/older.db", pool_size=1)
        if to != "base":
            migrate(older, to)
        known = tables_of(older)
        older.dispose()
    return losses_between(database, known)


def require_migrated(database: Database) -> None:
    """Raise DatabaseNotMigratedError unless the database's tables are those of this version."""
    found, expected = revision_of(database), head()
    if found != expected:
        raise DatabaseNotMigratedError(found=found or "-", expected=expected)


def differences(database: Database) -> list[object]:
    """Return what the models say and the migrated database lacks, or the other way round."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        return list(compare_metadata(context, metadata()))


def new_revision(database: Database, message: str) -> None:
    """Write the migration that brings ``database`` to what the models say."""
    config = _config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.revision(
            config,
            message,
            autogenerate=True,
            rev_id=f"{len(list((_MIGRATIONS / 'versions').glob('*.py'))) + 1:04d}",
        )


def main() -> int:
    """Say whether the migrations make what the models say, on a database of no consequence."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/check.db")
        migrate(database)
        found = differences(database)
        database.dispose()
    sys.stdout.write("".join(f"{one}\n" for one in found) + f"migrations: {len(found)} differences\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
