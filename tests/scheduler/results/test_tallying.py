"""What is packed is what stands in the rows, whoever wrote them and by whatever road; marks tell what is not."""

from datetime import UTC, datetime, timedelta
from random import Random
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
from scheduler.results.models import Result
from scheduler.results.pivot import pivot
from scheduler.results.tally_models import TRIGGERS, PostTally, PostTotal, TallyStale
from scheduler.results.totalling import Totals, outings, totals
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


def planted_at_random(session: Session, seed: int) -> tuple[list[int], list[datetime]]:
    """Posts that go out once or twice in the spans of some days, are read or not, and taken up by some bodies.

    Return the bodies' ids, and moments to begin, to end and to cut off at.
    """
    chance = Random(seed)  # noqa: S311 -- to be had again, no secret
    person(session)
    stage = Stage(session)
    bodies = [stage.body(f"cuerpo-{n}") for n in range(4)]
    accounts = [account(session, "rehearsal") for _ in range(3)]
    moments = [AT + timedelta(hours=12 * n) for n in range(10)]
    posts: list[int] = []
    for _ in range(25):
        at = chance.choice(moments) + timedelta(minutes=chance.randint(0, 300))
        row = planned(session, chance.choice(accounts), at)
        changed = {"state": PublicationState.PUBLISHED, "published_at": at}
        if posts and chance.random() < 0.4:
            changed["post_id"] = chance.choice(posts)
        else:
            posts.append(row.post_id)
        session.execute(update(Publication).where(Publication.id == row.id).values(**changed))
        session.refresh(row)
        for window in tallying.AGES:
            for metric in ("likes", "views"):
                if chance.random() < 0.6:
                    session.add(
                        Reading(publication_id=row.id, window=window, metric=metric, source="x",
                                value=chance.randint(0, 900), taken_at=chance.choice(moments))
                    )  # fmt: skip
        session.flush()
        pivot(session, [(row.id, window) for window in tallying.AGES])
        for body in chance.sample(bodies, chance.randint(0, 4)):
            stages = [ReplicationStage.SEEN, ReplicationStage.CONFIRMED, ReplicationStage.DOUBTFUL]
            echo = stage.replication(row, body, chance.choice(stages))
            echo.seen_at = chance.choice(moments)
    return [body.id for body in bodies], moments


def whole(
    session: Session,
    span: facts.Span,
    window: str,
    *,
    bodies: list[int] | None = None,
    cut_off: datetime | None = None,
) -> Totals:
    """The totals worked out from all that is packed."""
    read_whole = facts.read_bare(session, span, window, bodies=bodies, cut_off=cut_off)
    engagements, views = (
        [value for value in of.tolist() if value == value]  # noqa: PLR0124 -- not a number is not itself
        for of in (read_whole.out.engagements, read_whole.out.views)
    )
    return Totals(
        len(set(read_whole.out.post.tolist())), len(read_whole.out.post), len(engagements),
        int(sum(engagements)) if engagements else None, int(sum(views)) if views else None,
        len(read_whole.echoes.post),
    )  # fmt: skip


@pytest.mark.parametrize("packed", ["packed", ""])
def test_a_span_in_one_line_is_the_sum_of_its_facts(database: Database, packed: str) -> None:
    with database.transaction() as session:
        bodies, moments = planted_at_random(session, 5)
    if packed:
        settled(database)
    chance = Random(6)  # noqa: S311 -- to be had again, no secret
    with database.transaction() as session:
        if packed:
            # Some of it is out of date, as in any hour.
            session.execute(
                update(Replication).where(Replication.body_id == bodies[0]).values(stage="doubtful")
            )
        seen = set()
        for _ in range(40):
            begin, end = sorted(chance.sample(moments, 2))
            cut_off = chance.choice([None, *moments])
            within = chance.choice([None, bodies[:2]])
            window = chance.choice(tallying.AGES)
            told = totals(session, (begin, end), window, bodies=within, cut_off=cut_off)
            assert told == whole(session, (begin, end), window, bodies=within, cut_off=cut_off)
            seen.add(told)
        assert len(seen) > 15


def test_what_is_known_of_a_span_is_what_its_facts_know(database: Database) -> None:
    with database.transaction() as session:
        _, moments = planted_at_random(session, 7)
    settled(database)
    with database.transaction() as session:
        # One of them is out of date.
        session.execute(update(Result).where(Result.publication_id == 3).values(engagements=1))
        span = moments[2], moments[8]
        known = facts.read_bare(session, span, tallying.USUAL_AGE).out
        told = outings(session, span)
        wanted = [
            (at, who, value)
            for at, who, value in zip(known.at, known.account, known.engagements, strict=True)
            if value == value  # noqa: PLR0124 -- not a number is not itself
        ]
        assert sorted(zip(told.at, told.account, told.engagements, strict=True)) == sorted(wanted)
        assert len(wanted) > 5
        # Those of a post stand together, the first one first.
        assert np.all(np.diff(told.post) >= 0)
        assert np.all(np.diff(told.at)[np.diff(told.post) == 0] >= 0)


def test_control_a_short_row_of_other_sums_would_be_believed(database: Database) -> None:
    with database.transaction() as session:
        _, moments = planted_at_random(session, 5)
    settled(database)
    with database.transaction() as session:
        span = moments[0], moments[-1]
        assert totals(session, span, "7d") == whole(session, span, "7d")
        other = session.scalars(select(PostTotal.sums).order_by(PostTotal.post_id)).first()
        session.execute(update(PostTotal).values(sums=other))
        assert totals(session, span, "7d") != whole(session, span, "7d")
