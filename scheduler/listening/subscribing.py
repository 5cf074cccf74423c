"""Listening to a new feed: it is asked once before it is kept, so that a bad one is refused at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit, clock
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Owner
from content_calendar.models.people import Person
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.feeds import ask_soon
from scheduler.listening.fetching import Limits, fetch
from scheduler.listening.parsing import FeedParser, ParsedFeed
from scheduler.models import Feed, FeedStage

_LONGEST_URL = 1000
_LONGEST_TITLE = 300


class FeedKnownError(ConflictError):
    """Somebody's feed has that address already. ``owner`` is whose."""

    code = "feed_known"


class FeedMissingError(NotFoundError):
    """There is no feed of that reference."""

    code = "feed_missing"


class FeedAddressTooLongError(InvalidError):
    """The address is longer than any that a site gives. ``limit`` is in characters."""

    code = "feed_address_too_long"


def look(url: str, policy: FetchPolicy, limits: Limits | None = None) -> ParsedFeed:
    """Ask the address once and return the feed that it holds; no transaction may be open meanwhile.

    Raises what ``fetch`` and ``FeedParser.parse`` raise, and FeedAddressTooLongError.
    """
    if len(url) > _LONGEST_URL:
        raise FeedAddressTooLongError(field="feed_url", limit=_LONGEST_URL)
    with FeedParser() as parser:
        answer = fetch(url, policy=policy, limits=limits or Limits())
        return parser.parse(answer.body, answer.final_url)


def subscribe(session: Session, owner: Owner, url: str, title: str, person: Person) -> Feed:
    """Keep a feed that was looked at; it is asked at the next poll. Raises FeedKnownError."""
    known = session.execute(
        select(Owner.short_name).join(Feed, Feed.owner_id == Owner.id).where(Feed.url == url)
    ).scalar()
    if known is not None:
        raise FeedKnownError(owner=known)
    feed = Feed(
        owner_id=owner.id,
        url=url,
        title=title[:_LONGEST_TITLE],
        next_poll_at=clock.now(),
        added_by_id=person.id,
    )
    session.add(feed)
    session.flush()
    audit.record(session, person.ref, "feed.add", "feed", feed.ref, owner=owner.slug, url=url)
    return feed


def find(session: Session, ref: str) -> Feed:
    """Return the feed of that reference; raise FeedMissingError."""
    feed = session.scalars(select(Feed).where(Feed.ref == ref)).one_or_none()
    if feed is None:
        raise FeedMissingError(ref=ref)
    return feed


def read_now(session: Session, feed: Feed, person: Person) -> None:
    """Let a feed be asked within seconds, also one that was paused."""
    ask_soon(session, feed.id)
    audit.record(session, person.ref, "feed.read_now", "feed", feed.ref)


def pause(session: Session, feed: Feed, person: Person) -> None:
    """Stop asking a feed; what it brought stays."""
    feed.stage = FeedStage.PAUSED
    audit.record(session, person.ref, "feed.pause", "feed", feed.ref, url=feed.url)
