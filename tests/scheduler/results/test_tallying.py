"""What is packed is what stands in the rows, whoever wrote them and by whatever road; marks tell what is not."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import numpy as np
import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.models import Reading, Replication, ReplicationKind, ReplicationStage
from scheduler.readings import WINDOWS
from scheduler.results import facts, tallying
from scheduler.results.pivot import pivot
from scheduler.results.tally_models import TRIGGERS, PostTally, TallyStale
from tests.scheduler.scene import account, person, planned
from tests.webapp.stage import Stage

AT = datetime(2030, 11, 20, 16, tzinfo=UTC)
SPAN = AT - timedelta(days=1), AT + timedelta(days=1)


def out(session: Session) -> Publication:
    person(session)
    row = planned(session, account(session, "rehearsal"), AT)
    session.execute(
        update(Publication)
        .where(Publication.id == row.id)
        .values(state=PublicationState.PUBLISHED, published_at=AT)
    )
    return row


def read(session: Session, row: Publication, value: int) -> None:
    session.add(
        Reading(publication_id=row.id, window="7d", metric="likes", value=value, taken_at=AT, source="x")
    )
    session.flush()
    pivot(session, [(row.id, "7d")])


def told(session: Session) -> tuple[list[int], list[tuple[int, int]]]:
    """The likes at seven days of what is in the span, and the body and stage of each echo."""
    found = tallying.columns(session, SPAN, "7d")
    return (
        found.figures[:, 1].tolist(),
        [(row[0], row[2]) for row in found.echoes.tolist()],
    )


def marks(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(TallyStale)) or 0


def settled(database: Database) -> None:
    tallying.tick(database)
    with database.reading() as session:
        assert marks(session) == 0


def test_every_age_and_form_has_its_place_in_a_pack() -> None:
    assert tuple(window.name for window in WINDOWS) == tallying.AGES
    assert set(tallying.KINDS) == set(ReplicationKind)


def test_whatever_is_written_is_told_at_once_packed_or_not(database: Database) -> None:
    with database.transaction() as session:
        row = out(session)
        assert told(session) == ([tallying.UNKNOWN], [])
    settled(database)
    with database.transaction() as session:
        read(session, row, 3)
        assert told(session) == ([3], [])
    settled(database)
    with database.transaction() as session:
        assert told(session) == ([3], [])
        # Not by the session's objects, as the worker's prepared statements do it.
        session.execute(update(Reading).values(value=8))
        pivot(session, [(row.id, "7d")])
        stage = Stage(session)
        body = stage.body("uno")
        echo = stage.replication(row, body, ReplicationStage.SEEN)
        assert told(session) == ([8], [(body.id, 1)])
    settled(database)
    with database.transaction() as session:
        session.execute(
            update(Replication).where(Replication.id == echo.id).values(stage=ReplicationStage.CONFIRMED)
        )
        assert told(session) == ([8], [(body.id, 3)])
    settled(database)
    with database.transaction() as session:
        session.execute(delete(Replication))
        session.execute(delete(Reading))
        pivot(session, [(row.id, "7d")])
        assert told(session) == ([tallying.UNKNOWN], [])


def test_control_without_a_mark_the_pack_would_be_believed(database: Database) -> None:
    with database.transaction() as session:
        row = out(session)
    settled(database)
    with database.transaction() as session:
        read(session, row, 3)
        session.execute(delete(TallyStale))
        assert told(session) == ([tallying.UNKNOWN], [])


def test_what_is_rolled_back_leaves_no_mark(database: Database) -> None:
    with database.transaction() as session:
        row = out(session)
    settled(database)
    with database.reading() as session:
        before = marks(session)
    with database.open(writes=True) as session:
        read(session, row, 3)
        assert marks(session) > before
        session.rollback()
    with database.reading() as session:
        assert marks(session) == before


# SQLite lets one write at a time.
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_change_that_is_committed_while_another_packs_is_not_lost(database: Database) -> None:
    with database.transaction() as session:
        row = out(session)
    with database.open(writes=True) as late:
        # Written before the packing begins, committed after it has ended.
        read(late, row, 5)
        packing = Thread(target=tallying.tick, args=(database,))
        packing.start()
        packing.join(timeout=30)
        assert not packing.is_alive()
        late.commit()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PostTally)) == 1
        assert marks(session) > 0
        assert told(session) == ([5], [])
    settled(database)
    with database.reading() as session:
        assert told(session) == ([5], [])


def test_the_triggers_are_there(database: Database) -> None:
    catalogue = "sqlite_master WHERE type = 'trigger'" if database.is_sqlite else "pg_trigger"
    column = "name" if database.is_sqlite else "tgname"
    with database.reading() as session:
        found = set(session.scalars(text(f"SELECT {column} FROM {catalogue}")))  # noqa: S608 -- our own names
    # Whoever rebuilds one of these tables on SQLite takes its triggers away with it.
    assert set(TRIGGERS) <= found


def test_a_post_that_went_out_twice_counts_in_each_span_what_went_out_there(database: Database) -> None:
    with database.transaction() as session:
        first = out(session)
        again = planned(session, account(session, "rehearsal"), AT + timedelta(days=90))
        session.execute(
            update(Publication)
            .where(Publication.id == again.id)
            .values(
                post_id=first.post_id, state=PublicationState.PUBLISHED, published_at=AT + timedelta(days=90)
            )
        )
    settled(database)
    with database.reading() as session:
        later = tallying.columns(session, (AT + timedelta(days=60), AT + timedelta(days=100)), "7d")
        # The pack is whole; who asks takes what is in the span. When it first went out at all is known.
        assert len(later.publications) == 2
        assert later.first_at.tolist() == [tallying.micros(AT)]
        assert np.array_equal(later.posts, [first.post_id])


def test_what_nobody_knows_the_moment_of_is_no_lag_and_the_next_that_is_known_is(database: Database) -> None:
    with database.transaction() as session:
        row = out(session)
        stage = Stage(session)
        bodies = [stage.body("uno"), stage.body("dos")]
        for body in bodies:
            early = stage.replication(row, body)
            early.occurred_at, early.dated = AT + timedelta(hours=1), False
        late = stage.replication(row, bodies[0])
        late.occurred_at = AT + timedelta(hours=5)
        session.flush()
        echoes = facts.read_bare(session, SPAN, "7d").echoes
        told = dict(zip(echoes.body.tolist(), echoes.lag.tolist(), strict=True))
        assert told == {bodies[0].id: 5 * 3600 * 1_000_000, bodies[1].id: tallying.UNKNOWN}
