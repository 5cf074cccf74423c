"""What a worker would have done with the demonstration's posts, written by the worker's own functions."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import claiming, clock, publications, sending
from content_calendar.batches import begin_sending
from content_calendar.models.directory import Account
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.sending import NOTHING, Claimed, Proof, Said
from content_calendar.states import HoldReason
from scheduler.attempts import Try, append
from scheduler.models import Outcome

_LEASE = timedelta(minutes=2)
_TAKES = timedelta(seconds=2)
_WORKER = "demo"
_MOST = 100
# How far apart the parts of a thread are.
_BETWEEN = timedelta(seconds=3)


def _claim(session: Session, post: Post) -> list[Claimed]:
    return [one for one in claiming.claim(session, _WORKER, _MOST, _LEASE) if one.post_id == post.id]


def send(session: Session, post: Post, at: datetime) -> None:
    """Let the post have gone out at that moment, through the rehearsal."""
    for number in range(1, _parts(session, post) + 1):
        with clock.standing_at(at + (number - 1) * _BETWEEN):
            for claimed in _claim(session, post):
                _send_part(session, claimed, number)
    with clock.standing_at(at):
        publications.settle_posts(session, [post.id])


def _parts(session: Session, post: Post) -> int:
    """Return how many parts the post has in each of its publications."""
    numbers = (
        select(func.max(PublicationPart.n))
        .join(Publication, Publication.id == PublicationPart.publication_id)
        .where(Publication.post_id == post.id)
    )
    return session.scalars(numbers).one() or 0


def _send_part(session: Session, claimed: Claimed, number: int) -> None:
    sent_at = begin_sending(session, claimed, number, _LEASE, _LEASE, {})
    keys = select(PublicationPart.client_key).where(
        PublicationPart.publication_id == claimed.id, PublicationPart.n == number
    )
    key = session.scalars(keys).one()
    proof = Proof(key, f"/ensayo/{key}", clock.now() + _TAKES)
    sending.record_published(session, claimed, number, proof)
    append(session, claimed.id, Try(Outcome.DONE, NOTHING, claimed, part=number, sent_at=sent_at))


def miss(session: Session) -> None:
    """Let what is past its hour wait for a person."""
    sending.miss_late(session)


def hold_by_hand(session: Session, post: Post, at: datetime) -> None:
    """Let the hour of a post that a person publishes have come."""
    with clock.standing_at(at):
        for claimed in _claim(session, post):
            sending.record_held(session, claimed, HoldReason.BY_HAND, Said("by_hand"))


def hold_alike(session: Session, post: Post, other: Post, at: datetime) -> None:
    """Let the hour of a post have come that says nearly what another one, which is out, said."""
    said = session.execute(
        select(Publication.ref, Publication.published_at, Account.handle)
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.post_id == other.id, Publication.published_at.is_not(None))
        .order_by(Publication.id)
    ).first()
    assert said is not None  # noqa: S101 -- the examples' order: what is said again was out before
    params = {"handle": said.handle, "publication": said.ref, "when": said.published_at.isoformat()}
    with clock.standing_at(at):
        for claimed in _claim(session, post):
            sending.record_held(session, claimed, HoldReason.ALIKE, Said("text_alike", params))
