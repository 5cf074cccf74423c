"""Evidence: what was seen of a replication, kept as it was, whatever becomes of the page afterwards.

It is appended and never changed. A replication that is taken back by whoever declared it takes its evidence with it;
nothing else removes any.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import clock
from content_calendar.db import new_ref
from content_calendar.inserting import insert_absent
from scheduler.listening.cleaning import LONGEST_LINK, lines
from scheduler.models import Replication
from scheduler.replication.seek_models import EvidenceSort, ReplicationEvidence

LONGEST_TEXT = 20_000
Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: words, where, the hash of a picture, a file that was uploaded."""

    sort: EvidenceSort
    text: str = ""
    link: str = ""
    picture_hash: str = ""
    file_id: int | None = None

    @property
    def digest(self) -> str:
        """Return the hash of all of it."""
        told = (
            self.sort.value,
            self.text[:LONGEST_TEXT],
            self.link,
            self.picture_hash,
            str(self.file_id or ""),
        )
        return hashlib.sha256("\0".join(told).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Summary:
    """How much evidence there is of a replication, and since when."""

    pieces: int
    files: int
    first_at: datetime
    last_at: datetime


def keep(session: Session, seen: Mapping[Key, Sequence[Seen]]) -> None:
    """Append what was seen of replications, each by its post, body and evidence key; what is known is not written.

    A replication that is not there is passed over. Two statements, however many there are.
    """
    if not seen:
        return
    rows = session.execute(
        select(Replication.id, Replication.post_id, Replication.body_id, Replication.evidence_key).where(
            Replication.post_id.in_({post_id for post_id, _, _ in seen}),
            Replication.evidence_key.in_({key for _, _, key in seen}),
        )
    )
    at = clock.now()
    new = [
        _row(row.id, one, at)
        for row in rows
        for one in seen.get((row.post_id, row.body_id, row.evidence_key), ())
    ]
    insert_absent(session, ReplicationEvidence, new)


def _row(replication_id: int, one: Seen, at: datetime) -> dict[str, object]:
    text = lines(one.text, LONGEST_TEXT)
    return {
        "ref": new_ref(),
        "replication_id": replication_id,
        "sort": one.sort,
        "digest": one.digest,
        "text": text,
        "text_hash": hashlib.sha256(text.encode()).hexdigest() if text else "",
        "link": lines(one.link, LONGEST_LINK),
        "picture_hash": lines(one.picture_hash, 100),
        "file_id": one.file_id,
        "seen_at": at,
    }


def of(session: Session, replication_ids: Collection[int]) -> dict[int, list[ReplicationEvidence]]:
    """Return the evidence of these replications, with its files, the first seen first; one query."""
    found: dict[int, list[ReplicationEvidence]] = {}
    for row in session.scalars(
        select(ReplicationEvidence)
        .where(ReplicationEvidence.replication_id.in_(replication_ids))
        .options(joinedload(ReplicationEvidence.file))
        .order_by(ReplicationEvidence.id)
    ):
        found.setdefault(row.replication_id, []).append(row)
    return found


def text_seen(session: Session, replication_id: int) -> str:
    """Return what a body said, as it was first seen; empty where only a person's word is kept."""
    seen = (EvidenceSort.NOTE, EvidenceSort.REMOTE)
    found = session.scalar(
        select(ReplicationEvidence.text)
        .where(
            ReplicationEvidence.replication_id == replication_id,
            ReplicationEvidence.sort.in_(seen),
            ReplicationEvidence.text != "",
        )
        .order_by(ReplicationEvidence.id)
        .limit(1)
    )
    return found or ""


def summaries(session: Session, replication_ids: Collection[int]) -> dict[int, Summary]:
    """Return how much evidence there is of each of these replications that has any; one query."""
    rows = session.execute(
        select(
            ReplicationEvidence.replication_id,
            func.count(),
            func.count(ReplicationEvidence.file_id),
            func.min(ReplicationEvidence.seen_at),
            func.max(ReplicationEvidence.seen_at),
        )
        .where(ReplicationEvidence.replication_id.in_(replication_ids))
        .group_by(ReplicationEvidence.replication_id)
    )
    return {row[0]: Summary(*row[1:]) for row in rows}
