"""What people paste: which network and account it is, or in which words we say why not."""

import pytest

from scheduler.listening.identity import without_tracking
from scheduler.listening.recognising import (
    Kind,
    account_url,
    feed_of_link,
    lines_of,
    recognise_account,
    recognise_site,
    recognised,
)

CHANNEL = "UCabcdefghijklmnopqrstuv"


@pytest.mark.parametrize(
    ("line", "network", "handle"),
    [
        ("https://twitter.com/INFO_NL?ref_src=abc&utm_source=x", "x", "INFO_NL"),
        ("x.com/info_nl/status/12345", "x", "info_nl"),
        ("Twitter/X: @INFO_NL", "x", "INFO_NL"),
        ("- Facebook: infonlmx", "facebook", "infonlmx"),
        ("https://www.facebook.com/profile.php?id=100064&mibextid=zz", "facebook", "100064"),
        ("https://www.facebook.com/people/Instituto-de-Transparencia/100064000", "facebook", "100064000"),
        ("https://m.facebook.com/INFONL/?locale=es_LA", "facebook", "INFONL"),
        ("instagram.com/info.nl", "instagram", "info.nl"),
        ("https://www.youtube.com/@InfoNL/videos", "youtube", "InfoNL"),
        (f"https://youtube.com/channel/{CHANNEL}", "youtube", CHANNEL),
        ("https://www.linkedin.com/company/info-nl/posts/", "linkedin", "company/info-nl"),
        ("@infonl@mastodon.example", "mastodon", "infonl@mastodon.example"),
        ("https://social.gob.example/@infonl?a=1", "mastodon", "infonl@social.gob.example"),
        ("infonl.bsky.social", "bluesky", "infonl.bsky.social"),
    ],
)
def test_an_account_is_recognised_however_it_is_written(line: str, network: str, handle: str) -> None:
    [bare] = lines_of(line)
    found = recognise_account(bare)
    assert (found.network, found.handle, found.code) == (network, handle, "")
    again = recognise_account(found.url)
    assert (again.network, again.handle) == (network, handle), "the canonical form is recognised as the same"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("@infonl", "line_no_network"),
        ("hola", "line_no_network"),
        ("https://facebook.com/sharer/sharer.php?u=z", "line_no_account"),
        ("https://www.instagram.com/p/Cxyz/", "line_no_account"),
        ("https://youtube.com/watch?v=1", "line_no_account"),
        ("http://[", "line_no_link"),
        ("Linkedin: infonl", "line_needs_link"),
    ],
)
def test_what_is_no_account_says_why(line: str, code: str) -> None:
    assert recognise_account(line).code == code


def test_a_site_among_the_accounts_is_a_site_and_an_account_among_the_sites_an_account() -> None:
    assert recognise_account("https://www.infonl.example/").kind is Kind.SITE
    assert recognise_site("facebook.com/infonl").network == "facebook"
    assert recognise_site("www.infonl.example").url == "https://www.infonl.example"
    assert recognise_site("no sabemos").code == "line_no_site"
    assert recognise_site("http://localhost/").code == "line_no_site"


def test_each_thing_is_told_once_and_a_paste_has_an_end() -> None:
    text = "x.com/a\n• https://twitter.com/A?s=20\n\nhttps://sitio.example/?utm_source=x"
    told = list(recognised(text, "https://www.sitio.example", ""))
    assert [(one.kind, one.handle or one.url) for one in told] == [
        (Kind.ACCOUNT, "a"),
        (Kind.SITE, "https://sitio.example/"),
    ]
    assert len(lines_of("\n".join(f"x.com/a{n}" for n in range(500)))) == 40


@pytest.mark.parametrize(
    ("link", "feed"),
    [
        ("https://bsky.app/profile/infonl.bsky.social", "https://bsky.app/profile/infonl.bsky.social/rss"),
        ("https://social.example/@infonl", "https://social.example/@infonl.rss"),
        (
            f"https://www.youtube.com/channel/{CHANNEL}",
            f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
        ),
        # Its page names its feed: it is read there.
        ("https://www.youtube.com/@InfoNL", "https://www.youtube.com/@InfoNL"),
        ("https://sitio.example/rss", "https://sitio.example/rss"),
    ],
)
def test_an_account_that_a_network_gives_a_feed_of_leads_to_it(link: str, feed: str) -> None:
    assert feed_of_link(link) == feed


def test_an_account_of_an_unknown_network_has_no_address() -> None:
    assert account_url("nadie", "infonl") == ""
    assert account_url("x", "infonl") == "https://x.com/infonl"


def test_a_link_loses_what_only_tracks_people() -> None:
    assert (
        without_tracking(" https://A.example/b?utm_source=x&id=3&fbclid=z#c ") == "https://A.example/b?id=3"
    )
    assert without_tracking("javascript:alert(1)") == ""
