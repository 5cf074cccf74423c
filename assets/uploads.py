"""Files that come in pieces: begun, appended to at an offset, gone on with after a cut, swept after a day.

The bytes lie in one file per upload until they are all there; then they are taken in like any other file.
The file is written before the row says so: after a crash it is longer than the row says, and the next
piece overwrites what nobody counted. Where it is shorter, what is missing is asked for again.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assets.clearance import People
from assets.labels import Label, clean, clean_filename
from assets.library import Added
from assets.models import Upload, UploadBatch
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.people import Person

LARGEST_PIECE = 4 << 20
_MEGABYTE = 1 << 20
_MOST_OPEN = 200
_KEPT = timedelta(days=1)
_LONGEST_ALT = 1000


class UploadMissingError(NotFoundError):
    """There is no such upload, or it is somebody else's. ``ref`` says which."""

    code = "upload_missing"


class UploadOffsetError(ConflictError):
    """The piece does not begin where the last one ended: ``held`` bytes are here."""

    code = "upload_offset"


class UploadSizeError(InvalidError):
    """The file is empty or has more bytes than are taken: ``megabytes`` of 2^20."""

    code = "upload_size"


class TooManyUploadsError(ConflictError):
    """Somebody has ``limit`` files half-way already."""

    code = "too_many_uploads"


@dataclass(frozen=True)
class Pieces:
    """Where the bytes of uploads lie until they are all there."""

    folder: Path

    def path(self, ref: str) -> Path:
        """Return the file of an upload; ``ref`` is one of ours, never what somebody typed."""
        return self.folder / f"{ref}.part"

    def write(self, ref: str, offset: int, data: bytes) -> None:
        """Write a piece at its place."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path(ref)
        path.touch()
        with path.open("r+b") as file:
            file.seek(offset)
            file.truncate()
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def here(self, ref: str) -> int:
        """Return how many bytes of an upload lie here; none when its file is gone."""
        try:
            return self.path(ref).stat().st_size
        except FileNotFoundError:
            return 0

    def open(self, ref: str) -> BinaryIO:
        """Return the file for reading; raise UploadMissingError when it is gone."""
        try:
            return self.path(ref).open("rb")
        except FileNotFoundError:
            raise UploadMissingError(ref=ref) from None

    def forget(self, ref: str) -> None:
        """Remove the file; one that is not there is already removed."""
        self.path(ref).unlink(missing_ok=True)


def open_batch(session: Session, label: Label, by: Person) -> UploadBatch:
    """Keep what is said of all files of an upload."""
    said = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(label).items()
    }
    batch = UploadBatch(person_id=by.id, label=said)
    session.add(batch)
    session.flush()
    return batch


def label_of(batch: UploadBatch, alt_text: str) -> Label:
    """Return what is said of one file of the batch."""
    said: dict[str, Any] = batch.label
    embargo, expires = said["embargo_until"], said["expires_on"]
    return Label(
        **said
        | {
            "alt_text": alt_text,
            "people": People(said["people"]),
            "embargo_until": datetime.fromisoformat(embargo) if embargo else None,
            "expires_on": date.fromisoformat(expires) if expires else None,
        }
    )


def begin(
    session: Session, batch_ref: str, filename: str, size: int, most_megabytes: int, by: Person
) -> Upload:
    """Return the upload of a file, begun now or left half-way: the same name and size by the same person.

    Raises UploadMissingError for a batch that is not theirs, UploadSizeError and TooManyUploadsError.
    """
    batch = session.scalars(
        select(UploadBatch).where(UploadBatch.ref == batch_ref, UploadBatch.person_id == by.id)
    ).one_or_none()
    if batch is None:
        raise UploadMissingError(ref=batch_ref)
    if not 0 < size <= most_megabytes * _MEGABYTE:
        raise UploadSizeError("file", megabytes=most_megabytes)
    name = clean_filename(filename)
    for left in half_way(session, by):
        if (left.filename, left.size) == (name, size):
            left.batch_id, left.touched_at = batch.id, now()
            session.flush()
            return left
    waiting = session.scalar(
        select(func.count())
        .select_from(Upload)
        .join(UploadBatch, UploadBatch.id == Upload.batch_id)
        .where(UploadBatch.person_id == by.id, Upload.asset_id.is_(None), Upload.refused == "")
    )
    if (waiting or 0) >= _MOST_OPEN:
        raise TooManyUploadsError(limit=_MOST_OPEN)
    upload = Upload(batch_id=batch.id, filename=name, size=size)
    session.add(upload)
    session.flush()
    return upload


def half_way(session: Session, by: Person) -> list[Upload]:
    """Return the uploads of a person that became nothing yet, the newest first."""
    return list(
        session.scalars(
            select(Upload)
            .join(UploadBatch, UploadBatch.id == Upload.batch_id)
            .where(UploadBatch.person_id == by.id, Upload.asset_id.is_(None), Upload.refused == "")
            .order_by(Upload.touched_at.desc(), Upload.id.desc())
            .limit(_MOST_OPEN)
        )
    )


def find(session: Session, ref: str, by: Person, *, lock: bool = False) -> tuple[Upload, UploadBatch]:
    """Return somebody's own upload and its batch; raise UploadMissingError."""
    query = (
        select(Upload, UploadBatch)
        .join(UploadBatch, UploadBatch.id == Upload.batch_id)
        .where(Upload.ref == ref, UploadBatch.person_id == by.id)
    )
    row = session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise UploadMissingError(ref=ref)
    return row[0], row[1]


def standing(upload: Upload, pieces: Pieces) -> int:
    """Return how many bytes count: those that the row knows of and that lie here."""
    return min(upload.held, pieces.here(upload.ref))


def append(session: Session, pieces: Pieces, ref: str, offset: int, data: bytes, by: Person) -> Upload:
    """Add a piece that begins at ``offset``; raise UploadMissingError, UploadOffsetError and UploadSizeError."""
    upload, _ = find(session, ref, by, lock=True)
    held = standing(upload, pieces)
    if offset != held or upload.asset_id is not None or upload.refused:
        raise UploadOffsetError(held=held)
    if len(data) > LARGEST_PIECE or offset + len(data) > upload.size:
        raise UploadSizeError("file", megabytes=LARGEST_PIECE // _MEGABYTE)
    pieces.write(ref, offset, data)
    upload.held, upload.touched_at = offset + len(data), now()
    session.flush()
    return upload


def became(session: Session, upload: Upload, added: Added) -> None:
    """Note what an upload became."""
    upload.asset_id, upload.duplicate, upload.touched_at = added.asset.id, added.duplicate, now()
    session.flush()


def refuse(session: Session, upload: Upload, code: str, params: Mapping[str, object]) -> None:
    """Note why an upload was not taken in."""
    upload.refused, upload.refused_params, upload.touched_at = code, dict(params), now()
    session.flush()


def sweep(session: Session, pieces: Pieces) -> int:
    """Forget whatever was last touched more than a day ago; return how many uploads were."""
    old = list(session.scalars(select(Upload).where(Upload.touched_at < now() - _KEPT)))
    for upload in old:
        pieces.forget(upload.ref)
        session.delete(upload)
    session.flush()
    return len(old)


def said_of(text: str) -> str:
    """Return an alternative text as it is kept, cut where none is longer."""
    return clean(text)[:_LONGEST_ALT]
