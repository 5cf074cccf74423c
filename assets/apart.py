"""Run one of the rooms: a program of its own in a child process, bounded in time and in what it may answer."""

import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from content_calendar.errors import ConflictError

_ROOMS = Path(__file__).with_name("rooms")
# Each may need a gigabyte or two for a moment.
_AT_ONCE = 2
_WAIT_SECONDS = 40.0
_LONGEST_HEADER = 4000
_FREE = threading.BoundedSemaphore(_AT_ONCE)
_log = logging.getLogger(__name__)


class RoomsBusyError(ConflictError):
    """Too many files are being opened right now; the same one may be sent again in a moment."""

    code = "rooms_busy"


@contextmanager
def a_file(data: bytes = b"") -> Iterator[IO[bytes]]:
    """Yield a file without a name, with these bytes, at its beginning."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


def run(
    room: str,
    given: IO[bytes],
    args: Sequence[str] = (),
    out: IO[bytes] | None = None,
    seconds: float = 30.0,
    most: int = 64 << 20,
) -> tuple[dict[str, Any], bytes]:
    """Return what the room told and the bytes behind it; empty when it died, by a limit or a crash.

    ``given`` is its standard input, ``out`` a file that it may write to, ``most`` the bytes it may answer.
    Raises RoomsBusyError.
    """
    if not _FREE.acquire(timeout=_WAIT_SECONDS):
        raise RoomsBusyError
    try:
        child = subprocess.Popen(  # noqa: S603 -- our own program, by this very Python
            [sys.executable, "-I", str(_ROOMS / f"{room}.py"), *args],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=() if out is None else (out.fileno(),),
            env={},
        )
        with child:
            answer = _answer(child, seconds, most)
    finally:
        _FREE.release()
    header, newline, rest = answer.partition(b"\n")
    if child.returncode == 0 and newline and len(header) <= _LONGEST_HEADER:
        told: dict[str, Any] = orjson.loads(header)
        return told, rest
    _log.warning("the room %s ended with %s", room, child.returncode)
    return {}, b""


def _answer(child: subprocess.Popen[bytes], seconds: float, most: int) -> bytes:
    clock = threading.Timer(seconds, child.kill)
    clock.start()
    try:
        answer = child.stdout.read(most) if child.stdout else b""
        if len(answer) == most:
            child.kill()
        child.wait()
    finally:
        clock.cancel()
    return answer
