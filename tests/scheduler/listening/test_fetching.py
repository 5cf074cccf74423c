import gzip
import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import urllib3

from content_calendar import clock
from scheduler.listening import fetching
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.fetch_errors import (
    AddressForbiddenError,
    BadUrlError,
    StatusError,
    TooLargeError,
    TooManyRedirectsError,
    TooSlowError,
    UnreachableError,
)
from scheduler.listening.fetching import Limits, fetch
from tests.simulators.certificates import authority_and_context
from tests.simulators.feed_server import FeedServer

FEED = b"<rss version='2.0'><channel><title>Feed</title></channel></rss>"
HURRIED = Limits(read=timedelta(seconds=5), total=timedelta(milliseconds=400))


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with FeedServer() as server:
        server.serve("/feed.xml", FEED)
        yield server


def test_a_feed_is_fetched_and_who_asks_is_said(site: FeedServer) -> None:
    got = fetch(site.url(), policy=site.policy())
    assert (got.status, got.body, got.not_modified, got.moved_to) == (200, FEED, False, None)
    assert got.final_url == site.url()
    asked = site.seen[0].headers
    assert asked["User-Agent"] == "Resuena/1 (+tests@example.org)"
    assert asked["Accept-Encoding"] == "gzip"
    assert asked["Host"] == f"127.0.0.1:{site.port}"


def test_an_unchanged_feed_is_told_by_its_validator(site: FeedServer) -> None:
    first = fetch(site.url(), policy=site.policy())
    again = fetch(
        site.url(),
        policy=site.policy(),
        etag=first.headers["etag"],
        last_modified="Mon, 15 Aug 2016 13:00:00 GMT",
    )
    assert (again.status, again.not_modified, again.body) == (304, True, b"")
    assert site.seen[1].headers["If-Modified-Since"] == "Mon, 15 Aug 2016 13:00:00 GMT"


def test_a_validator_with_a_line_break_is_not_sent(site: FeedServer) -> None:
    fetch(site.url(), policy=site.policy(), etag='"a"\r\nX-Evil: 1')
    assert "X-Evil" not in site.seen[0].headers
    assert "If-None-Match" not in site.seen[0].headers


def test_a_zipped_feed_is_unpacked(site: FeedServer) -> None:
    site.serve("/zipped", FEED, zipped=True)
    assert fetch(site.url("/zipped"), policy=site.policy()).body == FEED


# Where a request may go ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://feeds.example/a", "scheme"),
        ("file:///etc/hostname", "scheme"),
        ("gopher://feeds.example/", "scheme"),
        ("feeds.example/a", "scheme"),
        ("http://user:secret@feeds.example/", "credentials"),
        ("http://user@feeds.example/", "credentials"),
        ("http://feeds.example:22/", "port"),
        ("https://feeds.example:8443/", "port"),
        ("http:///path", "form"),
        ("http://", "form"),
        ("http://feeds.example\\@127.0.0.1/", "form"),
        ("http://feeds.example/\r\nHost: evil", "form"),
        ("http://①②⑦.0.0.1/", "form"),
        ("http://feeds.example/" + "a" * 2048, "form"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_unasked(url: str, reason: str) -> None:
    def never(_host: str, _port: int) -> list[str]:
        raise AssertionError

    with pytest.raises(BadUrlError) as refused:
        fetch(url, policy=FetchPolicy(), resolve=never)
    assert refused.value.params == {"reason": reason}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises((AddressForbiddenError, UnreachableError)) as refused:
        fetch(f"http://{host}/", policy=FetchPolicy())
    assert refused.value.code == "fetch_address_forbidden" or refused.value.params["reason"] == "name"


def test_without_the_check_the_private_server_answers(site: FeedServer) -> None:
    port_only = FetchPolicy(frozenset({("other.example", site.port)}))
    with pytest.raises(AddressForbiddenError):
        fetch("http://feeds.example/", policy=port_only, resolve=lambda *_: ["127.0.0.1"])
    assert not site.seen
    plain = urllib3.PoolManager().request("GET", site.url())
    assert plain.status == 200


def test_one_private_address_among_public_ones_condemns_the_name() -> None:
    with pytest.raises(AddressForbiddenError) as refused:
        fetch("http://feeds.example/", policy=FetchPolicy(), resolve=lambda *_: ["1.1.1.1", "10.0.0.7"])
    assert refused.value.params == {"host": "feeds.example"}


def test_a_name_that_changes_its_mind_is_asked_once_and_pinned() -> None:
    with FeedServer("127.0.0.1") as public, FeedServer("127.0.0.2", port=public.port) as private:
        public.serve("/feed.xml", FEED)
        private.serve("/feed.xml", b"secret")
        answers = iter([["127.0.0.1"], ["127.0.0.2"]])
        url = public.url(host="feeds.example")
        got = fetch(url, policy=public.policy("feeds.example"), resolve=lambda *_: next(answers))
        assert got.body == FEED
        assert not private.seen
        assert public.seen[0].headers["Host"] == f"feeds.example:{public.port}"
        # The control: whoever connects by a second look at the name reaches the other server.
        control = http.client.HTTPConnection(next(answers)[0], public.port)
        control.request("GET", "/feed.xml")
        assert control.getresponse().read() == b"secret"
        control.close()


def test_the_next_address_is_tried_when_the_first_does_not_answer(site: FeedServer) -> None:
    got = fetch(
        site.url(host="feeds.example"),
        policy=site.policy("feeds.example"),
        resolve=lambda *_: ["127.0.0.3", "127.0.0.1"],
    )
    assert got.body == FEED


def test_proxy_variables_are_ignored(site: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(site.url(), policy=site.policy()).body == FEED


def test_a_name_without_address_is_unreachable() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(UnreachableError) as refused:
        fetch("http://feeds.example/", policy=FetchPolicy(), resolve=unknown)
    assert refused.value.params == {"host": "feeds.example", "reason": "name"}


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with FeedServer() as server:
        url, policy = server.url(), server.policy()
    with pytest.raises(UnreachableError) as refused:
        fetch(url, policy=policy)
    assert refused.value.params["reason"] == "connection"


# Redirects -------------------------------------------------------------------------------------------


def test_a_permanent_move_is_told_and_a_passing_one_is_not(site: FeedServer) -> None:
    site.redirect("/old", "/older", 301)
    site.redirect("/older", "/feed.xml", 308)
    site.redirect("/today", "/feed.xml", 302)
    site.redirect("/half", "/today", 301)
    moved = fetch(site.url("/old"), policy=site.policy())
    assert (moved.body, moved.moved_to, moved.final_url) == (FEED, site.url(), site.url())
    assert fetch(site.url("/today"), policy=site.policy()).moved_to is None
    assert fetch(site.url("/half"), policy=site.policy()).moved_to == site.url("/today")


def test_three_redirects_are_followed_and_a_fourth_is_not(site: FeedServer) -> None:
    for step in range(1, 5):
        site.redirect(f"/{step}", f"/{step - 1}")
    site.serve("/0", FEED)
    assert fetch(site.url("/3"), policy=site.policy()).body == FEED
    with pytest.raises(TooManyRedirectsError):
        fetch(site.url("/4"), policy=site.policy())


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("http://127.0.0.1/", AddressForbiddenError),
        ("http://169.254.169.254/latest/meta-data/", AddressForbiddenError),
        ("http://[::1]/", AddressForbiddenError),
        ("//10.0.0.1/", AddressForbiddenError),
        ("file:///etc/hostname", BadUrlError),
        ("http://user:secret@1.1.1.1/", BadUrlError),
        ("http://1.1.1.1:6379/", BadUrlError),
    ],
)
def test_a_redirect_is_judged_like_any_address(site: FeedServer, target: str, error: type[Exception]) -> None:
    site.redirect("/away", target)
    with pytest.raises(error):
        fetch(site.url("/away"), policy=site.policy())


def test_a_redirect_to_another_private_server_is_refused_and_without_the_check_goes_through(
    site: FeedServer,
) -> None:
    with FeedServer() as private:
        private.serve("/feed.xml", b"secret")
        site.redirect("/away", private.url())
        with pytest.raises(BadUrlError):
            fetch(site.url("/away"), policy=site.policy())
        assert not private.seen
        both = FetchPolicy(site.policy().allowed | private.policy().allowed)
        assert fetch(site.url("/away"), policy=both).body == b"secret"


def test_a_redirect_with_accents_arrives(site: FeedServer) -> None:
    site.redirect("/viejo", "/año nuevo.xml".encode().decode("latin-1"))
    site.serve("/a%C3%B1o%20nuevo.xml", FEED)
    assert fetch(site.url("/viejo"), policy=site.policy()).body == FEED


# How long and how much -------------------------------------------------------------------------------


@pytest.mark.parametrize("in_headers", [False, True])
def test_a_site_that_drips_is_left_when_the_time_is_over(site: FeedServer, *, in_headers: bool) -> None:
    site.drip("/drip", in_headers=in_headers)
    began = time.monotonic()
    with pytest.raises(TooSlowError):
        fetch(site.url("/drip"), policy=site.policy(), limits=HURRIED)
    assert time.monotonic() - began < 2


def test_a_site_that_says_nothing_is_left_after_the_reading_time(site: FeedServer) -> None:
    site.drip("/mute", in_headers=True, every=30)
    with pytest.raises(TooSlowError):
        fetch(site.url("/mute"), policy=site.policy(), limits=Limits(read=timedelta(milliseconds=200)))


def test_the_reading_time_alone_would_wait_for_ever_on_a_drip(site: FeedServer) -> None:
    site.drip("/drip", in_headers=True)
    with socket.create_connection(("127.0.0.1", site.port), timeout=0.3) as control:
        control.sendall(b"GET /drip HTTP/1.0\r\n\r\n")
        end = time.monotonic() + 0.6
        while time.monotonic() < end:
            assert control.recv(1)


def test_a_name_server_that_never_answers_is_left_too() -> None:
    def slow(_host: str, _port: int) -> list[str]:
        time.sleep(1)
        return ["1.1.1.1"]

    with pytest.raises(TooSlowError):
        fetch("http://feeds.example/", policy=FetchPolicy(), limits=HURRIED, resolve=slow)


def test_fifty_megabytes_are_refused_while_they_arrive(site: FeedServer) -> None:
    site.pour("/huge", 50 * 1024 * 1024)
    with pytest.raises(TooLargeError) as refused:
        fetch(site.url("/huge"), policy=site.policy())
    assert refused.value.params == {"limit": 2 * 1024 * 1024, "measure": "wire"}


def test_a_body_announced_too_large_is_not_read(site: FeedServer) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n"
    site.pages["/huge"] = lambda request: request.say_exactly(answer)
    with pytest.raises(TooLargeError):
        fetch(site.url("/huge"), policy=site.policy())


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(site: FeedServer) -> None:
    bomb = gzip.compress(b"\0" * (100 * 1024 * 1024), compresslevel=9)
    assert len(bomb) < 2 * 1024 * 1024
    site.pages["/bomb"] = lambda request: request.say(200, bomb, {"Content-Encoding": "gzip"})
    with pytest.raises(TooLargeError) as refused:
        fetch(site.url("/bomb"), policy=site.policy())
    assert refused.value.params["measure"] == "body"


def test_a_bomb_in_many_small_streams_is_refused_too(site: FeedServer) -> None:
    bomb = gzip.compress(b"\0" * 1024 * 1024) * 20
    site.pages["/bomb"] = lambda request: request.say(200, bomb, {"Content-Encoding": "gzip"})
    with pytest.raises(TooLargeError):
        fetch(site.url("/bomb"), policy=site.policy())


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        ({"Content-Encoding": "br"}, FEED, "encoding"),
        ({"Content-Encoding": "gzip"}, FEED, "protocol"),
        ({"Content-Encoding": "gzip"}, gzip.compress(FEED, mtime=0)[:-9], "cut"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_refused(
    site: FeedServer, headers: dict[str, str], body: bytes, reason: str
) -> None:
    site.pages["/odd"] = lambda request: request.say(200, body, headers)
    with pytest.raises(UnreachableError) as refused:
        fetch(site.url("/odd"), policy=site.policy())
    assert refused.value.params["reason"] == reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "cut"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "cut"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "protocol"),
        (b"", "protocol"),
    ],
)
def test_an_answer_that_is_not_whole_http_is_refused(site: FeedServer, answer: bytes, reason: str) -> None:
    site.pages["/odd"] = lambda request: request.say_exactly(answer)
    with pytest.raises(UnreachableError) as refused:
        fetch(site.url("/odd"), policy=site.policy())
    assert refused.value.params["reason"] == reason


# What else a site may say -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410, 429, 500, 503])
def test_any_other_status_is_told(site: FeedServer, status: int) -> None:
    site.refuse("/no", status)
    with pytest.raises(StatusError) as refused:
        fetch(site.url("/no"), policy=site.policy())
    assert refused.value.params == {"status": status, "host": "127.0.0.1"}
    assert refused.value.gone is (status == 410)
    assert refused.value.retry_after is None


@pytest.mark.parametrize(
    ("status", "text", "wait"),
    [
        (429, "120", timedelta(minutes=2)),
        (503, "999999999999", timedelta(hours=24)),
        (
            503,
            format_datetime(datetime(2026, 11, 22, 12, 30, tzinfo=UTC), usegmt=True),
            timedelta(minutes=30),
        ),
        (429, format_datetime(datetime(2026, 11, 1, tzinfo=UTC), usegmt=True), timedelta()),
        (429, "soon", None),
        (404, "120", None),
    ],
)
def test_how_long_to_leave_a_site_alone_is_what_it_asks(
    site: FeedServer, monkeypatch: pytest.MonkeyPatch, status: int, text: str, wait: timedelta | None
) -> None:
    monkeypatch.setattr(clock, "_now", lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    site.refuse("/no", status, Retry_After=text)
    with pytest.raises(StatusError) as refused:
        fetch(site.url("/no"), policy=site.policy())
    assert refused.value.retry_after == wait


# TLS -------------------------------------------------------------------------------------------------


def test_over_tls_the_certificate_must_be_the_names_though_the_address_is_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = authority_and_context(tmp_path, "feeds.example")
    with FeedServer(tls=context) as server:
        server.serve("/feed.xml", FEED)

        def ask(host: str) -> bytes:
            return fetch(
                server.url(host=host), policy=server.policy(host), resolve=lambda *_: ["127.0.0.1"]
            ).body

        with pytest.raises(UnreachableError) as unknown:
            ask("feeds.example")
        assert unknown.value.params["reason"] == "certificate"
        trust = ssl.create_default_context(cafile=str(authority))
        monkeypatch.setattr(fetching, "_trust", lambda: trust)
        assert ask("feeds.example") == FEED
        with pytest.raises(UnreachableError) as other:
            ask("other.example")
        assert other.value.params["reason"] == "certificate"
