"""Every file in the folder of networks keeps the contract; a new one is tested unasked."""

import ast
import inspect
import pkgutil
import re
import subprocess
import sys
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

import scheduler.networks
from content_calendar.content import PostKind
from content_calendar.rules import MediaNeed, NetworkRules
from scheduler.network import Network, Protection, Verified
from scheduler.networks import UnknownNetworkError, network, network_for, networks, new_key
from scheduler.powers import (
    AuthorizesInBrowser,
    Charges,
    LimitsPictures,
    LimitsVideos,
    MindsEqualTexts,
    OpensComposer,
    PictureLimits,
    ReadsLinks,
    RenewsAgain,
    VideoLimits,
)

FILES = sorted(module.name for module in pkgutil.iter_modules(scheduler.networks.__path__))
CONNECTED = [slug for slug in FILES if network(slug).automatic and network(slug).needs_connection]
SIMULATED = [slug for slug in CONNECTED if network(slug).verified is Verified.SIMULATED]
KEYED = {Protection.REPLAY, Protection.TWO_PHASE}
PAGE = re.compile(r"https://[\w.-]+/[\w./#%?=&-]+")
SIMULATORS = Path(__file__).parents[2] / "simulators"


def test_the_folder_is_what_is_found() -> None:
    assert sorted(networks()) == FILES
    assert len(FILES) >= 3


def test_an_unknown_network_is_refused_by_name() -> None:
    with pytest.raises(UnknownNetworkError):
        network("ninguna")


@pytest.mark.parametrize("slug", FILES)
def test_a_network_declares_what_it_is(slug: str) -> None:
    found = network(slug)
    assert found.slug == slug
    assert found.name
    assert isinstance(found.protection, Protection)
    assert isinstance(found.rules, NetworkRules)
    assert found.rules.network == slug
    assert timedelta(0) <= found.flight <= timedelta(minutes=5)
    assert timedelta(0) <= found.read_lag <= timedelta(minutes=5)
    assert PostKind.POST in found.kinds
    assert isinstance(found.verified, Verified)
    assert found.identical_window >= timedelta(0)
    opened_by = bool(found.credential_fields) or isinstance(found, AuthorizesInBrowser)
    assert found.needs_connection == opened_by
    assert len({each.name for each in found.credential_fields}) == len(found.credential_fields)


@pytest.mark.parametrize("slug", CONNECTED)
def test_a_connected_network_says_where_its_rules_stand(slug: str) -> None:
    found = network(slug)
    assert PAGE.match(found.rules.source)
    assert found.rules.max_length is not None or found.rules.max_title is not None
    assert bool(found.identical_window) == isinstance(found, MindsEqualTexts)
    sources = [
        found.identical_source if isinstance(found, MindsEqualTexts) else "",
        found.price_source if isinstance(found, Charges) else "",
        found.renews_again_source if isinstance(found, RenewsAgain) else "",
    ]
    assert all(PAGE.match(source) for source in sources if source)


@pytest.mark.parametrize("slug", CONNECTED)
def test_a_connected_network_leaves_time_for_what_may_still_arrive(slug: str) -> None:
    found = network(slug)
    assert found.flight >= timedelta(minutes=1)
    assert found.read_lag > timedelta(0)
    # Only what is repeated by its key has one that may die.
    assert not found.key_life or found.protection in KEYED
    assert found.key_life == timedelta(0) or found.key_life > found.flight


@pytest.mark.parametrize("slug", SIMULATED)
def test_what_was_only_simulated_cites_the_pages_that_it_follows(slug: str) -> None:
    doc = inspect.getdoc(inspect.getmodule(type(network(slug)))) or ""
    assert PAGE.search(doc), "the file's beginning names no page of the network's documentation"
    files = [*SIMULATORS.glob(f"{slug}*.py"), *SIMULATORS.glob(f"counterparts/{slug}.py")]
    read = [path.read_text(encoding="utf-8") for path in files]
    cited = [found for text in read if (found := PAGE.search(ast.get_docstring(ast.parse(text)) or ""))]
    assert cited, "neither its simulator nor its counterpart names the pages that it follows"


@pytest.mark.parametrize("slug", FILES)
def test_what_a_network_takes_can_be_met(slug: str) -> None:
    found, rules = network(slug), network(slug).rules
    takes_pictures = rules.max_images is None or rules.max_images > 0
    assert rules.needs is not MediaNeed.VIDEO or found.takes_video
    assert rules.needs is not MediaNeed.ANY or takes_pictures or found.takes_video
    most = rules.max_length or sys.maxsize
    assert 0 < (rules.max_length_with_media or 1) <= most
    assert 0 < (rules.max_title or 1) <= most
    assert all(limit is None or limit >= 0 for limit in (rules.max_tags, rules.max_mentions, rules.max_links))
    videos = found.video_limits({}) if isinstance(found, LimitsVideos) else VideoLimits()
    pictures = found.picture_limits({}) if isinstance(found, LimitsPictures) else PictureLimits()
    assert videos.most_bytes >= 0
    assert pictures.most_bytes >= 0
    assert 0 <= videos.shortest_ms <= (videos.longest_ms or sys.maxsize)
    for sides in zip(pictures.smallest, pictures.largest, strict=True):
        assert 0 <= sides[0] <= (sides[1] or sys.maxsize)
    for shapes in (videos, pictures):
        (low, under), (high, over) = shapes.narrowest, shapes.widest
        assert not high or Fraction(low, under) <= Fraction(high, over)
    # A limit that is declared for something that is not taken says that one of the two is wrong.
    assert found.takes_video or not isinstance(found, LimitsVideos)
    assert takes_pictures or not isinstance(found, LimitsPictures)


@pytest.mark.parametrize("slug", CONNECTED)
def test_a_connected_network_that_takes_videos_says_which(slug: str) -> None:
    found = network(slug)
    assert isinstance(found, LimitsVideos) == found.takes_video
    assert not found.takes_video or (isinstance(found, LimitsVideos) and found.video_limits({}).most_bytes)


@pytest.mark.parametrize("slug", FILES)
@pytest.mark.parametrize("method", ["new_key", "needs_preparing", "prepare", "publish", "find"])
def test_a_network_s_methods_are_those_of_the_contract(slug: str, method: str) -> None:
    asked = inspect.signature(getattr(Network, method)).parameters
    given = inspect.signature(getattr(type(network(slug)), method)).parameters
    assert list(given) == list(asked)


@pytest.mark.parametrize("slug", FILES)
def test_a_network_s_keys_are_new_each_time_and_fit_their_column(slug: str) -> None:
    keys = {network(slug).new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(0 < len(key) <= 80 for key in keys)


@pytest.mark.parametrize("slug", FILES)
def test_a_network_measures_texts(slug: str) -> None:
    rules = network(slug).rules
    assert rules.measure("hola") == 4


@pytest.mark.parametrize("slug", [slug for slug in FILES if isinstance(network(slug), ReadsLinks)])
def test_a_network_reads_no_link_of_others(slug: str) -> None:
    reader = network(slug)
    assert isinstance(reader, ReadsLinks)
    for link in ("", "https://example.mx/1", "javascript:alert(1)", "no es un enlace"):
        assert reader.read_link(link) is None


@pytest.mark.parametrize("slug", [slug for slug in FILES if isinstance(network(slug), OpensComposer)])
def test_a_composer_is_opened_with_the_whole_text(slug: str) -> None:
    composer = network(slug)
    assert isinstance(composer, OpensComposer)
    link = composer.compose_link("¿Qué es? #SNTtips & más\nhttps://a.mx/?b=1")
    assert link.startswith("https://")
    assert "%23SNTtips%20%26%20m%C3%A1s%0A" in link


def test_exactly_one_network_leaves_it_to_a_person_and_one_needs_nothing() -> None:
    assert len([each for each in networks().values() if not each.automatic]) == 1
    assert [each for each in networks().values() if each.automatic and not each.needs_connection]


@pytest.mark.parametrize("slug", [*FILES, "una-red-sin-archivo"])
def test_without_credentials_a_network_that_needs_them_is_left_to_a_person(slug: str) -> None:
    known = networks().get(slug)
    found = network_for(slug, connected=False)
    assert found is known if known is not None and not known.needs_connection else not found.automatic
    assert new_key(slug)


def test_no_network_s_own_library_is_loaded_before_it_is_used() -> None:
    code = "import sys; from scheduler.networks import networks; networks(); print('tweepy' in sys.modules)"
    said = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "False"


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour of CSS, #rgb or #rrggbb (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * each for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("slug", [slug for slug in FILES if network(slug).rules.look])
def test_a_preview_s_colours_can_be_read_by_day_and_by_night(slug: str) -> None:
    look = network(slug).rules.look
    assert look is not None
    papers, inks = look.paper.split(), (look.ink.split(), look.quiet.split(), look.accent.split())
    assert all(len(two) == 2 for two in (papers, look.line.split(), *inks))
    for two in inks:
        assert [contrast(*pair) >= 4.5 for pair in zip(two, papers, strict=True)] == [True, True]
    assert contrast("#888", "#fff") < 4.5
