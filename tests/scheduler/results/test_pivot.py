from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.models import Reading
from scheduler.readings import WINDOWS
from scheduler.results import facts
from scheduler.results.models import Result
from scheduler.results.pivot import of_figures, pivot, pivot_missing
from scheduler.results.tallying import micros
from scheduler.results.totalling import Totals, totals
from tests.conftest import CountQueries
from tests.scheduler.scene import account, person, planned

AT = datetime(2030, 11, 20, tzinfo=UTC)


def read(session: Session, publication_id: int, window: str, **told: int) -> None:
    rows = [
        {
            "publication_id": publication_id,
            "window": window,
            "metric": metric,
            "value": value,
            "taken_at": AT,
            "source": "x",
        }
        for metric, value in told.items()
    ]
    session.execute(insert(Reading), rows)


def results(session: Session) -> list[tuple[object, ...]]:
    found = select(Result.window, Result.views, Result.engagements, Result.clicks).order_by(Result.window)
    return [tuple(row) for row in session.execute(found)]


def test_a_sum_is_of_what_every_network_counts_alike() -> None:
    assert of_figures({"likes": 3, "replies": 2, "views": 90, "bookmarks": 7}) == {
        "views": 90, "engagements": 5, "clicks": None,
    }  # fmt: skip
    assert of_figures({"views": 90, "bookmarks": 7})["engagements"] is None
    assert of_figures({"likes": 0})["engagements"] == 0


def test_results_are_made_from_readings_and_can_be_made_anew(database: Database) -> None:
    with database.transaction() as session:
        someone = person(session)
        assert someone.id
        publication = planned(session, account(session, "rehearsal"), AT)
        read(session, publication.id, "24h", likes=3, reposts=1, views=40)
        read(session, publication.id, "7d", views=70)
        pivot(session, [(publication.id, "24h")])
        assert results(session) == [("24h", 40, 4, None)]
        assert pivot_missing(session) == 1
        assert results(session) == [("24h", 40, 4, None), ("7d", 70, None, None)]
        assert pivot_missing(session) == 0
        # What was corrected in the readings is told by them alone.
        session.execute(delete(Reading).where(Reading.metric == "likes"))
        pivot(session, [(publication.id, "24h"), (publication.id, "7d")])
        assert results(session) == [("24h", 40, 1, None), ("7d", 70, None, None)]


def test_a_span_is_read_with_the_figures_of_its_age_and_changes_its_stamp(
    database: Database, count_queries: CountQueries
) -> None:
    with database.transaction() as session:
        person(session)
        to = account(session, "rehearsal")
        inside, outside = planned(session, to, AT), planned(session, to, AT + timedelta(days=3))
        for one in (inside, outside):
            session.execute(
                update(Publication)
                .where(Publication.id == one.id)
                .values(state=PublicationState.PUBLISHED, published_at=one.due_at)
            )
        read(session, inside.id, "7d", likes=3)
        pivot_missing(session)
        begin, end = AT - timedelta(days=1), AT + timedelta(days=1)
        before = facts.stamp(session, begin, end)
        with count_queries() as queries:
            found = facts.read(session, (begin, end), "7d").out
        assert len(queries) == 8
        assert list(zip(found.post, found.at, found.engagements, strict=True)) == [
            (inside.post_id, micros(AT), 3)
        ]
        assert np.isnan(facts.read(session, (begin, end), "24h").out.engagements).tolist() == [True]
        assert totals(session, (begin, end), "7d") == Totals(1, 1, 1, 3, None, 0)
        assert facts.stamp(session, begin, end) == before
        read(session, inside.id, "28d", likes=4)
        assert facts.stamp(session, begin, end) != before


def test_every_age_is_over_before_networks_stop_telling() -> None:
    # X tells an account's private figures for 30 days; what comes later than its tolerance is not read.
    assert max(one.age + one.tolerance for one in WINDOWS) <= timedelta(days=30)
