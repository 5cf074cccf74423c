"""Versions in other languages and forms: one reviewer by name, one exact text, and never an original that moved on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import (
    adaptation_lists,
    adaptation_reviews,
    adaptation_watch,
    adaptations,
    adapted_posts,
    clock,
    languages,
    posts,
    review,
)
from content_calendar.adaptation_reviews import (
    AdaptationIncompleteError,
    AdaptationStaleError,
    AnotherTextError,
    NotItsReviewerError,
    OwnAdaptationError,
    ReturnReasonError,
)
from content_calendar.adaptations import (
    AdaptationEditedMeanwhileError,
    AdaptationExistsError,
    AdaptationKindError,
    Original,
    SameAsOriginalError,
    Written,
)
from content_calendar.adapted_posts import (
    AdaptationNotApprovedError,
    AdaptationNotForPostsError,
    AdaptationPostedError,
)
from content_calendar.content import Content, Medium
from content_calendar.models.adaptations import Adaptation, AdaptationForm, Adapted
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.posts import Draft
from content_calendar.states import AdaptationState, PostState
from tests.content_calendar.conftest import Plan

# On both databases in the tests of the pages.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_PICTURE = Medium("abcabcabcabc", 1, "0" * 64, "Una mano escribe")
_SAID = {"part.1": "Xitlajtlani", "alt.1.abcabcabcabc": "Se maitl tlajkuiloa"}


def _post(session: Session, plan: Plan, text: str = "Pregunta lo que quieras") -> Post:
    made = posts.create(session, plan.author, Draft(Content((text,), media=(_PICTURE,)), title="Pregunta"))
    return posts.find(session, made.ref)


def _original(session: Session, post: Post) -> Original:
    return adaptations.of_post(posts.find(session, post.ref))


def _nahuatl(session: Session, plan: Plan, post: Post) -> Adaptation:
    return adaptations.begin(
        session, _original(session, post), plan.author, "nah", AdaptationForm.WHOLE, Written(_SAID, "Citlali")
    )


def _asked(session: Session, plan: Plan, post: Post) -> Adaptation:
    made = _nahuatl(session, plan, post)
    adaptation_reviews.ask(session, made, _original(session, post), plan.author, plan.reviewer.ref)
    return made


def _approve(session: Session, plan: Plan, post: Post, made: Adaptation) -> None:
    seen = adaptations.text_of(session, made).content_hash
    adaptation_reviews.approve(session, made, _original(session, post), plan.reviewer, seen)


def _change_original(session: Session, plan: Plan, post: Post) -> None:
    fresh = posts.find(session, post.ref)
    draft = Draft(Content(("Pregunta sin miedo",), media=(_PICTURE,)), title="Pregunta")
    posts.save(session, fresh, plan.author, draft, fresh.edition, timedelta(0))


def test_what_its_reviewer_approved_word_for_word_becomes_a_draft_that_keeps_its_origin(
    session: Session, plan: Plan
) -> None:
    post = _post(session, plan)
    made = _asked(session, plan, post)
    notice = session.scalars(select(Notice)).one()
    assert (notice.person_id, notice.code, notice.subject_ref) == (
        plan.reviewer.id, "adaptation_asked", made.ref,
    )  # fmt: skip
    _approve(session, plan, post, made)
    new = adapted_posts.publish(
        session, made, posts.find(session, post.ref), plan.author, "Pregunta (náhuatl)"
    )
    new = posts.find(session, new.ref)
    assert new.state is PostState.DRAFT
    assert new.version is not None
    content = posts.content_of(new.version)
    assert (content.parts, content.language, content.media[0].alt_text) == (
        ("Xitlajtlani",), "nah", "Se maitl tlajkuiloa",
    )  # fmt: skip
    assert new.accounts == []
    origin = adaptation_lists.origin(session, new)
    assert origin is not None
    assert (origin[0].adaptation.ref, origin[1].n) == (made.ref, 1)
    assert adapted_posts.same_words(new, origin[1].texts)
    with pytest.raises(AdaptationPostedError):
        adapted_posts.publish(session, made, posts.find(session, post.ref), plan.author, "otra vez")


def test_what_was_not_approved_becomes_no_post(session: Session, plan: Plan) -> None:
    post = _post(session, plan)
    made = _asked(session, plan, post)
    with pytest.raises(AdaptationNotApprovedError):
        adapted_posts.publish(session, made, posts.find(session, post.ref), plan.author, "")
    _approve(session, plan, post, made)
    seen = (made.n, _original(session, post).hash)
    changed = Written(_SAID | {"part.1": "Okse tlajtoli"}, "Citlali")
    adaptations.save(session, made, plan.author, changed, _original(session, post), seen)
    assert made.state is AdaptationState.DRAFT
    with pytest.raises(AdaptationNotApprovedError):
        adapted_posts.publish(session, made, posts.find(session, post.ref), plan.author, "")


def test_a_text_for_braille_is_printed_and_not_posted(session: Session, plan: Plan) -> None:
    post = _post(session, plan)
    made = adaptations.begin(
        session, _original(session, post), plan.author, "es", AdaptationForm.BRAILLE, Written(_SAID)
    )
    adaptation_reviews.ask(session, made, _original(session, post), plan.author, plan.reviewer.ref)
    _approve(session, plan, post, made)
    with pytest.raises(AdaptationNotForPostsError):
        adapted_posts.publish(session, made, posts.find(session, post.ref), plan.author, "")


def test_nobody_reviews_their_own_nor_what_another_was_asked(session: Session, plan: Plan) -> None:
    post = _post(session, plan)
    made = _nahuatl(session, plan, post)
    original = _original(session, post)
    with pytest.raises(OwnAdaptationError):
        adaptation_reviews.ask(session, made, original, plan.author, plan.author.ref)
    assert plan.author not in adaptation_reviews.possible_reviewers(session, made)
    assert plan.reviewer in adaptation_reviews.possible_reviewers(session, made)
    adaptation_reviews.ask(session, made, original, plan.author, plan.reviewer.ref)
    seen = adaptations.text_of(session, made).content_hash
    third = Person(email="eva@snt.mx", email_folded="eva@snt.mx", name="Eva")
    session.add(third)
    session.flush()
    with pytest.raises(NotItsReviewerError):
        adaptation_reviews.approve(session, made, original, third, seen)
    # The reviewer who writes a word of it has become one of its writers.
    made.reviewer_id = plan.author.id
    session.flush()
    with pytest.raises(OwnAdaptationError):
        adaptation_reviews.approve(session, made, original, plan.author, seen)


def test_the_yes_is_to_the_text_that_was_looked_at(session: Session, plan: Plan) -> None:
    post = _post(session, plan)
    made = _asked(session, plan, post)
    with pytest.raises(AnotherTextError):
        adaptation_reviews.approve(session, made, _original(session, post), plan.reviewer, "f" * 64)


def test_one_that_is_returned_says_why_and_is_a_draft_again(session: Session, plan: Plan) -> None:
    post = _post(session, plan)
    made = _asked(session, plan, post)
    original = _original(session, post)
    with pytest.raises(ReturnReasonError):
        adaptation_reviews.send_back(session, made, original, plan.reviewer, " ")
    adaptation_reviews.send_back(session, made, original, plan.reviewer, "Falta el saludo")
    assert made.state is AdaptationState.DRAFT
    (review,) = adaptation_reviews.of(session, made)
    assert review.reason == "Falta el saludo"
    told = session.scalars(select(Notice).where(Notice.person_id == plan.author.id)).one()
    assert (told.code, told.params["reason"]) == ("adaptation_returned", "Falta el saludo")
    assert adaptation_reviews.waiting(session, plan.reviewer.id) == []


def test_an_original_that_changed_is_told_and_keeps_the_old_version_from_use(
    session: Session, plan: Plan
) -> None:
    post = _post(session, plan)
    made = _asked(session, plan, post)
    assert not adaptation_lists.of_original(session, _original(session, post))[0].stale
    _change_original(session, plan, post)
    original = _original(session, post)
    (standing,) = adaptation_lists.of_original(session, original)
    assert standing.stale
    assert standing.text.original["part.1"] == "Pregunta lo que quieras"
    with pytest.raises(AdaptationStaleError):
        adaptation_reviews.approve(session, made, original, plan.reviewer, standing.text.content_hash)
    # Looked at again beside the new original, and kept as it was: it waits for a yes anew.
    adaptations.save(session, made, plan.author, Written(_SAID, "Citlali"), original, (1, original.hash))
    assert (made.state, made.n) == (AdaptationState.DRAFT, 2)
    assert not adaptation_lists.of_original(session, original)[0].stale


def test_what_was_written_beside_an_earlier_original_stays_made_of_it(session: Session, plan: Plan) -> None:
    post = _post(session, plan)
    made = _nahuatl(session, plan, post)
    seen = _original(session, post).hash
    _change_original(session, plan, post)
    changed = Written(_SAID | {"part.1": "Okse tlajtoli"})
    text = adaptations.save(session, made, plan.author, changed, _original(session, post), (1, seen))
    assert text.original_hash == seen
    assert adaptation_lists.of_original(session, _original(session, post))[0].stale


def test_a_half_written_version_is_not_sent_to_anybody(session: Session, plan: Plan) -> None:
    post = _post(session, plan)
    original = _original(session, post)
    half = Written({"part.1": "Xitlajtlani"})
    made = adaptations.begin(session, original, plan.author, "nah", AdaptationForm.WHOLE, half)
    with pytest.raises(AdaptationIncompleteError):
        adaptation_reviews.ask(session, made, original, plan.author, plan.reviewer.ref)


def test_of_each_language_and_form_there_is_one_and_none_like_the_original(
    session: Session, plan: Plan
) -> None:
    post = _post(session, plan)
    original = _original(session, post)
    _nahuatl(session, plan, post)
    with pytest.raises(AdaptationExistsError):
        _nahuatl(session, plan, post)
    with pytest.raises(SameAsOriginalError):
        adaptations.check_kind(original, "es", AdaptationForm.WHOLE)
    for language, form in (("klingon", AdaptationForm.WHOLE), (languages.SIGNED, AdaptationForm.WHOLE)):
        with pytest.raises(AdaptationKindError):
            adaptations.check_kind(original, language, form)
    of_material = replace(original, subject=Adapted.ASSET)
    adaptations.check_kind(of_material, languages.SIGNED, AdaptationForm.WHOLE)
    adaptations.check_kind(original, "es", AdaptationForm.EASY_READ)


def test_two_who_write_at_once_do_not_overwrite_each_other(session: Session, plan: Plan) -> None:
    post = _post(session, plan)
    original = _original(session, post)
    made = _nahuatl(session, plan, post)
    changed = Written(_SAID | {"part.1": "Okse tlajtoli"})
    adaptations.save(session, made, plan.reviewer, changed, original, (1, original.hash))
    with pytest.raises(AdaptationEditedMeanwhileError):
        adaptations.save(session, made, plan.author, Written(_SAID), original, (1, original.hash))
    assert [text.author.name for text in adaptations.texts(session, made)] == ["Luz", "Ana"]


@pytest.mark.usefixtures("database_url")
def test_a_thread_is_read_in_the_order_of_its_parts() -> None:
    keys = ["alt.1.x", "part.10", "part.2", "part.1"]
    read = [key for key, _ in adaptations.in_order(dict.fromkeys(keys, "a"))]
    assert read == ["part.1", "part.2", "part.10", "alt.1.x"]
    assert [key for key, _ in adaptations.in_order({"alt_text": "a", "title": "b"})] == ["title", "alt_text"]


def test_who_wrote_a_version_is_told_once_that_the_original_was_approved_anew(
    session: Session, plan: Plan
) -> None:
    post = _post(session, plan)
    made = adaptations.begin(
        session, _original(session, post), plan.author, "nah", AdaptationForm.WHOLE, Written(_SAID)
    )
    assert adaptation_watch.suggest(session) == 0
    _approve_post(session, plan, post)
    assert adaptation_watch.suggest(session) == 0
    draft = Draft(Content(("Pregunta lo que quieras, gratis",), media=(_PICTURE,)), title="Pregunta")
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        found = posts.find(session, post.ref)
        posts.save(session, found, plan.author, draft, found.edition, timedelta(minutes=30))
        # While it is being written nobody is told.
        assert adaptation_watch.suggest(session) == 0
        _approve_post(session, plan, post)
        assert [adaptation_watch.suggest(session) for _ in range(2)] == [1, 1]
    rows = session.execute(
        select(Notice.code, Notice.subject_ref).where(Notice.code == "version_outdated")
    ).all()
    assert [tuple(row) for row in rows] == [("version_outdated", made.ref)]
    assert adaptations.text_of(session, made).texts == _SAID


def _approve_post(session: Session, plan: Plan, post: Post) -> None:
    found = posts.find(session, post.ref)
    asked = review.submit(session, found, plan.author, [])
    review.approve(session, asked, found, plan.reviewer, asked.content_hash)
