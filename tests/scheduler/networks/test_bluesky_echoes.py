"""Who took a post up on Bluesky: from the records of a real PDS, and from an index that a bare PDS has not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from content_calendar.db import Database
from content_calendar.models.publications import PublicationPart
from content_calendar.states import PartState
from scheduler.echo_powers import ChargesForEchoes, EchoForm, SeeksPosts, Sought, TellsEchoes
from scheduler.models import Replication, ReplicationKind
from scheduler.network import AccountAccess, RefusedError
from scheduler.networks.bluesky import NETWORK, Bluesky
from scheduler.replication.seeking import tick
from tests.counterparts.bluesky import BlueskyAccount, BlueskyServer
from tests.scheduler.scene import account, planned, worker

BLUESKY = Bluesky()
HOUR = timedelta(hours=1)
OURS = "at://did:plc:nuestra/app.bsky.feed.post/3lbqaaaaaaaaa"
MADE = "2026-11-20T16:00:00.000Z"


def put(
    server: BlueskyServer, account: BlueskyAccount, collection: str, record: dict[str, Any]
) -> tuple[str, str]:
    """The address of a record that the account made, and its hash."""
    asked = {"repo": account.did, "collection": collection, "record": {"$type": collection, **record}}
    made = server.ask("POST", "com.atproto.repo.createRecord", account.session["accessJwt"], json=asked)
    return str(made["uri"]), str(made["cid"])


def test_bluesky_tells_echoes_for_nothing() -> None:
    assert isinstance(NETWORK, TellsEchoes)
    assert isinstance(NETWORK, SeeksPosts)
    assert not isinstance(NETWORK, ChargesForEchoes)


def test_what_an_account_did_is_read_from_its_own_records(bluesky_server: BlueskyServer) -> None:
    ours, theirs = bluesky_server.account(), bluesky_server.account()
    now = datetime.now(UTC)
    at = {"createdAt": now.isoformat()}
    uri, cid = put(bluesky_server, ours, "app.bsky.feed.post", {"text": "Tu derecho a saber", **at})
    subject = {"uri": uri, "cid": cid}
    quote = {"$type": "app.bsky.embed.record", "record": subject}
    put(bluesky_server, theirs, "app.bsky.feed.repost", {"subject": subject, **at})
    put(bluesky_server, theirs, "app.bsky.feed.post", {"text": "La citamos", "embed": quote, **at})
    put(bluesky_server, theirs, "app.bsky.feed.post", {"text": "Lo nuestro #PlanDAI", **at})
    old = {"createdAt": (now - 48 * HOUR).isoformat()}
    put(bluesky_server, theirs, "app.bsky.feed.post", {"text": "De antes", **old})
    access = AccountAccess("", "", {}, bluesky_server.url)
    told = BLUESKY.seek_posts(access, [Sought(theirs.handle, theirs.did)], [], now - HOUR)
    by_form = {one.form: one for one in told.found}
    assert len(told.found) == 3
    assert told.whole
    assert (by_form[EchoForm.REPOST].targets, by_form[EchoForm.QUOTE].targets) == ((uri,), (uri,))
    assert by_form[EchoForm.POST].text == "Lo nuestro #PlanDAI"
    assert by_form[EchoForm.POST].link.startswith(f"https://bsky.app/profile/{theirs.handle}/post/")
    assert {one.account_id for one in told.found} == {theirs.did}
    assert all(one.at and abs(one.at - now) < HOUR for one in told.found)


def test_an_account_that_is_not_there_is_a_refusal(bluesky_server: BlueskyServer) -> None:
    with pytest.raises(RefusedError):
        BLUESKY.seek_posts(
            AccountAccess("", "", {}, bluesky_server.url), [Sought("nadie.test")], [], datetime.now(UTC)
        )


class Index:
    """What Bluesky's own index answers, as its lexicon says; a real HTTP server."""

    def __init__(self) -> None:
        self.told: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    @contextmanager
    def running(self) -> Iterator["Index"]:
        index = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(asked.query).items()}
                name = asked.path.removeprefix("/xrpc/")
                index.asked.append((name, query))
                pages = index.told.get(name, [])
                page = int(query.get("cursor", "0"))
                status = 200 if page < len(pages) else 400
                said = pages[page] if status == 200 else {"error": "InvalidRequest", "message": "no"}
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


@pytest.fixture
def index() -> Iterator[Index]:
    with Index().running() as running:
        yield running


def view(did: str, handle: str, key: str, text: str, **record: object) -> dict[str, Any]:
    return {
        "uri": f"at://{did}/app.bsky.feed.post/{key}",
        "author": {"did": did, "handle": handle},
        "record": {"text": text, "createdAt": MADE, **record},
        "indexedAt": "2026-11-20T16:00:02.000Z",
    }


def test_an_index_tells_reposts_without_their_moment_and_quotes_with_it(index: Index) -> None:
    repost = {"did": "did:plc:uno", "handle": "infonl.test"}
    index.told["app.bsky.feed.getRepostedBy"] = [
        {"uri": OURS, "repostedBy": [repost], "cursor": "1"},
        {"repostedBy": []},
    ]
    index.told["app.bsky.feed.getQuotes"] = [
        {"posts": [view("did:plc:dos", "itei.test", "3lbqb", "La cito")]}
    ]
    index.told["com.atproto.identity.resolveHandle"] = [{"did": "did:plc:nuestra"}]
    access = AccountAccess("@cvpdcs.test", "", {}, index.url)
    told = BLUESKY.read_echoes(access, "at://cvpdcs.test/app.bsky.feed.post/3lbqaaaaaaaaa")
    one, other = told.found
    assert (one.form, one.account_id, one.at, one.targets) == (EchoForm.REPOST, "did:plc:uno", None, (OURS,))
    assert (other.form, other.text, other.targets) == (EchoForm.QUOTE, "La cito", (OURS,))
    assert other.at == datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert {query.get("uri") for name, query in index.asked if "feed" in name} == {OURS}


def test_a_feed_tells_reposts_with_their_moment_and_stops_at_what_is_old(index: Index) -> None:
    reason = {
        "$type": "app.bsky.feed.defs#reasonRepost",
        "by": {"did": "did:plc:uno", "handle": "infonl.test"},
        "indexedAt": "2026-11-21T10:00:00.000Z",
    }
    image = {"image": {"ref": {"$link": "bafkreidibujo"}}}
    pictured = {"embed": {"$type": "app.bsky.embed.images", "images": [image]}}
    feed = [
        {"post": view("did:plc:nuestra", "cvpdcs.test", "3lbqaaaaaaaaa", "Tu derecho"), "reason": reason},
        {"post": view("did:plc:uno", "infonl.test", "3lbqc", "Lo nuestro", **pictured)},
    ]
    index.told["app.bsky.feed.getAuthorFeed"] = [
        {"feed": feed, "cursor": "1"}, {"feed": feed, "cursor": "2"}, {"feed": []},
    ]  # fmt: skip
    since = datetime(2026, 11, 21, tzinfo=UTC)
    told = BLUESKY.seek_posts(AccountAccess("", "", {}, index.url), [Sought("infonl.test")], [], since)
    (one,) = told.found
    assert (one.form, one.handle, one.targets) == (EchoForm.REPOST, "infonl.test", (OURS,))
    assert one.at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert len(index.asked) == 1
    earlier = BLUESKY.seek_posts(
        AccountAccess("", "", {}, index.url), [Sought("infonl.test")], [], since - 48 * HOUR
    )
    assert "bafkreidibujo" in {each.picture for each in earlier.found}


@pytest.mark.parametrize(
    "nonsense",
    [
        {"repostedBy": "todos", "posts": 7},
        {"repostedBy": [3, None, {"did": 5}], "posts": [{"author": [], "record": "x", "uri": 9}]},
        {},
    ],
)
def test_a_nonsense_of_an_index_is_nobodys_echo(index: Index, nonsense: dict[str, Any]) -> None:
    index.told["app.bsky.feed.getRepostedBy"] = index.told["app.bsky.feed.getQuotes"] = [nonsense]
    told = BLUESKY.read_echoes(AccountAccess("", "", {}, index.url), OURS)
    assert not any(one.account_id or one.handle for one in told.found)


def test_what_has_no_end_is_not_read_to_its_end_and_that_is_told(index: Index) -> None:
    page = {"repostedBy": [{"did": "did:plc:uno", "handle": "infonl.test"}]}
    index.told["app.bsky.feed.getRepostedBy"] = [{**page, "cursor": str(n + 1)} for n in range(9)]
    index.told["app.bsky.feed.getQuotes"] = [{"posts": []}]
    told = BLUESKY.read_echoes(AccountAccess("", "", {}, index.url), OURS)
    assert (len(told.found), told.whole) == (3, False)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_repost_on_a_real_server_reaches_the_ledger(
    database: Database, tmp_path: Path, bluesky_server: BlueskyServer
) -> None:
    ours, theirs = bluesky_server.account(), bluesky_server.account()
    at = {"createdAt": datetime.now(UTC).isoformat()}
    uri, cid = put(bluesky_server, ours, "app.bsky.feed.post", {"text": "Tu derecho a saber", **at})
    put(bluesky_server, theirs, "app.bsky.feed.repost", {"subject": {"uri": uri, "cid": cid}, **at})
    with database.transaction() as session:
        publishing = account(session, "bluesky")
        row = planned(session, publishing, datetime.now(UTC) + timedelta(minutes=1))
        said = {PublicationPart.state: PartState.PUBLISHED, PublicationPart.remote_id: uri}
        session.execute(update(PublicationPart).where(PublicationPart.publication_id == row.id).values(said))
        body = account(session, "bluesky")
        body.handle, body.handle_folded, body.remote_id = theirs.handle, theirs.handle, theirs.did
        body.connected_at = None
    assert tick(worker(database, tmp_path, bluesky=bluesky_server.url)) == 1
    with database.reading() as session:
        found = session.scalars(select(Replication)).one()
        assert (found.kind, found.body_id) == (ReplicationKind.REPOST, body.owner_id)
        assert found.why_params == {"account": f"@{theirs.handle}", "network": "Bluesky"}
