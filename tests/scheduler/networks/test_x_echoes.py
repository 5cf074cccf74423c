"""Who took a post up on X, and what it costs to ask; each request is checked against X's own document."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from content_calendar.db import Database
from content_calendar.models.money import Ceiling, Charge
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import PartState, PublicationState
from scheduler.echo_powers import ChargesForEchoes, EchoForm, SeeksPosts, Sought, TellsEchoes
from scheduler.models import Replication, ReplicationKind
from scheduler.network import AccountAccess, UnavailableError
from scheduler.networks.x import NETWORK, X
from scheduler.replication.seeking import tick
from scheduler.wire import Call, carry_out
from tests.scheduler.networks.x_contract import Checked
from tests.scheduler.scene import Time, account, planned, worker
from tests.simulators.x_server import XServer

NETWORK_X = X()
WEEK = timedelta(days=7)


def posted(server: XServer, user: str, text: str, **more: object) -> str:
    """The id of a post of that user, as the API takes it."""
    headers = {"Authorization": f'OAuth oauth_token="{user}-ficha"'}
    reply = carry_out(Call("POST", f"{server.url}/2/tweets", json={"text": text, **more}, headers=headers))
    return str(reply.json()["data"]["id"])


def reposted(server: XServer, user: str, target: str) -> None:
    headers = {"Authorization": f'OAuth oauth_token="{user}-ficha"'}
    asked = {"tweet_id": target}
    carry_out(Call("POST", f"{server.url}/2/users/{user}/retweets", json=asked, headers=headers))


@pytest.fixture
def server(x_server: XServer) -> XServer:
    x_server.user("42", username="cvpdcs")
    x_server.user("77", username="INFO_NL")
    x_server.user("78", username="otra")
    x_server.set(allows_quotes=True)
    return x_server


def test_x_tells_echoes_for_money() -> None:
    assert isinstance(NETWORK, TellsEchoes)
    assert isinstance(NETWORK, SeeksPosts)
    assert isinstance(NETWORK, ChargesForEchoes)


def test_reposts_and_quotes_are_told_with_who_when_and_what_was_charged(
    server: XServer, access: AccountAccess, checked: Checked
) -> None:
    ours = posted(server, "42", "Tu derecho a saber cuenta")
    reposted(server, "77", ours)
    quote = posted(server, "77", "Lo decimos en https://nl.example/a y aquí", quote_tweet_id=ours)
    told = NETWORK_X.read_echoes(access, ours)
    one, other = told.found
    assert (one.form, one.account_id, one.handle, one.targets) == (EchoForm.REPOST, "77", "INFO_NL", (ours,))
    assert (other.form, other.link) == (EchoForm.QUOTE, f"https://x.com/INFO_NL/status/{quote}")
    assert other.text == "Lo decimos en https://nl.example/a y aquí"
    assert all(each.at and abs(each.at - datetime.now(UTC)) < WEEK for each in told.found)
    # Two posts and, on each page, their one author.
    assert (told.whole, told.mills) == (True, 2 * 5 + 2 * 10)
    assert len(checked) >= 2


def test_nothing_there_costs_nothing(server: XServer, access: AccountAccess) -> None:
    told = NETWORK_X.read_echoes(access, posted(server, "42", "Nadie la comparte"))
    assert (list(told.found), told.mills) == ([], 0)
    assert NETWORK_X.read_echoes(access, "no es un número").found == ()


def test_quotes_that_cannot_be_read_now_do_not_lose_the_reposts(
    server: XServer, access: AccountAccess
) -> None:
    ours = posted(server, "42", "Tu derecho a saber cuenta")
    reposted(server, "77", ours)
    server.fault("5xx_before", on="/2/quote_tweets")
    told = NETWORK_X.read_echoes(access, ours)
    assert ([one.form for one in told.found], told.whole) == ([EchoForm.REPOST], False)
    server.fault("rate_limit", on="/2/reposts")
    with pytest.raises(UnavailableError) as error:
        NETWORK_X.read_echoes(access, ours)
    assert error.value.retry_at is not None


def test_accounts_are_asked_together_for_what_they_said_with_a_tag(
    server: XServer, access: AccountAccess, checked: Checked
) -> None:
    posted(server, "77", "Pregunta sin miedo #PlanDAI")
    posted(server, "77", "Buenos días")
    posted(server, "78", "También nosotros #PlanDAI")
    asked = [Sought("@INFO_NL", "77"), Sought("no_existe")]
    told = NETWORK_X.seek_posts(access, asked, ["#PlanDAI", "transparencia"], datetime.now(UTC) - 2 * WEEK)
    assert [(one.handle, one.text) for one in told.found] == [("INFO_NL", "Pregunta sin miedo #PlanDAI")]
    assert told.mills == 15
    assert checked.count("GET /2/tweets/search/recent") == 1
    # The control: without a tag, or without anybody, nothing is asked and nothing is paid.
    assert NETWORK_X.seek_posts(access, asked, [], datetime.now(UTC)).found == ()
    assert NETWORK_X.seek_posts(access, [Sought("no es un nombre")], ["a"], datetime.now(UTC)).found == ()
    assert checked.count("GET /2/tweets/search/recent") == 1


def test_tags_that_no_longer_fit_the_question_are_left_out(server: XServer, access: AccountAccess) -> None:
    many = [Sought(f"numero_{n}") for n in range(15)]
    server.user("77", username="numero_0")
    posted(server, "77", f"Una #{'a' * 50}0")
    posted(server, "77", f"Otra #{'a' * 50}40")
    told = NETWORK_X.seek_posts(access, many, [f"{'a' * 50}{n}" for n in range(60)], datetime.now(UTC) - WEEK)
    assert len(told.found) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_repost_reaches_the_ledger_and_its_cost_the_month(
    database: Database, tmp_path: Path, server: XServer
) -> None:
    ours = posted(server, "42", "Tu derecho a saber")
    reposted(server, "77", ours)
    with Time().ruling() as time:
        working = worker(database, tmp_path, x=server.url)
        with database.transaction() as session:
            session.add(Ceiling(network="x", mills=2000, set_at=time.at))
            row = planned(session, account(session, "x", working), time.at + timedelta(minutes=1))
            said = {PublicationPart.state: PartState.PUBLISHED, PublicationPart.remote_id: ours}
            session.execute(
                update(PublicationPart).where(PublicationPart.publication_id == row.id).values(said)
            )
            out = {Publication.state: PublicationState.PUBLISHED, Publication.published_at: time.at}
            session.execute(update(Publication).where(Publication.id == row.id).values(out))
            body = account(session, "x")
            body.handle, body.handle_folded, body.connected_at = "INFO_NL", "info_nl", None
        time.pass_by(hours=26)
        assert tick(working) == 2
    with database.reading() as session:
        found = session.scalars(select(Replication)).one()
        assert (found.kind, found.body_id) == (ReplicationKind.REPOST, body.owner_id)
        # One post and its author; the search found nothing.
        assert [one.mills for one in session.scalars(select(Charge))] == [15]
