"""A site's feeds, found from its address on a real server: declared, in common places, or nowhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content_calendar import clock
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.discovering import Asking, discover
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.parsing import FeedParser
from tests.simulators.feed_server import FeedServer

RSS = b"""<rss version='2.0'><channel><title>Noticias</title>
<item><title>Una</title><guid>1</guid><pubDate>Fri, 20 Nov 2026 10:00:00 -0600</pubDate></item>
<item><title>Dos</title><guid>2</guid><pubDate>Sat, 21 Nov 2026 10:00:00 -0600</pubDate></item></channel></rss>"""
OTHER = RSS.replace(b"Una", b"Otra").replace(b"Noticias", b"Agenda")


@pytest.fixture(scope="module")
def parser() -> Iterator[FeedParser]:
    with FeedParser() as opened:
        yield opened


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    monkeypatch.setattr(clock, "_now", lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    with FeedServer() as server:
        yield server


def asking(site: FeedServer, parser: FeedParser) -> Asking:
    return Asking(site.policy(), parser, pause=0)


def test_what_a_site_declares_is_read_and_its_comments_are_not(site: FeedServer, parser: FeedParser) -> None:
    site.serve_plainly(
        "/",
        b"""<html><head><link rel="alternate" type="application/rss+xml" title="Notas" href="/notas.xml">
        <link rel='alternate' type='application/rss+xml' title='Notas: Comentarios' href='/comments/feed/'>
        <link rel="alternate" type="application/atom+xml" href="roto.xml">
        <link rel="alternate" hreflang="en" href="/en/"></head><body><a href="/agenda/rss">RSS</a></body>""",
    )
    site.serve("/notas.xml", RSS)
    site.serve("/agenda/rss", OTHER)
    site.serve_plainly("/roto.xml", b"<html>nada</html>")
    told: list[int] = []
    found = discover(site.url("/"), asking(site, parser), told.append)
    assert [(one.title, one.entries, one.declared) for one in found] == [
        ("Noticias", 2, True),
        ("Agenda", 2, True),
    ]
    assert found[0].last_at == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert [one.path for one in site.seen] == ["/", "/notas.xml", "/roto.xml", "/agenda/rss"]
    assert told == [1, 2, 3, 4]


def test_a_site_that_declares_nothing_is_tried_where_its_maker_keeps_feeds(
    site: FeedServer, parser: FeedParser
) -> None:
    site.serve_plainly("/", b'<meta name="generator" content="Drupal 10"><title>Sitio</title>')
    site.serve("/rss.xml", RSS)
    found = discover(site.url("/"), asking(site, parser))
    assert [(one.url, one.declared) for one in found] == [(site.url("/rss.xml"), False)]
    assert len(site.seen) == 2


def test_the_address_of_a_feed_is_its_own_answer_and_the_same_feed_twice_is_one(
    site: FeedServer, parser: FeedParser
) -> None:
    site.serve("/feed.xml", RSS)
    assert [one.title for one in discover(site.url("/feed.xml"), asking(site, parser))] == ["Noticias"]
    site.serve_plainly(
        "/",
        b'<link rel=alternate type="application/rss+xml" href="/feed.xml">'
        b'<link rel=alternate type="application/atom+xml" href="/same.xml">',
    )
    site.serve("/same.xml", RSS)
    assert len(discover(site.url("/"), asking(site, parser))) == 1


def test_a_site_without_feeds_is_asked_a_few_times_and_one_that_is_busy_is_left_alone(
    site: FeedServer, parser: FeedParser
) -> None:
    site.serve_plainly("/", b"<title>Nada</title>")
    assert discover(site.url("/"), asking(site, parser)) == []
    assert len(site.seen) <= 14
    site.seen.clear()
    site.refuse("/feed/", 429)
    assert discover(site.url("/"), asking(site, parser)) == []
    assert [one.path for one in site.seen] == ["/", "/feed/"]


def test_a_search_ends_when_its_time_is_over(site: FeedServer, parser: FeedParser) -> None:
    site.serve_plainly("/", b"<title>Nada</title>")
    assert discover(site.url("/"), replace(asking(site, parser), total=timedelta())) == []
    assert len(site.seen) == 1


def test_a_page_cannot_send_us_into_the_private_network(site: FeedServer, parser: FeedParser) -> None:
    with FeedServer("127.0.0.2") as inside:
        inside.serve("/secret.xml", RSS)
        site.serve_plainly(
            "/",
            f'<link rel=alternate type="application/rss+xml" href="{inside.url("/secret.xml")}">'.encode(),
        )
        assert discover(site.url("/"), asking(site, parser)) == []
        assert inside.seen == []
    with pytest.raises(FetchError):
        discover(site.url("/"), Asking(FetchPolicy(), parser))
