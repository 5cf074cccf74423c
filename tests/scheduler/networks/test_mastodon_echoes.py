"""Who took a post up on Mastodon, from a server that nobody here wrote; and what newer servers say besides."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.echo_powers import ChargesForEchoes, EchoForm, SeeksPosts, Sought, TellsEchoes
from scheduler.network import AccountAccess, UnavailableError
from scheduler.networks.mastodon import NETWORK, Mastodon
from tests.counterparts.mastodon_mock import OTHER, OWN, MastodonServer

MASTODON = Mastodon()
HOUR = timedelta(hours=1)


@pytest.fixture
def access(server: MastodonServer) -> AccountAccess:
    secrets = {"server": "mastodon.example", "access_token": server.token()}
    return AccountAccess(f"{OWN}@{server.domain}", "", secrets, server.url)


def sought(server: MastodonServer) -> Sought:
    number = server.ask("GET", "/api/v1/accounts/verify_credentials", OTHER)["id"]
    return Sought(f"{OTHER}@mastodon.example", str(number))


def test_mastodon_tells_echoes_for_nothing() -> None:
    assert isinstance(NETWORK, TellsEchoes)
    assert isinstance(NETWORK, SeeksPosts)
    assert not isinstance(NETWORK, ChargesForEchoes)


def test_who_reposted_is_told_by_handle_and_by_number_where_the_account_lives(
    server: MastodonServer, access: AccountAccess
) -> None:
    ours = server.ask("POST", "/api/v1/statuses", json={"status": "Tu derecho a saber"})
    server.ask("POST", f"/api/v1/statuses/{ours['id']}/reblog", OTHER)
    told = MASTODON.read_echoes(access, ours["id"])
    (one,) = told.found
    assert (one.form, one.handle, one.targets) == (
        EchoForm.REPOST, f"{OTHER}@{server.domain}", (str(ours["id"]),),
    )  # fmt: skip
    assert one.account_id == sought(server).remote_id
    assert (one.at, told.whole) == (None, True)
    assert MASTODON.read_echoes(access, "../../../").found == ()


def test_an_account_of_another_server_has_no_number_here_and_a_quote_has_its_moment(
    server: MastodonServer, access: AccountAccess
) -> None:
    account = {"id": "9", "acct": "itei@social.example", "url": "https://social.example/@itei"}
    quote = {
        "id": "5", "created_at": "2026-11-20T16:00:00.000Z", "visibility": "public", "account": account,
        "url": "https://social.example/@itei/5", "content": "<p>La cito</p>",
    }  # fmt: skip
    private = {**quote, "id": "6", "visibility": "private"}
    server.answer("GET", "/api/v1/statuses/*/reblogged_by", 200, [account])
    server.answer("GET", "/api/v1/statuses/*/quotes", 200, [quote, private, "nada"])
    one, other = MASTODON.read_echoes(access, "1").found
    assert (one.account_id, one.handle) == ("", "itei@social.example")
    assert (other.form, other.text, other.link) == (
        EchoForm.QUOTE,
        "La cito",
        "https://social.example/@itei/5",
    )
    assert other.at == datetime(2026, 11, 20, 16, tzinfo=UTC)


def test_what_an_account_said_and_reposted_is_read_where_it_lives(
    server: MastodonServer, access: AccountAccess
) -> None:
    ours = server.ask("POST", "/api/v1/statuses", json={"status": "Tu derecho a saber"})
    server.ask("POST", "/api/v1/statuses", OTHER, json={"status": "Lo nuestro #PlanDAI"})
    server.ask("POST", "/api/v1/statuses", OTHER, json={"status": "Para pocos", "visibility": "private"})
    server.ask("POST", f"/api/v1/statuses/{ours['id']}/reblog", OTHER)
    told = MASTODON.seek_posts(access, [sought(server)], [], datetime.now(UTC) - HOUR)
    by_form = {one.form: one for one in told.found}
    assert set(by_form) == {EchoForm.REPOST, EchoForm.POST}
    assert ours["url"] in by_form[EchoForm.REPOST].targets
    assert by_form[EchoForm.POST].text.strip() == "Lo nuestro #PlanDAI"
    assert MASTODON.seek_posts(access, [sought(server)], [], datetime.now(UTC) + HOUR).found == []


def test_a_server_that_asks_to_wait_is_waited_for(server: MastodonServer, access: AccountAccess) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=5)).replace(microsecond=0)
    server.answer(
        "GET", "/api/v1/statuses/*/reblogged_by", 429, {"error": "Too many"},
        {"X-RateLimit-Reset": until.isoformat()},
    )  # fmt: skip
    with pytest.raises(UnavailableError) as error:
        MASTODON.read_echoes(access, "1")
    assert error.value.retry_at == until


def test_an_account_without_a_server_did_nothing(access: AccountAccess) -> None:
    assert MASTODON.seek_posts(access, [Sought("solo_nombre", "12")], [], datetime.now(UTC)).found == []
