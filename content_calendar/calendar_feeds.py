"""Live addresses of the calendar: made once, kept as a hash, revoked by a click."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.exchange import CalendarFeed, FeedOf
from content_calendar.models.people import Person

LONGEST_NAME = 120
_TOKEN_BYTES = 32
# How stale the last use may be: calendars ask often, and a write for each would be a write too many.
_TOUCH = timedelta(minutes=30)


class FeedNotFoundError(NotFoundError):
    """There is no such address, or it was revoked; nothing tells one from the other."""

    code = "feed_not_found"


class FeedSubjectMissingError(InvalidError):
    """A feed of a body, a theme or an account says which."""

    code = "feed_subject_missing"


def hash_of(token: str) -> str:
    """Return what of a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(session: Session, person: Person, of: FeedOf, subject: str, name: str) -> tuple[CalendarFeed, str]:
    """Make a feed; return it with its token, which nothing tells again. Raises FeedSubjectMissingError."""
    if of is not FeedOf.ALL and not subject:
        raise FeedSubjectMissingError(field="subject")
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    feed = CalendarFeed(
        token_hash=hash_of(token), of=of, subject=subject if of is not FeedOf.ALL else "",
        name=" ".join(name.split())[:LONGEST_NAME], person_id=person.id,
    )  # fmt: skip
    session.add(feed)
    session.flush()
    audit.record(session, person.ref, "calendar_feed.made", "calendar_feed", feed.ref, of=of.value)
    return feed, token


def opened(session: Session, token: str) -> tuple[CalendarFeed, Person]:
    """Return the feed of a token and whose it is; raise FeedNotFoundError, also once that person has left."""
    row = session.execute(
        select(CalendarFeed, Person)
        .join(Person, Person.id == CalendarFeed.person_id)
        .where(
            CalendarFeed.token_hash == hash_of(token),
            CalendarFeed.revoked_at.is_(None),
            Person.left_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise FeedNotFoundError
    return row[0], row[1]


def find(session: Session, ref: str, person: Person) -> CalendarFeed:
    """Return a feed of the person's; raise FeedNotFoundError."""
    query = select(CalendarFeed).where(CalendarFeed.ref == ref, CalendarFeed.person_id == person.id)
    feed = session.scalars(query).one_or_none()
    if feed is None:
        raise FeedNotFoundError
    return feed


def revoke(session: Session, feed: CalendarFeed, person: Person) -> None:
    """End a feed, from this moment; to do it twice changes nothing."""
    if feed.revoked_at is None:
        feed.revoked_at = now()
        session.flush()
        audit.record(session, person.ref, "calendar_feed.revoked", "calendar_feed", feed.ref)


def listed(session: Session, person: Person) -> Sequence[CalendarFeed]:
    """Return the person's feeds that stand, the newest first."""
    return session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id.desc())
    ).all()


def is_stale(feed: CalendarFeed, tag: str) -> bool:
    """Return whether there is something to write down: another content, or a use long after the last."""
    return feed.tag != tag or feed.last_used_at is None or feed.last_used_at < now() - _TOUCH


def touch(session: Session, feed: CalendarFeed, tag: str) -> None:
    """Note that the feed was read now, and since when it tells what it tells."""
    at = now()
    changed = {"tag": tag, "changed_at": at} if feed.tag != tag else {}
    session.execute(update(CalendarFeed).where(CalendarFeed.id == feed.id).values(last_used_at=at, **changed))
