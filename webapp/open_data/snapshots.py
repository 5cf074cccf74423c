"""The files of a set, written to the disk when somebody asks for them and what is there has grown old.

The database is read once for all forms, so that they say the same; whoever downloads slowly holds a file open, never
the database. A file is named by its hash: what is being read is never written over.
"""

import contextlib
import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import IO, Any, Self

import orjson

from content_calendar.clock import now
from content_calendar.db import Database
from webapp.open_data.declaring import VERSION, Ask, DataSet
from webapp.open_data.streaming import CsvWriter, csv_head, lines, parts

FRESH = timedelta(minutes=10)
"""How old the files may be; told on the page of the catalogue."""
FORMS: Mapping[str, str] = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonl",
}
"""The media type of each form."""


@dataclass(frozen=True)
class File:
    """One form of a set: its name on the disk, its hash, its size, and since when it says what it says."""

    name: str
    sha256: str
    size: int
    changed_at: str


@dataclass(frozen=True)
class Snapshot:
    """The files of a set as of one moment, with how many rows they have."""

    made_at: str
    rows: int
    files: Mapping[str, File]

    @property
    def as_of(self) -> datetime:
        """Return the moment at which the database was read."""
        return datetime.fromisoformat(self.made_at)

    @property
    def changed_at(self) -> datetime:
        """Return since when the set says what it says."""
        return datetime.fromisoformat(max(file.changed_at for file in self.files.values()))


class Shelf:
    """The folder of the files, and who is writing which set now in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "datos" / VERSION
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()

    def get(self, database: Database, data_set: DataSet, ask: Ask) -> Snapshot:
        """Return the set's files, written anew when they are too old; meanwhile others get those that are there."""
        found = self._read(data_set)
        if found is not None and self._is_fresh(found):
            return found
        with self._lock:
            lock = self._locks.setdefault(data_set.slug, Lock())
        if not lock.acquire(blocking=found is None) and found is not None:
            return found
        try:
            found = self._read(data_set)
            return (
                found
                if found is not None and self._is_fresh(found)
                else self._make(database, data_set, ask, found)
            )
        finally:
            lock.release()

    def path(self, file: File) -> Path:
        """Return where a file lies."""
        return self.folder / file.name

    def _is_fresh(self, found: Snapshot) -> bool:
        return timedelta() <= now() - found.as_of < FRESH and all(
            self.path(file).is_file() for file in found.files.values()
        )

    def _read(self, data_set: DataSet) -> Snapshot | None:
        try:
            said: dict[str, Any] = orjson.loads((self.folder / f"{data_set.slug}.about").read_bytes())
            # Columns that a newer release has and the files do not: they are written anew.
            if said["columns"] != list(data_set.names):
                return None
            return Snapshot(
                said["made_at"], said["rows"], {form: File(**said["files"][form]) for form in FORMS}
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _make(self, database: Database, data_set: DataSet, ask: Ask, before: Snapshot | None) -> Snapshot:
        self.folder.mkdir(parents=True, exist_ok=True)
        as_of = now().isoformat()
        with ExitStack() as stack:
            writing = {form: stack.enter_context(_Writing(self.folder, form)) for form in FORMS}
            with database.reading() as session:
                rows = _write(session.connection(), data_set, ask, writing)
            files = {form: one.keep(data_set, as_of, before) for form, one in writing.items()}
        made = Snapshot(as_of, rows, files)
        told = {**asdict(made), "columns": list(data_set.names)}
        _put(self.folder / f"{data_set.slug}.about", orjson.dumps(told))
        self._forget(data_set, made, before)
        return made

    def _forget(self, data_set: DataSet, made: Snapshot, before: Snapshot | None) -> None:
        """Delete the set's files but those of now and of before: somebody may just be about to open one."""
        kept = {file.name for one in (made, before) if one is not None for file in one.files.values()}
        for form in FORMS:
            for path in self.folder.glob(f"{data_set.slug}.*.{form}"):
                if path.name not in kept:
                    path.unlink(missing_ok=True)


class _Writing:
    """A file that is being written: apart, hashed as it grows, and gone when something fails."""

    def __init__(self, folder: Path, form: str) -> None:
        self._path = folder / f".{secrets.token_hex(8)}.{form}"
        self._folder, self._form = folder, form
        self._hash, self._size = hashlib.sha256(), 0
        self._file: IO[bytes]

    def __enter__(self) -> Self:
        self._file = self._path.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def write(self, said: bytes) -> None:
        """Add to it."""
        self._file.write(said)
        self._hash.update(said)
        self._size += len(said)

    def keep(self, data_set: DataSet, as_of: str, before: Snapshot | None) -> File:
        """Give it its name. The same bytes as before say the same since then."""
        self._file.close()
        sha256 = self._hash.hexdigest()
        old = before.files.get(self._form) if before is not None else None
        same = old is not None and old.sha256 == sha256
        name = f"{data_set.slug}.{sha256[:20]}.{self._form}"
        self._path.replace(self._folder / name)
        return File(name, sha256, self._size, old.changed_at if same and old is not None else as_of)


def _write(connection: Any, data_set: DataSet, ask: Ask, writing: Mapping[str, _Writing]) -> int:  # noqa: ANN401 -- a connection of SQLAlchemy
    table, json, jsonl = writing["csv"], writing["json"], writing["jsonl"]
    writer = CsvWriter(data_set)
    table.write(csv_head(data_set))
    json.write(_json_head(data_set))
    rows = 0
    for part in parts(connection, data_set, ask):
        table.write(writer.written(part))
        said = lines(data_set, part)
        json.write((b",\n" if rows else b"") + b",\n".join(said))
        jsonl.write(b"\n".join(said) + b"\n")
        rows += len(part)
    json.write(b"\n]}\n")
    return rows


def _json_head(data_set: DataSet) -> bytes:
    # Nothing that changes by itself, such as the hour: the same data are the same bytes, and have the same hash.
    head = orjson.dumps(
        {"conjunto": data_set.slug, "version": VERSION, "diccionario": f"{data_set.slug}/diccionario.json"}
    )
    return head[:-1] + b',"datos":[\n'


def _put(path: Path, said: bytes) -> None:
    apart = path.with_name(f".{secrets.token_hex(8)}")
    try:
        apart.write_bytes(said)
        apart.replace(path)
    finally:
        apart.unlink(missing_ok=True)


def sums(files: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> str:
    """Return the list that ``sha256sum --check`` reads, of (hash, name) pairs."""
    return "".join(f"{sha256}  {name}\n" for sha256, name in files)
