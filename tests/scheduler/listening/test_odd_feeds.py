"""Feeds of other kinds and other habits: JSON, posts without titles, dates in Spanish, guids that change."""

from collections.abc import Iterator
from datetime import UTC, datetime

import orjson
import pytest
from sqlalchemy import select

from content_calendar.db import Database
from scheduler.listening.feeds import Polling, poll
from scheduler.listening.parsing import FeedParser, MalformedFeedError, NotAFeedError
from scheduler.listening.spanish_dates import read_date
from scheduler.models import Entry, Feed
from tests.scheduler.planting import plant_body, plant_feed
from tests.simulators.feed_server import FeedServer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def parser() -> Iterator[FeedParser]:
    with FeedParser() as opened:
        yield opened


def json_feed(**item: object) -> bytes:
    return orjson.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Notas <b>del</b> sitio", "items": [item, 7]}
    )


def test_a_json_feed_is_read_as_any_other(parser: FeedParser) -> None:
    body = json_feed(
        id=42,
        url="https://sitio.example/a",
        title="Taller",
        content_html='<p onclick="x">Ven <script>1</script><a href="/mapa">aquí</a></p>',
        date_published="2026-11-20T10:00:00-06:00",
        authors=[{"name": "Rosa"}, 3],
        tags=["archivos", 5],
    )
    feed = parser.parse(b"\xef\xbb\xbf" + body, "https://sitio.example/feed.json", now=NOW)
    [entry] = feed.entries
    assert (feed.title, entry.title, entry.guid, entry.author) == ("Notas del sitio", "Taller", "42", "Rosa")
    assert entry.published_at == datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert ("script" in entry.summary, 'href="https://sitio.example/mapa"' in entry.summary) == (False, True)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", MalformedFeedError),
        (b'{"items": []}', NotAFeedError),
        (b'{"version": 3}', NotAFeedError),
        (b'{"a":' * 100_000, MalformedFeedError),
    ],
)
def test_other_json_is_no_feed(parser: FeedParser, body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        parser.parse(body, "https://sitio.example/")


def test_a_post_without_a_title_is_called_by_the_beginning_of_its_text(parser: FeedParser) -> None:
    text = (
        "&lt;p&gt;Ya puedes pedir información &lt;br /&gt;en línea. " + "Es tu derecho. " * 20 + "&lt;/p&gt;"
    )
    body = (
        f"<rss version='2.0'><channel><title>@infonl</title><item><guid>1</guid>"
        f"<description>{text}</description></item></channel></rss>"
    ).encode()
    [entry] = parser.parse(body, "https://social.example/@infonl.rss", now=NOW).entries
    assert entry.title.startswith("Ya puedes pedir información en línea. Es tu derecho.")
    assert (len(entry.title) <= 120, entry.title.endswith("…")) == (True, True)
    again = json_feed(id="1", content_text="Solo texto & más")
    assert parser.parse(again, "https://sitio.example/", now=NOW).entries[0].title == "Solo texto & más"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("lunes, 2 de noviembre de 2026 10:30", datetime(2026, 11, 2, 16, 30, tzinfo=UTC)),
        ("Lun, 02 Ene 2026 10:00:00 -0600", datetime(2026, 1, 2, 16, tzinfo=UTC)),
        ("mié., 15 ago 2026 9:05 p.m.", datetime(2026, 8, 16, 3, 5, tzinfo=UTC)),
        ("1 de septiembre del 2026", datetime(2026, 9, 1, 18, tzinfo=UTC)),
        ("02/11/2026 12:15 a. m.", datetime(2026, 11, 2, 6, 15, tzinfo=UTC)),
        ("31/02/2026", None),
        ("2 de nada de 2026", None),
        ("ayer", None),
        ("1" * 5000, None),
    ],
)
def test_a_date_in_spanish_is_read(text: str, at: datetime | None) -> None:
    assert read_date(text) == at


@pytest.mark.parametrize("told", ["Lun, 02 Nov 2026 10:00:00 -0600", "2 de noviembre de 2026, 16:00 UTC"])
def test_a_feed_with_dates_in_spanish_keeps_them(parser: FeedParser, told: str) -> None:
    item = f"<item><title>A</title><pubDate>{told}</pubDate></item>"
    body = f"<rss version='2.0'><channel><title>N</title>{item}</channel></rss>"
    [entry] = parser.parse(body.encode(), "https://sitio.example/", now=NOW).entries
    assert entry.published_at == datetime(2026, 11, 2, 16, tzinfo=UTC)


def test_a_site_that_gives_each_note_a_new_guid_each_time_gives_it_once(
    database: Database, parser: FeedParser
) -> None:
    with FeedServer() as site:
        polling = Polling(policy=site.policy(), jitter=lambda: 0.0)
        with database.transaction() as session:
            plant_feed(session, plant_body(session, "infox"), site.url())
        for guid, link in (
            ("a-1", "http://infox.example/Nota/?utm_source=rss"),
            ("b-2", "https://www.infox.example/nota"),
        ):
            item = f"<item><title>Taller</title><guid isPermaLink='false'>{guid}</guid><link>{link}</link></item>"
            site.serve(
                "/feed.xml", f"<rss version='2.0'><channel><title>N</title>{item}</channel></rss>".encode()
            )
            poll(database, parser, polling)
            with database.transaction() as session:
                session.scalars(select(Feed)).one().next_poll_at = datetime(2020, 1, 1, tzinfo=UTC)
    with database.reading() as session:
        [entry] = session.scalars(select(Entry)).all()
        assert (entry.title, entry.dated) == ("Taller", False)
