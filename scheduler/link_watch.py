"""Looking after the directory's links: each about once a week, one of a host at a time, nobody told of one bad day.

A look is one GET of a few kilobytes over the pinned client, with the page's tag when it gave one: many servers answer
HEAD wrongly. Feeds are read anyway, so that for them only what the reading said is taken over.
"""

import logging
import random
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, clock, epoch
from content_calendar.db import Database
from content_calendar.errors import NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account, Owner, Region, Site
from content_calendar.models.people import Person
from scheduler import link_notices
from scheduler.link_health import Health, Seen, seen_of, verdict
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.fetching import Fetched, Limits, Resolve, fetch, resolve_name
from scheduler.listening.recognising import account_url, is_silent
from scheduler.models import Feed, FeedStage
from scheduler.watch_models import WatchedKind, WatchedLink
from scheduler.worker import Worker

_log = logging.getLogger(__name__)
_AT_ONCE = 4
_MOST_DUE = 200
_LEASE = timedelta(minutes=10)
# A new link is first looked at within a day, so that a whole directory is not asked in one hour.
_FIRST_WITHIN = timedelta(hours=24)
_LONGEST_ETAG, _LONGEST_URL = 500, 1000
_FEED_FAILURES = 2
_LIMITS = Limits(
    connect=timedelta(seconds=8),
    read=timedelta(seconds=10),
    total=timedelta(seconds=20),
    wire_bytes=64 * 1024,
    body_bytes=512 * 1024,
    redirects=5,
)


class WatchedMissingError(NotFoundError):
    """That link is not looked after."""

    code = "watched_missing"


@dataclass(frozen=True)
class Watching:
    """How links are asked."""

    policy: FetchPolicy
    limits: Limits = _LIMITS
    resolve: Resolve = resolve_name
    spread: random.Random = field(default_factory=random.Random)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the directory has today."""

    kind: WatchedKind
    owner_id: int
    subject: str
    url: str
    host: str
    name: str
    health: Health


@dataclass(frozen=True, slots=True)
class _Due:
    link_id: int
    url: str
    host: str
    etag: str


@dataclass(frozen=True, slots=True)
class _Looked:
    due: _Due
    seen: Seen
    etag: str = ""


def tick(worker: Worker) -> int:
    """Look at the links that are due, and tell of what broke; return how many were looked at.

    A demonstration asks nobody's site by itself.
    """
    with worker.database.reading() as session:
        if epoch.installation(session).demo:
            return 0
    policy = FetchPolicy.of(tuple(worker.settings.feed_allow), worker.settings.contact)
    return watch(worker.database, Watching(policy))


def watch(database: Database, watching: Watching) -> int:
    """Look at the links that are due, one of each host; return how many they were."""
    with database.transaction() as session:
        follow_directory(session, watching)
        due = _claim(session)
    with ThreadPoolExecutor(_AT_ONCE, "links") as threads:
        looked = list(threads.map(partial(_look, watching), due))
    with database.transaction() as session:
        _record(session, looked, watching)
        link_notices.tell(session)
    return len(looked)


def check_now(database: Database, ref: str, watching: Watching) -> Health:
    """Look at one link at once; return how it is. Raises WatchedMissingError.

    It takes seconds: no transaction may be open.
    """
    with database.reading() as session:
        link = find(session, ref)
    if link.kind is WatchedKind.FEED:
        with database.transaction() as session:
            session.execute(
                update(Feed)
                .where(Feed.ref == link.subject)
                .values(stage=FeedStage.ACTIVE, next_poll_at=clock.now(), failures=0)
            )
        return link.health
    looked = _look(watching, _Due(link.id, link.url, link.host, ""))
    with database.transaction() as session:
        _record(session, [looked], watching)
        link_notices.tell(session)
        return session.scalars(select(WatchedLink.health).where(WatchedLink.id == link.id)).one()


def find(session: Session, ref: str) -> WatchedLink:
    """Return the link of that reference with its owner; raise WatchedMissingError."""
    link = session.scalars(
        select(WatchedLink).where(WatchedLink.ref == ref).options(joinedload(WatchedLink.owner))
    ).one_or_none()
    if link is None:
        raise WatchedMissingError(ref=ref)
    return link


def of_owner(session: Session, owner_id: int) -> dict[tuple[str, str], WatchedLink]:
    """Return how an owner's links are, by their kind and subject; one query."""
    rows = session.scalars(select(WatchedLink).where(WatchedLink.owner_id == owner_id))
    return {(one.kind.value, one.subject): one for one in rows}


def troubled(
    session: Session, owner_ids: Collection[int] | None, region_ids: Collection[int] = ()
) -> Sequence[WatchedLink]:
    """Return what is broken, or failed once, or could not be told, with its owner; of everybody for None."""
    query = (
        select(WatchedLink)
        .join(WatchedLink.owner)
        .where(
            WatchedLink.health.in_([Health.BROKEN, Health.UNTOLD]) | WatchedLink.failing_since.is_not(None)
            | (WatchedLink.said_code != "")
        )
        .options(joinedload(WatchedLink.owner))
        .order_by(Owner.short_name, WatchedLink.id)
        .limit(500)
    )  # fmt: skip
    if owner_ids is None:
        return session.scalars(query).all()
    regional = select(Owner.id).join(Region, Region.id == Owner.region_id).where(Region.id.in_(region_ids))
    return session.scalars(
        query.where(WatchedLink.owner_id.in_(owner_ids) | WatchedLink.owner_id.in_(regional))
    ).all()


def let_be(session: Session, ref: str, person: Person, *, back: bool = False) -> WatchedLink:
    """Tell nobody of a link any more, or again with ``back``. Raises WatchedMissingError."""
    link = find(session, ref)
    link.let_be_at = None if back else clock.now()
    session.flush()
    audit.record(session, person.ref, "link_watched" if back else "link_let_be", "link", link.ref)
    link_notices.tell(session)
    return link


def follow_directory(session: Session, watching: Watching) -> None:
    """Look after what the directory has today, and no longer after what it has not."""
    wanted = {(one.kind, one.subject): one for one in _wanted(session)}
    known = {(one.kind, one.subject): one for one in session.scalars(select(WatchedLink))}
    gone = [one.id for key, one in known.items() if key not in wanted]
    if gone:
        session.execute(delete(WatchedLink).where(WatchedLink.id.in_(gone)))
    at = clock.now()
    new = []
    for key, one in wanted.items():
        row = known.get(key)
        if row is None:
            asks = one.health is Health.NEW and one.kind is not WatchedKind.FEED
            first = at + _FIRST_WITHIN * watching.spread.random() if asks else None
            new.append({**asdict(one), "check_at": first})
        elif row.url != one.url or row.owner_id != one.owner_id:
            # Another address is another link: what was known of the old one says nothing of it.
            row.url, row.host, row.owner_id, row.health = one.url, one.host, one.owner_id, one.health
            row.failing_since, row.said_code, row.etag, row.told_at, row.let_be_at = None, "", "", None, None
            row.check_at = at if one.health is Health.NEW else None
    insert_absent(session, WatchedLink, new)
    session.flush()
    _take_over_feeds(
        session, {subject: row for (kind, subject), row in known.items() if kind is WatchedKind.FEED}
    )


def _wanted(session: Session) -> list[_Wanted]:
    wanted = [
        _link(WatchedKind.SITE, owner_id, str(site_id), url, "")
        for site_id, owner_id, url in session.execute(select(Site.id, Site.owner_id, Site.url))
    ]
    for ref, owner_id, network, handle, url in session.execute(
        select(Account.ref, Account.owner_id, Account.network, Account.handle, Account.url).where(
            Account.valid_to.is_(None)
        )
    ):
        address = url or account_url(network, handle)
        if address:
            health = Health.SILENT if is_silent(network) else Health.NEW
            wanted.append(_link(WatchedKind.ACCOUNT, owner_id, ref, address, handle, health))
    wanted += [
        _link(WatchedKind.FEED, owner_id, ref, url, title)
        for ref, owner_id, url, title in session.execute(
            select(Feed.ref, Feed.owner_id, Feed.url, Feed.title).where(Feed.stage != FeedStage.PAUSED)
        )
    ]
    return [one for one in wanted if one.host]


def _link(
    kind: WatchedKind, owner_id: int, subject: str, url: str, name: str, health: Health = Health.NEW
) -> _Wanted:
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        host = ""
    return _Wanted(kind, owner_id, subject, url[:_LONGEST_URL], host, name[:300], health)


def _take_over_feeds(session: Session, rows: dict[str, WatchedLink]) -> None:
    feeds = session.scalars(select(Feed).where(Feed.ref.in_(rows), Feed.polled_at.is_not(None)))
    for feed in feeds:
        row = rows[feed.ref]
        row.checked_at, row.name = feed.polled_at, feed.title
        if feed.stage is FeedStage.ACTIVE and not feed.failures:
            row.health, row.failing_since, row.said_code, row.told_at = Health.WELL, None, "", None
            continue
        row.said_code, row.said_params = feed.said_code, feed.said_params
        row.failing_since = row.failing_since or feed.polled_at or clock.now()
        apart = verdict(Seen(), row.health, row.failing_since, clock.now(), 0).health is Health.BROKEN
        if feed.stage is FeedStage.GONE or (apart and feed.failures >= _FEED_FAILURES):
            row.health = Health.BROKEN


def _claim(session: Session) -> list[_Due]:
    at = clock.now()
    rows = session.scalars(
        select(WatchedLink)
        .where(WatchedLink.check_at <= at)
        .order_by(WatchedLink.check_at)
        .limit(_MOST_DUE)
        .with_for_update(skip_locked=True)
    ).all()
    by_host: dict[str, WatchedLink] = {}
    for row in rows:
        by_host.setdefault(row.host, row)
    for row in by_host.values():
        # If we die meanwhile, it is looked at again then.
        row.check_at = at + _LEASE
    session.flush()
    return [_Due(row.id, row.url, row.host, row.etag) for row in by_host.values()]


def _look(watching: Watching, due: _Due) -> _Looked:
    try:
        answer = fetch(
            due.url, policy=watching.policy, etag=due.etag, limits=watching.limits, resolve=watching.resolve
        )
    except FetchError as error:
        return _Looked(due, seen_of(error.code, error.params))
    except Exception:  # noqa: BLE001 -- one link must not keep the others from being looked at
        _log.exception("link %s could not be looked at", due.link_id)
        return _Looked(due, Seen(neither=True, code=FetchError.code))
    return _Looked(due, _arrived(due, answer), answer.headers.get("etag", due.etag))


def _arrived(due: _Due, answer: Fetched) -> Seen:
    there = (urlsplit(answer.final_url).hostname or "").lower()
    if _site(there) == _site(due.host):
        return Seen(ok=True)
    # It opens, somewhere else: a person looks whether that is where it should lead.
    return Seen(ok=True, code="link_elsewhere", params={"host": there})


def _site(host: str) -> str:
    # The last three names: www.a.org.mx and a.org.mx are one site, a.org.mx and b.org.mx are not.
    return ".".join(host.removeprefix("www.").split(".")[-3:])


def _record(session: Session, looked: Sequence[_Looked], watching: Watching) -> None:
    at = clock.now()
    rows = {
        row.id: row
        for row in session.scalars(
            select(WatchedLink).where(WatchedLink.id.in_([one.due.link_id for one in looked]))
        )
    }
    for one in looked:
        row = rows.get(one.due.link_id)
        if row is None or row.url != one.due.url:
            continue
        said = verdict(one.seen, row.health, row.failing_since, at, watching.spread.random())
        row.health, row.failing_since, row.check_at = said.health, said.failing_since, said.check_at
        row.checked_at, row.said_code, row.said_params = at, one.seen.code, dict(one.seen.params)
        row.etag = one.etag if len(one.etag) <= _LONGEST_ETAG else ""
        if said.health is not Health.BROKEN:
            row.told_at = None
    session.flush()
