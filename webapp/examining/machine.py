"""The machine's side: the folder of data, its keys, the address, the database, the clock, the storage, the mail."""

import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from obstore.exceptions import BaseError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from assets.object_storage import chosen
from assets.storage import Shelf
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.errors import DatabaseUnreachableError, ResuenaError
from content_calendar.settings import Settings
from content_calendar.wall_time import tz_version, zone_named
from scheduler import mailing
from webapp.database import head, revision_of
from webapp.examining.findings import Area, Finding, Level

_LOW, _LOWEST = 5 << 30, 500 << 20
_GIGABYTE, _MEGABYTE = 1 << 30, 1 << 20
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_APART = timedelta(seconds=2)
_NOBODY = "0" * 64
# Mexico gave up daylight saving (DOF, 28 October 2022); data older than that send an hour early all summer.
_SUMMER = datetime(2026, 7, 1, 12)  # noqa: DTZ001 -- the wall's time, of which the offset is asked
_CENTRE, _SIX_HOURS = "America/Mexico_City", timedelta(hours=-6)


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Yield how the folder of data, its keys and the public address are."""
    area, folder = Area.SETTINGS, settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".examined"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        yield Finding(area, Level.ERROR, "data_not_writable", {"folder": str(folder.absolute())})
        return
    free = shutil.disk_usage(folder).free
    told = {"megabytes": free // _MEGABYTE, "gigabytes": free // _GIGABYTE, "folder": str(folder.absolute())}
    if free < _LOW:
        yield Finding(area, Level.ERROR if free < _LOWEST else Level.WARNING, "disk_low", told)
    else:
        yield Finding(area, Level.OK, "disk_roomy", told)
    open_ = sorted(_open_keys(folder))
    if open_:
        yield Finding(area, Level.ERROR, "keys_open", {"files": ", ".join(open_)})
    else:
        yield Finding(area, Level.OK, "keys_private")
    if not settings.public_url:
        yield Finding(area, Level.WARNING, "public_url_missing")
    elif settings.public_url.startswith("https://") and not settings.https:
        yield Finding(area, Level.WARNING, "cookies_without_https")
    else:
        yield Finding(area, Level.OK, "public_url_given", {"address": settings.public_url})


def _open_keys(folder: Path) -> Iterator[str]:
    """Yield the files of keys, and the database, that others on this machine may read."""
    kept = [*(folder / "keys").glob("*"), *folder.glob("*.db")]
    for path in kept:
        if path.stat().st_mode & _OTHERS and folder.stat().st_mode & _OTHERS:
            yield str(path.relative_to(folder))


def of_database(settings: Settings) -> Iterator[Finding]:
    """Yield whether the database answers, is of this version and whole, and whose clock goes right."""
    area = Area.DATABASE
    database = Database(settings.database, pool_size=1)
    try:
        found, wanted = revision_of(database), head()
        if found != wanted:
            yield Finding(
                area, Level.ERROR, "database_not_migrated", {"found": found or "-", "expected": wanted}
            )
            return
        kind = "SQLite" if database.is_sqlite else "PostgreSQL"
        yield Finding(area, Level.OK, "database_answers", {"kind": kind, "revision": found})
        yield from _whole(database)
        yield from _apart(database)
    except (DatabaseUnreachableError, OperationalError):
        address = database.url.render_as_string(hide_password=True)
        yield Finding(area, Level.ERROR, "database_unreachable", {"address": address})
    finally:
        database.dispose()


def _whole(database: Database) -> Iterator[Finding]:
    if not database.is_sqlite:
        return
    with database.engine.connect() as connection:
        said = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if said != "ok":
        yield Finding(Area.DATABASE, Level.ERROR, "database_damaged", {"said": str(said)[:200]})


def _apart(database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        apart = abs(clock.db_now(session) - clock.now())
    if apart > _APART:
        yield Finding(Area.CLOCK, Level.ERROR, "clocks_apart", {"seconds": int(apart.total_seconds())})


def of_clock(settings: Settings) -> Iterator[Finding]:
    """Yield whether the data of time zones are those that hold in Mexico."""
    told = {"zone": settings.zone, "version": tz_version()}
    right = zone_named(_CENTRE).utcoffset(_SUMMER) == _SIX_HOURS
    yield Finding(Area.CLOCK, *((Level.OK, "zones_right") if right else (Level.ERROR, "zones_old")), told)


def of_storage(settings: Settings) -> Iterator[Finding]:
    """Yield whether the materials can be reached."""
    where = settings.storage or str((settings.data / "materials").absolute())
    try:
        chosen(settings).exists(Shelf.SERVED, _NOBODY)
    except (BaseError, OSError, ValueError, ResuenaError) as error:
        told = {"where": where, "said": type(error).__name__}
        yield Finding(Area.STORAGE, Level.ERROR, "storage_silent", told)
    else:
        yield Finding(Area.STORAGE, Level.OK, "storage_answers", {"where": where})


def of_mail(settings: Settings) -> Iterator[Finding]:
    """Yield whether the mail server lets us in; takes as long as it does."""
    if not settings.mail_host:
        yield Finding(Area.MAIL, Level.INFO, "mail_off")
        return
    try:
        with mailing.connected(settings):
            pass
    except ResuenaError as error:
        yield Finding(Area.MAIL, Level.ERROR, error.code, error.params)
    else:
        yield Finding(Area.MAIL, Level.OK, "mail_answers", {"host": settings.mail_host})
