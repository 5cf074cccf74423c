"""From an approved post to its publications: what a page schedules is found again by its words."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar.content import Content, as_json, hash_of
from content_calendar.likeness import keys
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import TextKey
from content_calendar.moves import move_one
from content_calendar.states import PostEvent
from scheduler.networks import networks
from tests.content_calendar.likeness_pairs import BASE
from tests.scheduler.scene import TOLERANCE, Time, account, person
from webapp.calendar.scheduling import schedule_now


def test_texts_are_remembered_where_the_network_minds_equal_ones(session: Session) -> None:
    minding = next(slug for slug, one in networks().items() if one.identical_window)
    easy = next(slug for slug, one in networks().items() if not one.identical_window)
    with Time().ruling() as time:
        strict, lax = account(session, minding), account(session, easy)
        author = person(session)
        value = as_json(Content(parts=(BASE,), accounts=(strict.ref, lax.ref)))
        at = time.at + timedelta(hours=1)
        post = Post(
            author_id=author.id, due_at=at, due_local=at.strftime("%Y-%m-%dT%H:%M:%S"), due_zone="UTC"
        )
        session.add(post)
        session.flush()
        version = PostVersion(
            post_id=post.id, n=1, content=value, content_hash=hash_of(value), author_id=author.id
        )
        session.add(version)
        session.flush()
        post.version_id = version.id
        session.flush()
        move_one(session, Post, PostEvent.SUBMIT, post.id)
        move_one(session, Post, PostEvent.APPROVE, post.id, values={"approved_version_id": version.id})
        made = {one.account_id: one for one in schedule_now(session, post, author, TOLERANCE)}
    kept = session.execute(select(TextKey.publication_id, TextKey.network, TextKey.key)).all()
    assert {(row.publication_id, row.network) for row in kept} == {(made[strict.id].id, minding)}
    assert {row.key for row in kept} == set(keys(BASE))
    assert lax.id in made
