"""Searches for feeds: asked by a person, made by the worker a few sites at a time, their finds offered to a person.

Nothing found is listened to by itself: a page may declare whatever it likes.
"""

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Update, delete, or_, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from content_calendar import audit, clock
from content_calendar.db import Database, new_ref
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.directory import Owner
from content_calendar.models.jobs import JobStage
from content_calendar.models.people import Person
from scheduler.listening import subscribing
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.discovering import Asking, FoundFeed, discover
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.identity import canonical_link, link_key
from scheduler.listening.parsing import FeedParser
from scheduler.models import Feed
from scheduler.search_models import FeedOffer, FeedSearch
from scheduler.worker import Worker

_log = logging.getLogger(__name__)
_AT_ONCE = 4
# Longer than a whole search may take.
_LEASE = timedelta(minutes=5)
_LONGEST_URL, _LONGEST_TITLE = 1000, 300


class SearchAddressError(InvalidError):
    """That is no address of a site."""

    code = "search_address"


class SearchMissingError(NotFoundError):
    """There is no such search, or nothing of that reference was found."""

    code = "search_missing"


@dataclass(frozen=True, slots=True)
class _Claimed:
    search_id: int
    lease: str
    site_url: str


def ask(
    session: Session, owner: Owner, site_url: str, person_id: int | None, *, listen: bool = False
) -> FeedSearch:
    """Let the feeds of a site be looked for; one that is being looked for stays as it is.

    ``listen``: a person has accepted the address as a feed, so that it is listened to if it is one.
    Raises SearchAddressError.
    """
    site_url = site_url.strip()
    whole = site_url if "://" in site_url else f"https://{site_url}"
    host = urlsplit(canonical_link(whole)).hostname or ""
    if "." not in host or len(whole) > _LONGEST_URL:
        raise SearchAddressError(field="site_url")
    key = link_key(whole)
    known = session.scalars(
        select(FeedSearch).where(FeedSearch.owner_id == owner.id, FeedSearch.site_key == key)
    ).one_or_none()
    if known is None:
        known = FeedSearch(owner_id=owner.id, site_url=whole, site_key=key, host=host)
        session.add(known)
    elif known.stage in (JobStage.WAITING, JobStage.RUNNING):
        return known
    known.listen = listen
    known.stage, known.asked, known.said_code, known.said_params = JobStage.WAITING, 0, "", {}
    known.asked_by_id, known.asked_at, known.ended_at = person_id, clock.now(), None
    session.flush()
    return known


def ask_all(session: Session, sites: Collection[tuple[Owner, str]], person: Person) -> int:
    """Let the feeds of all these sites be looked for; return how many are now waiting."""
    made = 0
    for owner, url in sites:
        try:
            ask(session, owner, url, person.id)
        except SearchAddressError:
            continue
        made += 1
    audit.record(session, person.ref, "feeds_searched", "directory", "", sites=made)
    return made


def of_owners(session: Session, owner_id: int | None = None, limit: int = 200) -> Sequence[FeedSearch]:
    """Return the searches, each with its owner and what it offers; those with something to decide first."""
    query = (
        select(FeedSearch)
        .options(joinedload(FeedSearch.owner), selectinload(FeedSearch.offers))
        .order_by(FeedSearch.asked_at.desc(), FeedSearch.id.desc())
        .limit(limit)
    )
    return session.scalars(query if owner_id is None else query.where(FeedSearch.owner_id == owner_id)).all()


def take(session: Session, ref: str, person: Person) -> Feed:
    """Listen to what was offered. Raises SearchMissingError and FeedKnownError."""
    offer = _offer(session, ref)
    return subscribing.subscribe(session, offer.search.owner, offer.url, offer.title, person)


def take_all(session: Session, search_ref: str, person: Person) -> int:
    """Listen to all that a search offers and nobody reads yet; return how many that are."""
    offers = session.scalars(
        select(FeedOffer)
        .join(FeedOffer.search)
        .options(contains_eager(FeedOffer.search).joinedload(FeedSearch.owner))
        .where(FeedSearch.ref == search_ref, FeedOffer.dismissed_at.is_(None))
    ).all()
    read = known_urls(session, [one.url for one in offers])
    taken = [one for one in offers if one.url not in read]
    for one in taken:
        subscribing.subscribe(session, one.search.owner, one.url, one.title, person)
    return len(taken)


def dismiss(session: Session, ref: str, *, back: bool = False) -> None:
    """Put an offer aside, or bring it ``back``. Raises SearchMissingError."""
    _offer(session, ref).dismissed_at = None if back else clock.now()


def known_urls(session: Session, urls: Collection[str]) -> frozenset[str]:
    """Return which of these feeds are listened to, or were."""
    return frozenset(session.scalars(select(Feed.url).where(Feed.url.in_(urls)))) if urls else frozenset()


def _offer(session: Session, ref: str) -> FeedOffer:
    offer = session.scalars(
        select(FeedOffer)
        .where(FeedOffer.ref == ref)
        .options(joinedload(FeedOffer.search).joinedload(FeedSearch.owner))
    ).one_or_none()
    if offer is None:
        raise SearchMissingError(ref=ref)
    return offer


def tick(worker: Worker, parser: FeedParser) -> int:
    """Make the searches that wait, a few sites at a time, each host once; return how many were made."""
    policy = FetchPolicy.of(tuple(worker.settings.feed_allow), worker.settings.contact)
    return search(worker.database, Asking(policy, parser), worker.name)


def search(database: Database, asking: Asking, worker: str = "worker") -> int:
    """Make the searches that wait; return how many were made."""
    with database.reading() as session:
        waiting = session.scalar(select(FeedSearch.id).where(_due(session)).limit(1))
    if waiting is None:
        return 0
    with database.transaction() as session:
        claimed = _claim(session, worker)
    with ThreadPoolExecutor(_AT_ONCE, "searches") as threads:
        list(threads.map(partial(_make, database, asking), claimed))
    return len(claimed)


def _due(session: Session) -> ColumnElement[bool]:
    at = clock.db_now(session)
    return or_(
        FeedSearch.stage == JobStage.WAITING,
        (FeedSearch.stage == JobStage.RUNNING) & (FeedSearch.lease_until < at),
    )


def _claim(session: Session, worker: str) -> list[_Claimed]:
    rows = session.execute(
        select(FeedSearch.id, FeedSearch.host, FeedSearch.site_url)
        .where(_due(session))
        .order_by(FeedSearch.id)
        .limit(_AT_ONCE * 5)
        .with_for_update(skip_locked=True)
    ).all()
    by_host: dict[str, tuple[int, str]] = {}
    for search_id, host, url in rows:
        by_host.setdefault(host, (search_id, url))
    until = clock.db_now(session) + _LEASE
    claimed = [
        _Claimed(search_id, f"{worker[:60]}:{new_ref()}", url)
        for search_id, url in list(by_host.values())[:_AT_ONCE]
    ]
    for one in claimed:
        session.execute(
            update(FeedSearch)
            .where(FeedSearch.id == one.search_id)
            .values(stage=JobStage.RUNNING, lease_owner=one.lease, lease_until=until, asked=0)
        )
    return claimed


def _make(database: Database, asking: Asking, claimed: _Claimed) -> None:
    said: tuple[str, dict[str, object]] = ("", {})
    found: list[FoundFeed] = []
    try:
        found = discover(claimed.site_url, asking, partial(_note, database, claimed))
    except FetchError as error:
        said = (error.code, error.params)
    except Exception:  # noqa: BLE001 -- one site must not keep the others waiting, whatever it shows of our code
        _log.exception("search %s failed", claimed.search_id)
        said = (FetchError.code, {})
    with database.transaction() as session:
        _record(session, claimed, found, said)


def _note(database: Database, claimed: _Claimed, asked: int) -> None:
    with database.transaction() as session:
        session.execute(_mine(claimed).values(asked=asked))


def _mine(claimed: _Claimed) -> Update:
    return update(FeedSearch).where(
        FeedSearch.id == claimed.search_id, FeedSearch.lease_owner == claimed.lease
    )


def _record(
    session: Session, claimed: _Claimed, found: Sequence[FoundFeed], said: tuple[str, dict[str, object]]
) -> None:
    code, params = said
    stage = JobStage.FAILED if code else JobStage.DONE
    ours = session.execute(
        _mine(claimed)
        .values(
            stage=stage, lease_owner="", lease_until=None, ended_at=clock.now(), said_code=code, said_params=params
        )
        .returning(FeedSearch.id)
        .execution_options(synchronize_session=False)
    ).first()  # fmt: skip
    if ours is None or code:
        # What was found the last time still stands when the site cannot be had today.
        return
    aside = set(
        session.scalars(
            select(FeedOffer.url).where(
                FeedOffer.search_id == claimed.search_id, FeedOffer.dismissed_at.is_not(None)
            )
        )
    )
    session.execute(delete(FeedOffer).where(FeedOffer.search_id == claimed.search_id))
    _listen(session, claimed, found)
    for one in {feed.url: feed for feed in found}.values():
        session.add(
            FeedOffer(
                search_id=claimed.search_id, url=one.url, title=one.title[:_LONGEST_TITLE], entries=one.entries,
                last_at=one.last_at, declared=one.declared,
                dismissed_at=clock.now() if one.url in aside else None,
            )
        )  # fmt: skip


def _listen(session: Session, claimed: _Claimed, found: Sequence[FoundFeed]) -> None:
    made = session.get_one(FeedSearch, claimed.search_id, options=[joinedload(FeedSearch.owner)])
    if not made.listen or len(found) != 1 or found[0].url in known_urls(session, [found[0].url]):
        return
    if made.asked_by_id is not None:
        person = session.get_one(Person, made.asked_by_id)
        subscribing.subscribe(session, made.owner, found[0].url, found[0].title, person)
