"""A pasted link becomes a note of the wire: read from its page, given to its owner, kept once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from content_calendar import accounts, directory
from content_calendar.accounts import NewAccount
from scheduler.listening import pasting
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.pasting import Pasted, PastedLinkError, PastedTitleError
from tests.scheduler.planting import plant_body, plant_person
from tests.simulators.feed_server import FeedServer

PAGE = b"""<title>Otro</title>
<meta property="og:title" content="Taller de archivos">
<meta name="description" content="Ven &lt;b&gt;gratis&lt;/b&gt;">
<meta property="article:published_time" content="%s">"""


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.mark.parametrize(
    ("told", "at"),
    [
        (b"2026-11-02T09:30:00-06:00", datetime(2026, 11, 2, 15, 30, tzinfo=UTC)),
        (b"2026-11-02", datetime(2026, 11, 2, 18, tzinfo=UTC)),
        (b"2026-13-45", None),
        (b"1970-01-01", None),
        (b"ayer", None),
    ],
)
def test_a_page_tells_its_title_and_date(site: FeedServer, told: bytes, at: datetime | None) -> None:
    site.serve_plainly("/nota", PAGE % told)
    seen = pasting.look(site.url("/nota"), site.policy())
    assert (seen.title, seen.summary, seen.published_at, seen.code) == (
        "Taller de archivos",
        "Ven gratis",
        at,
        "",
    )


def test_a_page_that_does_not_answer_says_why_and_can_be_typed(site: FeedServer) -> None:
    site.refuse("/nota", 403)
    assert pasting.look(site.url("/nota"), site.policy()).code == "fetch_status"
    assert pasting.look(site.url("/nota"), FetchPolicy()).code == "fetch_bad_url"


def test_a_link_is_kept_once_whoever_pastes_it_and_however_it_is_written(session: Session) -> None:
    body, ana = plant_body(session, "infox"), plant_person(session)
    first = Pasted(pasting.clean("infox.example/nota/?utm_source=x"), "Taller", "De archivos")
    with pytest.raises(PastedTitleError):
        pasting.keep_pasted(session, body, Pasted(first.url, " "), ana)
    entry = pasting.keep_pasted(session, body, first, ana)
    assert (entry.title, entry.feed_id, entry.dated) == ("Taller", None, False)
    entry.hidden_at = entry.first_seen_at
    other = Pasted(pasting.clean("http://www.INFOX.example/Nota?fbclid=1"), "Otro")
    again = pasting.keep_pasted(session, plant_body(session, "infoy"), other, ana)
    assert (again.id, again.hidden_at) == (entry.id, None)


def test_the_owner_is_suggested_by_the_account_or_the_nearest_site(session: Session) -> None:
    body, other = plant_body(session, "infox"), plant_body(session, "infoy")
    accounts.add(session, body, NewAccount("x", "InfoX"), date(2026, 1, 1), actor_ref="")
    directory.add_site(session, body, "https://www.infox.example/inicio", source="", actor_ref="")
    directory.add_site(session, other, "https://datos.infox.example/", source="", actor_ref="")
    found = [
        owner.slug if (owner := pasting.owner_of(session, url)) else ""
        for url in (
            "https://x.com/infox/status/1",
            "https://infox.example/nota",
            "https://datos.infox.example/a",
            "https://noinfox.example/",
            "https://www.facebook.com/nadie",
        )
    ]
    assert found == ["infox", "infox", "infoy", "", ""]


@pytest.mark.parametrize(
    "text", ["", "hola", "javascript:alert(1)", "http://localhost/", "https://a.mx/" + "x" * 2000]
)
def test_what_is_no_link_is_refused(text: str) -> None:
    with pytest.raises(PastedLinkError):
        pasting.clean(text)
