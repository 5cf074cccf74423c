"""Keys of texts are kept as long as some network's window reaches them, and no longer."""

from datetime import timedelta

from sqlalchemy import select

from content_calendar.db import Database
from content_calendar.likeness_gate import remember
from content_calendar.models.publications import TextKey
from content_calendar.states import PublicationState
from scheduler import forgetting
from scheduler.networks import networks
from tests.scheduler.scene import Time, account, planned


def test_what_no_window_reaches_is_forgotten(database: Database) -> None:
    longest = max(one.identical_window for one in networks().values())
    assert longest > timedelta(0)
    with Time().ruling() as time:
        with database.transaction() as session:
            made = [planned(session, account(session, "x"), time.at + timedelta(minutes=1)) for _ in range(2)]
            remember(session, made, {one.account_id: "x" for one in made})
            made[0].state, made[0].published_at = PublicationState.PUBLISHED, time.at
        assert forgetting.tick(database) == 0
        time.at += longest + timedelta(seconds=1)
        assert forgetting.tick(database) == 1
        assert forgetting.tick(database) == 0
    with database.reading() as session:
        assert set(session.scalars(select(TextKey.publication_id))) == {made[1].id}
