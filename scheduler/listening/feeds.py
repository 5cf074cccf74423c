"""Hearing the bodies: ask the feeds that are due, keep each note once, remember how it went.

A poll has three steps, as a sending has: one transaction claims feeds by a lease, the sites are asked with
no transaction open, and another transaction records, fenced by that lease.
"""

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import or_, select, update
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
_LONGEST_ETAG = 500
_LONGEST_MODIFIED = 100
_LONGEST_TITLE = 300
_LONGEST_URL = 1000


@dataclass(frozen=True)
class Polling:
    """How feeds are asked. ``lease`` must be longer than a whole batch can take."""

    policy: FetchPolicy
    worker: str = "worker"
    limits: Limits = field(default_factory=Limits)
    intervals: Intervals = field(default_factory=Intervals)
    batch: int = 64
    at_once: int = 16
    lease: timedelta = timedelta(minutes=10)
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


@dataclass(frozen=True)
class _Heard:
    """What a site said: an answer, with the feed when it is news; or why there was none."""

    claimed: _Claimed
    fetched: Fetched | None = None
    feed: ParsedFeed | None = None
    body_sha256: str = ""
    error: ResuenaError | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def poll(database: Database, parser: FeedParser, polling: Polling) -> Polled:
    """Ask the feeds that are due, at most ``batch`` of them; return what came of it.

    A feed that fails is told in its own row, waits longer each time, and stops no other.
    """
    with database.transaction() as session:
        claimed = _claim(session, polling)
    polled = Polled(asked=len(claimed))
    for heard in _ask_all(claimed, parser, polling):
        try:
            with database.transaction() as session:
                _record(session, heard, polling, polled)
        except Exception:  # noqa: BLE001 -- one feed must not stop the others, whatever it shows of our code
            # Its lease ends by itself, and then it is asked again.
            _log.exception("what feed %s said could not be written down", heard.claimed.ref)
    return polled


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
    rows = session.execute(
        update(Feed)
        .where(Feed.id.in_(due.scalar_subquery()))
        .values(lease_owner=lease, lease_until=db_now + polling.lease)
        .returning(
            Feed.id, Feed.ref, Feed.owner_id, Feed.url, Feed.etag, Feed.last_modified, Feed.body_sha256,
            Feed.failures, Feed.changed_at,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return [_Claimed(lease, *row) for row in rows]


def _ask_all(claimed: list[_Claimed], parser: FeedParser, polling: Polling) -> Iterator[_Heard]:
    if claimed:
        with ThreadPoolExecutor(min(polling.at_once, len(claimed)), "feeds") as threads:
            yield from threads.map(lambda one: _ask(one, parser, polling), claimed)


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
        feed = None if same else parser.parse(fetched.body, fetched.final_url)
    except (FetchError, FeedError) as error:
        return _Heard(claimed, error=error)
    except Exception:  # noqa: BLE001 -- one site must not silence the others, whatever it shows of our code
        _log.exception("feed %s could not be read", claimed.ref)
        return _Heard(claimed, error=FeedError())
    return _Heard(claimed, fetched, feed, digest, headers=fetched.headers)


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
    values: dict[str, Any] = {
        "etag": etag if len(etag) <= _LONGEST_ETAG else "",
        "last_modified": modified if len(modified) <= _LONGEST_MODIFIED else "",
        "body_sha256": heard.body_sha256,
        "changed_at": changed_at,
        "failures": 0,
        "said_code": "",
        "said_params": {},
        "next_poll_at": now + wait,
    }
    if feed is not None and feed.title:
        values["title"] = feed.title[:_LONGEST_TITLE]
    return values | _after_move(session, claimed, fetched.moved_to)


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
