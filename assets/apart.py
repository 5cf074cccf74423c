"""Start a program of our own on something that came from outside: in a child process, bounded in what it may do.

The darkroom, the press and the rooms are all started here. Each limits its own memory and rights; here it gets no
environment, so many seconds, a place among so many at once, and so many bytes to answer with.
"""

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
_LONGEST_HEADER = 4000
_log = logging.getLogger(__name__)


class RoomsBusyError(ConflictError):
    """Too many files are being opened right now; the same one may be sent again in a moment."""

    code = "rooms_busy"


class Places:
    """How many programs of one kind may run at once; who waits longer than ``seconds`` is refused with ``busy``."""

    def __init__(self, at_once: int, seconds: float, busy: type[ConflictError]) -> None:
        self._free, self._seconds, self._busy = threading.BoundedSemaphore(at_once), seconds, busy

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold one place; raises ``busy``."""
        if not self._free.acquire(timeout=self._seconds):
            raise self._busy
        try:
            yield
        finally:
            self._free.release()


# Each may need a gigabyte or two for a moment.
_IN_ROOMS = Places(2, 40.0, RoomsBusyError)


@contextmanager
def a_file(data: bytes = b"") -> Iterator[IO[bytes]]:
    """Yield a file without a name, with these bytes, at its beginning."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


@contextmanager
def child(
    program: Sequence[str], given: IO[bytes], seconds: float, out: IO[bytes] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Give a running program; it is ended when it takes longer than ``seconds``, or when nobody reads on.

    ``program`` is what this very Python is started with, ``given`` its standard input, ``out`` a file that it may
    write to.
    """
    running = subprocess.Popen(  # noqa: S603 -- our own program, by this very Python, and no shell
        [sys.executable, "-I", *program],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=() if out is None else (out.fileno(),),
        env={},
        cwd="/",
    )
    clock = threading.Timer(seconds, running.kill)
    clock.start()
    try:
        with running:
            try:
                yield running
            finally:
                running.kill()
    finally:
        clock.cancel()


def answered(
    program: Sequence[str], given: IO[bytes], seconds: float, most: int, out: IO[bytes] | None = None
) -> tuple[dict[str, Any], bytes]:
    """Return what a program told in its first line and the bytes behind it; empty when it died or wrote too much.

    It dies by a limit of the kernel, by the clock, or because a decoder crashed.
    """
    with child(program, given, seconds, out) as running:
        answer = running.stdout.read(most) if running.stdout else b""
        if len(answer) == most:
            running.kill()
        running.wait()
    header, newline, rest = answer.partition(b"\n")
    if running.returncode == 0 and newline and len(header) <= _LONGEST_HEADER:
        told: dict[str, Any] = orjson.loads(header)
        return told, rest
    _log.warning("%s ended with %s", Path(program[0]).name, running.returncode)
    return {}, b""


def run(
    room: str,
    given: IO[bytes],
    args: Sequence[str] = (),
    out: IO[bytes] | None = None,
    seconds: float = 30.0,
    most: int = 64 << 20,
) -> tuple[dict[str, Any], bytes]:
    """Return what a room told and the bytes behind it, as ``answered`` does. Raises RoomsBusyError."""
    with _IN_ROOMS.taken():
        return answered([str(_ROOMS / f"{room}.py"), *args], given, seconds, most, out)
