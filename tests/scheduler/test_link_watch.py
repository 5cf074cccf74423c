"""Links of the directory: looked at politely, called broken after two days, told once, and mended at once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import accounts, clock, directory, people
from content_calendar.accounts import NewAccount
from content_calendar.db import Database
from content_calendar.models.directory import Account, Site
from content_calendar.models.notices import Notice
from content_calendar.permissions import Role
from scheduler import link_watch
from scheduler.link_health import Health, Seen, seen_of, verdict
from scheduler.link_watch import Watching, watch
from scheduler.models import FeedStage
from scheduler.watch_models import WatchedLink
from tests.scheduler.planting import plant_body, plant_feed
from tests.simulators.feed_server import FeedServer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Time:
    """The clock of a test: it stands still until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        monkeypatch.setattr(clock, "_now", lambda: self.now)

    def passes(self, **amount: int) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


class _Once(Random):
    """Spreads nothing, so that what is due is due."""

    def random(self) -> float:
        return 0.0


def watching(site: FeedServer) -> Watching:
    return Watching(site.policy(), spread=_Once())


def planted(session: Session, site: FeedServer, *paths: str) -> None:
    """A body with these sites, its liaison, and somebody of the staff."""
    body = plant_body(session, "infox")
    for path in paths:
        directory.add_site(session, body, site.url(path), source="", actor_ref="")
    liaison = people.add(session, "enlace@ejemplo.mx", "Enlace")
    people.grant(session, liaison, Role.LIAISON, on=date(2020, 1, 1), body_id=body.id)
    people.grant(session, people.add(session, "eva@ejemplo.mx", "Eva"), Role.EDITOR, on=date(2020, 1, 1))


def links(database: Database) -> list[WatchedLink]:
    with database.reading() as session:
        return list(session.scalars(select(WatchedLink).order_by(WatchedLink.id)))


def told(database: Database) -> list[tuple[str, str, bool]]:
    with database.reading() as session:
        rows = session.scalars(select(Notice).order_by(Notice.code, Notice.id))
        return [(one.code, one.subject_ref, one.over_at is None) for one in rows]


def test_a_link_that_fails_on_two_days_is_told_once_to_those_who_can_mend_it(
    database: Database, site: FeedServer, time: Time
) -> None:
    site.refuse("/a", 404)
    with database.transaction() as session:
        planted(session, site, "/a")
    assert [watch(database, watching(site)), watch(database, watching(site))] == [1, 0]
    [link] = links(database)
    assert (link.health, link.said_code, told(database)) == (Health.NEW, "fetch_status", [])
    for _ in range(3):
        time.passes(days=8)
        assert watch(database, watching(site)) == 1
    assert links(database)[0].health is Health.BROKEN
    assert told(database) == [("links_broken", "all", True), ("links_broken_ours", "infox", True)]
    site.serve_plainly("/a", b"<title>Ya</title>")
    assert link_watch.check_now(database, link.ref, watching(site)) is Health.WELL
    assert {open_ for _code, _ref, open_ in told(database)} == {False}


def test_a_second_link_that_breaks_is_no_second_notice_and_one_that_is_let_be_is_none(
    database: Database, site: FeedServer, time: Time
) -> None:
    with database.transaction() as session:
        planted(session, site, "/a", "/b")
    for _ in range(6):
        # One of a host at a time.
        assert watch(database, watching(site)) <= 1
        time.passes(days=2)
    assert [one.health for one in links(database)] == [Health.BROKEN] * 2
    assert len(told(database)) == 2
    with database.transaction() as session:
        eva = people.find_by_email(session, "eva@ejemplo.mx")
        assert eva
        for one in session.scalars(select(WatchedLink.ref)).all():
            link_watch.let_be(session, one, eva)
    assert {open_ for _code, _ref, open_ in told(database)} == {False}


@pytest.mark.parametrize("status", [401, 403, 429, 999])
def test_a_no_to_robots_is_not_broken(database: Database, site: FeedServer, time: Time, status: int) -> None:
    site.refuse("/a", status)
    with database.transaction() as session:
        planted(session, site, "/a")
    for _ in range(2):
        watch(database, watching(site))
        time.passes(days=9)
    assert (links(database)[0].health, told(database)) == (Health.UNTOLD, [])


def test_a_large_page_is_there_and_an_unchanged_one_is_not_sent_again(
    database: Database, site: FeedServer, time: Time
) -> None:
    site.serve("/a", b"x" * 300_000)
    with database.transaction() as session:
        planted(session, site, "/a")
    watch(database, watching(site))
    assert links(database)[0].health is Health.WELL
    site.serve("/a", b"<title>corta</title>")
    for _ in range(2):
        time.passes(days=9)
        watch(database, watching(site))
    assert site.seen[-1].headers["If-None-Match"]


def test_a_domain_that_leads_elsewhere_is_told_apart(
    database: Database, site: FeedServer, time: Time
) -> None:
    assert time.now == NOW
    with FeedServer("127.0.0.2") as other:
        other.serve_plainly("/", b"<title>Casino</title>")
        site.redirect("/a", other.url("/"), 301)
        with database.transaction() as session:
            planted(session, site, "/a")
        allowed = site.policy().allowed | other.policy().allowed
        policy = Watching(type(site.policy())(allowed), spread=_Once())
        watch(database, policy)
    [link] = links(database)
    assert (link.health, link.said_code, link.said_params) == (
        Health.WELL,
        "link_elsewhere",
        {"host": "127.0.0.2"},
    )


def test_what_leaves_the_directory_is_looked_at_no_more_and_another_address_is_another_link(
    database: Database, site: FeedServer, time: Time
) -> None:
    with database.transaction() as session:
        planted(session, site, "/a")
        body = directory.find_body(session, "infox")
        new = NewAccount("mastodon", "info@127.0.0.1", site.url("/@info"))
        accounts.add(session, body, new, time.now.date(), actor_ref="")
        accounts.add(session, body, NewAccount("facebook", "infox"), time.now.date(), actor_ref="")
        feed = plant_feed(session, body, site.url("/feed"))
        feed.stage, feed.polled_at, feed.said_code = FeedStage.GONE, time.now, "fetch_status"
    for _ in range(3):
        watch(database, watching(site))
    by_kind = {(one.kind.value, one.name): one.health for one in links(database)}
    assert by_kind[("account", "infox")] is Health.SILENT
    assert by_kind[("feed", "")] is Health.BROKEN
    assert {one.path for one in site.seen} == {"/a", "/@info"}
    with database.transaction() as session:
        session.delete(session.scalars(select(Account).where(Account.network == "facebook")).one())
        session.scalars(select(Site)).one().url = site.url("/nueva")
    watch(database, watching(site))
    assert [one.health for one in links(database) if one.kind == "site"] == [Health.NEW]
    assert len(links(database)) == 3


def test_a_failure_an_hour_later_is_not_another_day() -> None:
    failed = seen_of("fetch_unreachable", {"reason": "name"})
    first = verdict(failed, Health.WELL, None, NOW, 0)
    assert (first.health, first.failing_since) == (Health.WELL, NOW)
    late = datetime(2026, 11, 22, 23, 50, tzinfo=UTC)
    assert verdict(failed, Health.WELL, late, late + timedelta(minutes=20), 0).health is Health.WELL
    assert verdict(failed, Health.WELL, late, late + timedelta(hours=26), 0).health is Health.BROKEN
    assert verdict(Seen(ok=True), Health.BROKEN, late, NOW, 0).failing_since is None
    assert seen_of("fetch_too_large", {}).ok
    assert seen_of("fetch_unreachable", {"reason": "cut"}).neither
