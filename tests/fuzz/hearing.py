"""Many spoiled feeds, served over HTTP on loopback and heard by the worker's own polling, into a real database."""

import logging
import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import func, select, update

from content_calendar import clock
from content_calendar.models.directory import Owner
from scheduler.listening.feeds import Polled, Polling, poll
from scheduler.listening.fetching import Limits
from scheduler.listening.parsing import FeedParser
from scheduler.models import Entry, Feed, FeedStage
from tests.fuzz.mutating import feed
from tests.fuzz.requesting import Faults
from tests.fuzz.tally import Children, Tally
from tests.fuzz.world import World
from tests.simulators.feed_server import Answering, FeedServer, Page

AT_ONCE = 40
# Short, so that sites that never end cost a second and not twenty.
LIMITS = Limits(timedelta(seconds=1), timedelta(seconds=1), timedelta(seconds=2))
MOST_MEMORY_MB = 500


def run(world: World, count: int, seed: int, *, first: int = 0) -> Tally:
    """Let the worker hear ``count`` feeds of a seed, from the ``first``, some at a time; a few never end."""
    tally, faults, children = Tally("feeds"), Faults(), Children()
    log = logging.getLogger("scheduler.listening.feeds")
    log.addHandler(faults)
    try:
        with FeedServer() as site, FeedParser() as parser:
            _plant(world, site, min(count, AT_ONCE))
            polling = Polling(policy=site.policy(), limits=LIMITS, jitter=lambda: 0.0)
            for n in range(first, first + count, AT_ONCE):
                which = range(n, min(n + AT_ONCE, first + count))
                _serve(site, seed, which)
                hear = partial(poll, world.database, parser, polling)
                _hear(world, site, hear, which, faults, tally)
    finally:
        log.removeHandler(faults)
    with world.database.reading() as session:
        tally.measures["notes kept"] = session.scalar(select(func.count()).select_from(Entry)) or 0
    grown = children.grew_to()
    tally.measures["largest child, MB"] = grown
    if grown > MOST_MEMORY_MB:
        tally.faults.append(f"a child that reads feeds grew to {grown} MB")
    return tally


def _plant(world: World, site: FeedServer, count: int) -> None:
    with world.database.transaction() as session:
        session.execute(update(Feed).values(stage=FeedStage.PAUSED))
        owner = session.scalars(select(Owner.id)).first()
        session.add_all(
            Feed(owner_id=owner, url=site.url(f"/{n}.xml"), next_poll_at=clock.now()) for n in range(count)
        )


def _serve(site: FeedServer, seed: int, which: range) -> None:
    for place, n in enumerate(which):
        rng = random.Random(f"feeds:{seed}:{n}")  # noqa: S311 -- to be had again, not to be secret
        site.pages[f"/{place}.xml"] = _page(site, f"/{place}.xml", rng)


def _hear(
    world: World, site: FeedServer, hear: Callable[[], Polled], which: range, faults: Faults, tally: Tally
) -> None:
    with world.database.transaction() as session:
        session.execute(
            update(Feed)
            .where(Feed.url.like(f"{site.url('/')}%"))
            .values(
                stage=FeedStage.ACTIVE,
                next_poll_at=clock.now(),
                failures=0,
                lease_until=None,
                body_sha256="",
                etag="",
            )
        )
    began, faults.last = clock.monotonic(), ""
    polled = hear()
    tally.took(clock.monotonic() - began, f"feeds {which.start} to {which.stop - 1} together")
    tally.answers["heard"] += polled.asked - polled.failed
    tally.answers["refused"] += polled.failed
    if faults.last:
        tally.faults.append(f"feeds {which.start} to {which.stop - 1}: {faults.last}")
    if polled.asked < len(which):
        tally.faults.append(f"feeds {which.start} to {which.stop - 1}: only {polled.asked} were asked")


def _page(site: FeedServer, path: str, rng: random.Random) -> Page:
    how = rng.random()
    if how < 0.005:
        site.drip(path, in_headers=rng.random() < 0.5)
        return site.pages[path]
    if how < 0.01:
        site.pour(path, 1 << 30)
        return site.pages[path]
    if how < 0.03:
        said = rng.choice(
            (
                b"",
                b"HTTP/1.1 200\r\n\r\n",
                b"HTTP/9.9 x y\r\n",
                rng.randbytes(300),
                b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            )
        )
        return lambda request: request.say_exactly(said)
    body, headers = feed(rng)
    status = rng.choice((200,) * 12 + (204, 206, 301, 304, 403, 404, 410, 429, 500, 503))

    def page(request: Answering) -> None:
        request.say(status, body, headers)

    return page
