"""The nightly sweep: files that no row names are removed once they are a day old, rows without a file are told.

A file is always written before its row, so that a crash leaves a file too many and never a row without its file.
What is too many goes here. Which files are named is read from every table of the house: a column that ends in
``sha256`` names a file, whoever added it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, exists, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from assets import outdated
from assets.models import AssetVersion, Consent, EvidenceFile, Rendition
from assets.storage import Shelf, Storage
from content_calendar import audit, clock
from content_calendar.db import Base, Database
from content_calendar.models.allies import AllyConsent
from content_calendar.models.people import AuditEvent
from content_calendar.models.report_blanks import ReportBlank
from content_calendar.models.reports import Report, ReportFile

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
# No request lasts so long between a file and its row.
OLD = timedelta(days=1)
SWEPT = "files_swept"
# More than this without a row is no crash but the wrong database, or one brought back from a backup: a person looks.
_MANY, _PART_OF_ALL = 100, 5
_SHOWN = 20
# Hashes of what is no file of ours.
_OTHERS = frozenset({"payload_sha256"})
# Where the files of which columns lie; an empty name is none. What is served as it came needs no original beside.
KEPT: Mapping[Shelf, Sequence[InstrumentedAttribute[str]]] = {
    Shelf.ORIGINALS: [AssetVersion.original_sha256],
    Shelf.SERVED: [
        AssetVersion.sha256,
        AssetVersion.thumbnail_sha256,
        Rendition.sha256,
        Rendition.preview_sha256,
    ],
    Shelf.CONSENTS: [Consent.file_sha256, AllyConsent.evidence_sha256],
    Shelf.EVIDENCE: [EvidenceFile.sha256, EvidenceFile.thumbnail_sha256],
    Shelf.REPORTS: [ReportFile.sha256, Report.source_sha256, ReportBlank.sha256],
}


@dataclass(frozen=True)
class Swept:
    """What a sweep did and found: when, how many files it removed, which rows lack their file.

    ``stopped`` is how many files without a row it left, because they were too many to be crashes, ``dropped`` how
    many formats that nobody can reach any more it forgot.
    """

    at: datetime
    removed: int
    missing: Sequence[str] = ()
    missing_total: int = 0
    stopped: int = 0
    dropped: int = 0


def sweep_nightly(database: Database, storage: Storage) -> Swept | None:
    """Sweep unless somebody did within a day; return what came of it."""
    with database.reading() as session:
        last = last_sweep(session)
    if last is not None and clock.now() - last.at < EVERY:
        return None
    return sweep(database, storage)


def sweep(database: Database, storage: Storage) -> Swept:
    """Sweep now, and write down in the audit what was done; no transaction is open while files are looked at."""
    before = clock.now() - OLD
    removed = storage.clear_unfinished(before)
    stopped, missing, kept = 0, list[str](), 0
    for shelf in Shelf:
        # The rows first: one that comes while the files are listed has its file already.
        with database.reading() as session:
            expected = _expected(session, shelf)
            named = _named(session)
        files = {one.sha256: one.put_at for one in storage.files(shelf)}
        kept += len(files)
        # Listed first, and gone since, or put since: looked at once more.
        missing += [
            f"{shelf.value} {sha256}"
            for sha256 in sorted(expected - files.keys())
            if not storage.exists(shelf, sha256)
        ]
        orphans = [sha256 for sha256, put_at in files.items() if put_at < before and sha256 not in named]
        if len(orphans) > _MANY and len(orphans) * _PART_OF_ALL > len(files):
            stopped += len(orphans)
            continue
        removed += sum(_removed(database, storage, shelf, sha256, before) for sha256 in orphans)
    # Afterwards: what they named goes in the next sweep, and stays far below what stops one.
    dropped = outdated.drop(database, before, max(_MANY // 4, kept // (4 * _PART_OF_ALL)))
    return _noted(database, removed, missing, stopped, dropped)


def last_sweep(session: Session) -> Swept | None:
    """Return what the last sweep did and found, None when there was none."""
    row = session.scalars(
        select(AuditEvent).where(AuditEvent.act == SWEPT).order_by(AuditEvent.id.desc()).limit(1)
    ).first()
    return None if row is None else Swept(row.at, **row.details)


def _noted(database: Database, removed: int, missing: Sequence[str], stopped: int, dropped: int) -> Swept:
    found = {
        "removed": removed,
        "missing": list(missing[:_SHOWN]),
        "missing_total": len(missing),
        "stopped": stopped,
        "dropped": dropped,
    }
    with database.transaction() as session:
        audit.record(session, "", SWEPT, "installation", "", **found)
    if missing:
        logger.error("%s files are missing that rows name: %s", len(missing), missing[:_SHOWN])
    if stopped:
        logger.error("%s files have no row; that is no crash, and none was removed", stopped)
    return Swept(clock.now(), removed, missing[:_SHOWN], len(missing), stopped, dropped)


def _removed(database: Database, storage: Storage, shelf: Shelf, sha256: str, before: datetime) -> bool:
    with database.reading() as session:
        if _is_named(session, sha256):
            return False
    return storage.discard(shelf, sha256, before)


def _columns() -> list[Column[str]]:
    """Return every column of the house that names a file."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("sha256") and column.name not in _OTHERS
    ]


def _named(session: Session) -> set[str]:
    return set(session.scalars(union_all(*(select(column) for column in _columns()))))


def _is_named(session: Session, sha256: str) -> bool:
    return any(
        session.scalar(select(literal(1)).where(exists().where(column == sha256))) for column in _columns()
    )


def _expected(session: Session, shelf: Shelf) -> set[str]:
    """Return the files that rows say lie on the shelf."""
    found: set[str] = set()
    for column in KEPT.get(shelf, ()):
        query = select(column).where(column != "")
        if column is AssetVersion.original_sha256:
            query = query.where(AssetVersion.original_sha256 != AssetVersion.sha256)
        found.update(session.scalars(query))
    return found
