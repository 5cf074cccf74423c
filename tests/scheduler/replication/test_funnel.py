"""Post by body: what is known, what is not, and the same figures counted again from the raw rows."""

from datetime import timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from assets import uptake
from assets.models import SeenThing
from content_calendar import people
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.publications import Publication
from content_calendar.permissions import Role
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.replication import funnel, habits
from scheduler.replication.funnel import Span, Step
from tests.conftest import CountQueries
from tests.webapp.stage import Stage

ZONE = ZoneInfo("America/Mexico_City")
HOUR = timedelta(hours=1)
_S = ReplicationStage


def span() -> Span:
    return Span(now() - timedelta(days=30), now() + timedelta(days=1))


def plant(database: Database, posts: int = 1) -> tuple[list[int], list[int]]:
    """Three bodies, of which the first has a liaison since long ago; posts a day apart. Ids of posts and bodies."""
    with database.transaction() as session:
        stage = Stage(session)
        bodies = [stage.body(f"c{n}{posts}") for n in range(3)]
        person = people.add(session, f"e{posts}@ejemplo.mx", "Enlace")
        on = (now() - timedelta(days=90)).date()
        people.grant(session, person, Role.LIAISON, on=on, body_id=bodies[0].id)
        account = stage.account(stage.body(f"emisor{posts}"))
        rows = [stage.publication(account, due_at=now() - timedelta(days=n, hours=30)) for n in range(posts)]
        return [row.post_id for row in rows], [body.id for body in bodies]


def echo(
    database: Database, post_id: int, body_id: int, stage: ReplicationStage = _S.SEEN, lag: timedelta = HOUR,
    kind: ReplicationKind = ReplicationKind.COPY,
) -> None:  # fmt: skip
    with database.transaction() as session:
        row = session.scalars(select(Publication).where(Publication.post_id == post_id)).first()
        assert row
        Stage(session).replication(row, session.get_one(Body, body_id), stage, kind, lag)


def read(database: Database, bodies: list[int], asked: Span | None = None) -> funnel.Ledger:
    with database.reading() as session:
        return funnel.read(session, asked or span(), bodies)


def test_each_step_is_told_by_its_own_evidence(database: Database) -> None:
    (post,), bodies = plant(database)
    with database.transaction() as session:
        uptake.note_view(session, SeenThing.POST, post, [bodies[0]])
        uptake.note_view(session, SeenThing.PACK, post, [bodies[1]])
    echo(database, post, bodies[1], _S.CONFIRMED, 3 * HOUR)
    found = read(database, bodies)
    assert found.cell(post, bodies[0]).steps == {Step.OFFERED, Step.SEEN}
    assert found.cell(post, bodies[1]).steps == set(Step)
    assert found.cell(post, bodies[2]) == funnel.Cell()
    taken = found.cell(post, bodies[1]).taken
    assert taken
    assert (taken.kind, taken.lag) == (ReplicationKind.COPY, 3 * HOUR)


def test_what_is_not_known_has_no_figure_and_is_never_zero(database: Database) -> None:
    _, bodies = plant(database)
    total = read(database, bodies[1:]).total()
    assert [total.at(step) for step in Step] == [None] * 5
    assert total.lags is None


def test_a_post_was_offered_to_whoever_stood_for_a_body_in_its_week_and_not_to_who_came_later(
    database: Database,
) -> None:
    (post,), bodies = plant(database)
    with database.transaction() as session:
        late = people.add(session, "tarde@ejemplo.mx", "Tarde")
        people.grant(session, late, Role.LIAISON, on=now().date(), body_id=bodies[1])
        for row in session.scalars(select(Publication).where(Publication.post_id == post)):
            row.published_at = now() - timedelta(days=20)
    assert read(database, bodies).offered[post] == {bodies[0]}


def test_the_lag_counts_from_the_first_time_the_post_went_out_anywhere(database: Database) -> None:
    (post,), bodies = plant(database)
    with database.transaction() as session:
        stage = Stage(session)
        first = session.scalars(select(Publication).where(Publication.post_id == post)).one()
        again = stage.publication(stage.account(stage.body("otro")), due_at=now() - 20 * HOUR)
        again.post_id, again.version_id = post, first.version_id
        session.flush()
        since = now() - 25 * HOUR
    echo(database, post, bodies[0], lag=12 * HOUR)
    with database.reading() as session:
        found = funnel.read(session, Span(since, now()), bodies)
    taken = found.cell(post, bodies[0]).taken
    assert taken
    assert taken.lag == 12 * HOUR


def test_a_doubt_and_a_no_are_no_replications(database: Database) -> None:
    (post,), bodies = plant(database)
    echo(database, post, bodies[0], _S.DOUBTFUL)
    echo(database, post, bodies[1], _S.REJECTED)
    found = read(database, bodies)
    assert (found.cell(post, bodies[0]).taken, found.cell(post, bodies[0]).doubtful) == (None, 1)
    assert found.cell(post, bodies[1]) == funnel.Cell()
    assert found.total().at(Step.PUBLISHED) is None


def test_an_echo_older_than_the_voice_counts_and_has_no_lag(database: Database) -> None:
    (post,), bodies = plant(database)
    echo(database, post, bodies[0], lag=-HOUR)
    total = read(database, bodies).total()
    assert (total.at(Step.PUBLISHED), total.lags) == (1, None)


def test_the_figures_are_those_that_the_raw_rows_give(database: Database) -> None:
    posts, bodies = plant(database, 7)
    stages = (_S.SEEN, _S.DECLARED, _S.CONFIRMED, _S.DOUBTFUL, _S.REJECTED)
    for n, post in enumerate(posts):
        for m, body in enumerate(bodies):
            for k in range((n + m) % 3):
                kind = list(ReplicationKind)[(n + k) % 5]
                echo(database, post, body, stages[(n * 2 + m + k) % 5], (n + 2 * m + k) * HOUR, kind)
    found = read(database, bodies)
    with database.reading() as session:
        rows = session.scalars(select(Replication).order_by(Replication.occurred_at, Replication.id)).all()
        out = {row.post_id: row.published_at for row in session.scalars(select(Publication))}
    first: dict[tuple[int, int], Replication] = {}
    for row in rows:
        if row.stage in {_S.SEEN, _S.DECLARED, _S.CONFIRMED}:
            first.setdefault((row.post_id, row.body_id), row)
    lags = [(row.occurred_at - (out[row.post_id] or now())).total_seconds() for row in first.values()]
    total = found.total()
    assert total.at(Step.PUBLISHED) == len(first)
    assert total.at(Step.VERIFIED) == len({(r.post_id, r.body_id) for r in rows if r.stage is _S.CONFIRMED})
    assert total.doubtful == sum(row.stage is _S.DOUBTFUL for row in rows)
    assert total.lags
    assert total.lags.middle.total_seconds() == pytest.approx(median(lags))
    for body, sum_ in found.by_body().items():
        assert sum(sum_.kinds.values()) == sum(key[1] == body for key in first)
    assert sum(one.at(Step.PUBLISHED) or 0 for one in found.by_post().values()) == len(first)
    assert sum(one.at(Step.PUBLISHED) or 0 for one in found.by_week(ZONE).values()) == len(first)
    regions = dict(zip(bodies, (1, 1, None), strict=True))
    assert sum(one.at(Step.PUBLISHED) or 0 for one in found.by_region(regions).values()) == len(first)


def test_one_form_alone_can_be_asked_for(database: Database) -> None:
    (post,), bodies = plant(database)
    echo(database, post, bodies[0], kind=ReplicationKind.REPOST)
    echo(database, post, bodies[1])
    asked = span()
    only = Span(asked.start, asked.end, kind=ReplicationKind.REPOST)
    found = read(database, bodies, only)
    assert [bool(found.cell(post, body).taken) for body in bodies[:2]] == [True, False]


def test_the_questions_asked_do_not_grow_with_what_there_is(
    database: Database, count_queries: CountQueries
) -> None:
    few_posts, bodies = plant(database, 2)
    echo(database, few_posts[0], bodies[0])
    with count_queries() as few:
        read(database, bodies)
    more_posts, more = plant(database, 9)
    for post in more_posts:
        echo(database, post, more[1])
    with count_queries() as many:
        read(database, bodies + more)
    assert len(many) == len(few) == 7


def test_weeks_in_a_row_are_not_broken_by_one_that_is_not_over(database: Database) -> None:
    posts, bodies = plant(database, 20)
    found = read(database, bodies)
    today = now().astimezone(ZONE).date()
    this_week = funnel.monday(now(), ZONE)
    for post in found.posts:
        if funnel.monday(post.first_at, ZONE) < this_week:
            echo(database, post.id, bodies[0])
    assert len(posts) == 20
    found = read(database, bodies)
    run = habits.streak(found, bodies[0], today, ZONE)
    weeks = {funnel.monday(post.first_at, ZONE) for post in found.posts} - {this_week}
    assert run == habits.Streak(len(weeks), len(weeks))
    assert habits.streak(found, bodies[1], today, ZONE) == habits.Streak(0, 0)
