"""Feed bytes to plain values, read by a child process that can be killed.

A feed is hostile input: a few megabytes can ask for half a minute and half a gigabyte. The child has
limits of memory and processor time of its own, a time by the wall from us, an environment without secrets,
and is replaced when any of them is passed.
"""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore
from typing import Any, Self

import orjson

import scheduler
from content_calendar import clock
from content_calendar.errors import ResuenaError
from scheduler.listening.framing import ANSWER, REQUEST

# RSS is of 1999 and no body of the SNT is older than 2002: an earlier date is a clock that was never set.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCK_ERROR = timedelta(days=1)
_WALL = timedelta(seconds=30)
_LARGEST_ANSWER = 64 * 1024 * 1024
_FEEDS_PER_CHILD = 200


class FeedError(ResuenaError):
    """What came is not a feed that can be read."""

    code = "feed_unreadable"


class NotAFeedError(FeedError):
    """A page or something else came where a feed was expected."""

    code = "feed_not_a_feed"


class MalformedFeedError(FeedError):
    """It looks like a feed and is too damaged to give a single entry."""

    code = "feed_malformed"


class FeedTooHeavyError(FeedError):
    """Reading it takes more time or memory than any honest feed needs."""

    code = "feed_too_heavy"


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """A note of a feed. ``title`` and ``author`` are plain text, ``summary`` is clean HTML."""

    title: str
    link: str | None
    summary: str
    published_at: datetime | None
    author: str
    guid: str | None
    tags: tuple[str, ...] = ()
    # The address of the picture that it shows first; empty for none.
    picture: str = ""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed: at most its first 500 entries, without those read before. ``ttl`` is how long it asks to be left alone.

    ``seen`` is what to give the next time, so that only new entries are read; empty when all must be read again.
    """

    title: str
    entries: tuple[ParsedEntry, ...]
    damaged: bool = False
    ttl: timedelta | None = None
    seen: str = ""


def sane_date(moment: datetime | None, now: datetime) -> datetime | None:
    """Return the moment a note says it is from, or nothing when no note can be from then.

    Old notes keep their date, however late we see them: a feed that is read for the first time in years is
    not news of today. Before 2000, or more than a day ahead, it is a clock or a form that was never set
    (1970, 2099): the caller then goes by when it first saw the note. Less than a day ahead is a wrong zone:
    the note is here already, so it counts as of now.
    """
    if moment is None or moment < _EARLIEST or moment > now + _CLOCK_ERROR:
        return None
    return min(moment, now)


@dataclass(eq=False)
class _Child:
    process: subprocess.Popen[bytes]
    fed: int = 0

    @classmethod
    def start(cls) -> Self:
        root = str(Path(scheduler.__path__[0]).parent)
        return cls(
            subprocess.Popen(
                [sys.executable, "-P", "-m", "scheduler.listening.parsing_child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PYTHONPATH": root, "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1"},
            )
        )

    def ask(self, body: bytes, base_url: str, seen: str, wall: timedelta) -> bytes | None:
        """Return the child's answer, or nothing when it died or had to be killed."""
        writing, reading = self.process.stdin, self.process.stdout
        if writing is None or reading is None:
            return None
        killer = threading.Timer(wall.total_seconds(), self.process.kill)
        killer.start()
        base, read = base_url.encode(), seen.encode()
        try:
            writing.write(REQUEST.pack(len(base), len(read), len(body)) + base + read + body)
            writing.flush()
            head = reading.read(ANSWER.size)
            size = ANSWER.unpack(head)[0] if len(head) == ANSWER.size else _LARGEST_ANSWER + 1
            answer = reading.read(size) if size <= _LARGEST_ANSWER else b""
        except OSError:
            return None
        finally:
            killer.cancel()
        self.fed += 1
        return answer if len(answer) == size else None

    def stop(self) -> None:
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.process.wait()


# Each keeps some thirty megabytes, and parsing is bound by the processor.
_MOST_CHILDREN = 2


@dataclass(eq=False)
class FeedParser:
    """Reads feeds with children that are kept and used again; safe to share among threads.

    At most ``_MOST_CHILDREN`` work at once, whoever asks; the others wait. Use it as a context, or close it.
    """

    wall: timedelta = _WALL
    idle: SimpleQueue[_Child] = field(default_factory=SimpleQueue)
    places: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_MOST_CHILDREN))

    def parse(self, body: bytes, base_url: str, *, seen: str = "", now: datetime | None = None) -> ParsedFeed:
        """Return the feed that these bytes are; relative links are resolved against ``base_url``.

        With ``seen``, as an earlier reading of this feed gave it, entries read then may be missing.

        Raises ``NotAFeedError``, ``MalformedFeedError`` or ``FeedTooHeavyError``.
        """
        with self.places, self._child() as child:
            answer = child.ask(body, base_url, seen, self.wall)
            if answer is None:
                raise FeedTooHeavyError
        said = orjson.loads(answer)
        if said["kind"] == "not_a_feed":
            raise NotAFeedError
        if said["kind"] == "malformed":
            raise MalformedFeedError
        if said["kind"] != "feed":
            raise FeedTooHeavyError
        return _feed(said, now or clock.now())

    @contextlib.contextmanager
    def _child(self) -> Iterator[_Child]:
        child = self._take()
        try:
            yield child
        except BaseException:
            child.stop()
            raise
        # A parser's memory only grows; a fresh child now and then is cheaper than finding out why.
        if child.fed >= _FEEDS_PER_CHILD:
            child.stop()
        else:
            self.idle.put(child)

    def _take(self) -> _Child:
        with contextlib.suppress(Empty):
            while True:
                child = self.idle.get_nowait()
                if child.process.poll() is None:
                    return child
                child.stop()
        return _Child.start()

    def close(self) -> None:
        """End the children that are idle."""
        with contextlib.suppress(Empty):
            while True:
                self.idle.get_nowait().stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _feed(said: Mapping[str, Any], now: datetime) -> ParsedFeed:
    ttl = said["ttl"]
    return ParsedFeed(
        title=said["title"],
        entries=tuple(_entry(entry, now) for entry in said["entries"]),
        damaged=said["damaged"],
        ttl=None if ttl is None else timedelta(minutes=ttl),
        seen=said["seen"],
    )


def _entry(said: Mapping[str, Any], now: datetime) -> ParsedEntry:
    return ParsedEntry(
        title=said["title"],
        link=said["link"],
        summary=said["summary"],
        published_at=sane_date(_moment(said["published"]), now),
        author=said["author"],
        guid=said["guid"],
        tags=tuple(tag for tag in said["tags"] if tag),
        picture=said.get("picture", ""),
    )


def _moment(seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
