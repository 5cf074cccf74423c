import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from scheduler.listening.identity import Told, identify
from scheduler.listening.parsing import (
    FeedParser,
    FeedTooHeavyError,
    MalformedFeedError,
    NotAFeedError,
    ParsedFeed,
    sane_date,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASE = "https://infonl.mx/feed.xml"


@pytest.fixture(scope="module")
def parser() -> Iterator[FeedParser]:
    with FeedParser() as opened:
        yield opened


def rss(items: str, *, head: str = "") -> bytes:
    return f"{head}<rss version='2.0'><channel><title>Notas</title>{items}</channel></rss>".encode()


def item(title: str = "Foro", **fields: str) -> str:
    rest = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<item><title>{title}</title>{rest}</item>"


def parsed(parser: FeedParser, body: bytes) -> ParsedFeed:
    return parser.parse(body, BASE, now=NOW)


def test_the_real_feed_gives_its_74_notes_with_their_dates(parser: FeedParser, test_data: Path) -> None:
    feed = parsed(parser, (test_data / "inegi_todos_los_temas_2016-08.xml").read_bytes())
    assert feed.title == "INEGI - Todos los temas"
    assert len(feed.entries) == 74
    assert all(entry.link and entry.link == entry.link.strip() for entry in feed.entries)
    assert {entry.published_at.year for entry in feed.entries if entry.published_at} == {
        2013,
        2014,
        2015,
        2016,
    }
    assert all(entry.published_at for entry in feed.entries)
    assert not any(entry.guid for entry in feed.entries)
    told = [Told(e.link, e.guid, e.title, e.summary, e.published_at) for e in feed.entries]
    assert len({one.key for one in identify(told)}) == 74


def test_an_atom_feed_is_read_too(parser: FeedParser) -> None:
    feed = parsed(
        parser,
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>Notas</title><entry><id>tag:a,1</id><title>Foro</title>"
        b"<link href='/foro'/><updated>2026-11-20T10:00:00-06:00</updated><author><name>Ana</name></author>"
        b"<content type='html'>&lt;p&gt;Hola&lt;/p&gt;</content></entry></feed>",
    )
    (entry,) = feed.entries
    assert (entry.guid, entry.link, entry.author) == ("tag:a,1", "https://infonl.mx/foro", "Ana")
    assert entry.summary == "<p>Hola</p>"
    assert entry.published_at == datetime(2026, 11, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize("declared", ["", "<?xml version='1.0' encoding='iso-8859-1'?>"])
def test_latin_1_is_read_declared_or_not(parser: FeedParser, declared: str) -> None:
    body = rss(item("Difusión en Michoacán"), head=declared).decode().encode("latin-1")
    assert parsed(parser, body).entries[0].title == "Difusión en Michoacán"


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Mon, 15 Aug 2016 13:00:00 GMT", datetime(2016, 8, 15, 13, tzinfo=UTC)),
        ("Sun, 22 Nov 2026 20:00:00 +0000", NOW),
        ("lun, 15 ago 2016 13:00:00 GMT", datetime(2016, 8, 15, 13, tzinfo=UTC)),
        ("15 de agosto de 2016", datetime(2016, 8, 15, 18, tzinfo=UTC)),
        ("15/08/2016", datetime(2016, 8, 15, 18, tzinfo=UTC)),
        ("", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Thu, 01 Jan 2099 00:00:00 GMT", None),
        ("Thu, 01 Jan 99999 00:00:00 GMT", None),
    ],
)
def test_a_date_is_kept_when_a_note_can_be_from_then(
    parser: FeedParser, date: str, moment: datetime | None
) -> None:
    assert parsed(parser, rss(item(pubDate=date))).entries[0].published_at == moment


def test_a_date_a_little_ahead_is_a_wrong_zone_and_counts_as_now() -> None:
    assert sane_date(NOW + timedelta(hours=6), NOW) == NOW
    assert sane_date(NOW + timedelta(days=2), NOW) is None
    assert sane_date(NOW - timedelta(days=3650), NOW) == NOW - timedelta(days=3650)


def test_a_title_with_a_trap_is_plain_text_and_a_trapped_link_is_dropped(parser: FeedParser) -> None:
    trap = "&lt;img src=x onerror=alert(1)&gt;Foro"
    items = item(trap, link="javascript:alert(1)", guid="javascript:alert(2)", description=trap)
    (entry,) = parsed(parser, rss(items)).entries
    assert (entry.title, entry.link, entry.summary) == ("Foro", None, "Foro")


def test_of_forty_thousand_notes_the_first_500_are_kept(parser: FeedParser) -> None:
    feed = parsed(parser, rss("".join(item(f"n{n}") for n in range(40_000))))
    assert [entry.title for entry in feed.entries] == [f"n{n}" for n in range(500)]


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><head><title>Hola</title></head><body><p>No<br></body></html>",
        b"<html><head><title>Hola</title></head><body></body></html>",
        b"\n\n<!-- x --><HTML lang=es><body>Bloqueado</body></HTML>",
        b"<?xml version='1.0'?><nada/>",
        b'{"version":"https://otro.example/version/1.1","items":[]}',
        b"Not found",
        b"",
        b"\x00\xff" * 100,
    ],
)
def test_what_is_no_feed_is_told_apart(parser: FeedParser, body: bytes) -> None:
    with pytest.raises(NotAFeedError):
        parsed(parser, body)


BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b']><rss version="2.0"><channel><title>&l9;</title></channel></rss>'
)


@pytest.mark.parametrize(
    "body", [b"<rss version='2.0'><chann", b"<?xml version='1.0'?><rss><", BILLION_LAUGHS]
)
def test_a_feed_too_damaged_to_read_is_malformed(parser: FeedParser, body: bytes) -> None:
    with pytest.raises(MalformedFeedError):
        parsed(parser, body)


def test_a_feed_cut_in_half_gives_what_it_has(parser: FeedParser) -> None:
    whole = rss(item("Uno") + item("Dos"))
    feed = parsed(parser, whole[: whole.index(b"Dos")])
    assert feed.damaged
    assert feed.entries[0].title == "Uno"
    assert not parsed(parser, whole).damaged


def test_a_feed_without_notes_is_a_feed(parser: FeedParser) -> None:
    assert parsed(parser, rss("<ttl>180</ttl>")) == ParsedFeed("Notas", (), ttl=timedelta(hours=3))


def test_an_outside_entity_is_not_read(parser: FeedParser, tmp_path: Path) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("canary-content")
    body = rss(item("&e;", description="&e;"), head=f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{canary}">]>')
    try:
        feed = parsed(parser, body)
    except MalformedFeedError:
        return
    assert "canary-content" not in repr(feed)


def test_a_body_that_looks_like_a_path_is_not_opened(parser: FeedParser, tmp_path: Path) -> None:
    canary = tmp_path / "canary.xml"
    canary.write_bytes(rss(item("canary-content")))
    body = str(canary).encode()
    with pytest.raises(NotAFeedError):
        parsed(parser, body)
    with pytest.raises(NotAFeedError):
        parsed(parser, f"file://{canary}".encode())
    # The control: given the bytes themselves, feedparser reads the file.
    assert feedparser.parse(body).entries[0].title == "canary-content"


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESUENA_SECRET_KEY", "canary-secret")
    with FeedParser() as fresh:
        fresh.parse(rss(""), BASE)
        child = fresh.idle.get_nowait()
        fresh.idle.put(child)
        environment = Path(f"/proc/{child.process.pid}/environ").read_bytes()
    assert b"canary-secret" not in environment
    assert b"PYTHONPATH" in environment


def test_a_feed_that_eats_memory_or_time_is_killed_and_the_next_is_read() -> None:
    heavy = b"<rss version='2.0'><channel>" + b"<item><a>" * 500_000
    with FeedParser(wall=timedelta(seconds=1)) as parser:
        began = time.monotonic()
        with pytest.raises(FeedTooHeavyError):
            parser.parse(heavy, BASE)
        assert time.monotonic() - began < 3
        assert parser.parse(rss(item("Uno")), BASE).entries[0].title == "Uno"


def test_a_child_that_died_meanwhile_is_told_and_replaced() -> None:
    with FeedParser() as parser:
        parser.parse(rss(""), BASE)
        child = parser.idle.get_nowait()
        child.process.kill()
        child.process.wait()
        parser.idle.put(child)
        assert parser.parse(rss(item("Uno")), BASE).entries[0].title == "Uno"


def test_relative_links_in_a_note_lead_to_the_feeds_own_site_or_where_the_note_says(
    parser: FeedParser,
) -> None:
    told = "&lt;a href='/notas/1'&gt;Nota&lt;/a&gt;"
    feed = parsed(parser, rss(item(description=told, link="/notas/2")))
    assert feed.entries[0].link == "https://infonl.mx/notas/2"
    assert 'href="https://infonl.mx/notas/1"' in feed.entries[0].summary
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://otro.mx/'><title>T</title><entry>"
        f"<title>Nota</title><content type='html'>{told}</content></entry></feed>"
    )
    assert 'href="https://otro.mx/notas/1"' in parsed(parser, atom.encode()).entries[0].summary
