"""Copies of the materials: each file sealed once, never written again, under its own hash.

``materials-<key>/<shelf>/ab/<sha256>.age``: a new recovery key begins a folder of its own. Each backup makes the copies
of what is there young; a copy that no kept backup has seen is removed, so that what was erased ends with its backups.

The server cannot open them again: what each was when it was proved is kept as the hash of the sealed file, in a line of
``SHA256SUMS`` beside them (``sha256sum --check`` reads it), and ``rechecking`` looks at some each night.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from assets.storage import FileMissingError, Shelf, Storage, is_name
from content_calendar.clock import now
from webapp.backups import envelope
from webapp.backups.archive import BackupUnreadableError

ENDING = ".age"
_PREFIX = "materials-"
_PART = ".part"
_SHORT = 16
_SUMS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
_COPY = re.compile(
    rf"{_PREFIX}[0-9a-f]{{{_SHORT}}}/(?:{'|'.join(Shelf)})/[0-9a-f]{{2}}/[0-9a-f]{{64}}{re.escape(ENDING)}"
)
# A backup is written after it was named.
_LEEWAY = timedelta(days=1)
Progress = Callable[[int, int], None]


@dataclass
class Copied:
    """How many files the installation has, and how many of them were copied now."""

    files: int = 0
    new: int = 0


@dataclass
class Brought:
    """How many files came back, and the hashes of those that could not be opened."""

    files: int
    damaged: list[str]


def folder_of(backups: Path, recipient: str) -> Path:
    """Return where the copies lie that open with that key."""
    return backups / f"{_PREFIX}{hashlib.sha256(recipient.encode()).hexdigest()[:_SHORT]}"


def copy_new(storage: Storage, backups: Path, recipient: str) -> Copied:
    """Copy what has no copy yet; each is opened again and compared before it has its name."""
    told, folder = Copied(), folder_of(backups, recipient)
    young = now().timestamp()
    for shelf in Shelf:
        for one in storage.files(shelf):
            path = _path(folder, shelf, one.sha256)
            told.files += 1
            if path.exists():
                os.utime(path, (young, young))
                continue
            with suppress(FileMissingError):  # erased since it was listed
                copy_one(storage, shelf, one.sha256, folder, recipient)
                told.new += 1
    return told


def copy_one(storage: Storage, shelf: Shelf, sha256: str, folder: Path, recipient: str) -> None:
    """Copy one file, whether it has a copy or not; raise FileMissingError, BackupUnreadableError or OSError."""
    path = _path(folder, shelf, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    once, its_half = envelope.make_key()
    draft = path.with_suffix(_PART)
    try:
        with storage.open(shelf, sha256) as source, draft.open("w+b") as out:
            envelope.seal(source, out, recipient, its_half)
            out.flush()
            os.fsync(out.fileno())
            out.seek(0)
            _compare(out, once, sha256)
            out.seek(0)
            digest = hashlib.file_digest(out, "sha256").hexdigest()
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    # After the file: one without a line is made anew in its turn, one with a wrong line would be called bad.
    with (folder / _SUMS).open("a", encoding="ascii") as sums:
        sums.write(f"{digest}  {path.relative_to(folder).as_posix()}\n")


def sums_of(folder: Path) -> dict[str, str]:
    """Return the hash that each sealed file had when it was proved, by its name below the folder; the last counts."""
    path = folder / _SUMS
    lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []
    return {found[2]: found[1] for line in lines if (found := _LINE.fullmatch(line))}


def tidy_sums(folder: Path) -> None:
    """Keep one line for each copy that is there."""
    sums = {name: digest for name, digest in sums_of(folder).items() if (folder / name).exists()}
    draft = folder / f"{_SUMS}{_PART}"
    draft.write_text("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)), encoding="ascii")
    draft.replace(folder / _SUMS)


def bring_back(backups: Path, secret: str, storage: Storage, progress: Progress | None = None) -> Brought:
    """Put every copy that this key opens into the storage; one that does not open is named."""
    folder = folder_of(backups, envelope.public_half(secret))
    copies, told = list(in_folder(folder)), Brought(0, [])
    for n, (path, shelf, sha256) in enumerate(copies, start=1):
        # A file without a name: what is cut off leaves nothing that somebody else could read.
        with TemporaryFile() as plain:
            try:
                with path.open("rb") as sealed:
                    envelope.open_sealed(sealed, plain, secret)
            except BackupUnreadableError:
                told.damaged.append(sha256)
                continue
            plain.seek(0)
            if hashlib.file_digest(plain, "sha256").hexdigest() != sha256:
                told.damaged.append(sha256)
                continue
            plain.seek(0)
            storage.put(shelf, plain)
        told.files += 1
        if progress is not None:
            progress(n, len(copies))
    return told


def over(backups: Path, oldest: datetime) -> list[Path]:
    """Return the copies that no backup since ``oldest`` has seen."""
    before = oldest - _LEEWAY
    return [path for path in every(backups) if datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) < before]


def every(backups: Path) -> Iterator[Path]:
    """Yield every copy, whichever key opens it."""
    for folder in folders(backups):
        yield from (path for path, _shelf, _sha256 in in_folder(folder))


def folders(backups: Path) -> list[Path]:
    """Return the folders of copies, of whichever key."""
    return sorted(path for path in backups.glob(f"{_PREFIX}*") if path.is_dir())


def is_copy(name: str) -> bool:
    """Return whether a copy could have that name below the folder of the backups."""
    return _COPY.fullmatch(name) is not None


def clear(backups: Path) -> None:
    """Remove what was cut off while it was copied."""
    for folder in backups.glob(f"{_PREFIX}*"):
        for shelf in Shelf:
            for draft in (folder / shelf.value).glob(f"??/*{_PART}"):
                if is_name(draft.stem):
                    draft.unlink(missing_ok=True)


def in_folder(folder: Path) -> Iterator[tuple[Path, Shelf, str]]:
    """Yield the copies of one folder: where each lies, of what shelf, and the hash of what is in it."""
    for shelf in Shelf:
        for path in sorted((folder / shelf.value).glob(f"??/*{ENDING}")):
            if is_name(path.stem):
                yield path, shelf, path.stem


def _path(folder: Path, shelf: Shelf, sha256: str) -> Path:
    return folder / shelf.value / sha256[:2] / f"{sha256}{ENDING}"


class _Digest:
    """Takes bytes and remembers their hash alone."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self.hash.update(data)
        return len(data)

    def flush(self) -> None:
        pass


def _compare(sealed: IO[bytes], secret: str, sha256: str) -> None:
    into = _Digest()
    envelope.open_sealed(sealed, into, secret)
    if into.hash.hexdigest() != sha256:
        raise BackupUnreadableError(why=sha256)
