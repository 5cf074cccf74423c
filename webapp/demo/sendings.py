"""What a worker would have done with the demonstration's posts, written by the worker's own functions."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import clock, publications, sending
from content_calendar.batches import begin_sending
from content_calendar.models.posts import Post
from content_calendar.models.publications import PublicationPart
from content_calendar.sending import NOTHING, Claimed, Proof, Said
from content_calendar.states import HoldReason
from scheduler.attempts import Try, append
from scheduler.models import Outcome

_LEASE = timedelta(minutes=2)
_TAKES = timedelta(seconds=2)
_WORKER = "demo"
_MOST = 100


def _claim(session: Session, post: Post) -> list[Claimed]:
    return [one for one in sending.claim(session, _WORKER, _MOST, _LEASE) if one.post_id == post.id]


def send(session: Session, post: Post, at: datetime) -> None:
    """Let the post have gone out at that moment, through the rehearsal."""
    with clock.standing_at(at):
        for claimed in _claim(session, post):
            sent_at = begin_sending(session, claimed, 1, _LEASE, _LEASE, {})
            keys = select(PublicationPart.client_key).where(PublicationPart.publication_id == claimed.id)
            key = session.scalars(keys).one()
            sending.record_published(session, claimed, 1, Proof(key, f"/ensayo/{key}", at + _TAKES))
            append(session, claimed.id, Try(Outcome.DONE, NOTHING, claimed, sent_at=sent_at))
        publications.settle_posts(session, [post.id])


def miss(session: Session) -> None:
    """Let what is past its hour wait for a person."""
    sending.miss_late(session)


def hold_by_hand(session: Session, post: Post, at: datetime) -> None:
    """Let the hour of a post that a person publishes have come."""
    with clock.standing_at(at):
        for claimed in _claim(session, post):
            sending.record_held(session, claimed, HoldReason.BY_HAND, Said("by_hand"))
