"""Files that prove something: screenshots, photographs, documents and recordings, kept private and by their hash.

They pass the same rooms as materials: a picture is made anew from its pixels, a document written anew, a sound packed
anew, so that nothing is kept of where and with what it was made. The file as it came is not kept; its hash is.
"""

import hashlib
from datetime import date
from typing import BinaryIO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assets.intake import Intake
from assets.library import Served, Taken
from assets.models import AssetKind, EvidenceFile
from assets.storage import Shelf, Storage
from content_calendar import proofs
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.people import Person

MOST_FILES = 5
_MEGABYTES = 25
_CHUNK = 1 << 20
_KINDS = frozenset({AssetKind.IMAGE, AssetKind.PDF, AssetKind.AUDIO})


class EvidenceKindError(InvalidError):
    """Evidence is a picture, a PDF or a sound."""

    code = "evidence_kind"


class EvidenceTooLargeError(InvalidError):
    """The file has more bytes than are taken: ``megabytes`` of 2^20."""

    code = "evidence_too_large"


class TooManyEvidenceError(InvalidError):
    """At most ``most`` files go with one replication."""

    code = "evidence_too_many"


class EvidenceMissingError(NotFoundError):
    """There is no such file, or it is not this person's to see."""

    code = "evidence_missing"


class _Apart:
    """Whatever is put goes to the shelf of evidence, and originals nowhere."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def put(self, shelf: Shelf, source: BinaryIO) -> str:
        """Keep what is made of a file; of the file itself return only the hash."""
        if shelf is not Shelf.ORIGINALS:
            return self._storage.put(Shelf.EVIDENCE, source)
        digest = hashlib.sha256()
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
        return digest.hexdigest()


def take_in(storage: Storage, source: BinaryIO, filename: str = "", field: str = "files") -> Taken:
    """Return what was made of a file and kept apart. Takes seconds: no transaction should be open meanwhile.

    Raises EvidenceKindError, EvidenceTooLargeError and what ``Intake.take`` raises; then nothing is kept.
    """
    intake = Intake(_Apart(storage), 0)
    if source.seek(0, 2) > _MEGABYTES << 20:
        raise EvidenceTooLargeError(field, megabytes=_MEGABYTES)
    source.seek(0)
    if intake.kind(source) not in _KINDS:
        raise EvidenceKindError(field)
    return intake.take(source, filename, field)


def keep(session: Session, taken: Taken, by: Person) -> EvidenceFile:
    """Write down a file that was taken in."""
    row = EvidenceFile(
        sha256=taken.sha256, thumbnail_sha256=taken.thumbnail_sha256, original_hash=taken.original_sha256,
        media_type=taken.media_type, size=taken.size, filename=taken.filename[:200], added_by_id=by.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def find(session: Session, ref: str) -> EvidenceFile:
    """Return the file of that reference; raises EvidenceMissingError. Who may see it is the caller's to know."""
    row = session.scalars(select(EvidenceFile).where(EvidenceFile.ref == ref)).one_or_none()
    if row is None:
        raise EvidenceMissingError(ref=ref)
    return row


def open_file(storage: Storage, row: EvidenceFile, *, small: bool = False) -> Served:
    """Return the file, or its small picture where there is one, open for reading; raises FileMissingError."""
    sha256 = (small and row.thumbnail_sha256) or row.sha256
    return Served(storage.open(Shelf.EVIDENCE, sha256), row.media_type, sha256, row.filename)


def erase_due(session: Session, today: date) -> int:
    """Erase the files of proofs that name people and are due for it; return how many.

    The row goes, and the nightly sweep removes the file; that it was there stays in the proof's custody.
    """
    due = proofs.due_to_erase(session, today)
    for proof in due:
        session.execute(delete(EvidenceFile).where(EvidenceFile.ref == proof.file_ref))
        proofs.erased(session, proof)
    return len(due)
