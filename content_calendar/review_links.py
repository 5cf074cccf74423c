"""Deciding on a review from a mail, without signing in: a link for one person, one version and one decision.

What is mailed is random and only its hash is kept. It ends after seven days, with the first decision of its person,
when anybody has decided, when the post says something else than the version it is of, and when its person may no
longer review. Opening it changes nothing.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, people
from content_calendar.clock import now
from content_calendar.errors import ConflictError, NotFoundError
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, Review, ReviewOutcome
from content_calendar.models.reviews import ReviewLink
from content_calendar.notices import Code, Subject
from content_calendar.permissions import Permission

LASTS = timedelta(days=7)
_KEPT = timedelta(days=30)
# The notices that ask somebody for their yes.
_ASKING = frozenset({Code.REVIEW_ASKED.value, Code.REVIEW_SIGNED.value})
_TOKEN_BYTES = 32
_LONGEST_TOKEN = 64


class ReviewLinkMissingError(NotFoundError):
    """Nobody was mailed that link, or it is long over."""

    code = "review_link_missing"


class ReviewLinkOverError(ConflictError):
    """The link decides nothing any more; each reason is a class of its own."""

    code = "review_link_over"


class ReviewLinkUsedError(ReviewLinkOverError):
    """Its person has answered with it, or with another one to the same review."""

    code = "review_link_used"


class ReviewLinkExpiredError(ReviewLinkOverError):
    """Its days have passed."""

    code = "review_link_expired"


class ReviewLinkDecidedError(ReviewLinkOverError):
    """Somebody has decided, or the post was taken back from review."""

    code = "review_link_decided"


class ReviewLinkChangedError(ReviewLinkOverError):
    """The post says something else by now."""

    code = "review_link_changed"


class ReviewLinkPersonError(ReviewLinkOverError):
    """Its person may not review any more."""

    code = "review_link_person"


@dataclass(frozen=True)
class Opened:
    """What a link opens: for whom, and which review, with its version and post."""

    link: ReviewLink
    person: Person
    review: Review
    post: Post


def issue(session: Session, told: Sequence[Notice]) -> dict[int, str]:
    """Make a link for each of the notices that asks for a yes; return the tokens by the notice's id.

    An earlier one stays good until it ends: a mailbox may show the first of two letters only.
    """
    asking = {one.id: one for one in told if one.subject_kind == Subject.REVIEW and one.code in _ASKING}
    if not asking:
        return {}
    at = now()
    session.execute(delete(ReviewLink).where(ReviewLink.expires_at < at - _KEPT))
    reviews = dict(
        session.execute(
            select(Review.ref, Review.id).where(
                Review.ref.in_({one.subject_ref for one in asking.values()}),
                Review.outcome == ReviewOutcome.WAITING,
            )
        ).all()
    )
    tokens: dict[int, str] = {}
    for one in asking.values():
        if (review_id := reviews.get(one.subject_ref)) is not None:
            token = tokens[one.id] = secrets.token_urlsafe(_TOKEN_BYTES)
            session.add(
                ReviewLink(
                    token_hash=hash_of(token), review_id=review_id, person_id=one.person_id,
                    made_at=at, expires_at=at + LASTS,
                )
            )  # fmt: skip
    session.flush()
    return tokens


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def opened(session: Session, token: str) -> Opened:
    """Return what a token opens; raise ReviewLinkMissingError or a ReviewLinkOverError."""
    row = None
    if 0 < len(token) <= _LONGEST_TOKEN:
        row = session.execute(
            select(ReviewLink, Review, Post)
            .join(Review, Review.id == ReviewLink.review_id)
            .join(Post, Post.id == Review.post_id)
            .where(ReviewLink.token_hash == hash_of(token))
            .options(
                joinedload(ReviewLink.person),
                joinedload(Review.version),
                joinedload(Review.asked_by),
                joinedload(Review.decided_by),
            )
        ).one_or_none()
    if row is None:
        raise ReviewLinkMissingError
    link, review, post = row
    _check(session, link, review, post)
    return Opened(link, link.person, review, post)


def _check(session: Session, link: ReviewLink, review: Review, post: Post) -> None:
    at = now()
    if link.used_at is not None:
        raise ReviewLinkUsedError
    if link.expires_at <= at:
        raise ReviewLinkExpiredError
    if review.outcome is not ReviewOutcome.WAITING:
        raise ReviewLinkDecidedError
    if post.version_id != review.version_id:
        raise ReviewLinkChangedError
    may = people.rights(session, link.person_id, at.date()).can(Permission.REVIEW_POSTS)
    if not may or link.person.left_at is not None:
        raise ReviewLinkPersonError


def use(session: Session, found: Opened, answer: str) -> None:
    """Take the link for a decision, in the transaction that decides; raise ReviewLinkUsedError if it was taken.

    All links of the same person to the same review go with it. The trail says that it was by mail.
    """
    taken = session.scalars(
        update(ReviewLink)
        .where(
            ReviewLink.review_id == found.review.id,
            ReviewLink.person_id == found.person.id,
            ReviewLink.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(ReviewLink.id)
        .execution_options(synchronize_session=False)
    ).all()
    if found.link.id not in taken:
        raise ReviewLinkUsedError
    audit.record(
        session, found.person.ref, "review_answered_by_mail_link", "post", found.post.ref,
        review=found.review.ref, version=found.review.version.n, answer=answer,
    )  # fmt: skip
