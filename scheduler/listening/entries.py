"""Keeping notes: each one once, whatever its feed does with its guid, its link or its order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from content_calendar.db import new_ref
from content_calendar.inserting import insert_absent
from scheduler.listening.identity import Identity, Told, identify
from scheduler.listening.note_words import searched
from scheduler.listening.parsing import ParsedEntry
from scheduler.models import Entry
from scheduler.replication.models import EntryPicture

# The picture of an older note is not looked at: most of a feed that is read for the first time is old.
PICTURES_LOOKED_AT = timedelta(days=7)


def keep(
    session: Session, owner_id: int, feed_id: int | None, entries: Sequence[ParsedEntry], now: datetime
) -> int:
    """Store the owner's notes that are not known yet; return how many were new.

    A note without a usable date counts as of ``now``, when it is first seen, and says so.
    """
    told = [Told(one.link, one.guid, one.title, one.summary, one.published_at) for one in entries]
    identities = identify(told)
    known = _known(session, owner_id, identities)
    rows = []
    for entry, identity in zip(entries, identities, strict=True):
        names = {identity.key} | ({identity.link_key} if identity.link_key else set())
        if names & known:
            continue
        known |= names
        rows.append(_row(entry, identity, owner_id, feed_id, now))
    shown = {
        identity.key: entry.picture
        for entry, identity in zip(entries, identities, strict=True)
        if entry.picture and (entry.published_at or now) >= now - PICTURES_LOOKED_AT
    }
    return _insert(session, rows, shown) if rows else 0


def _known(session: Session, owner_id: int, identities: Iterable[Identity]) -> set[str]:
    keys = {identity.key for identity in identities}
    links = {identity.link_key for identity in identities if identity.link_key}
    found = session.execute(
        select(Entry.identity, Entry.link_key).where(
            Entry.owner_id == owner_id, or_(Entry.identity.in_(keys), Entry.link_key.in_(links))
        )
    )
    return {name for row in found for name in row if name}


def _row(
    entry: ParsedEntry, identity: Identity, owner_id: int, feed_id: int | None, now: datetime
) -> dict[str, Any]:
    return {
        "ref": new_ref(),
        "owner_id": owner_id,
        "feed_id": feed_id,
        "identity": identity.key,
        "title": entry.title,
        "link": entry.link or "",
        "link_key": identity.link_key,
        "summary": entry.summary,
        "author": entry.author,
        "searched": searched(entry.title, entry.summary),
        "published_at": entry.published_at or now,
        "dated": entry.published_at is not None,
        "first_seen_at": now,
    }


def _insert(session: Session, rows: list[dict[str, Any]], shown: Mapping[str, str]) -> int:
    # Two feeds of one owner, read by two workers at once, may bring the same note: the second is ignored.
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    stored = session.execute(
        insert(Entry)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["owner_id", "identity"])
        .returning(Entry.id, Entry.identity)
    ).all()
    if shown:
        pictures = [
            {"entry_id": entry_id, "url": shown[identity]}
            for entry_id, identity in stored
            if identity in shown
        ]
        insert_absent(session, EntryPicture, pictures)
    return len(stored)
