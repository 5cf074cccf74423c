"""Review: somebody else says yes to one exact version, or returns it with a reason."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, notices, personal_data, posts, signatures, webhooks
from content_calendar.audience import Audience, of_review
from content_calendar.clock import now
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostVersion, Review, ReviewOutcome
from content_calendar.models.webhooks import EventKind
from content_calendar.moves import move_one
from content_calendar.notices import Code, Happening, Subject
from content_calendar.rules import Problem, Severity
from content_calendar.signing import Standing
from content_calendar.states import PostEvent, PostState


class ReviewNotFoundError(NotFoundError):
    """There is no review of that reference."""

    code = "review_not_found"


class ChecksFailedError(InvalidError):
    """The post breaks a rule that no approval can mend; ``count`` says how many."""

    code = "checks_failed"


class PersonalDataUnexplainedError(InvalidError):
    """The text may hold somebody's personal data: it goes to review only with a reason for it."""

    code = "personal_data_unexplained"


class OwnPostError(ForbiddenError):
    """Nobody approves what they wrote or changed since the last approval."""

    code = "own_post"


class AnotherVersionError(ConflictError):
    """The version that was looked at is not the one that waits."""

    code = "another_version"


class AlreadySignedError(ConflictError):
    """Whoever said yes once is not asked again: the other yes is somebody else's."""

    code = "already_signed"


class NotAskedError(ForbiddenError):
    """The campaign asks for somebody else's yes."""

    code = "not_asked"


class ReviewEndedError(ConflictError):
    """Somebody has already decided."""

    code = "review_ended"


class ReasonMissingError(InvalidError):
    """A post is returned with a reason, so that its author knows what to do."""

    code = "reason_missing"


def find(session: Session, ref: str) -> Review:
    """Return the review of that reference, with its version and people; raise ReviewNotFoundError."""
    review = session.scalars(
        select(Review)
        .where(Review.ref == ref)
        .options(joinedload(Review.version), joinedload(Review.asked_by), joinedload(Review.decided_by))
    ).one_or_none()
    if review is None:
        raise ReviewNotFoundError(ref=ref)
    return review


def of(session: Session, post: Post) -> Sequence[Review]:
    """Return the post's reviews, the newest first."""
    return session.scalars(
        select(Review)
        .where(Review.post_id == post.id)
        .options(joinedload(Review.version), joinedload(Review.asked_by), joinedload(Review.decided_by))
        .order_by(Review.id.desc())
    ).all()


def submit(
    session: Session, post: Post, person: Person, problems: Sequence[Problem], note: str = ""
) -> Review:
    """Send the post's last version to review.

    ``problems`` are what the checks found in it; raises ChecksFailedError when one is an error, and
    PersonalDataUnexplainedError when there may be personal data in it and ``note`` does not say why.
    """
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise ChecksFailedError(count=len(errors))
    if not note.strip() and any(problem.code in personal_data.CODES for problem in problems):
        raise PersonalDataUnexplainedError(field="note")
    move_one(session, Post, PostEvent.SUBMIT, post.id)
    version = session.get_one(PostVersion, post.version_id)
    review = Review(
        post_id=post.id,
        version_id=version.id,
        content_hash=version.content_hash,
        note=note.strip(),
        asked_by_id=person.id,
    )
    session.add(review)
    session.flush()
    audit.record(
        session, person.ref, "review_asked", "post", post.ref, version=version.n, hash=version.content_hash
    )
    notices.over(session, Subject.POST, [post.ref], person.id)
    happening = Happening(
        f"review:{review.ref}",
        Code.REVIEW_ASKED.value,
        Subject.REVIEW,
        review.ref,
        {"title": post.title or post.ref, "name": person.name},
    )
    _tell_asked(session, happening, post, signatures.standing(session, review, post))
    return review


def _tell_asked(session: Session, happening: Happening, post: Post, standing: Standing) -> None:
    people = notices.people_to_tell(session, now().date())
    asked = [one for one in people if one.id in standing.waits_for]
    notices.tell(session, [(happening, of_review(asked, signatures.authors_since_approval(session, post)))])


def approve(session: Session, review: Review, post: Post, person: Person, content_hash: str) -> Standing:
    """Say yes to the version with that hash; return where the review stands then: complete, or whose yes is missing.

    Raises OwnPostError, AnotherVersionError when the hash is not the waiting one, ReviewEndedError,
    AlreadySignedError, and NotAskedError for somebody whose yes the campaign does not ask for.
    """
    posts.lock(session, post)
    if review.content_hash != content_hash:
        raise AnotherVersionError
    if person.id in signatures.authors_since_approval(session, post):
        raise OwnPostError
    if review.outcome is ReviewOutcome.WAITING:
        standing = _sign(session, review, post, person)
        if not standing.complete:
            return standing
    _decide(session, review, person, ReviewOutcome.APPROVED, "")
    move_one(
        session,
        Post,
        PostEvent.APPROVE,
        post.id,
        [Post.version_id == review.version_id],
        {"approved_version_id": review.version_id},
    )
    audit.record(session, person.ref, "review_approved", "post", post.ref, hash=content_hash)
    webhooks.note(session, EventKind.POST_APPROVED, {f"{post.ref}:{review.ref}": post.ref})
    _tell_author(session, review, post, person, Code.REVIEW_APPROVED)
    return Standing(0, 1, frozenset())


def _sign(session: Session, review: Review, post: Post, person: Person) -> Standing:
    """Write down a yes; whoever is still asked for theirs is told."""
    before = signatures.standing(session, review, post)
    if before.complete:
        return before
    if not before.asks(person.id):
        raise AlreadySignedError if signatures.has_signed(session, review, person) else NotAskedError
    signatures.sign(session, review, person, before.step)
    after = signatures.standing(session, review, post)
    if after.complete:
        return after
    audit.record(session, person.ref, "review_signed", "post", post.ref, hash=review.content_hash)
    notices.over(session, Subject.REVIEW, [review.ref], person.id)
    given = signatures.count(session, review)
    happening = Happening(
        f"review:{review.ref}:{given}",
        Code.REVIEW_SIGNED.value,
        Subject.REVIEW,
        review.ref,
        {"title": post.title or post.ref, "name": person.name},
    )
    _tell_asked(session, happening, post, after)
    return after


def return_to_author(session: Session, review: Review, post: Post, person: Person, reason: str) -> None:
    """Send the post back to its author; raise ReasonMissingError or ReviewEndedError."""
    if not reason.strip():
        raise ReasonMissingError(field="reason")
    _decide(session, review, person, ReviewOutcome.RETURNED, reason.strip())
    move_one(session, Post, PostEvent.RETURN, post.id)
    audit.record(session, person.ref, "review_returned", "post", post.ref)
    _tell_author(session, review, post, person, Code.REVIEW_RETURNED)


def withdraw(session: Session, review: Review, post: Post, person: Person) -> None:
    """Take the post back from review, to go on writing."""
    _decide(session, review, person, ReviewOutcome.WITHDRAWN, "")
    move_one(session, Post, PostEvent.WITHDRAW, post.id)
    audit.record(session, person.ref, "review_withdrawn", "post", post.ref)


def waiting(session: Session) -> Sequence[tuple[Review, Post]]:
    """Return what waits for a decision, what is due first first."""
    return [
        (review, post)
        for review, post in session.execute(
            select(Review, Post)
            .join(Post, Post.id == Review.post_id)
            .where(Review.outcome == ReviewOutcome.WAITING, Post.state == PostState.IN_REVIEW)
            .options(joinedload(Review.version), joinedload(Review.asked_by))
            .order_by(Post.due_at.is_(None), Post.due_at, Review.id)
        )
    ]


def may_approve(session: Session, post: Post, person: Person) -> bool:
    """Return whether ``person`` has not touched the post since its last approval."""
    return person.id not in signatures.authors_since_approval(session, post)


def _decide(session: Session, review: Review, person: Person, outcome: ReviewOutcome, reason: str) -> None:
    decided = session.scalars(
        update(Review)
        .where(Review.id == review.id, Review.outcome == ReviewOutcome.WAITING)
        .values(outcome=outcome, reason=reason, decided_by_id=person.id, decided_at=now())
        .returning(Review.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    if list(decided) != [review.id]:
        raise ReviewEndedError
    notices.over(session, Subject.REVIEW, [review.ref], person.id)


def _tell_author(session: Session, review: Review, post: Post, person: Person, code: Code) -> None:
    """Tell who wrote it what came of the review; a post that comes back is also mailed, for it needs them."""
    authors = frozenset({review.asked_by_id, post.author_id} - {person.id})
    mailed = authors if code is Code.REVIEW_RETURNED else frozenset()
    params: dict[str, object] = {
        "title": post.title or post.ref,
        "name": person.name,
        "reason": review.reason,
    }
    # An approved post that has its hour goes out by itself.
    goes_out = code is Code.REVIEW_APPROVED and post.due_at is not None and post.due_at > now()
    key = f"review:{review.ref}:{code.value}"
    happening = Happening(key, code.value, Subject.POST, post.ref, params, needs_nobody=goes_out)
    notices.tell(session, [(happening, Audience(authors, mailed))])
