"""What reviewers and authors say to each other about a text, each remark settled when it is seen to."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, notices
from content_calendar.audience import Audience
from content_calendar.clock import now
from content_calendar.content import Content
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, Review
from content_calendar.models.reviews import ReviewComment
from content_calendar.notices import Code, Happening, Subject

LONGEST_COMMENT = 2000
LONGEST_QUOTE = 300
_TOLD = 160


class CommentEmptyError(InvalidError):
    """A comment says something."""

    code = "comment_empty"


class CommentTooLongError(InvalidError):
    """It is longer than fits. ``most`` is how many characters do."""

    code = "comment_too_long"


class QuoteNotFoundError(InvalidError):
    """The words that the comment is about do not stand in the text."""

    code = "quote_not_found"


class CommentNotFoundError(NotFoundError):
    """There is no comment of that reference."""

    code = "comment_not_found"


def of(session: Session, post: Post) -> Sequence[ReviewComment]:
    """Return what was said about a post's versions, the oldest first: a remark outlives the version it was made on."""
    return session.scalars(
        select(ReviewComment)
        .join(Review, Review.id == ReviewComment.review_id)
        .where(Review.post_id == post.id)
        .options(joinedload(ReviewComment.person), joinedload(ReviewComment.settled_by))
        .order_by(ReviewComment.id)
    ).all()


def open_counts(session: Session, posts: Collection[Post]) -> Mapping[int, int]:
    """Return by post how many comments are not settled; none is left out of the mapping."""
    rows = session.execute(
        select(Review.post_id, func.count())
        .join(ReviewComment, ReviewComment.review_id == Review.id)
        .where(Review.post_id.in_([one.id for one in posts]), ReviewComment.settled_at.is_(None))
        .group_by(Review.post_id)
    )
    return dict(rows.all())


def say(
    session: Session, review: Review, post: Post, content: Content, person: Person, text: str, quote: str = ""
) -> ReviewComment:
    """Say something about the text of a review, or about some of its words.

    Raises CommentEmptyError, CommentTooLongError, QuoteNotFoundError.
    """
    text, quote = text.strip(), " ".join(quote.split())
    if not text:
        raise CommentEmptyError(field="comment")
    if len(text) > LONGEST_COMMENT:
        raise CommentTooLongError(field="comment", most=LONGEST_COMMENT)
    if quote and (len(quote) > LONGEST_QUOTE or not _stands(quote, content)):
        raise QuoteNotFoundError(field="quote")
    comment = ReviewComment(review_id=review.id, person_id=person.id, quote=quote, text=text)
    session.add(comment)
    session.flush()
    audit.record(session, person.ref, "review_commented", "post", post.ref)
    _tell(session, comment, review, post, person)
    return comment


def _stands(quote: str, content: Content) -> bool:
    texts = [*content.parts, *(part for parts in content.variants.values() for part in parts)]
    return any(quote.casefold() in " ".join(text.split()).casefold() for text in texts)


def settle(session: Session, ref: str, person: Person, *, settled: bool = True) -> ReviewComment:
    """Mark a comment as seen to, or as open again; raise CommentNotFoundError."""
    comment = session.scalars(select(ReviewComment).where(ReviewComment.ref == ref)).one_or_none()
    if comment is None:
        raise CommentNotFoundError(ref=ref)
    if settled:
        comment.settled_at, comment.settled_by_id = (
            comment.settled_at or now(),
            comment.settled_by_id or person.id,
        )
        notices.over(session, Subject.COMMENT, [comment.ref], person.id)
    else:
        comment.settled_at = comment.settled_by_id = None
    return comment


def review_of(session: Session, ref: str) -> str:
    """Return the reference of the review that a comment is of; raise CommentNotFoundError."""
    found = session.scalar(
        select(Review.ref)
        .join(ReviewComment, ReviewComment.review_id == Review.id)
        .where(ReviewComment.ref == ref)
    )
    if found is None:
        raise CommentNotFoundError(ref=ref)
    return found


def _tell(session: Session, comment: ReviewComment, review: Review, post: Post, person: Person) -> None:
    """Tell who wrote the post, who sent it and who has spoken before."""
    spoke = session.scalars(select(ReviewComment.person_id).where(ReviewComment.review_id == review.id))
    told = frozenset({post.author_id, review.asked_by_id, *spoke} - {person.id})
    happening = Happening(
        f"comment:{comment.ref}",
        Code.REVIEW_COMMENTED.value,
        Subject.COMMENT,
        comment.ref,
        {"title": post.title or post.ref, "name": person.name, "text": comment.text[:_TOLD]},
    )
    notices.tell(session, [(happening, Audience(told, told))])
