"""A link's card: what a page says of itself, asked over the pinned client, whatever the page tries."""

import http.client
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from content_calendar import clock
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.fetch_errors import AddressForbiddenError, FetchError
from scheduler.listening.link_cards import LinkCard, LinkCards, SeenLink, first_link, read_card
from tests.simulators.feed_server import Answering, FeedServer

PAGE = b"""<!doctype html><html><head><title>Otro</title><meta charset="utf-8">
<meta property="og:title" content="Pide informaci&oacute;n &quot;ya&quot;">
<meta name=description content='Es tu &lt;b&gt;derecho&lt;/b&gt;'>
<meta property="og:site_name" content="SNT"><meta property="og:image" content="http://127.0.0.1/x.png">
<!-- <meta property="og:site_name" content="no"> -->
<script>"<meta name='author' content='no'>"</script></head></html>"""


def _html(page: bytes, kind: str = "text/html") -> Callable[[Answering], None]:
    return lambda answering: answering.say(200, page, {"Content-Type": kind})


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with FeedServer() as server:
        server.pages["/a"] = _html(PAGE)
        yield server


def test_a_page_says_what_it_is_about_and_no_picture_is_asked_for(site: FeedServer) -> None:
    card = read_card(site.url("/a"), site.policy())
    assert card == LinkCard("127.0.0.1", 'Pide información "ya"', "Es tu derecho", "SNT", has_picture=True)
    assert [one.path for one in site.seen] == ["/a"]


def test_a_page_in_an_old_encoding_is_read_and_a_file_shows_only_where_it_is(site: FeedServer) -> None:
    site.pages["/old"] = _html(
        "<title>Información</title>".encode("latin-1"), "text/html; charset=iso-8859-1"
    )
    site.pages["/odd"] = _html(b"<meta charset=rot13><title>Hola</title>")
    site.pages["/pdf"] = _html(b"%PDF-1.7 <title>no</title>", "application/pdf")
    titles = [read_card(site.url(path), site.policy()).title for path in ("/old", "/odd", "/pdf")]
    assert titles == ["Información", "Hola", ""]


def test_a_page_does_not_choose_how_much_work_its_letters_are(site: FeedServer) -> None:
    # As punycode, 256 KiB of this take minutes to read, and a page may say that it is.
    site.pages["/slow"] = _html(b"<title>Hola</title>" + b"a" * 300_000, "text/html; charset=punycode")
    before = clock.monotonic()
    assert read_card(site.url("/slow"), site.policy()).title == "Hola"
    assert clock.monotonic() - before < timedelta(seconds=5).total_seconds()


@pytest.mark.parametrize(
    "made", ["<div>", "<meta a=", "<!--", "<meta content='x", "<title ", "<", "<script>", "&#"]
)
def test_a_page_made_to_take_long_takes_no_time(site: FeedServer, made: str) -> None:
    site.pages["/heavy"] = _html((made * 60_000)[:300_000].encode())
    before = clock.monotonic()
    assert read_card(site.url("/heavy"), site.policy()).description == ""
    # A tree of the first of these took minutes.
    assert clock.monotonic() - before < timedelta(seconds=5).total_seconds()


def test_a_private_address_is_not_asked_and_a_redirect_into_one_is_not_followed(site: FeedServer) -> None:
    nobody = FetchPolicy()
    for url in (site.url("/a"), "http://169.254.169.254/latest/meta-data", "http://[::1]/"):
        with pytest.raises(FetchError):
            read_card(url, nobody)
    with pytest.raises(AddressForbiddenError):
        read_card("http://feeds.example/a", nobody, resolve=lambda *_: ["127.0.0.1"])
    assert site.seen == []
    with FeedServer("127.0.0.2") as inside:
        inside.pages["/secret"] = _html(PAGE)
        moved = {"Location": inside.url("/secret")}
        site.pages["/moved"] = lambda answering: answering.say(302, b"", moved)
        with pytest.raises(FetchError):
            read_card(site.url("/moved"), site.policy())
        assert inside.seen == []
        # The control: whoever connects without judging the address is answered.
        control = http.client.HTTPConnection("127.0.0.2", inside.port)
        control.request("GET", "/secret")
        assert b"og:title" in control.getresponse().read()
        control.close()


def test_a_card_is_asked_for_once_an_hour_and_a_refusal_is_forgotten_sooner(
    site: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.monotonic()
    cards = LinkCards(site.policy())
    seen = [cards.see(site.url("/a")), cards.see(site.url("/a")), cards.see(site.url("/no"))]
    assert [bool(one.card) for one in seen] == [True, True, False]
    assert [one.path for one in site.seen] == ["/a", "/no"]
    monkeypatch.setattr(clock, "monotonic", lambda: now + 600)
    cards.see(site.url("/a"))
    cards.see(site.url("/no"))
    assert [one.path for one in site.seen] == ["/a", "/no", "/no"]
    monkeypatch.setattr(clock, "monotonic", lambda: now + 3700)
    cards.see(site.url("/a"))
    assert len(site.seen) == 4


def test_of_many_links_at_once_the_rest_are_told_to_wait(site: FeedServer) -> None:
    answers: list[SeenLink] = []
    cards = LinkCards(site.policy())

    def slow(answering: Answering) -> None:
        # While this one and the next are being asked, a third has no place.
        if len(site.seen) == 1:
            cards.see(site.url("/b?2"))
        else:
            answers.append(cards.see(site.url("/b?3")))
        answering.say(200, PAGE, {"Content-Type": "text/html"})

    site.pages["/b"] = slow
    assert cards.see(site.url("/b?1")).card is not None
    assert answers == [SeenLink(site.url("/b?3"), busy=True)]


def test_the_first_link_of_a_text_is_the_one_that_counts() -> None:
    assert first_link("Mira snt.org.mx/a, y https://otro.mx") == "https://snt.org.mx/a"
    assert first_link("Escribe a ana@snt.org.mx") is None
