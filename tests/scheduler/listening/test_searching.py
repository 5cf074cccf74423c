"""Searches for feeds: asked once, made by whoever is free, their finds kept until a person decides."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from content_calendar.db import Database
from content_calendar.directory import find_owner
from content_calendar.models.jobs import JobStage
from content_calendar.models.people import Person
from scheduler.listening import searching
from scheduler.listening.discovering import Asking
from scheduler.listening.parsing import FeedParser
from scheduler.listening.searching import SearchAddressError
from scheduler.models import Feed
from scheduler.search_models import FeedOffer, FeedSearch
from tests.scheduler.listening.test_discovering import OTHER, RSS
from tests.scheduler.planting import plant_body, plant_person
from tests.simulators.feed_server import FeedServer


@pytest.fixture(scope="module")
def parser() -> Iterator[FeedParser]:
    with FeedParser() as opened:
        yield opened


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with FeedServer() as server:
        server.serve_plainly(
            "/",
            b'<link rel=alternate type="application/rss+xml" href="/a.xml">'
            b'<link rel=alternate type="application/rss+xml" href="/b.xml">',
        )
        server.serve("/a.xml", RSS)
        server.serve("/b.xml", OTHER)
        yield server


def searches(database: Database) -> list[FeedSearch]:
    with database.reading() as session:
        return list(searching.of_owners(session))


def test_a_search_is_made_once_and_what_it_found_waits_for_a_person(
    database: Database, site: FeedServer, parser: FeedParser
) -> None:
    asking = Asking(site.policy(), parser, pause=0)
    with database.transaction() as session:
        body, ana = plant_body(session, "infox"), plant_person(session)
        for address in (site.url("/"), site.url("/").removesuffix("/")):
            searching.ask(session, body, address, ana.id)
        person_id = ana.id
    assert [searching.search(database, asking), searching.search(database, asking)] == [1, 0]
    [made] = searches(database)
    assert (made.stage, made.asked, [one.url for one in made.offers]) == (
        JobStage.DONE,
        3,
        [site.url("/a.xml"), site.url("/b.xml")],
    )
    with database.transaction() as session:
        me = session.get_one(Person, person_id)
        searching.dismiss(session, made.offers[1].ref)
        assert searching.take_all(session, made.ref, me) == 1
        searching.ask(session, find_owner(session, "infox"), site.url("/"), me.id)
    searching.search(database, asking)
    with database.reading() as session:
        assert session.scalars(select(Feed.url)).all() == [site.url("/a.xml")]
        aside = select(FeedOffer.url).where(FeedOffer.dismissed_at.is_not(None))
        assert session.scalars(aside).all() == [site.url("/b.xml")]


def test_a_site_that_cannot_be_had_says_why_and_keeps_what_was_found(
    database: Database, site: FeedServer, parser: FeedParser
) -> None:
    asking = Asking(site.policy(), parser, pause=0)
    with database.transaction() as session:
        searching.ask(session, plant_body(session, "infox"), site.url("/"), None)
    searching.search(database, asking)
    site.refuse("/", 500)
    with database.transaction() as session:
        searching.ask(session, find_owner(session, "infox"), site.url("/"), None)
    searching.search(database, asking)
    [made] = searches(database)
    assert (made.stage, made.said_code, len(made.offers)) == (JobStage.FAILED, "fetch_status", 2)


@pytest.mark.parametrize("address", ["", "hola", "ftp://sitio.example/", "http://["])
def test_what_is_no_address_is_refused(database: Database, address: str) -> None:
    with database.transaction() as session, pytest.raises(SearchAddressError):
        searching.ask(session, plant_body(session, "infox"), address, None)
