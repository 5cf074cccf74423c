"""A ZIP that is written while it is sent: its length is known before, and none of it is held in memory.

By the standard library, into a sink that is emptied as it fills. Nothing is compressed: pictures and videos
are already, and only so is the length known. No entry needs Zip64, since ``MOST_BYTES`` bounds the whole.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from typing import BinaryIO

from assets.labels import folded
from content_calendar.errors import ConflictError, InvalidError

# Below 2 GiB no offset needs Zip64, which old programs do not open.
MOST_BYTES = 2_000_000_000
MOST_ENTRIES = 20_000
# Larger pieces pass through the server with less work; a few of them are all that is held.
_PIECE = 1 << 18
_LONGEST_STEM = 48
_LONGEST_NAME = 200
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
# What Windows takes for a device, whatever ending follows.
_DEVICE = r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.[^/]*)?"
_DEVICES = re.compile(_DEVICE, re.IGNORECASE)
_STEP = rf"(?!{_DEVICE}(?:/|$))[a-z0-9](?:[a-z0-9._-]*[a-z0-9_-])?"
_SAFE = re.compile(rf"{_STEP}(?:/{_STEP})*", re.ASCII | re.IGNORECASE)
_LOCAL, _DESCRIPTOR, _CENTRAL, _END = 30, 16, 46, 22
_READABLE = 0o644 << 16


class UnsafeNameError(InvalidError):
    """A name that could leave the folder in which somebody unpacks, or that some system does not take."""

    code = "pack_name_unsafe"


class FileChangedError(ConflictError):
    """A file is not as long as its row says: the ZIP ends there, and whoever downloads sees that it broke."""

    code = "pack_file_changed"


@dataclass(frozen=True)
class Entry:
    """One file of a ZIP: its name inside, its length in bytes, and how to open it when its turn comes."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


def stem(text: str, otherwise: str = "material") -> str:
    """Return a text as the name of a file on any system: plain letters, figures and hyphens."""
    # Most need no folding, and a pack has hundreds.
    plain = (
        _NOT_PLAIN.sub("-", text.lower() if text.isascii() else folded(text))[:_LONGEST_STEM].strip("-")
        or otherwise
    )
    return f"{plain}-" if _DEVICES.fullmatch(plain) else plain


def checked_name(name: str) -> str:
    """Return the name; raises UnsafeNameError for one that does not stay inside, or that a system refuses."""
    if len(name) > _LONGEST_NAME or not _SAFE.fullmatch(name):
        raise UnsafeNameError(field="name", name=name[:_LONGEST_NAME])
    return name


def length(entries: Sequence[Entry]) -> int:
    """Return how many bytes ``stream`` will yield for these entries."""
    each = sum(_LOCAL + _DESCRIPTOR + _CENTRAL + 2 * len(entry.name) + entry.size for entry in entries)
    return each + _END


def stream(
    entries: Sequence[Entry], made_at: datetime, finished: Callable[[], None] | None = None
) -> Iterator[bytes]:
    """Yield a ZIP with the entries, each dated ``made_at``; ``finished`` is called before the last bytes leave.

    Raises UnsafeNameError before the first byte. Raises FileChangedError, or what an entry's ``open`` raises,
    where the file cannot be told whole: a ZIP that ends early opens nowhere, which is better than a wrong one.
    """
    for entry in entries:
        checked_name(entry.name)
    return _streamed(entries, made_at, finished)


def _streamed(
    entries: Sequence[Entry], made_at: datetime, finished: Callable[[], None] | None
) -> Iterator[bytes]:
    sink = _Sink()
    # Not closed where it breaks off: to close it would write an end, and the ZIP would look whole.
    written = zipfile.ZipFile(sink, "w")
    for entry in entries:
        info = zipfile.ZipInfo(entry.name, made_at.timetuple()[:6])
        info.file_size, info.external_attr = entry.size, _READABLE
        with entry.open() as source, written.open(info, "w") as out:
            left = entry.size
            while piece := source.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise FileChangedError(name=entry.name)
                out.write(piece)
                yield from sink.taken()
            if left:
                raise FileChangedError(name=entry.name)
    if finished is not None:
        finished()
    written.close()
    yield from sink.taken()


class _Sink(RawIOBase):
    """Takes what is written and gives it away; it cannot seek, so that sizes are told after each file."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override] # bytes is all that a ZIP writes
        self._pieces.append(data)
        return len(data)

    def taken(self) -> list[bytes]:
        pieces, self._pieces = self._pieces, []
        return pieces
