"""What is in a backup: every row, for either database, with the materials or the keys when asked for.

The file is a ZIP: ``manifest.json``, ``tables/<name>.jsonl`` with one row a line, ``materials/…``, ``keys/…``. It is
read in one snapshot. As it holds plain rows, a backup of SQLite can be restored on PostgreSQL. Keys are only in what
is sealed (``envelope``): a plain copy that is lost opens no account.
A restored database is older than the world: ``catch_up.restored`` makes it look before it sends.
"""

import base64
import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import Connection, Date, LargeBinary, Table, func, insert, select, text, update

from content_calendar.clock import now
from content_calendar.db import Database, Moment
from content_calendar.epoch import EpochFile
from content_calendar.errors import InvalidError
from content_calendar.models import sealing
from scheduler import restored
from scheduler.replication.undating import undate_declarations
from webapp.database import LAST_UNTOLD, head, knows, migrate, revision_of
from webapp.emptying import empty
from webapp.schema import metadata

FORMAT = 1
_BATCH = 500
_MATERIALS = "materials"
KEYS = "keys"
_KEY_MODE = 0o600
# Columns whose target is written after their own table; they are filled in at the end.
_LATER = {"post": ("version_id", "approved_version_id"), "body": ("succeeded_by_id",)}
# Gone with the browser or the process they belong to; or made anew by what is written when rows come back.
_LEFT_OUT = frozenset(
    {"web_session", "sign_in_attempt", "heartbeat", "post_outing", "post_tally", "post_total", "tally_stale"}
)


class BackupUnreadableError(InvalidError):
    """The file is not a backup of ours, or was damaged; ``why`` says which part."""

    code = "backup_unreadable"


class DatabaseNotEmptyError(InvalidError):
    """A restore would cover what is there."""

    code = "database_not_empty"


@dataclass(frozen=True)
class Report:
    """What a backup or a restore did."""

    tables: int
    rows: int
    materials: int
    size: int

    def summary(self) -> str:
        """Return it as a line for a terminal."""
        return f"{self.rows} filas de {self.tables} tablas y {self.materials} materiales ({self.size // 1024} KiB)."


def _tables() -> list[Table]:
    return [table for table in metadata().sorted_tables if table.name not in _LEFT_OUT]


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _row(table: Table, line: bytes) -> dict[str, Any]:
    values: dict[str, Any] = orjson.loads(line)
    for column in table.columns:
        value = values.get(column.name)
        if value is None:
            continue
        if isinstance(column.type, LargeBinary):
            values[column.name] = base64.b64decode(value)
        elif isinstance(column.type, Moment):
            values[column.name] = datetime.fromisoformat(value)
        elif isinstance(column.type, Date):
            values[column.name] = date.fromisoformat(value)
    return values


def backup(database: Database, data: Path, file: Path) -> Report:
    """Write a plain backup with the materials to ``file``, whole or not at all; return what it holds."""
    written = file.with_name(f".{file.name}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with written.open("w+b") as out:
            report = write(database, out, materials=data)
            out.flush()
            os.fsync(out.fileno())
        written.replace(file)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    return changed(report, size=file.stat().st_size)


def write(
    database: Database, out: IO[bytes], *, materials: Path | None = None, keys: Path | None = None
) -> Report:
    """Write the rows to ``out``, with the materials and the keys of these folders of data; return what it holds."""
    rows, sums = 0, {}
    options = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        database.engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        for table in _tables():
            name = f"tables/{table.name}.jsonl"
            digest, found = _write_table(connection, table, archive, name)
            sums[name] = digest
            rows += found
        brought = 0
        for path in _files(materials, _MATERIALS):
            archive.write(path, _name_in(path, materials), zipfile.ZIP_STORED)
            brought += 1
        for path in _files(keys, KEYS):
            archive.write(path, _name_in(path, keys))
        manifest = {"format": FORMAT, "revision": head(), "at": now().isoformat(), "rows": rows, "sums": sums}
        archive.writestr("manifest.json", orjson.dumps(manifest))
    return Report(len(sums), rows, brought, 0)


def _write_table(
    connection: Connection, table: Table, archive: zipfile.ZipFile, name: str
) -> tuple[str, int]:
    digest, rows = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as lines:
        for row in connection.execute(select(table)).mappings().yield_per(_BATCH):
            # A column's name may be a kind of str, which orjson does not take for a key.
            line = orjson.dumps({str(key): _plain(value) for key, value in row.items()}) + b"\n"
            digest.update(line)
            lines.write(line)
            rows += 1
    return digest.hexdigest(), rows


def _name_in(path: Path, data: Path | None) -> str:
    return path.relative_to(data or path).as_posix()


def _files(data: Path | None, folder: str) -> Iterator[Path]:
    found = () if data is None else sorted((data / folder).rglob("*"))
    return (path for path in found if path.is_file())


def restore(database: Database, data: Path, file: Path | IO[bytes], *, replace: bool = False) -> Report:
    """Put a backup back; afterwards nothing past due leaves before it was looked up.

    Raises BackupUnreadableError, or DatabaseNotEmptyError unless ``replace``. The rows come back in one
    transaction: a restore that fails leaves the database as it was; one that a newer version had made is emptied
    before, once every line of the backup was read and summed.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _restore(database, data, archive, replace=replace)
    except zipfile.BadZipFile as error:
        raise BackupUnreadableError(why=Path(str(getattr(file, "name", ""))).name) from error


def _restore(database: Database, data: Path, archive: zipfile.ZipFile, *, replace: bool) -> Report:
    if (damaged := archive.testzip()) is not None:
        raise BackupUnreadableError(why=damaged)
    manifest = _manifest(archive)
    _make_room(database, replace=replace)
    rows = 0
    with database.transaction() as session:
        connection = session.connection()
        for table in reversed(metadata().sorted_tables):
            for column in _LATER.get(table.name, ()):
                connection.execute(update(table).values({column: None}))
        sealing.lift(connection)
        for table in reversed(metadata().sorted_tables):
            connection.execute(table.delete())
        for table in _tables():
            rows += _load(connection, table, archive)
        for table in _tables():
            _fill_in(connection, table, archive)
            _continue_numbers(connection, table)
        if manifest["revision"] <= LAST_UNTOLD:
            undate_declarations(session)
        sealing.guard(connection)
        begun = restored.begin_again(session, of=datetime.fromisoformat(manifest["at"]))
    EpochFile(data).keep(begun)
    materials = _bring_materials(data, archive)
    _bring_keys(data, archive)
    migrate(database)
    return Report(len(manifest["sums"]), rows, materials, sum(one.file_size for one in archive.infolist()))


def _make_room(database: Database, *, replace: bool) -> None:
    """Make sure that the tables are there; raise DatabaseNotEmptyError unless ``replace``."""
    found = revision_of(database)
    if found and not replace:
        require_empty(database)
    if found and not knows(found):
        # Of a newer version, which did not serve: what only it has would stand in the way of the older rows.
        empty(database)
    # Of an older version too: what its rows lack has a default, and what it has no table for stays empty.
    migrate(database)


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = orjson.loads(archive.read("manifest.json"))
    except (KeyError, ValueError) as error:
        raise BackupUnreadableError(why="manifest.json") from error
    if manifest.get("format") != FORMAT:
        raise BackupUnreadableError(why=f"format {manifest.get('format')}")
    if manifest["revision"] > head():  # written by a newer version
        raise BackupUnreadableError(why=f"revision {manifest['revision']}")
    for name, expected in manifest["sums"].items():
        digest = hashlib.sha256()
        try:
            with archive.open(name) as lines:
                for line in lines:
                    digest.update(line)
        except (KeyError, zipfile.BadZipFile) as error:
            raise BackupUnreadableError(why=name) from error
        if digest.hexdigest() != expected:
            raise BackupUnreadableError(why=name)
    return manifest


def require_empty(database: Database) -> None:
    """Raise DatabaseNotEmptyError when a restore would cover what somebody has there."""
    if revision_of(database) == "":
        return
    with database.reading() as session:
        if session.scalar(select(func.count()).select_from(metadata().tables["person"])):
            raise DatabaseNotEmptyError


def _lines(table: Table, archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    name = f"tables/{table.name}.jsonl"
    if name in archive.namelist():
        with archive.open(name) as lines:
            for line in lines:
                yield _row(table, line)


def _load(connection: Connection, table: Table, archive: zipfile.ZipFile) -> int:
    batch: list[dict[str, Any]] = []
    loaded = 0
    for row in _lines(table, archive):
        batch.append(row | dict.fromkeys(_LATER.get(table.name, ())))
        loaded += 1
        if len(batch) == _BATCH:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
    return loaded


def _fill_in(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    columns = _LATER.get(table.name, ())
    if not columns:
        return
    for row in _lines(table, archive):
        values = {column: row[column] for column in columns if row[column] is not None}
        if values:
            connection.execute(update(table).where(table.c.id == row["id"]).values(values))


def _continue_numbers(connection: Connection, table: Table) -> None:
    if connection.dialect.name != "postgresql" or "id" not in table.c:
        return
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name})
    if sequence is not None:
        highest = connection.scalar(select(func.max(table.c.id)))
        connection.execute(
            text("SELECT setval(:sequence, :next, false)"), {"sequence": sequence, "next": (highest or 0) + 1}
        )


def _bring_materials(data: Path, archive: zipfile.ZipFile) -> int:
    brought = 0
    for one in archive.infolist():
        if one.is_dir() or not one.filename.startswith(f"{_MATERIALS}/"):
            continue
        archive.extract(one, data)  # removes any ".." and any root from the name
        brought += 1
    return brought


def _bring_keys(data: Path, archive: zipfile.ZipFile) -> None:
    """Put the keys in their place; another one that stood there stays beside it, under a name of its own."""
    for name in archive.namelist():
        place, _, file = name.rpartition("/")
        if place != KEYS or not file:
            continue
        folder, brought = data / KEYS, archive.read(name)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / file
        if path.exists() and path.read_bytes() != brought:
            path.replace(folder / f"{file}.before-restore")
        draft = folder / f"{file}.draft"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _KEY_MODE), "wb") as written:
            written.write(brought)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(path)
