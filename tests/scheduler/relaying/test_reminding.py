"""In the afternoon its people are told once that the day is open; and no more once something goes out."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from content_calendar.content import PostKind
from content_calendar.models.notices import Notice
from content_calendar.models.plan import Observance
from content_calendar.states import PublicationState
from scheduler.relaying import relays
from scheduler.relaying.reminding import remind
from tests.scheduler.relaying.conftest import ZONE, Standing, Wire

# 16:30 in Mexico on a Tuesday.
AFTERNOON = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def told(wire: Wire) -> list[tuple[str, bool]]:
    return [(one.code, one.over_at is None) for one in wire.session.scalars(select(Notice))]


@pytest.fixture
def heard(wire: Wire, stand: Standing) -> Wire:
    stand(AFTERNOON)
    owner = wire.body("infox")
    wire.stage.feed(owner)
    wire.note(owner)
    return wire


def test_an_open_afternoon_is_told_once_with_who_comes_next(heard: Wire) -> None:
    assert remind(heard.session, ZONE, 16)
    assert remind(heard.session, ZONE, 16)
    (notice,) = heard.session.scalars(select(Notice)).all()
    assert (notice.code, notice.params["name"], notice.person_id) == ("wire_open", "INFOX", heard.ana.id)


def test_nobody_is_told_in_the_morning_nor_on_days_off(heard: Wire, stand: Standing) -> None:
    stand(AFTERNOON - timedelta(hours=1))
    assert not remind(heard.session, ZONE, 16)
    stand(AFTERNOON + timedelta(days=4))  # a Saturday
    assert not remind(heard.session, ZONE, 16)
    heard.session.query(Observance).delete()
    rest = Observance(slug="r", name="R", rule="11-24", kind="federal_holiday", confidence="high")
    heard.session.add(rest)
    heard.session.flush()
    stand(AFTERNOON)
    assert not remind(heard.session, ZONE, 16)
    assert told(heard) == []


def test_what_is_out_or_has_its_hour_today_is_enough_and_closes_what_was_told(heard: Wire) -> None:
    assert remind(heard.session, ZONE, 16)
    owner = heard.stage.bodies[0]
    due = AFTERNOON + timedelta(hours=2)
    waiting = heard.stage.publication(heard.our_account, state=PublicationState.SCHEDULED, due_at=due)
    assert remind(heard.session, ZONE, 16)  # a post of our own is no replica
    heard.went_out(heard.note(owner), AFTERNOON - timedelta(days=1))
    assert remind(heard.session, ZONE, 16)
    post = heard.write()
    waiting.post_id = post.id
    heard.session.flush()
    relays.take(heard.session, heard.note(owner), PostKind.POST, lambda: post)
    assert not remind(heard.session, ZONE, 16)
    assert told(heard) == [("wire_open", False)]


def test_a_day_that_is_over_asks_nothing_any_more(heard: Wire, stand: Standing) -> None:
    assert remind(heard.session, ZONE, 16)
    stand(AFTERNOON + timedelta(hours=12))
    assert not remind(heard.session, ZONE, 16)
    assert told(heard) == [("wire_open", False)]


def test_without_a_feed_nothing_was_promised(wire: Wire, stand: Standing) -> None:
    stand(AFTERNOON)
    assert not remind(wire.session, ZONE, 16)
