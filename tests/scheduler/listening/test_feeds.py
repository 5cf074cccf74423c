from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from scheduler.listening import entries, feeds
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.feeds import Polled, Polling, ask_soon, poll
from scheduler.listening.parsing import FeedParser, ParsedFeed
from scheduler.models import Entry, Feed, FeedStage
from tests.scheduler.planting import plant_body, plant_feed
from tests.simulators.feed_server import FeedServer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Time:
    """The clock of a test: it stands still until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        monkeypatch.setattr(clock, "_now", lambda: self.now)

    def passes(self, **amount: int) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture(scope="module")
def parser() -> Iterator[FeedParser]:
    with FeedParser() as opened:
        yield opened


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture
def feed_id(database: Database, site: FeedServer, time: Time) -> int:
    assert time.now == NOW
    with database.transaction() as session:
        return plant_feed(session, plant_body(session, "infonl"), site.url()).id


def rss(*titles: str) -> bytes:
    items = "".join(f"<item><title>{title}</title><guid>{title}</guid></item>" for title in titles)
    return f"<rss version='2.0'><channel><title>Notas</title>{items}</channel></rss>".encode()


def polling(site: FeedServer, **options: object) -> Polling:
    return Polling(**{"policy": site.policy(), "jitter": lambda: 0.0} | options)  # type: ignore[arg-type]  # named options, as they are


def feed_of(database: Database, feed_id: int) -> Feed:
    with database.reading() as session:
        feed = session.get_one(Feed, feed_id)
        session.expunge(feed)
        return feed


def entries_in(database: Database) -> list[Entry]:
    with database.reading() as session:
        entries = list(session.scalars(select(Entry).order_by(Entry.id)))
        session.expunge_all()
        return entries


def test_the_real_feed_polled_twice_gives_74_notes_and_then_none(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int, time: Time, test_data: Path
) -> None:
    body = (test_data / "inegi_todos_los_temas_2016-08.xml").read_bytes()
    site.serve("/feed.xml", body)
    assert poll(database, parser, polling(site)) == Polled(asked=1, new=74)
    time.passes(hours=2)
    assert poll(database, parser, polling(site)) == Polled(asked=1, new=0)
    assert [seen.headers["If-None-Match"] is not None for seen in site.seen] == [False, True]
    # Also when the site sends it whole, in another order and with other spellings of the links.
    site.serve("/feed.xml", body.replace(b"http://www.inegi", b"https://inegi"))
    time.passes(hours=24)
    assert poll(database, parser, polling(site)) == Polled(asked=1, new=0)
    assert len(entries_in(database)) == 74
    assert feed_of(database, feed_id).title == "INEGI - Todos los temas"


def test_notes_that_were_read_are_left_out_of_what_is_read_next(
    database: Database,
    parser: FeedParser,
    site: FeedServer,
    feed_id: int,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[list[str]] = []
    parse = parser.parse

    def heard(body: bytes, base_url: str, *, seen: str = "") -> ParsedFeed:
        feed = parse(body, base_url, seen=seen)
        read.append([entry.title for entry in feed.entries])
        return feed

    monkeypatch.setattr(parser, "parse", heard)
    for titles in (["Dos", "Uno"], ["Tres", "Dos", "Uno"], ["Cuatro", "Tres"]):
        site.serve("/feed.xml", rss(*titles))
        poll(database, parser, polling(site))
        time.passes(hours=24)
    assert read == [["Dos", "Uno"], ["Tres"], ["Cuatro"]]
    assert [entry.title for entry in entries_in(database)] == ["Dos", "Uno", "Tres", "Cuatro"]
    # Of what stands in the feed now, and no more.
    assert len(feed_of(database, feed_id).items_seen) == 2 * 16


def test_new_notes_are_added_to_the_old_ones(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int, time: Time
) -> None:
    site.serve("/feed.xml", rss("Uno", "Dos"))
    assert poll(database, parser, polling(site)).new == 2
    time.passes(hours=1)
    site.serve("/feed.xml", rss("Tres", "Dos", "Uno"))
    assert poll(database, parser, polling(site)).new == 1
    first, _, third = entries_in(database)
    assert (first.published_at, first.dated, third.published_at) == (NOW, False, NOW + timedelta(hours=1))
    assert feed_of(database, feed_id).changed_at == NOW + timedelta(hours=1)


def test_a_feed_is_asked_only_when_it_is_due(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int, time: Time
) -> None:
    site.serve("/feed.xml", rss("Uno"))
    assert poll(database, parser, polling(site)).asked == 1
    assert feed_of(database, feed_id).next_poll_at == NOW + timedelta(hours=1)
    time.passes(minutes=59)
    assert poll(database, parser, polling(site)).asked == 0
    with database.transaction() as session:
        ask_soon(session, feed_id)
    assert poll(database, parser, polling(site)).asked == 1


def test_a_body_that_did_not_change_is_not_read_again_though_the_site_has_no_validators(
    database: Database,
    parser: FeedParser,
    site: FeedServer,
    feed_id: int,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site.serve_plainly("/feed.xml", rss("Uno"), "application/rss+xml")
    parsed: list[str] = []
    parse = parser.parse

    def counted(body: bytes, base_url: str, *, seen: str = "") -> ParsedFeed:
        parsed.append(base_url)
        return parse(body, base_url, seen=seen)

    monkeypatch.setattr(parser, "parse", counted)
    for _ in range(2):
        poll(database, parser, polling(site))
        time.passes(hours=24)
    assert (len(site.seen), len(parsed)) == (2, 1)
    assert feed_of(database, feed_id).next_poll_at == NOW + timedelta(hours=48)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html><body>Mantenimiento</body></html>", "feed_not_a_feed"),
        (b"<rss version='2.0'><chann", "feed_malformed"),
    ],
)
def test_what_is_not_a_feed_is_told_and_nothing_is_lost(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int, time: Time, body: bytes, code: str
) -> None:
    site.serve("/feed.xml", rss("Uno"))
    poll(database, parser, polling(site))
    site.serve("/feed.xml", body)
    time.passes(hours=1)
    assert poll(database, parser, polling(site)) == Polled(asked=1, failed=1)
    feed = feed_of(database, feed_id)
    assert (feed.said_code, feed.failures, feed.stage) == (code, 1, FeedStage.ACTIVE)
    assert feed.etag
    assert len(entries_in(database)) == 1
    site.serve("/feed.xml", rss("Uno", "Dos"))
    time.passes(hours=1)
    assert poll(database, parser, polling(site)).new == 1
    assert (feed_of(database, feed_id).said_code, feed_of(database, feed_id).failures) == ("", 0)


def test_a_feed_of_fifty_megabytes_is_told(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int
) -> None:
    site.pour("/feed.xml", 50 * 1024 * 1024)
    assert poll(database, parser, polling(site)).failed == 1
    feed = feed_of(database, feed_id)
    assert (feed.said_code, feed.said_params["limit"]) == ("fetch_too_large", 2 * 1024 * 1024)


def test_each_failure_waits_longer_and_never_gives_up(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int, time: Time
) -> None:
    site.refuse("/feed.xml", 500)
    for hours in (1, 2, 4, 8, 16, 24, 24):
        before = time.now
        assert poll(database, parser, polling(site)).failed == 1
        feed = feed_of(database, feed_id)
        assert feed.next_poll_at == before + timedelta(hours=hours)
        time.passes(hours=hours)
    assert (feed.said_code, feed.said_params) == ("fetch_status", {"host": "127.0.0.1", "status": 500})


def test_a_site_that_asks_for_time_gets_it(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int
) -> None:
    site.refuse("/feed.xml", 429, Retry_After="18000")
    poll(database, parser, polling(site))
    assert feed_of(database, feed_id).next_poll_at == NOW + timedelta(hours=5)


def test_a_feed_that_is_gone_is_not_asked_again_and_somebody_is_told(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int, time: Time
) -> None:
    site.refuse("/feed.xml", 410)
    poll(database, parser, polling(site))
    feed = feed_of(database, feed_id)
    assert (feed.stage, feed.said_code, feed.said_params["status"]) == (FeedStage.GONE, "fetch_status", 410)
    with database.reading() as session:
        assert session.scalars(select(AuditEvent.act)).all() == ["feed_gone"]
    time.passes(days=400)
    assert poll(database, parser, polling(site)).asked == 0


def test_a_feed_that_moved_within_its_site_is_followed(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int
) -> None:
    site.redirect("/feed.xml", "/rss", 301)
    site.serve("/rss", rss("Uno"))
    assert poll(database, parser, polling(site)).new == 1
    assert feed_of(database, feed_id).url == site.url("/rss")


def test_a_feed_that_moved_elsewhere_is_read_and_a_person_is_told(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int
) -> None:
    with FeedServer("127.0.0.2") as other:
        other.serve("/rss", rss("Uno"))
        site.redirect("/feed.xml", other.url("/rss"), 301)
        policy = FetchPolicy(site.policy().allowed | other.policy().allowed)
        assert poll(database, parser, polling(site, policy=policy)).new == 1
        feed = feed_of(database, feed_id)
        assert (feed.url, feed.said_code) == (site.url(), "feed_moved")
        assert feed.said_params == {"url": other.url("/rss")}


def test_a_feed_that_moved_to_one_we_have_is_paused(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int
) -> None:
    with database.transaction() as session:
        owner = session.get_one(Feed, feed_id).owner_id
        session.add(Feed(owner_id=owner, url=site.url("/rss"), next_poll_at=NOW + timedelta(days=1)))
    site.redirect("/feed.xml", "/rss", 301)
    site.serve("/rss", rss("Uno"))
    poll(database, parser, polling(site))
    assert feed_of(database, feed_id).stage == FeedStage.PAUSED


@pytest.mark.usefixtures("feed_id")
def test_one_bad_feed_stops_no_other_and_a_private_one_is_refused(
    database: Database, parser: FeedParser, site: FeedServer
) -> None:
    with database.transaction() as session:
        private = plant_feed(session, plant_body(session, "itaipbc"), "http://127.0.0.1/feed.xml").id
    site.serve("/feed.xml", rss("Uno"))
    assert poll(database, parser, polling(site)) == Polled(asked=2, new=1, failed=1)
    assert feed_of(database, private).said_code == "fetch_address_forbidden"


def test_two_feeds_of_one_body_with_the_same_note_give_it_once(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int
) -> None:
    with database.transaction() as session:
        owner = session.get_one(Feed, feed_id).owner_id
        session.add(Feed(owner_id=owner, url=site.url("/otra.xml")))
    site.serve("/feed.xml", rss("Uno", "Dos"))
    site.serve("/otra.xml", rss("Dos", "Tres"))
    assert poll(database, parser, polling(site)) == Polled(asked=2, new=3)


def test_a_feed_that_a_worker_holds_is_not_asked_by_another_and_a_lost_lease_records_nothing(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int
) -> None:
    site.serve("/feed.xml", rss("Uno"))
    inner: list[Polled] = []

    def resolve(_host: str, _port: int) -> list[str]:
        # While the first worker is asking, a second one finds nothing to do; then the lease is taken away.
        inner.append(poll(database, parser, polling(site, worker="second")))
        with database.transaction() as session:
            session.get_one(Feed, feed_id).lease_owner = "somebody else"
        return ["127.0.0.1"]

    assert poll(database, parser, polling(site, worker="first", resolve=resolve)) == Polled(asked=1)
    assert inner == [Polled()]
    assert entries_in(database) == []
    assert feed_of(database, feed_id).polled_at is None


def test_a_lease_that_ran_out_is_taken_over(
    database: Database, parser: FeedParser, site: FeedServer, feed_id: int
) -> None:
    site.serve("/feed.xml", rss("Uno"))
    with database.transaction() as session:
        feed = session.get_one(Feed, feed_id)
        feed.lease_owner, feed.lease_until = "dead", clock.db_now(session) + timedelta(minutes=5)
    assert poll(database, parser, polling(site)).asked == 0
    with database.transaction() as session:
        session.get_one(Feed, feed_id).lease_until = clock.db_now(session) - timedelta(seconds=1)
    assert poll(database, parser, polling(site)).new == 1


def test_no_more_than_a_batch_is_claimed_at_once(
    database: Database, parser: FeedParser, site: FeedServer
) -> None:
    site.serve("/feed.xml", rss("Uno"))
    with database.transaction() as session:
        body = plant_body(session, "infonl")
        for number in range(5):
            plant_feed(session, body, site.url(f"/feed.xml?{number}"))
    asked = [poll(database, parser, polling(site, batch=2)).asked for _ in range(4)]
    assert asked == [2, 2, 1, 0]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 1


def test_a_feed_whose_news_cannot_be_written_down_stops_no_other(
    database: Database,
    parser: FeedParser,
    site: FeedServer,
    feed_id: int,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert time.now == NOW
    site.serve("/feed.xml", rss("Una"))
    site.serve("/otro.xml", rss("Dos"))
    with database.transaction() as session:
        plant_feed(session, plant_body(session, "otro"), site.url("/otro.xml"))
    keep = entries.keep

    def keep_or_fail(session: Session, owner_id: int, of_feed: int, *rest: Any) -> int:  # noqa: ANN401 -- passed on
        if of_feed == feed_id:
            raise RuntimeError
        return keep(session, owner_id, of_feed, *rest)

    monkeypatch.setattr(feeds, "keep", keep_or_fail)
    poll(database, parser, polling(site))
    assert [entry.title for entry in entries_in(database)] == ["Dos"]
