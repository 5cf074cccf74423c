"""Whose yes a review has and whose it still waits for: what ``signing`` decides on, read and written."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import notices
from content_calendar.audience import holders
from content_calendar.clock import now
from content_calendar.inserting import insert_absent
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign
from content_calendar.models.posts import Post, PostVersion, Review, post_campaign
from content_calendar.models.reviews import CampaignReviewer, ReviewSignature, ReviewView
from content_calendar.permissions import Permission
from content_calendar.signing import Demand, Signed, Standing
from content_calendar.signing import standing as decided


def standing(session: Session, review: Review, post: Post) -> Standing:
    """Return where one review stands."""
    return standings(session, [(review, post)])[review.id]


def standings(session: Session, reviews: Collection[tuple[Review, Post]]) -> Mapping[int, Standing]:
    """Return by review where each stands; the number of queries does not grow."""
    posts = [post for _, post in reviews]
    demands = _demands(session, [post.id for post in posts])
    signed: dict[int, list[Signed]] = {}
    given = select(ReviewSignature.review_id, ReviewSignature.person_id, ReviewSignature.step).where(
        ReviewSignature.review_id.in_([review.id for review, _ in reviews])
    )
    for review_id, person_id, step in session.execute(given):
        signed.setdefault(review_id, []).append(Signed(person_id, step))
    people = notices.people_to_tell(session, now().date())
    able = holders(people, Permission.REVIEW_POSTS)
    authors = _authors(session, posts)
    return {
        review.id: decided(demands.get(post.id, ()), signed.get(review.id, ()), able, authors[post.id])
        for review, post in reviews
    }


def _demands(session: Session, post_ids: Collection[int]) -> Mapping[int, Sequence[Demand]]:
    of = Campaign
    rows = session.execute(
        select(post_campaign.c.post_id, of.id, of.review_steps, of.any_reviewer)
        .join(of, of.id == post_campaign.c.campaign_id)
        .where(post_campaign.c.post_id.in_(post_ids))
    ).all()
    named: dict[tuple[int, int], set[int]] = {}
    asked = select(CampaignReviewer).where(CampaignReviewer.campaign_id.in_({row.id for row in rows}))
    for one in session.scalars(asked):
        named.setdefault((one.campaign_id, one.step), set()).add(one.person_id)
    found: dict[int, list[Demand]] = {}
    for post_id, campaign_id, steps, any_reviewer in rows:
        found.setdefault(post_id, []).extend(
            Demand(step, frozenset(named.get((campaign_id, step), ())), everyone=not any_reviewer)
            for step in range(1, steps + 1)
        )
    return found


def _authors(session: Session, posts: Collection[Post]) -> Mapping[int, frozenset[int]]:
    """Return by post who wrote what was not approved yet."""
    approved = (
        select(PostVersion.n)
        .where(PostVersion.id == Post.approved_version_id)
        .correlate(Post)
        .scalar_subquery()
    )
    rows = session.execute(
        select(PostVersion.post_id, PostVersion.author_id)
        .join(Post, Post.id == PostVersion.post_id)
        .where(
            Post.id.in_([post.id for post in posts]),
            (Post.approved_version_id.is_(None))
            | (Post.approved_version_id == Post.version_id)
            | (PostVersion.n > approved),
        )
        .distinct()
    )
    found: dict[int, set[int]] = {post.id: set() for post in posts}
    for post_id, author_id in rows:
        found[post_id].add(author_id)
    return {post_id: frozenset(some) for post_id, some in found.items()}


def authors_since_approval(session: Session, post: Post) -> frozenset[int]:
    """Return who wrote or changed the post since its last approval: none of them approves it."""
    return _authors(session, [post])[post.id]


def sign(session: Session, review: Review, person: Person, step: int) -> None:
    """Write down a person's yes."""
    session.add(ReviewSignature(review_id=review.id, person_id=person.id, step=step))
    session.flush()


def signed_by(session: Session, review: Review) -> Sequence[Person]:
    """Return who said yes so far, in order."""
    return session.scalars(
        select(Person)
        .join(ReviewSignature, ReviewSignature.person_id == Person.id)
        .where(ReviewSignature.review_id == review.id)
        .order_by(ReviewSignature.id)
    ).all()


def has_signed(session: Session, review: Review, person: Person) -> bool:
    """Return whether that person said yes already."""
    return person.id in {one.id for one in signed_by(session, review)}


def count(session: Session, review: Review) -> int:
    """Return how many said yes so far."""
    return session.scalar(select(func.count()).where(ReviewSignature.review_id == review.id)) or 0


def note_view(session: Session, review: Review, person: Person) -> None:
    """Note that somebody opened the page of the review."""
    insert_absent(session, ReviewView, [{"review_id": review.id, "person_id": person.id, "seen_at": now()}])


def seen_by(session: Session, reviews: Collection[Review], person: Person) -> frozenset[int]:
    """Return the ids of those among the reviews whose page the person has opened."""
    return frozenset(
        session.scalars(
            select(ReviewView.review_id).where(
                ReviewView.person_id == person.id, ReviewView.review_id.in_([one.id for one in reviews])
            )
        )
    )
