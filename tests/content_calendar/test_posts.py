from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import posts, publications, review
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from content_calendar.models.posts import Post, PostVersion, ReviewOutcome
from content_calendar.models.publications import Publication
from content_calendar.moves import StateChangedError
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.rules import Problem, Severity
from content_calendar.states import PostState, PublicationState
from tests.content_calendar.conftest import Plan, due_in, make_plan

LATENESS = timedelta(minutes=30)


def scheduled(session: Session, plan: Plan) -> Post:
    """A post that was approved and has its publication."""
    post = posts.create(session, plan.author, plan.draft(due=due_in(60)))
    asked = review.submit(session, post, plan.author, [])
    review.approve(session, asked, post, plan.reviewer, asked.content_hash)
    assert post.due_at is not None
    publications.schedule(
        session,
        post,
        session.get_one(PostVersion, post.approved_version_id),
        [
            publications.Destination(
                plan.account.id, Payload((PayloadPart("Tu derecho a saber", "es"),)), ["k1"]
            )
        ],
        publications.PlannedMoment(post.due_at, post.due_local, post.due_zone),
        LATENESS,
        plan.reviewer.ref,
    )
    return post


def test_a_new_post_is_a_draft_with_its_first_version_and_an_audit_event(
    session: Session, plan: Plan
) -> None:
    post = posts.create(session, plan.author, plan.draft(due=due_in(60)))
    assert post.state is PostState.DRAFT
    assert [version.n for version in posts.versions(session, post)] == [1]
    assert session.scalars(select(AuditEvent.act).where(AuditEvent.subject_ref == post.ref)).all() == [
        "post_created"
    ]


def test_a_post_without_a_word_is_refused_at_its_field(session: Session, plan: Plan) -> None:
    with pytest.raises(posts.EmptyPostError) as told:
        posts.create(session, plan.author, plan.draft("  \n "))
    assert told.value.field == "text"


def test_a_moment_that_has_passed_is_refused_at_its_field(session: Session, plan: Plan) -> None:
    with pytest.raises(posts.DueInPastError) as told:
        posts.create(session, plan.author, plan.draft(due=due_in(-5)))
    assert told.value.field == "due"


def test_a_save_that_changes_nothing_keeps_the_version(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft())
    posts.save(session, post, plan.author, plan.draft(), post.edition, LATENESS)
    assert len(posts.versions(session, post)) == 1


def test_who_saves_over_an_older_edition_is_told_and_nothing_is_overwritten(
    session: Session, plan: Plan
) -> None:
    post = posts.create(session, plan.author, plan.draft("Primero"))
    opened_by_both = post.edition
    posts.save(session, post, plan.reviewer, plan.draft("De Luz"), opened_by_both, LATENESS)
    with pytest.raises(posts.EditedMeanwhileError) as told:
        posts.save(session, post, plan.author, plan.draft("De Ana"), opened_by_both, LATENESS)
    assert told.value.params["by"] == "Luz"
    assert posts.content_of(posts.find(session, post.ref).version).parts == ("De Luz",)  # type: ignore[arg-type] # it has one


def test_who_saves_a_post_that_was_moved_meanwhile_is_told_and_it_stays_moved(
    session: Session, plan: Plan
) -> None:
    post = posts.create(session, plan.author, plan.draft(due=due_in(60)))
    opened = post.edition
    moved = due_in(600)
    posts.reschedule(session, post, plan.reviewer, moved, LATENESS)
    with pytest.raises(posts.EditedMeanwhileError) as told:
        posts.save(session, post, plan.author, plan.draft("Otro texto", due_in(60)), opened, LATENESS)
    assert told.value.params["by"] == "Luz"
    assert posts.find(session, post.ref).due_at == moved.at


def test_nobody_approves_what_they_wrote(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft())
    asked = review.submit(session, post, plan.author, [])
    with pytest.raises(review.OwnPostError):
        review.approve(session, asked, post, plan.author, asked.content_hash)
    assert post.state is PostState.IN_REVIEW


def test_nobody_approves_what_they_changed_after_somebody_else_wrote_it(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft("Uno"))
    posts.save(session, post, plan.reviewer, plan.draft("Dos"), post.edition, LATENESS)
    asked = review.submit(session, post, plan.author, [])
    with pytest.raises(review.OwnPostError):
        review.approve(session, asked, post, plan.reviewer, asked.content_hash)


def test_a_post_that_breaks_a_rule_does_not_go_to_review(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft())
    with pytest.raises(review.ChecksFailedError):
        review.submit(session, post, plan.author, [Problem("too_long", Severity.ERROR)])
    assert post.state is PostState.DRAFT


def test_an_approval_is_of_the_version_that_was_seen(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft())
    asked = review.submit(session, post, plan.author, [])
    with pytest.raises(review.AnotherVersionError):
        review.approve(session, asked, post, plan.reviewer, "0" * 64)


def test_two_people_who_decide_at_once_decide_once(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft())
    asked = review.submit(session, post, plan.author, [])
    review.return_to_author(session, asked, post, plan.reviewer, "Falta la fecha")
    with pytest.raises((review.ReviewEndedError, StateChangedError)):
        review.approve(session, asked, post, plan.reviewer, asked.content_hash)
    assert post.state is PostState.DRAFT


def test_a_post_is_returned_with_a_reason(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft())
    asked = review.submit(session, post, plan.author, [])
    with pytest.raises(review.ReasonMissingError):
        review.return_to_author(session, asked, post, plan.reviewer, " ")


def test_an_edit_takes_a_post_back_from_review(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft("Uno"))
    asked = review.submit(session, post, plan.author, [])
    posts.save(session, post, plan.author, plan.draft("Dos"), post.edition, LATENESS)
    assert post.state is PostState.DRAFT
    assert asked.outcome is ReviewOutcome.WITHDRAWN


def test_an_edit_of_a_scheduled_post_cancels_its_publications_and_needs_a_new_approval(
    session: Session, plan: Plan
) -> None:
    post = scheduled(session, plan)
    posts.save(session, post, plan.author, plan.draft("Otra cosa", due=due_in(60)), post.edition, LATENESS)
    session.expire_all()
    assert post.state is PostState.DRAFT
    assert session.scalars(select(Publication.state)).all() == [PublicationState.CANCELLED]


def test_moving_a_scheduled_post_keeps_its_approval_and_moves_its_publications(
    session: Session, plan: Plan
) -> None:
    post = scheduled(session, plan)
    later = due_in(120)
    posts.reschedule(session, post, plan.author, later, LATENESS)
    session.expire_all()
    assert post.state is PostState.SCHEDULED
    assert session.scalars(select(Publication.due_at)).all() == [later.at]


def test_saving_a_scheduled_post_with_another_hour_moves_its_publications(
    session: Session, plan: Plan
) -> None:
    post = scheduled(session, plan)
    later = due_in(180)
    posts.save(session, post, plan.author, plan.draft(due=later), post.edition, LATENESS)
    session.expire_all()
    assert post.state is PostState.SCHEDULED
    assert session.scalars(select(Publication.due_at)).all() == [later.at]


def test_a_scheduled_post_does_not_lose_its_hour_by_a_save(session: Session, plan: Plan) -> None:
    post = scheduled(session, plan)
    with pytest.raises(posts.DueMissingError) as told:
        posts.save(session, post, plan.author, plan.draft(), post.edition, LATENESS)
    assert told.value.field == "due"


def test_who_edits_what_was_sent_to_review_meanwhile_takes_it_back(database: Database) -> None:
    with database.transaction() as session:
        made = make_plan(session)
        ref = posts.create(session, made.author, made.draft("Uno")).ref
    with database.reading() as session:
        opened = posts.find(session, ref)
    with database.transaction() as session:
        asked = review.submit(session, posts.find(session, ref), made.author, [])
    with database.transaction() as session:
        stale = session.merge(opened, load=False)
        posts.save(session, stale, made.reviewer, made.draft("Dos"), stale.edition, LATENESS)
    with database.reading() as session:
        assert posts.find(session, ref).state is PostState.DRAFT
        assert review.find(session, asked.ref).outcome is ReviewOutcome.WITHDRAWN


def test_a_post_that_is_on_its_way_keeps_its_words(session: Session, plan: Plan) -> None:
    post = scheduled(session, plan)
    one = session.scalars(select(Publication)).one()
    publications.confirm_published(session, one, "r1", "https://example.org/1", plan.author.ref)
    session.expire_all()
    with pytest.raises(posts.PostIsOutError):
        posts.save(
            session, post, plan.author, plan.draft("Otra cosa", due=due_in(60)), post.edition, LATENESS
        )


def test_a_draft_that_was_put_away_comes_back(session: Session, plan: Plan) -> None:
    post = posts.create(session, plan.author, plan.draft())
    posts.discard(session, post, plan.author)
    put_away = post.state
    posts.restore(session, post, plan.author)
    assert (put_away, post.state) == (PostState.DISCARDED, PostState.DRAFT)
