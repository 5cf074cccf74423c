import pytest
from sqlalchemy import text

from content_calendar.db import Database
from content_calendar.errors import DatabaseNotMigratedError, DatabaseUnreachableError
from webapp.database import differences, head, migrate, require_migrated, revision_of


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    assert differences(database) == []


def test_a_difference_between_models_and_migrations_is_seen(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE reading"))
    assert differences(database) != []


def test_a_database_goes_down_to_nothing_and_up_again(database: Database) -> None:
    migrate(database, "base")
    assert revision_of(database) == ""
    migrate(database)
    assert revision_of(database) == head()
    assert differences(database) == []


def test_a_database_that_is_not_migrated_is_refused_by_name(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Database(f"sqlite:///{tmp_path_factory.mktemp('empty')}/resuena.db")
    with pytest.raises(DatabaseNotMigratedError) as told:
        require_migrated(empty)
    assert told.value.params == {"found": "-", "expected": head()}
    empty.dispose()


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    away = Database("postgresql+psycopg://someone:secret@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseUnreachableError) as told:
        require_migrated(away)
    assert "secret" not in str(told.value)
