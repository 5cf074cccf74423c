"""Starts the press, the program that makes formats and cards, and reads what it made as it comes.

As with the darkroom: a child process with few rights, little memory and little time, since what it opens came
from outside.
"""

import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from assets.pictures import (
    PicturesBusyError,
    PictureTooHeavyError,
    PictureTooManyPixelsError,
    PictureUnreadableError,
)
from content_calendar.errors import InvalidError

_HOUSE = str(Path(__file__).resolve().parents[1])
_START = "import sys; sys.path.insert(0, sys.argv[1]); from assets.press.__main__ import main; main()"
_WALL_SECONDS = 90.0
_WAIT_SECONDS = 60.0
_LONGEST_LINE = 4000
_LARGEST_FILE = 20_000_000
# One at a time: it takes both cores, and the darkroom needs its memory too.
_FREE = threading.BoundedSemaphore(1)
_log = logging.getLogger(__name__)

Record = tuple[Mapping[str, Any], tuple[bytes, ...]]


class CardTextTooLongError(InvalidError):
    """The text does not fit the card, not even in its smallest letters."""

    code = "card_text_too_long"


class CardCharactersError(InvalidError):
    """The card's typeface lacks some characters of the text: ``characters``."""

    code = "card_characters"


_REFUSALS: Mapping[str, type[InvalidError]] = {
    refusal.code: refusal
    for refusal in (
        PictureTooManyPixelsError,
        PictureUnreadableError,
        PictureTooHeavyError,
        CardTextTooLongError,
        CardCharactersError,
    )
}


def printed(job: Mapping[str, Any], files: Sequence[bytes] = (), field: str = "image") -> Iterator[Record]:
    """Yield what the press makes of a job, each with its files; ``field`` names the form's field in errors.

    Raises PictureUnreadableError, PictureTooManyPixelsError, PictureTooHeavyError, CardTextTooLongError,
    CardCharactersError, and PicturesBusyError when it is at work for others. Takes a second or more: no
    transaction should be open meanwhile.
    """
    with _turn(), tempfile.TemporaryFile() as told:
        told.write(orjson.dumps({**job, "files": [len(one) for one in files]}) + b"\n")
        for one in files:
            told.write(one)
        told.seek(0)
        with _child(told) as made:
            yield from _records(made, field)


@contextmanager
def _turn() -> Iterator[None]:
    if not _FREE.acquire(timeout=_WAIT_SECONDS):
        raise PicturesBusyError
    try:
        yield
    finally:
        _FREE.release()


@contextmanager
def _child(told: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give the press's output; it is ended when it takes too long, or when nobody reads on."""
    child = subprocess.Popen(  # noqa: S603 -- our own program, and no shell
        [sys.executable, "-I", "-c", _START, _HOUSE],
        stdin=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    clock = threading.Timer(_WALL_SECONDS, child.kill)
    clock.start()
    try:
        with child:
            try:
                if child.stdout is not None:
                    yield child.stdout
            finally:
                child.kill()
    finally:
        clock.cancel()


def _records(made: IO[bytes], field: str) -> Iterator[Record]:
    while True:
        line = made.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            # Ended by a limit of the kernel or by the clock, or a decoder crashed.
            _log.warning("the press ended before its work did")
            raise PictureTooHeavyError(field)
        told = orjson.loads(line)
        if told.get("end"):
            return
        if "refused" in told:
            raise _REFUSALS.get(told["refused"], PictureUnreadableError)(field, **told.get("params", {}))
        yield told, tuple(_exactly(made, int(size), field) for size in told["sizes"])


def _exactly(made: IO[bytes], size: int, field: str) -> bytes:
    data = made.read(size) if 0 <= size <= _LARGEST_FILE else b""
    if len(data) != size:
        raise PictureTooHeavyError(field)
    return data
