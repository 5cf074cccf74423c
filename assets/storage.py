"""Where the bytes of materials lie: named by their own SHA-256, originals apart from what is served.

A file is always written before the row that names it: a crash in between leaves a file without a row,
which a sweep can find by its age, and never a row without a file.
"""

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from content_calendar.errors import NotFoundError

_CHUNK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Shelf(StrEnum):
    """The places of a storage.

    Nothing is ever served from ``ORIGINALS``; what lies in ``CONSENTS``, only to those who keep the tool-box; what
    lies in ``EVIDENCE``, only to those who may see what it proves; what lies in ``REPORTS``, only to those who may
    make that report.
    """

    ORIGINALS = "originals"
    SERVED = "served"
    CONSENTS = "consents"
    EVIDENCE = "evidence"
    REPORTS = "reports"


class FileMissingError(NotFoundError):
    """The storage holds no such file. ``shelf`` and ``sha256`` say which was asked for."""

    code = "file_missing"


@dataclass(frozen=True)
class StoredFile:
    """One file of a storage; ``put_at`` is when it was last put, in UTC, ``size`` is in bytes."""

    sha256: str
    size: int
    put_at: datetime


class Keeps(Protocol):
    """Where bytes can be put."""

    def put(self, shelf: Shelf, source: BinaryIO) -> str:
        """Keep what ``source`` holds from where it stands to its end; return its SHA-256."""


class Storage(Protocol):
    """Bytes by their SHA-256 in lower-case hexadecimal. What is put once never changes."""

    def put(self, shelf: Shelf, source: BinaryIO) -> str:
        """Keep what ``source`` holds from where it stands to its end; return its SHA-256.

        When it returns, the bytes survive a power cut. To put the same bytes again is harmless.
        """

    def open(self, shelf: Shelf, sha256: str) -> BinaryIO:
        """Return the file, open for reading; raise FileMissingError when there is none."""

    def exists(self, shelf: Shelf, sha256: str) -> bool:
        """Return whether the file is there."""

    def lacks(self, shelf: Shelf, sha256: str) -> bool:
        """Return whether the file is known not to be there; asks nobody who is far away, and then answers no."""

    def delete(self, shelf: Shelf, sha256: str) -> None:
        """Remove the file; one that is not there is already removed."""

    def files(self, shelf: Shelf) -> Iterator[StoredFile]:
        """Yield every file of the shelf, in no order."""

    def discard(self, shelf: Shelf, sha256: str, put_before: datetime) -> bool:
        """Remove the file if it was last put before that moment, looked at now; return whether it was."""

    def clear_unfinished(self, begun_before: datetime) -> int:
        """Remove what was left half written before that moment; return how many files."""


def is_name(sha256: str) -> bool:
    """Return whether this is a hash as a storage names its files; nothing else ever becomes a path or a key."""
    return bool(_SHA256.fullmatch(sha256))


class DiskStorage:
    """A storage in one folder: ``<shelf>/sha256/ab/cd/abcd…``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, shelf: Shelf, source: BinaryIO) -> str:
        """Write beside, make it last, then rename: a reader sees all of a file or none of it.

        A file that is there already is replaced by the same bytes, which mends a damaged one and makes
        it young again: a sweep for files without a row must not take it before its row is written.
        """
        incoming = _folder(self._folder / "incoming")
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as written:
            try:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    written.write(chunk)
                written.flush()
                os.fsync(written.fileno())
                path = self._path(shelf, digest.hexdigest())
                _folder(path.parent)
                with self._held(fcntl.LOCK_SH):
                    Path(written.name).replace(path)
            except BaseException:
                Path(written.name).unlink(missing_ok=True)
                raise
        _sync(path.parent)
        return digest.hexdigest()

    def open(self, shelf: Shelf, sha256: str) -> BinaryIO:
        """Return the file, open for reading; raise FileMissingError when there is none."""
        try:
            return self._path(shelf, sha256).open("rb")
        except FileNotFoundError:
            raise FileMissingError(shelf=shelf.value, sha256=sha256) from None

    def exists(self, shelf: Shelf, sha256: str) -> bool:
        """Return whether the file is there."""
        return not self.lacks(shelf, sha256)

    def lacks(self, shelf: Shelf, sha256: str) -> bool:
        """Return whether the file is not there."""
        # A pack asks of hundreds before its first byte leaves: a plain text is looked up several times sooner.
        place = f"{self._folder}/{shelf.value}/sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"
        return not _SHA256.fullmatch(sha256) or not os.access(place, os.F_OK)

    def delete(self, shelf: Shelf, sha256: str) -> None:
        """Remove the file; one that is not there is already removed."""
        if _SHA256.fullmatch(sha256):
            self._path(shelf, sha256).unlink(missing_ok=True)

    def files(self, shelf: Shelf) -> Iterator[StoredFile]:
        """Yield every file of the shelf, in no order; one that is removed meanwhile may be left out."""
        for path in (self._folder / shelf.value / "sha256").glob("??/??/*"):
            if _SHA256.fullmatch(path.name):
                with suppress(FileNotFoundError):
                    about = path.stat()
                    yield StoredFile(path.name, about.st_size, datetime.fromtimestamp(about.st_mtime, tz=UTC))

    def discard(self, shelf: Shelf, sha256: str, put_before: datetime) -> bool:
        """Remove the file if it was last put before that moment; return whether it was.

        Nobody puts it between the look and the removal: what is put again is young, and stays.
        """
        path = self._path(shelf, sha256)
        with self._held(fcntl.LOCK_EX), suppress(FileNotFoundError):
            if _put_at(path) < put_before:
                path.unlink()
                return True
        return False

    def clear_unfinished(self, begun_before: datetime) -> int:
        """Remove what a power cut left half written before that moment; return how many files."""
        cleared = 0
        for path in (self._folder / "incoming").glob("*"):
            with suppress(FileNotFoundError):
                if _put_at(path) < begun_before:
                    path.unlink()
                    cleared += 1
        return cleared

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        """Hold the folder itself, with others or alone, among all processes of this machine."""
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, how)
            yield
        finally:
            os.close(descriptor)

    def _path(self, shelf: Shelf, sha256: str) -> Path:
        # Nothing but a hash ever becomes a path, so that no name can lead out of the folder.
        if not _SHA256.fullmatch(sha256):
            raise FileMissingError(shelf=shelf.value, sha256=sha256)
        return self._folder / shelf.value / "sha256" / sha256[:2] / sha256[2:4] / sha256


def _put_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)


def _folder(path: Path) -> Path:
    """Return the folder, made with its parents if need be; its name then survives a power cut."""
    if not path.is_dir():
        _folder(path.parent)
        path.mkdir(exist_ok=True)
        _sync(path.parent)
    return path


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
