"""Starts the press, the program that makes formats and cards, and reads what it made as it comes.

As with the darkroom: a child process with few rights, little memory and little time, since what it opens came
from outside.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import orjson

from assets import apart
from assets.pictures import (
    PicturesBusyError,
    PictureTooHeavyError,
    PictureTooManyPixelsError,
    PictureUnreadableError,
)
from content_calendar.errors import InvalidError

_START = "import sys; sys.path.insert(0, sys.argv[1]); from assets.press.__main__ import main; main()"
_PRESS = ("-c", _START, str(Path(__file__).resolve().parents[1]))
_WALL_SECONDS = 90.0
_LONGEST_LINE = 4000
_LARGEST_FILE = 20_000_000
# One at a time: it takes both cores, and the darkroom needs its memory too.
_PLACES = apart.Places(1, 60.0, PicturesBusyError)
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
    with _PLACES.taken(), apart.a_file() as told:
        told.write(orjson.dumps({**job, "files": [len(one) for one in files]}) + b"\n")
        for one in files:
            told.write(one)
        told.seek(0)
        with apart.child(_PRESS, told, _WALL_SECONDS) as running:
            if running.stdout is not None:
                yield from _records(running.stdout, field)


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
