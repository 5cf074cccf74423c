"""Numbers: given once, in order, to one post each, whoever else asks at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content_calendar import posts, series
from content_calendar.db import Database
from content_calendar.models.dialogue import Series, SeriesNumber
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from tests.content_calendar.conftest import Plan, make_plan

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _tips(session: Session, plan: Plan, first: int = 1) -> Series:
    return series.begin(session, "SNT tips", "snttips", first, plan.author)


def _post(session: Session, plan: Plan, text: str = "Pregunta sin decir para qué") -> Post:
    return posts.create(session, plan.author, plan.draft(text))


@ONE_DATABASE
def test_a_post_gets_the_next_number_and_keeps_it(session: Session, plan: Plan) -> None:
    tips = _tips(session, plan, 41)
    first, second = _post(session, plan), _post(session, plan)
    for _ in range(2):
        given = series.put(session, first, tips.ref, plan.author)
        assert given is not None
        assert (given.n, series.said_of(tips.tag, given.n)) == (41, "#snttips 41")
    other = series.put(session, second, tips.ref, plan.author)
    assert other is not None
    assert other.n == 42
    assert tips.next_number == 43


@ONE_DATABASE
def test_a_number_that_was_left_is_a_gap_and_only_its_post_gets_it_back(session: Session, plan: Plan) -> None:
    tips = _tips(session, plan)
    made = [_post(session, plan) for _ in range(3)]
    for one in made:
        series.put(session, one, tips.ref, plan.author)
    series.put(session, made[0], "", plan.author)
    posts.discard(session, made[1], plan.author)
    assert [one.n for one in series.places(session, tips, 99, 50) if one.gap] == [2, 1]
    assert series.gaps(session, tips) == [1, 2]
    new = series.put(session, _post(session, plan), tips.ref, plan.author)
    assert new is not None
    assert new.n == 4
    again = series.put(session, made[0], tips.ref, plan.author)
    assert again is not None
    assert again.n == 1
    assert series.gaps(session, tips) == [2]
    other = series.begin(session, "Historieta", "#Historieta", 1, plan.author)
    moved = series.put(session, made[2], other.ref, plan.author)
    assert moved is not None
    assert (moved.n, series.gaps(session, tips)) == (1, [2, 3])


@ONE_DATABASE
@pytest.mark.parametrize(
    ("name", "tag", "first", "wrong"),
    [
        ("", "#Otra", 1, series.SeriesNameError),
        ("x" * 121, "#Otra", 1, series.SeriesNameError),
        ("Otra", "", 1, series.SeriesTagError),
        ("Otra", "#Otra #Más", 1, series.SeriesTagError),
        ("Otra", "#SNTTIPS", 1, series.SeriesTagTakenError),
        ("Otra", "#Otra", 0, series.SeriesFirstError),
    ],
)
def test_a_series_that_could_not_be_counted_is_refused(
    session: Session, plan: Plan, name: str, tag: str, first: int, wrong: type[Exception]
) -> None:
    _tips(session, plan)
    with pytest.raises(wrong):
        series.begin(session, name, tag, first, plan.author)


@ONE_DATABASE
def test_the_database_itself_gives_no_number_twice(session: Session, plan: Plan) -> None:
    tips = _tips(session, plan)
    series.put(session, _post(session, plan), tips.ref, plan.author)
    session.add(SeriesNumber(series_id=tips.id, n=1, post_id=_post(session, plan).id))
    with pytest.raises(IntegrityError):
        session.flush()


def test_many_at_once_get_each_a_number_of_their_own(database: Database) -> None:
    count = 6
    with database.transaction() as session:
        plan = make_plan(session)
        ref = _tips(session, plan).ref
        refs = [_post(session, plan, f"Consejo {n}").ref for n in range(count)]
        author_id = plan.author.id
    ready = Barrier(count)

    def put(post_ref: str) -> int:
        with database.transaction() as session:
            # What is read before the others begin is old by the time it is written.
            if not database.is_sqlite:
                series.find(session, ref)
                ready.wait(30)
            post = session.scalars(select(Post).where(Post.ref == post_ref)).one()
            given = series.put(session, post, ref, session.get_one(Person, author_id))
            assert given is not None
            return given.n

    with ThreadPoolExecutor(count) as pool:
        assert sorted(pool.map(put, refs)) == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Pregunta. #SNTtips 12", None),
        ("Pregunta. #SNTtips", None),
        ("#snttips 11: pregunta", 11),
        ("#SNTtips n.º 11", 11),
        ("#SNTtips 11 sigue al #SNTtips 12", None),
        ("#SNTtipsDos 11", None),
    ],
)
def test_a_text_that_gives_itself_another_number_is_seen(text: str, other: int | None) -> None:
    assert series.other_number(text, "#SNTtips", 12) == other
