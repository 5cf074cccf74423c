"""Opening a LinkedIn page: a person's permission opens several pages, and is renewed by a token that stays good."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from content_calendar.states import HoldReason
from scheduler.network import AccountAccess, DoubtError, RefusedError, UnavailableError
from scheduler.networks.linkedin import NETWORK, LinkedIn
from scheduler.opening import NotAmongThemError, by_permission
from scheduler.powers import (
    AuthorizesInBrowser,
    ChecksKeys,
    LimitsPictures,
    LimitsVideos,
    OpensSeveral,
    ReadsReplies,
    RenewsAccess,
    RenewsAgain,
    TellsFollowers,
    TellsFollowersToOwners,
)
from tests.simulators.linkedin_server import APP, LinkedInServer, running
from webapp.sentences import SENTENCES

BACK = "https://resuena.example/cuentas/vuelta"
PERSON = "ficha-de-persona"


@pytest.fixture
def server() -> Iterator[LinkedInServer]:
    with running() as started:
        started.page("11", "infocdmx", PERSON)
        started.page("12", "itei-jalisco", PERSON, "CONTENT_ADMINISTRATOR")
        started.page("13", "de-lectura", PERSON, "ANALYST")
        yield started


def code_from_the_page(server: LinkedInServer) -> str:
    page = LinkedIn().authorize_url(APP, BACK, "estado", "reto", server.url)
    answer = requests.get(page, allow_redirects=False, timeout=10)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["estado"]
    return back["code"][0]


def renewable(server: LinkedInServer) -> AccountAccess:
    found = LinkedIn().exchange(APP, BACK, code_from_the_page(server), "prueba", server.url)
    return AccountAccess("infocdmx", "11", {**found.secrets, **APP}, server.url)


def test_it_offers_what_linkedin_offers() -> None:
    powers = (ChecksKeys, AuthorizesInBrowser, OpensSeveral, RenewsAccess, RenewsAgain, TellsFollowers,
              TellsFollowersToOwners, LimitsPictures, LimitsVideos)  # fmt: skip
    for power in powers:
        assert isinstance(NETWORK, power)
    # What members say may not be kept for longer than two days.
    assert not isinstance(NETWORK, ReadsReplies)


def test_every_permission_says_why_it_is_asked_for(server: LinkedInServer) -> None:
    page = urlsplit(LinkedIn().authorize_url(APP, BACK, "estado", "reto", server.url))
    asked = parse_qs(page.query)["scope"][0].split(" ")
    assert asked == [each.scope for each in LinkedIn.permissions]
    assert all(each.why in SENTENCES for each in LinkedIn.permissions)
    assert "code_challenge" not in parse_qs(page.query)


@pytest.mark.parametrize(("handle", "number"), [("infocdmx", "11"), ("@ITEI-Jalisco", "12"), ("12", "12")])
def test_a_permission_opens_the_page_that_is_connected(
    server: LinkedInServer, handle: str, number: str
) -> None:
    access = AccountAccess(handle, "", {}, server.url)
    found = by_permission(NETWORK, access, APP, BACK, code_from_the_page(server), "prueba")
    assert found.remote_id == number
    assert found.secrets == {"access_token": PERSON, "refresh_token": f"renueva-{PERSON}"}
    assert found.expires_at is not None
    assert timedelta(days=59) < found.expires_at - datetime.now(UTC) <= timedelta(days=60)


@pytest.mark.parametrize("handle", ["otra", "de-lectura"])
def test_a_page_that_it_does_not_open_is_not_connected(server: LinkedInServer, handle: str) -> None:
    access = AccountAccess(handle, "", {}, server.url)
    with pytest.raises(NotAmongThemError):
        by_permission(NETWORK, access, APP, BACK, code_from_the_page(server), "prueba")


def test_pasted_keys_are_tried(server: LinkedInServer) -> None:
    access = AccountAccess("infocdmx", "", {"access_token": PERSON}, server.url)
    found = LinkedIn().check_keys(access)
    assert (found.remote_id, found.handle, found.secrets) == ("11", "infocdmx", access.secrets)
    with pytest.raises(RefusedError) as told:
        LinkedIn().check_keys(replace(access, secrets={"access_token": "de-nadie"}))
    assert told.value.hold is HoldReason.ACCESS


def test_a_token_with_one_page_says_whose_it_is(server: LinkedInServer) -> None:
    server.page("21", "la-unica", "ficha-de-una")
    found = LinkedIn().check_keys(AccountAccess("otra", "", {"access_token": "ficha-de-una"}, server.url))
    assert (found.remote_id, found.handle) == ("21", "la-unica")


def test_it_is_renewed_again_and_again_by_the_same_token(server: LinkedInServer) -> None:
    access = renewable(server)
    first, second = LinkedIn().renew(access), LinkedIn().renew(access)
    assert first.secrets["refresh_token"] == second.secrets["refresh_token"] == f"renueva-{PERSON}"
    assert first.secrets["access_token"] != second.secrets["access_token"]
    for opened in (first, second):
        assert LinkedIn().check_keys(replace(access, secrets=opened.secrets)).remote_id == "11"


def test_without_a_token_to_renew_with_only_a_person_opens_it_again(server: LinkedInServer) -> None:
    access = renewable(server)
    before = len(server.seen)
    with pytest.raises(RefusedError) as told:
        LinkedIn().renew(replace(access, secrets={**APP, "access_token": "a", "refresh_token": ""}))
    assert told.value.hold is HoldReason.ACCESS
    assert len(server.seen) == before
    with pytest.raises(RefusedError):
        LinkedIn().renew(replace(access, secrets={**access.secrets, "refresh_token": "terminada"}))
    with pytest.raises(UnavailableError):
        LinkedIn().renew(replace(access, secrets={**access.secrets, "client_secret": "otro"}))


def test_a_code_that_is_worth_nothing_opens_nothing(server: LinkedInServer) -> None:
    with pytest.raises((RefusedError, DoubtError)):
        LinkedIn().exchange(APP, BACK, "inventado", "prueba", server.url)
