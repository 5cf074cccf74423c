"""Looking at accounts on their networks: a real PDS, where handles change and change hands, and a federated server."""

from datetime import date, timedelta
from pathlib import Path
from shutil import copy

import orjson
import pytest
import time_machine
from sqlalchemy import select

from content_calendar import accounts, certifying, directory, directory_proposals, people
from content_calendar.account_looks import EVERY
from content_calendar.accounts import Answer, NewAccount
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account, Standing
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.standing import AccountLook, DirectoryProposal, LinkBack, LookResult
from content_calendar.permissions import Role
from content_calendar.settings import read
from scheduler import account_watch
from scheduler.network import AccountAccess, UnavailableError
from scheduler.networks import bluesky, mastodon
from scheduler.worker import Worker, new_worker
from tests.content_calendar.makers import make_body
from tests.counterparts.bluesky import BlueskyServer
from tests.simulators.feed_server import FeedServer

SLUG = bluesky.NETWORK.slug
TODAY = date(2026, 3, 2)


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    copy(sqlite_template, tmp_path / "resuena.db")
    return f"sqlite:///{tmp_path / 'resuena.db'}"


def worker(database: Database, data: Path, url: str, allow: str = "") -> Worker:
    given = {"RESUENA_DATA": str(data), "RESUENA_NETWORK_URLS": f"{SLUG}={url}", "RESUENA_FEED_ALLOW": allow}
    return new_worker(database, read(given))


def certified(database: Database, handle: str, site: str = "") -> tuple[int, Person]:
    with database.transaction() as session:
        luz = people.add(session, "luz@ejemplo.mx", "Luz")
        people.grant(session, luz, Role.COORDINATOR, on=date(2020, 1, 1))
        body = make_body(session, "itei", "MX-JAL")
        if site:
            directory.add_site(session, body, site, source="", actor_ref="")
        account = accounts.add(session, body, NewAccount(SLUG, handle), TODAY, actor_ref="")
        certifying.certify(session, account, luz)
        return account.id, luz


def seen(database: Database, account_id: int) -> tuple[Account, AccountLook]:
    with database.reading() as session:
        return session.get_one(Account, account_id), session.get_one(AccountLook, account_id)


def test_a_handle_that_changes_hands_raises_the_alarm_and_its_new_name_is_proposed(
    database: Database, tmp_path: Path, bluesky_server: BlueskyServer
) -> None:
    own, other = bluesky_server.account(), bluesky_server.account()
    at_work = worker(database, tmp_path, bluesky_server.url)
    account_id, luz = certified(database, own.handle)
    with time_machine.travel(now(), tick=True) as time:

        def look() -> LookResult | None:
            account_watch.tick(at_work)
            return seen(database, account_id)[1].result

        assert look() is LookResult.LEARNT
        assert seen(database, account_id)[0].remote_id == own.did
        # Once a week, and not before.
        assert account_watch.tick(at_work) == 0
        time.shift(EVERY + timedelta(days=1))
        assert look() is LookResult.SAME
        renamed = f"n{own.handle}"[:18].split(".")[0] + ".test"
        for whose, handle in ((own, renamed), (other, own.handle)):
            bluesky_server.ask(
                "POST",
                "com.atproto.identity.updateHandle",
                whose.session["accessJwt"],
                json={"handle": handle},
            )
        time.shift(EVERY + timedelta(days=1))
        assert look() is LookResult.TAKEN
        account, last = seen(database, account_id)
        assert (account.standing, last.found_id, last.found_handle) == (
            Standing.IMPERSONATED, other.did, renamed,
        )  # fmt: skip
        with database.transaction() as session:
            status = accounts.official_status(session, SLUG, own.handle, TODAY)
            assert status.answer is Answer.NOT_OFFICIAL
            codes = session.scalars(select(Notice.code).where(Notice.over_at.is_(None))).all()
            assert sorted(codes) == ["account_suspected", "proposal_made"]
            ref = session.scalars(select(DirectoryProposal.ref)).one()
            proposal = directory_proposals.find(session, ref, to_decide=True)
            assert proposal.proposed_by is None
            later = date(2026, 4, 1)
            directory_proposals.accept(session, proposal, session.get_one(Person, luz.id), later)
            # The network said that it is the same account: what was certified of it stands.
            assert accounts.official_status(session, SLUG, renamed, later).answer is Answer.OFFICIAL
            old = accounts.official_status(session, SLUG, own.handle, later)
            assert (old.answer, old.until, old.now_called) == (Answer.WAS_OFFICIAL, later, renamed)
            assert session.scalars(select(Notice.id).where(Notice.over_at.is_(None))).all() == []


def test_what_does_not_answer_is_no_verdict(database: Database, tmp_path: Path) -> None:
    with FeedServer() as dead:
        url = dead.url("")
    account_id, _luz = certified(database, "itei.example")
    account_watch.tick(worker(database, tmp_path, url))
    account, last = seen(database, account_id)
    assert (account.standing, last.result) == (Standing.IN_FORCE, LookResult.UNANSWERED)


def test_the_owner_s_site_is_looked_at_for_a_link_back(database: Database, tmp_path: Path) -> None:
    with FeedServer() as site:
        page = b'<!-- <a href="https://bsky.app/profile/itei.example">no</a> --><p>Hola</p>'
        site.serve_plainly("/", page)
        account_id, _luz = certified(database, "itei.example", site.url("/"))
        at_work = worker(database, tmp_path, site.url(""), f"{site.address}:{site.port}")
        account_watch.tick(at_work)

        def proof() -> LinkBack:
            with database.reading() as session:
                return session.get_one(LinkBack, account_id)

        assert (proof().found, proof().url) == (False, site.url("/"))
        site.serve_plainly("/", b"<a class=x rel=me href='https://bsky.app/profile/ITEI.example?ref=1'>")
        with time_machine.travel(now() + EVERY + timedelta(days=1), tick=True):
            account_watch.tick(at_work)
        assert proof().found


def test_a_private_site_is_not_asked(database: Database, tmp_path: Path) -> None:
    with FeedServer() as site:
        site.serve_plainly("/", b"<a href=https://bsky.app/profile/itei.example>")
        account_id, _luz = certified(database, "itei.example", site.url("/"))
        account_watch.tick(worker(database, tmp_path, site.url("")))
        with database.reading() as session:
            proof = session.get_one(LinkBack, account_id)
        assert (proof.found, proof.said_code) == (False, "fetch_bad_url")
        assert [one.path for one in site.seen if one.path == "/"] == []


def test_a_federated_server_tells_whose_a_handle_is() -> None:
    power = mastodon.Mastodon()
    with FeedServer() as server:
        access = AccountAccess("info@social.example", "7", {}, server.url(""))
        server.serve_plainly("/api/v1/accounts/lookup", orjson.dumps({"id": "8"}), "application/json")
        server.serve_plainly("/api/v1/accounts/7", orjson.dumps({"id": "7", "username": "nueva"}))
        assert power.number_of(access, "@info@social.example") == "8"
        assert server.seen[-1].path == "/api/v1/accounts/lookup?acct=info"
        assert power.handle_of(access, "7") == "nueva@social.example"
        assert power.number_of(access, "sin-servidor") == ""
        gone = orjson.dumps({"error": "Record not found"})
        server.pages["/api/v1/accounts/lookup"] = lambda asked: asked.say(404, gone)
        assert power.number_of(access, "info@social.example") == ""
        # Only the server's own word says that nobody has it.
        server.refuse("/api/v1/accounts/lookup", 404)
        with pytest.raises(UnavailableError):
            power.number_of(access, "info@social.example")
