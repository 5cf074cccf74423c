"""Notes' pictures: fetched a few at a time, looked at in the darkroom, and compared with those of posts that are out.

Only of young notes, only while a post with a picture is out that they can have taken up, over the pinned client and
bounded in size and time. Of the picture itself nothing is kept but its hash and a small grey copy, and that no longer
than it can be compared. A verdict by words on the same pair and this one make each other surer.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from assets.models import Asset
from assets.object_storage import chosen
from assets.pictures import PicturesBusyError
from assets.renditions import marks_of
from assets.resembling import (
    KnownLooks,
    Resembling,
    look_of,
    looked_at,
    packed,
    remember,
    resembling,
    unpacked,
    unseen_marked,
)
from assets.storage import Storage
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body
from content_calendar.models.posts import PostMedia
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.fetching import Limits, Resolve, fetch, resolve_name
from scheduler.models import Entry, Replication, ReplicationKind
from scheduler.replication import tuning
from scheduler.replication.evidence import Seen
from scheduler.replication.ledger import Finding, write
from scheduler.replication.match import Thresholds
from scheduler.replication.models import EntryPicture
from scheduler.replication.seek_models import EvidenceSort
from scheduler.worker import Worker

# A note older than this is not looked at; a post older than this is not compared.
YOUNG, OUT_FOR = timedelta(days=7), timedelta(days=30)
_FETCHED_AT_ONCE, _MATCHED_AT_ONCE = 10, 100
_MOST_TRIES = 3
_AGAIN = timedelta(hours=1)
_LIMITS = Limits(
    connect=timedelta(seconds=5),
    read=timedelta(seconds=8),
    total=timedelta(seconds=12),
    wire_bytes=6 << 20,
    body_bytes=6 << 20,
)
_MOST_SURE = 99


@dataclass(frozen=True)
class Out:
    """A post that is out and shows a material of the tool-box."""

    post_id: int
    asset_id: int
    asset: str
    out_at: datetime
    owners: frozenset[int]


@dataclass(frozen=True)
class Fetching:
    """How pictures are asked for."""

    policy: FetchPolicy
    limits: Limits = _LIMITS
    resolve: Resolve = resolve_name


def tick(worker: Worker, known: KnownLooks) -> int:
    """Fetch and compare what waits; return how many replications were written."""
    settings = worker.settings
    fetch_waiting(worker.database, Fetching(FetchPolicy.of(tuple(settings.feed_allow), settings.contact)))
    return match_waiting(worker.database, known, chosen(settings))


def fetch_waiting(database: Database, fetching: Fetching) -> int:
    """Fetch a few pictures of young notes and keep how they look; return how many were asked for.

    No transaction is open meanwhile. One that cannot be had is tried again, three times in all.
    """
    now = clock.now()
    with database.reading() as session:
        shown = pictures_out(session, now - OUT_FOR)
        if not shown:
            return 0
        rows = session.execute(
            select(EntryPicture.entry_id, EntryPicture.url, EntryPicture.failures)
            .join(Entry, Entry.id == EntryPicture.entry_id)
            .join(Body, Body.id == Entry.owner_id)
            .where(
                EntryPicture.looked_at.is_(None),
                EntryPicture.next_at <= now,
                Entry.published_at >= max(now - YOUNG, min(one.out_at for one in shown) - Thresholds().early),
                Entry.hidden_at.is_(None),
            )
            .order_by(EntryPicture.next_at)
            .limit(_FETCHED_AT_ONCE)
        ).all()
    for entry_id, url, failures in rows:
        values = _fetched(url, failures, fetching)
        with database.transaction() as session:
            session.execute(update(EntryPicture).where(EntryPicture.entry_id == entry_id).values(values))
    return len(rows)


def _fetched(url: str, failures: int, fetching: Fetching) -> dict[str, object]:
    """Return what to note of a picture that was asked for."""
    now = clock.now()
    try:
        data = fetch(url, policy=fetching.policy, limits=fetching.limits, resolve=fetching.resolve).body
        seen = looked_at(data)
    except (FetchError, PicturesBusyError):
        given_up = failures + 1 >= _MOST_TRIES
        return {
            "failures": failures + 1,
            "next_at": now + _AGAIN * (failures + 1),
            "looked_at": now if given_up else None,
            "matched_at": now if given_up else None,
        }
    values: dict[str, object] = {"looked_at": now, "picture": hashlib.sha256(data).hexdigest()}
    if seen is None:
        return values | {"matched_at": now}
    return values | {"width": seen.size[0], "height": seen.size[1], "grey": packed(seen.grey.tobytes())}


def pictures_out(session: Session, since: datetime) -> Sequence[Out]:
    """Return the posts that are out since then with pictures of the tool-box, each with each of its materials."""
    rows = session.execute(
        select(PostMedia.post_id, Asset.id, Asset.title, func.min(Publication.published_at), Account.owner_id)
        .join(Asset, Asset.ref == PostMedia.asset_ref)
        .join(Publication, Publication.post_id == PostMedia.post_id)
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.state == PublicationState.PUBLISHED, Publication.published_at >= since)
        .group_by(PostMedia.post_id, Asset.id, Asset.title, Account.owner_id)
    )
    found: dict[tuple[int, int], Out] = {}
    for post_id, asset_id, title, out_at, owner_id in rows:
        if out_at is None:
            continue
        before = found.get((post_id, asset_id))
        first = min(out_at, before.out_at) if before else out_at
        owners = frozenset({owner_id}) | (before.owners if before else frozenset())
        found[post_id, asset_id] = Out(post_id, asset_id, title, first, owners)
    return list(found.values())


def _forget_old(database: Database, now: datetime) -> None:
    old = exists().where(Entry.id == EntryPicture.entry_id, Entry.published_at < now - OUT_FOR)
    with database.transaction() as session:
        session.execute(delete(EntryPicture).where(old))


def match_waiting(database: Database, known: KnownLooks, storage: Storage) -> int:
    """Compare pictures of notes with those of posts; return how many replications are new or surer.

    Pictures that were compared are compared again when a post of before them comes out or its picture is first looked
    at, as long as they are young; what is older is forgotten.
    """
    now = clock.now()
    _forget_old(database, now)
    # Read without the right to write: to unpack hundreds of looks takes seconds, and others write meanwhile.
    with database.reading() as session:
        shown = pictures_out(session, now - OUT_FOR)
        looks = known.of(session, {one.asset_id for one in shown})
        rows = session.execute(
            select(EntryPicture, Entry)
            .join(Entry, Entry.id == EntryPicture.entry_id)
            .join(Body, Body.id == Entry.owner_id)
            .where(EntryPicture.width > 0, EntryPicture.matched_at.is_(None))
            .order_by(EntryPicture.entry_id)
            .limit(_MATCHED_AT_ONCE)
        ).all()
        limits = tuning.thresholds(session)
    found = []
    for picture, entry in rows:
        theirs = unpacked(picture.width, picture.height, picture.grey)
        told = resembling(theirs, looks) if theirs else []
        likely = {one.asset_id for one in told if one.percent() >= limits.picture_doubtful}
        if theirs and likely and _look_at_marked(database, storage, likely, entry.owner_id):
            with database.reading() as session:
                told = resembling(theirs, known.of(session, likely))
        found += _findings(entry, picture, told, shown, limits)
    with database.transaction() as session:
        written = write(session, reinforced(session, found, limits))
        session.execute(
            update(EntryPicture)
            .where(EntryPicture.entry_id.in_([picture.entry_id for picture, _ in rows]))
            .values(matched_at=now)
        )
    return written


def _look_at_marked(database: Database, storage: Storage, asset_ids: Collection[int], owner_id: int) -> int:
    """Look at the formats of these materials with the body's own mark, which it most likely shows; return how many."""
    with database.reading() as session:
        marks = marks_of(session, [owner_id])
        unknown = [one for mark in marks.values() for one in unseen_marked(session, asset_ids, mark)]
    for asset_id, sha256 in unknown:
        try:
            seen = look_of(storage, sha256)
        except PicturesBusyError:
            continue
        with database.transaction() as session:
            remember(session, asset_id, sha256, seen)
    return len(unknown)


def ask_again(session: Session, since: datetime) -> None:
    """Let the pictures of notes since then be compared again: a picture of ours is new."""
    young = select(Entry.id).where(Entry.published_at >= since - Thresholds().early)
    session.execute(update(EntryPicture).where(EntryPicture.entry_id.in_(young)).values(matched_at=None))


def _findings(
    entry: Entry, picture: EntryPicture, told: Sequence[Resembling], shown: Sequence[Out], limits: Thresholds
) -> list[Finding]:
    by_asset = {one.asset_id: one for one in told if one.percent() >= limits.picture_doubtful}
    found: list[Finding] = []
    for post in shown:
        one = by_asset.get(post.asset_id)
        if one is None or entry.owner_id in post.owners or not _can_have_heard(entry, post):
            continue
        found.append(
            Finding(
                post_id=post.post_id,
                body_id=entry.owner_id,
                evidence_key=entry.link_key or entry.identity,
                kind=ReplicationKind.COPY
                if one.percent() >= limits.picture_automatic
                else ReplicationKind.ADAPTED,
                score=min(_MOST_SURE, one.percent()),
                certain=one.percent() >= limits.picture_automatic,
                why_code="replication_same_picture",
                why_params={"asset": post.asset, "percent": one.percent()},
                out_at=post.out_at,
                at=entry.published_at,
                link=entry.link,
                seen=Seen(EvidenceSort.NOTE, entry.title, entry.link, picture.picture),
                entry_id=entry.id,
                dated=entry.dated,
            )
        )
    return found


def _can_have_heard(entry: Entry, post: Out) -> bool:
    return not entry.dated or entry.published_at >= post.out_at - Thresholds().early


def reinforced(session: Session, found: Sequence[Finding], limits: Thresholds) -> list[Finding]:
    """Return the findings, each made surer by what words already told of the same post, body and note."""
    words = _by_words(session, {one.entry_id for one in found if one.entry_id})
    return [
        _joined(one, words[one.post_id, one.entry_id], limits)
        if (one.post_id, one.entry_id) in words
        else one
        for one in found
    ]


def _by_words(session: Session, entry_ids: Collection[int]) -> Mapping[tuple[int, int | None], Replication]:
    rows = session.scalars(
        select(Replication).where(Replication.entry_id.in_(entry_ids), Replication.score.is_not(None))
    )
    return {(row.post_id, row.entry_id): row for row in rows if "percent" in row.why_params}


def _joined(one: Finding, row: Replication, limits: Thresholds) -> Finding:
    if row.why_code in {"replication_same_picture", "replication_picture_and_words"}:
        return one
    apart = (100 - one.score) * (100 - (row.score or 0)) // 100
    score = min(_MOST_SURE, 100 - apart)
    return replace(
        one,
        kind=row.kind,
        score=score,
        certain=one.certain or score >= limits.automatic,
        why_code="replication_picture_and_words",
        why_params=dict(one.why_params) | {"words": row.why_params["percent"]},
    )
