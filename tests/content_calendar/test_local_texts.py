"""A body's own text: only its body changes it, and a new version of ours is a suggestion."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import local_texts, people
from content_calendar.content import Content, as_json, hash_of
from content_calendar.local_texts import LocalTextEditedError, LocalTextEmptyError
from content_calendar.models.directory import Body
from content_calendar.models.local_texts import LocalText
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostVersion
from content_calendar.permissions import Role
from tests.webapp.stage import Stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OURS, NEW, OWN = (
    "Pregunta gratis.",
    "Pregunta gratis y sin decir quién eres.",
    "En Colima preguntar no cuesta.",
)


@pytest.fixture
def placed(session: Session) -> tuple[Post, Body, Person]:
    stage = Stage(session)
    body = stage.body("infocol")
    row = stage.publication(stage.account(body), text=OURS)
    person = people.add(session, "beto@ejemplo.mx", "Beto")
    people.grant(session, person, Role.LIAISON, on=date(2020, 1, 1), body_id=body.id)
    return session.get_one(Post, row.post_id), body, person


def version_of(session: Session, post: Post) -> PostVersion:
    return session.get_one(PostVersion, post.approved_version_id)


def approve_anew(session: Session, post: Post, text: str) -> PostVersion:
    """Another version of the post, approved."""
    value = as_json(Content((text,)))
    number = len(session.scalars(select(PostVersion).where(PostVersion.post_id == post.id)).all()) + 1
    made = PostVersion(
        post_id=post.id, n=number, content=value, content_hash=hash_of(value), author_id=post.author_id
    )
    session.add(made)
    session.flush()
    post.version_id = post.approved_version_id = made.id
    session.flush()
    return made


def written(session: Session, placed: tuple[Post, Body, Person], text: str = OWN, n: int = 0) -> LocalText:
    post, body, person = placed
    return local_texts.save(session, post, version_of(session, post), body.id, person, text, n)


def suggested(session: Session, local: LocalText, post: Post) -> str:
    session.expire_all()
    found = local_texts.suggestion(local_texts.find(session, local.ref), version_of(session, post))
    return found.after if found else ""


def test_a_new_version_of_ours_is_suggested_and_the_bodys_own_stays(
    session: Session, placed: tuple[Post, Body, Person]
) -> None:
    post = placed[0]
    local = written(session, placed)
    assert suggested(session, local, post) == ""
    approve_anew(session, post, NEW)
    assert suggested(session, local, post) == NEW
    assert session.get_one(LocalText, local.id).text == OWN
    assert local_texts.suggest(session) == 1
    notices = session.scalars(select(Notice.code).where(Notice.person_id == placed[2].id)).all()
    local_texts.suggest(session)
    again = session.scalars(select(Notice.code).where(Notice.person_id == placed[2].id)).all()
    assert notices == again == ["text_suggested"]


def test_taking_it_keeps_the_own_text_in_the_history_and_the_link_to_ours(
    session: Session, placed: tuple[Post, Body, Person]
) -> None:
    post, _, person = placed
    local = written(session, placed)
    new = approve_anew(session, post, NEW)
    local_texts.suggest(session)
    taken = local_texts.take(session, local_texts.find(session, local.ref), new, post, person)
    assert (taken.text, taken.version_id) == (NEW, new.id)
    assert [one.text for one in local_texts.saves(session, taken)] == [NEW, OWN]
    assert suggested(session, local, post) == ""
    assert session.scalars(select(Notice.over_at)).one() is not None


def test_staying_with_the_own_text_is_not_asked_again_until_ours_changes_again(
    session: Session, placed: tuple[Post, Body, Person]
) -> None:
    post, _, person = placed
    local = written(session, placed)
    new = approve_anew(session, post, NEW)
    local_texts.keep(session, local_texts.find(session, local.ref), new, person)
    assert suggested(session, local, post) == ""
    assert local_texts.suggest(session) == 0
    assert local_texts.find(session, local.ref).version.n == 1
    approve_anew(session, post, NEW + " Siempre.")
    assert suggested(session, local, post) == NEW + " Siempre."


def test_a_version_that_says_the_same_is_no_suggestion(
    session: Session, placed: tuple[Post, Body, Person]
) -> None:
    local = written(session, placed)
    approve_anew(session, placed[0], OURS)
    assert suggested(session, local, placed[0]) == ""
    assert local_texts.suggest(session) == 0


def test_who_saved_first_is_not_overwritten(session: Session, placed: tuple[Post, Body, Person]) -> None:
    written(session, placed)
    with pytest.raises(LocalTextEditedError):
        written(session, placed, "Otro texto.")
    assert written(session, placed, "Otro texto.", 1).n == 2


@pytest.mark.parametrize("text", ["", "  \n", "x" * (local_texts.LONGEST + 1)])
def test_a_text_says_something_and_is_not_endless(
    session: Session, placed: tuple[Post, Body, Person], text: str
) -> None:
    with pytest.raises(LocalTextEmptyError):
        written(session, placed, text)
