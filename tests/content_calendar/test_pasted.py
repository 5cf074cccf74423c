"""Pasting: a link or a handle becomes a network, a handle and one address, and look-alikes are seen."""

import pytest

from content_calendar.look_alikes import Alike, Known, alike, skeleton
from content_calendar.pasted import NOTHING, address_of, known_networks, read_pasted

INFO = Known("x", "infocdmx", "InfoCdMx", "INFO CDMX", official=True)
OLD = Known("x", "inaimexico", "INAImexico", "INAI", official=False)
IVAI = Known("x", "ivaiveracruz", "IVAIVeracruz", "IVAI", official=True)


@pytest.mark.parametrize(
    ("said", "network", "handle", "url"),
    [
        ("https://twitter.com/INAImexico?ref_src=x&s=20", "x", "INAImexico", "https://x.com/INAImexico"),
        ("x.com/infonl/status/123", "x", "infonl", "https://x.com/infonl"),
        ("@info_nl", "", "info_nl", ""),
        ("info_nl", "", "info_nl", ""),
        ("https://youtube.com/@IVAI?si=a", "youtube", "IVAI", "https://www.youtube.com/@IVAI"),
        ("http://www.youtube.com/user/ities100", "youtube", "ities100", "https://www.youtube.com/user/ities100"),
        ("https://m.facebook.com/profile.php?id=10&x=2", "facebook", "10", "https://www.facebook.com/profile.php?id=10"),
        ("https://www.facebook.com/IVAI/posts/1", "facebook", "IVAI", "https://www.facebook.com/IVAI"),
        ("https://social.gob.example/@info", "mastodon", "info@social.gob.example", "https://social.gob.example/@info"),
        ("@info@social.gob.example", "mastodon", "info@social.gob.example", "https://social.gob.example/@info"),
        ("https://a.example/@info@b.example", "mastodon", "info@b.example", "https://b.example/@info"),
        ("info.bsky.social", "", "info.bsky.social", ""),
        ("https://bsky.app/profile/info.example/post/3k", "bluesky", "info.example", "https://bsky.app/profile/info.example"),
        ("https://www.tiktok.com/@infocdmx?lang=es", "tiktok", "infocdmx", "https://www.tiktok.com/@infocdmx"),
        ("https://red.example/infox", "", "infox", ""),
    ],
)  # fmt: skip
def test_a_link_or_a_handle_is_recognised(said: str, network: str, handle: str, url: str) -> None:
    found = read_pasted(said)
    assert (found.network, found.handle, found.url) == (network, handle, url)
    if url and "user/" not in url and "profile.php" not in url:
        assert address_of(network, handle) == url


@pytest.mark.parametrize(
    "said",
    ["", "hola que tal", "javascript:alert(1)", "http://[", "https://x.com/intent/post?text=a",
     "https://x.com/", "https://youtube.com/watch?v=1", "https://x.com/<script>", "ftp://x.com/info"],
)  # fmt: skip
def test_what_tells_of_no_account_tells_nothing(said: str) -> None:
    assert read_pasted(said) == NOTHING


def test_a_handle_that_no_address_can_hold_has_none() -> None:
    assert address_of("x", "<script>") == ""
    assert address_of("una-red", "info") == ""
    assert {"x", "mastodon"} <= known_networks()


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        ("lnfocdmx", Alike.EYE),
        ("InfoCdrnx", Alike.EYE),
        ("1nf0cdmx", Alike.EYE),
        ("іnfоcdmx", Alike.EYE),  # noqa: RUF001 -- two letters are Cyrillic
        ("info_cd.mx", Alike.EYE),
        ("infocdmx_oficial", Alike.ADDED),
        ("OficialInfocdmx", Alike.ADDED),
        ("infocdnx", Alike.EDIT),
        ("infcodmx", Alike.EDIT),
    ],
)
def test_what_people_take_for_a_registered_handle_is_seen(asked: str, how: Alike) -> None:
    assert [(one.known, one.how) for one in alike(asked, "x", [OLD, INFO, IVAI])] == [(INFO, how)]


def test_itself_is_not_like_itself_and_the_same_elsewhere_is() -> None:
    assert alike("INFOCDMX", "x", [INFO]) == []
    assert alike("infocdmx", "", [INFO]) == []
    assert [one.how for one in alike("infocdmx", "tiktok", [INFO])] == [Alike.SAME]
    for stranger in ("transparencia", "info", "itei", "prensa", "inaicdmx"):
        assert alike(stranger, "x", [INFO, IVAI]) == []


def test_a_long_nonsense_costs_nothing() -> None:
    assert len(skeleton("rn" * 10_000)) == 10_000
    assert alike("a" * 20_000, "x", [INFO]) == []
    assert read_pasted("https://x.com/" + "a" * 100_000) == NOTHING
