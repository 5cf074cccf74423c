"""Opening an X account: keys of OAuth 1.0a, and OAuth 2 with PKCE whose refresh tokens are good for one use."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from content_calendar.states import HoldReason
from scheduler.network import AccountAccess, DoubtError, NetworkError, RefusedError, UnavailableError
from scheduler.networks.x import NETWORK, X
from scheduler.powers import AuthorizesInBrowser, ChecksKeys, Opened, RenewsAccess
from tests.scheduler.networks.x_contract import SINCE, Checked, image, outgoing
from tests.simulators.x_server import XServer
from webapp.sentences import SENTENCES

APP = {"client_id": "ficha-de-app", "client_secret": "secreto-de-app"}
BACK = "https://resuena.example/cuentas/vuelta"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def code_from_the_page(x_server: XServer) -> str:
    """Go to the page as a browser does, where the person says yes; return the code that comes back."""
    page = X().authorize_url(APP, BACK, "estado", CHALLENGE, x_server.url)
    answer = requests.get(page, allow_redirects=False, timeout=10)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["estado"]
    return back["code"][0]


def consent(x_server: XServer) -> Opened:
    return X().exchange(APP, BACK, code_from_the_page(x_server), VERIFIER, x_server.url)


def opened(x_server: XServer, found: Opened) -> AccountAccess:
    return AccountAccess(found.handle, found.remote_id, found.secrets, x_server.url)


def renewing(x_server: XServer, found: Opened) -> AccountAccess:
    """The access as whoever renews gives it: with what the installation is registered by."""
    return replace(opened(x_server, found), secrets={**found.secrets, **APP})


def test_it_opens_accounts_in_every_way_that_is_offered() -> None:
    for power in (ChecksKeys, AuthorizesInBrowser, RenewsAccess):
        assert isinstance(NETWORK, power)
    assert X().app_fields == ("client_id", "client_secret")


def test_every_permission_says_why_it_is_asked_for() -> None:
    assert [each.scope for each in X().permissions] == [
        "tweet.read",
        "tweet.write",
        "users.read",
        "media.write",
        "offline.access",
    ]
    assert all(each.why in SENTENCES for each in X().permissions)


# Keys


def test_keys_tell_whose_they_are(access: AccountAccess, x_server: XServer) -> None:
    x_server.user("42", username="CVPDCS_SNT")
    found = X().check_keys(access)
    assert (found.remote_id, found.handle) == ("42", "CVPDCS_SNT")
    assert found.secrets == access.secrets
    assert found.expires_at is None


def test_keys_that_open_nothing_are_refused(access: AccountAccess, x_server: XServer) -> None:
    x_server.fault("401", on="/2/users/me")
    with pytest.raises(RefusedError) as told:
        X().check_keys(access)
    assert told.value.hold is HoldReason.ACCESS


def test_keys_that_could_not_be_tried_are_not_refused(access: AccountAccess, x_server: XServer) -> None:
    for fault in ("5xx_before", "lost_answer", "rate_limit", "html", "no_id"):
        x_server.fault(fault, on="/2/users/me")
        with pytest.raises(UnavailableError):
            X().check_keys(access)


# The page


def test_the_page_is_x_s_own_and_asks_for_no_more_than_it_says() -> None:
    page = urlsplit(X().authorize_url(APP, BACK, "estado", CHALLENGE))
    assert (page.scheme, page.netloc, page.path) == ("https", "x.com", "/i/oauth2/authorize")
    asked = {name: values[0] for name, values in parse_qs(page.query).items()}
    assert asked == {
        "response_type": "code",
        "client_id": "ficha-de-app",
        "redirect_uri": BACK,
        "scope": "tweet.read tweet.write users.read media.write offline.access",
        "state": "estado",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    assert "+" not in page.query


def test_a_code_opens_the_account_of_whoever_said_yes(x_server: XServer) -> None:
    x_server.consenting("77")
    x_server.user("77", username="infocdmx")
    found = consent(x_server)
    assert (found.remote_id, found.handle) == ("77", "infocdmx")
    assert set(found.secrets) == {"access_token", "refresh_token"}
    assert found.expires_at is not None
    assert timedelta(minutes=115) < found.expires_at - datetime.now(UTC) <= timedelta(hours=2)
    assert found.secrets["access_token"] not in repr(found)


def test_everything_is_done_with_the_token_as_with_keys(x_server: XServer, checked: Checked) -> None:
    x_server.consenting("77")
    access = opened(x_server, consent(x_server))
    prepared = NETWORK.prepare(access, outgoing("Con dibujo", image()))
    receipt = NETWORK.publish(access, outgoing("Con dibujo", image(), prepared=prepared))
    (found,) = NETWORK.find(access, outgoing("Con dibujo"), SINCE)
    assert found.remote_id == receipt.remote_id
    assert receipt.remote_id in X().readings(access, [receipt.remote_id])
    assert x_server.posts()[0]["user"] == "77"
    assert "GET /2/users/77/tweets" in checked


def test_without_its_id_an_account_asks_for_it(x_server: XServer) -> None:
    x_server.consenting("77")
    access = replace(opened(x_server, consent(x_server)), remote_id="")
    NETWORK.publish(access, outgoing())
    assert len(NETWORK.find(access, outgoing(), SINCE)) == 1


@pytest.mark.parametrize(
    ("back", "verifier"), [("https://otra.example/", VERIFIER), (BACK, "w" * 64)], ids=["address", "verifier"]
)
def test_a_code_that_another_asked_for_is_worth_nothing(x_server: XServer, back: str, verifier: str) -> None:
    with pytest.raises(RefusedError):
        X().exchange(APP, back, code_from_the_page(x_server), verifier, x_server.url)


def test_a_code_is_good_once(x_server: XServer) -> None:
    code = code_from_the_page(x_server)
    X().exchange(APP, BACK, code, VERIFIER, x_server.url)
    with pytest.raises(RefusedError):
        X().exchange(APP, BACK, code, VERIFIER, x_server.url)


def test_an_app_that_x_does_not_know_is_refused(x_server: XServer) -> None:
    code = code_from_the_page(x_server)
    with pytest.raises(RefusedError):
        X().exchange({**APP, "client_secret": "otro"}, BACK, code, VERIFIER, x_server.url)


# Renewing


def test_renewing_gives_the_next_pair_and_the_old_one_is_used_up(x_server: XServer) -> None:
    first = consent(x_server)
    second = X().renew(renewing(x_server, first))
    assert second.secrets["refresh_token"] != first.secrets["refresh_token"]
    assert set(second.secrets) == {"access_token", "refresh_token"}
    assert (second.remote_id, second.handle) == (first.remote_id, first.handle)
    NETWORK.publish(opened(x_server, second), outgoing())
    with pytest.raises(RefusedError) as told:
        X().renew(renewing(x_server, first))
    assert told.value.hold is HoldReason.ACCESS
    # And using it twice has ended the family: this is what one renewal at a time is for.
    with pytest.raises(RefusedError):
        X().renew(renewing(x_server, second))
    assert x_server.told()["families"] == [{"user": "42", "dead": True, "renewed": 1}]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("invalid_grant", RefusedError),
        ("lost_answer", DoubtError),
        ("lost_request", DoubtError),
        ("5xx_before", DoubtError),
        ("5xx_after", DoubtError),
        ("bad_json", DoubtError),
        ("no_id", DoubtError),
        ("html", DoubtError),
        ("redirect", DoubtError),
        ("rate_limit", UnavailableError),
    ],
)
def test_a_renewal_tells_whether_the_token_may_be_used_up(
    x_server: XServer, fault: str, error: type[NetworkError]
) -> None:
    access = renewing(x_server, consent(x_server))
    x_server.fault(fault, on="/2/oauth2/token")
    with pytest.raises(error) as told:
        X().renew(access)
    assert type(told.value) is error
    assert access.secrets["refresh_token"] not in f"{told.value} {told.value.answer}"


def test_a_renewal_that_never_got_there_used_nothing_up(x_server: XServer) -> None:
    access = renewing(x_server, consent(x_server))
    with pytest.raises(UnavailableError):
        X().renew(replace(access, base_url="http://127.0.0.1:1"))
    X().renew(access)


def test_an_app_that_is_not_registered_well_loses_no_account(x_server: XServer) -> None:
    found = consent(x_server)
    for wrong in ({**APP, "client_secret": "otro"}, {}):
        access = replace(opened(x_server, found), secrets={**found.secrets, **wrong})
        with pytest.raises(UnavailableError):
            X().renew(access)
    X().renew(renewing(x_server, found))
    assert x_server.told()["families"] == [{"user": "42", "dead": False, "renewed": 1}]


def test_followers_are_those_of_the_account_that_the_token_opens(x_server: XServer) -> None:
    x_server.consenting("77")
    assert X().followers(opened(x_server, consent(x_server))) == 1204
