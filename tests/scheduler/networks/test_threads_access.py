"""Opening an account of Threads: a code becomes a token of an hour, that one a lasting one, which renews itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from content_calendar.states import HoldReason
from scheduler.network import AccountAccess, NetworkError, RefusedError, UnavailableError
from scheduler.networks.threads import NETWORK, Threads
from scheduler.opening import by_keys, by_permission
from scheduler.powers import (
    AuthorizesInBrowser,
    ChecksKeys,
    LimitsPictures,
    LimitsVideos,
    OpensComposer,
    ReadsReplies,
    RenewsAccess,
    RenewsAgain,
    TellsFollowers,
)
from tests.simulators.threads_server import APP, ThreadsServer, error, running
from webapp.sentences import SENTENCES

BACK = "https://resuena.example/cuentas/vuelta"
TOKEN = "ficha-pegada"


@pytest.fixture
def server() -> Iterator[ThreadsServer]:
    with running() as started:
        started.user("17841400001", "cvpdcs.snt", TOKEN)
        started.consenting = "17841400001"
        yield started


@pytest.fixture
def access(server: ThreadsServer) -> AccountAccess:
    return AccountAccess("cvpdcs.snt", "", {}, server.url)


def code_from_the_page(server: ThreadsServer) -> str:
    page = Threads().authorize_url(APP, BACK, "estado", "reto", server.url)
    answer = requests.get(page, allow_redirects=False, timeout=10)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["estado"]
    return back["code"][0]


def test_it_offers_what_threads_offers() -> None:
    powers = (ChecksKeys, AuthorizesInBrowser, RenewsAccess, RenewsAgain, TellsFollowers, ReadsReplies,
              LimitsPictures, LimitsVideos, OpensComposer)  # fmt: skip
    for power in powers:
        assert isinstance(NETWORK, power)


def test_every_permission_says_why_it_is_asked_for() -> None:
    page = urlsplit(Threads().authorize_url(APP, BACK, "estado", "reto"))
    assert parse_qs(page.query)["scope"] == [",".join(each.scope for each in Threads.permissions)]
    assert all(each.why in SENTENCES for each in Threads.permissions)


def test_a_permission_becomes_a_lasting_token(access: AccountAccess, server: ThreadsServer) -> None:
    found = by_permission(NETWORK, access, APP, BACK, code_from_the_page(server), "prueba")
    assert (found.remote_id, found.handle) == ("17841400001", "cvpdcs.snt")
    assert found.secrets["access_token"].startswith("larga-")
    assert found.expires_at is not None
    assert timedelta(days=59) < found.expires_at - datetime.now(UTC) <= timedelta(days=60)


def test_a_pasted_token_tells_its_end_so_that_it_is_renewed(
    access: AccountAccess, server: ThreadsServer
) -> None:
    keys = replace(access, secrets={"access_token": TOKEN})
    found = by_keys(NETWORK, keys)
    assert found.expires_at is not None
    assert found.expires_at > datetime.now(UTC) + timedelta(days=59)
    server.instead = [(200, {"id": "17841400001", "username": "cvpdcs.snt"}, {}), error(400, 100, "no")]
    assert Threads().check_keys(keys).expires_at is None


def test_it_is_renewed_again_and_again_by_the_same_token(
    access: AccountAccess, server: ThreadsServer
) -> None:
    keys = replace(access, secrets={"access_token": TOKEN})
    first, second = Threads().renew(keys), Threads().renew(keys)
    assert first.secrets != second.secrets
    for opened in (first, second):
        assert Threads().check_keys(replace(keys, secrets=opened.secrets)).handle == "cvpdcs.snt"
    server.ends[TOKEN] = 0
    with pytest.raises(RefusedError) as told:
        Threads().renew(keys)
    assert told.value.hold is HoldReason.ACCESS


def test_what_is_worth_nothing_opens_nothing(access: AccountAccess, server: ThreadsServer) -> None:
    with pytest.raises(RefusedError):
        Threads().exchange(APP, BACK, "inventado", "prueba", server.url)
    with pytest.raises(RefusedError):
        Threads().exchange({**APP, "client_secret": "otro"}, BACK, code_from_the_page(server), "", server.url)
    with pytest.raises(RefusedError):
        Threads().check_keys(replace(access, secrets={"access_token": "de-nadie"}))


def test_no_token_is_said_in_an_error(access: AccountAccess, server: ThreadsServer) -> None:
    keys = replace(access, secrets={"access_token": "secreto-que-no-se-dice"}, base_url="http://127.0.0.1:9")
    with pytest.raises(UnavailableError) as unreached:
        Threads().renew(keys)
    with pytest.raises(RefusedError) as refused:
        Threads().renew(replace(keys, base_url=server.url))
    said: tuple[NetworkError, ...] = (unreached.value, refused.value)
    assert all("secreto" not in f"{one} {one.answer}" for one in said)
    assert all(one.answer.raw == "[tokens]" for one in said)
