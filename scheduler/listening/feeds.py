"""Hearing the bodies: ask the feeds that are due, keep each note once, remember how it went.

A poll has three steps, as a sending has: one transaction claims feeds by a lease, the sites are asked with
no transaction open, and another transaction records, fenced by that lease.
"""

import logging
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from content_calendar import audit, clock
from content_calendar.db import Database, new_ref
from content_calendar.errors import ResuenaError
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.entries import keep
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.fetching import Fetched, Limits, Resolve, fetch, resolve_name
from scheduler.listening.parsing import FeedError, FeedParser, ParsedFeed
from scheduler.listening.polling_plan import Intervals, after_a_failure, after_an_answer
from scheduler.models import Feed, FeedStage

_log = logging.getLogger(__name__)
_ANSWERED = ("etag", "last_modified", "body_sha256", "changed_at", "next_poll_at")
_LONGEST_ETAG = 500
_LONGEST_MODIFIED = 100
_LONGEST_TITLE = 300
_LONGEST_URL = 1000
_NOTED_TOGETHER = 64
# So that nobody stands idle while what was heard is written down.
_ASKED_AHEAD = 32
_QUIET = (
    update(Feed.__table__)  # type: ignore[arg-type] # a mapped class's table is one
    .where(Feed.id == bindparam("feed"), Feed.lease_owner == bindparam("lease"))
    .values(
        lease_owner="", lease_until=None, failures=0, said_code="", said_params={}, polled_at=bindparam("at"),
        **{name: bindparam(name) for name in _ANSWERED},
    )
)  # fmt: skip


@dataclass(frozen=True)
class Polling:
    """How feeds are asked. ``lease`` must be longer than a whole batch can take."""

    policy: FetchPolicy
    worker: str = "worker"
    limits: Limits = field(default_factory=Limits)
    intervals: Intervals = field(default_factory=Intervals)
    batch: int = 1024
    # Each waits for a site nearly all the time.
    at_once: int = 64
    lease: timedelta = timedelta(minutes=20)
    resolve: Resolve = resolve_name
    # From 0 to 1; spreads the visits, so that a restart does not ask every site at the same minute.
    jitter: Callable[[], float] = random.random


@dataclass
class Polled:
    """What one poll did: feeds asked, notes kept for the first time, feeds that could not be read."""

    asked: int = 0
    new: int = 0
    failed: int = 0


@dataclass(frozen=True)
class _Claimed:
    """A feed as plain values, and the lease under which it may be recorded."""

    lease: str
    feed_id: int
    ref: str
    owner_id: int
    url: str
    etag: str
    last_modified: str
    body_sha256: str
    failures: int
    changed_at: datetime | None
    items_seen: str


@dataclass(frozen=True)
class _Heard:
    """What a site said: an answer, with the feed when it is news; or why there was none."""

    claimed: _Claimed
    fetched: Fetched | None = None
    feed: ParsedFeed | None = None
    body_sha256: str = ""
    error: ResuenaError | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_no_news(self) -> bool:
        """Return whether the site answered, from where it is known, with what was known."""
        moved = self.fetched is not None and self.fetched.moved_to not in (None, self.claimed.url)
        return self.fetched is not None and self.feed is None and not moved


def poll(database: Database, parser: FeedParser, polling: Polling) -> Polled:
    """Ask the feeds that are due, at most ``batch`` of them; return what came of it.

    A feed that fails is told in its own row, waits longer each time, and stops no other. Of those without
    news, by far the most, it is only noted together that they were asked.
    """
    with database.transaction() as session:
        claimed = _claim(session, polling)
    polled = Polled(asked=len(claimed))
    quiet: list[_Heard] = []
    for heard in _ask_all(claimed, parser, polling):
        if not heard.is_no_news:
            _write(database, [heard], partial(_record, heard=heard, polling=polling, polled=polled))
            continue
        quiet.append(heard)
        if len(quiet) == _NOTED_TOGETHER:
            _write(database, quiet, partial(_note_quiet, quiet=quiet, polling=polling))
            quiet = []
    if quiet:
        _write(database, quiet, partial(_note_quiet, quiet=quiet, polling=polling))
    return polled


def _write(database: Database, heard: Sequence[_Heard], write: Callable[[Session], None]) -> None:
    try:
        with database.transaction() as session:
            write(session)
    except Exception:  # noqa: BLE001 -- one feed must not stop the others, whatever it shows of our code
        # Their leases end by themselves, and then they are asked again.
        refs = ", ".join(one.claimed.ref for one in heard)
        _log.exception("what these feeds said could not be written down: %s", refs)


def ask_soon(session: Session, feed_id: int) -> None:
    """Let a feed be asked at the next poll, also one that was paused or said to be gone."""
    session.execute(
        update(Feed)
        .where(Feed.id == feed_id)
        .values(stage=FeedStage.ACTIVE, next_poll_at=clock.now(), failures=0)
    )


def _claim(session: Session, polling: Polling) -> list[_Claimed]:
    now, db_now = clock.now(), clock.db_now(session)
    lease = f"{polling.worker[:60]}:{new_ref()}"
    due = (
        select(Feed.id)
        .where(
            Feed.stage == FeedStage.ACTIVE,
            Feed.next_poll_at <= now,
            or_(Feed.lease_until.is_(None), Feed.lease_until < db_now),
        )
        .order_by(Feed.next_poll_at)
        .limit(polling.batch)
        .with_for_update(skip_locked=True)
    )
    rows: Iterable[Any] = session.execute(
        update(Feed)
        .where(Feed.id.in_(due.scalar_subquery()))
        .values(lease_owner=lease, lease_until=db_now + polling.lease)
        .returning(
            Feed.id, Feed.ref, Feed.owner_id, Feed.url, Feed.etag, Feed.last_modified, Feed.body_sha256,
            Feed.failures, Feed.changed_at, Feed.items_seen,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return [_Claimed(lease, *row) for row in rows]


def _ask_all(claimed: list[_Claimed], parser: FeedParser, polling: Polling) -> Iterator[_Heard]:
    """Yield what each feed says, as the answers come: a slow site holds up nobody's news."""
    if not claimed:
        return
    heard: SimpleQueue[Future[_Heard]] = SimpleQueue()
    # What was heard and is not written down yet is held in memory; what waits for a thread costs nothing.
    most = polling.at_once + _ASKED_AHEAD
    with ThreadPoolExecutor(min(polling.at_once, len(claimed)), "feeds") as threads:
        for nth, one in enumerate(claimed):
            if nth >= most:
                yield heard.get().result()
            threads.submit(_ask, one, parser, polling).add_done_callback(heard.put)
        for _ in range(min(most, len(claimed))):
            yield heard.get().result()


def _ask(claimed: _Claimed, parser: FeedParser, polling: Polling) -> _Heard:
    try:
        fetched = fetch(
            claimed.url,
            policy=polling.policy,
            etag=claimed.etag,
            last_modified=claimed.last_modified,
            limits=polling.limits,
            resolve=polling.resolve,
        )
        if fetched.not_modified:
            # A 304 need not repeat the validators that it answers to.
            held = {"etag": claimed.etag, "last-modified": claimed.last_modified}
            return _Heard(claimed, fetched, body_sha256=claimed.body_sha256, headers=held | fetched.headers)
        digest = sha256(fetched.body).hexdigest()
        same = digest == claimed.body_sha256
        feed = None if same else parser.parse(fetched.body, fetched.final_url, seen=claimed.items_seen)
    except (FetchError, FeedError) as error:
        return _Heard(claimed, error=error)
    except Exception:  # noqa: BLE001 -- one site must not silence the others, whatever it shows of our code
        _log.exception("feed %s could not be read", claimed.ref)
        return _Heard(claimed, error=FeedError())
    return _Heard(claimed, fetched, feed, digest, headers=fetched.headers)


def _note_quiet(session: Session, quiet: Sequence[_Heard], polling: Polling) -> None:
    """Note in one statement that these feeds were asked and had nothing new."""
    now = clock.now()
    rows = [
        {"feed": one.claimed.feed_id, "lease": one.claimed.lease, "at": now, **_noted(one, polling, now)}
        for one in quiet
    ]
    session.connection().execute(_QUIET, rows)


def _record(session: Session, heard: _Heard, polling: Polling, polled: Polled) -> None:
    now = clock.now()
    if heard.fetched is None:
        polled.failed += 1
        _stamp(session, heard.claimed, _after_failure(session, heard, polling, now))
        return
    values = _after_answer(session, heard, heard.fetched, polling, now)
    # Stamped first: whoever lost the lease meanwhile writes nothing at all.
    if _stamp(session, heard.claimed, values) and heard.feed is not None:
        polled.new += keep(session, heard.claimed.owner_id, heard.claimed.feed_id, heard.feed.entries, now)


def _stamp(session: Session, claimed: _Claimed, values: dict[str, Any]) -> bool:
    stamped = session.execute(
        update(Feed)
        .where(Feed.id == claimed.feed_id, Feed.lease_owner == claimed.lease)
        .values(lease_owner="", lease_until=None, polled_at=clock.now(), **values)
        .returning(Feed.id)
        .execution_options(synchronize_session=False)
    )
    return stamped.first() is not None


def _after_failure(session: Session, heard: _Heard, polling: Polling, now: datetime) -> dict[str, Any]:
    error = heard.error or FeedError()
    failures = heard.claimed.failures + 1
    asked, gone = (error.retry_after, error.gone) if isinstance(error, FetchError) else (None, False)
    wait = after_a_failure(polling.intervals, failures=failures, retry_after=asked, jitter=polling.jitter())
    values: dict[str, Any] = {
        "failures": failures,
        "said_code": error.code,
        "said_params": error.params,
        "next_poll_at": now + wait,
    }
    if gone:
        audit.record(session, "", "feed_gone", "feed", heard.claimed.ref)
        values["stage"] = FeedStage.GONE
    return values


def _after_answer(
    session: Session, heard: _Heard, fetched: Fetched, polling: Polling, now: datetime
) -> dict[str, Any]:
    values = _noted(heard, polling, now) | {"failures": 0, "said_code": "", "said_params": {}}
    if heard.feed is not None:
        values["items_seen"] = heard.feed.seen
        if heard.feed.title:
            values["title"] = heard.feed.title[:_LONGEST_TITLE]
    return values | _after_move(session, heard.claimed, fetched.moved_to)


def _noted(heard: _Heard, polling: Polling, now: datetime) -> dict[str, Any]:
    """Return what is noted of every answer: the validators to send next time, and when that is."""
    claimed, feed = heard.claimed, heard.feed
    changed_at = now if feed is not None else (claimed.changed_at or now)
    wait = after_an_answer(
        polling.intervals,
        quiet_for=now - changed_at,
        headers=heard.headers,
        ttl=feed.ttl if feed else None,
        now=now,
        jitter=polling.jitter(),
    )
    etag, modified = heard.headers.get("etag", ""), heard.headers.get("last-modified", "")
    return {
        "etag": etag if len(etag) <= _LONGEST_ETAG else "",
        "last_modified": modified if len(modified) <= _LONGEST_MODIFIED else "",
        "body_sha256": heard.body_sha256,
        "changed_at": changed_at,
        "next_poll_at": now + wait,
    }


def _after_move(session: Session, claimed: _Claimed, moved_to: str | None) -> dict[str, Any]:
    # Within its own site a feed is followed. Elsewhere a person looks first: a domain that a dissolved
    # body let go must not speak in its name.
    if moved_to is None or moved_to == claimed.url:
        return {}
    told = {"said_code": "feed_moved", "said_params": {"url": moved_to}}
    taken = session.scalar(select(Feed.id).where(Feed.url == moved_to, Feed.id != claimed.feed_id))
    if taken is not None:
        return told | {"stage": FeedStage.PAUSED}
    if _site(moved_to) != _site(claimed.url) or len(moved_to) > _LONGEST_URL:
        return told
    audit.record(session, "", "feed_moved", "feed", claimed.ref)
    return {"url": moved_to}


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
