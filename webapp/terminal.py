"""What every command of a terminal begins with: the settings, the database, and an error as a sentence."""

import os
import sys

import click

from content_calendar import settings as settings_module
from content_calendar.db import Database
from content_calendar.errors import ResuenaError, SettingError
from content_calendar.settings import Settings
from webapp.sentences import EXPECTED, SENTENCES

_BAD_SETTING = 2


def plain(error: ResuenaError) -> str:
    """Return an error's sentence for a terminal, in Spanish: there is no reader's language here yet."""
    params = {
        key: EXPECTED.get(str(value), value) if key == "expected" else value
        for key, value in error.params.items()
    }
    if not isinstance(error, SettingError):
        params = dict(error.params)
    return SENTENCES.get(error.code, SENTENCES["error"]) % params


def read_settings() -> Settings:
    """Return the settings of the environment; a bad one ends the program with its name."""
    try:
        return settings_module.read(os.environ)
    except SettingError as error:
        click.echo(plain(error), err=True)
        sys.exit(_BAD_SETTING)


def open_database(settings: Settings) -> Database:
    """Return the database, its folder made."""
    settings.data.mkdir(parents=True, exist_ok=True)
    return Database(settings.database)


def require_ready(settings: Settings) -> None:
    """Raise DatabaseNotMigratedError or DatabaseUnreachableError when nothing could be served or sent."""
    from webapp.database import require_migrated  # noqa: PLC0415 -- Alembic loads slowly

    database = open_database(settings)
    require_migrated(database)
    database.dispose()
