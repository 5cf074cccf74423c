"""Proofs of what was done: who brought which file when, its hash, and everybody who opened it since.

A list of who came names people: it is erased after a time, and its row stays to tell that it was there. The file
itself lies with the tool-box's evidence; here stands its reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.local_plans import checked_link
from content_calendar.models.local_plans import CustodyAct, CustodyReading, Proof, ProofSort
from content_calendar.models.people import Person
from content_calendar.programme_rules import months_after

TITLE_LENGTH = 200
KEPT_MONTHS = 24
"""Lists of who came are erased so long after they came in: an edition, its final report and a year to ask about it."""
NAMES_PEOPLE = frozenset({ProofSort.ATTENDANCE})
"""What is opened only by who has the right to it, and erased."""


class ProofMissingError(InvalidError):
    """A proof is a file or a link."""

    code = "proof_missing"


class ProofTitleError(InvalidError):
    """A proof's title is longer than ``most`` characters."""

    code = "proof_title"


class ProofSortError(InvalidError):
    """A list that names people is a file: a link would show it to whoever has it."""

    code = "proof_list_link"


class ProofNotFoundError(NotFoundError):
    """There is no such proof, or it is not this person's to see."""

    code = "proof_not_found"


@dataclass(frozen=True)
class About:
    """What a proof proves: an action of a state, with it an activity or a report of it; or a line of action."""

    participation_id: int | None = None
    position: int | None = None
    activity_id: int | None = None
    report_id: int | None = None
    line_id: int | None = None


@dataclass(frozen=True)
class FileFacts:
    """A file that was taken in: its reference, the hash of what is kept and of what came, and what it is."""

    ref: str
    digest: str
    original_digest: str
    media_type: str
    size: int
    filename: str


@dataclass(frozen=True)
class ProofFields:
    """What a person says of a proof: a file, or else a link."""

    sort: ProofSort
    title: str = ""
    link: str = ""
    file: FileFacts | None = None


def add(session: Session, about: About, fields: ProofFields, today: date, by: Person) -> Proof:
    """Write down a proof and that it was received.

    Raises ProofMissingError, ProofTitleError, ProofSortError, LocalLinkError.
    """
    link = checked_link(fields.link)
    file = fields.file
    if file is None and not link:
        raise ProofMissingError(field="files")
    if fields.sort in NAMES_PEOPLE and file is None:
        raise ProofSortError(field="link")
    title = " ".join(fields.title.split()) or (file.filename if file else link)
    if len(title) > TITLE_LENGTH:
        if fields.title:
            raise ProofTitleError(field="title", most=TITLE_LENGTH)
        title = title[:TITLE_LENGTH]
    erase_on = months_after(today, KEPT_MONTHS) if fields.sort in NAMES_PEOPLE else None
    row = Proof(
        participation_id=about.participation_id, position=about.position, activity_id=about.activity_id,
        report_id=about.report_id, line_id=about.line_id,
        sort=fields.sort, title=title, link="" if file else link,
        added_by_id=by.id, added_at=now(), erase_on=erase_on,
    )  # fmt: skip
    if file is not None:
        row.file_ref, row.digest, row.original_digest = file.ref, file.digest, file.original_digest
        row.media_type, row.size, row.filename = file.media_type, file.size, file.filename
    session.add(row)
    session.flush()
    note(session, row, CustodyAct.RECEIVED, by, row.digest)
    audit.record(session, by.ref, "proof_added", "proof", row.ref, sort=fields.sort.value, digest=row.digest)
    return row


def note(session: Session, row: Proof, act: CustodyAct, by: Person | None, digest: str = "") -> None:
    """Append what happened to a proof to its custody."""
    person_id = by.id if by else None
    session.add(CustodyReading(proof_id=row.id, act=act, digest=digest, person_id=person_id, at=now()))
    session.flush()


def find(session: Session, ref: str) -> Proof:
    """Return the proof of that reference; raise ProofNotFoundError. Who may see it is the caller's to know."""
    row = session.scalars(
        select(Proof).where(Proof.ref == ref).options(joinedload(Proof.added_by))
    ).one_or_none()
    if row is None:
        raise ProofNotFoundError(ref=ref)
    return row


def of_state(session: Session, participation_id: int) -> Sequence[Proof]:
    """Return a state's proofs that were not removed, the newest first, with who brought them."""
    return session.scalars(
        select(Proof)
        .where(Proof.participation_id == participation_id, Proof.removed_at.is_(None))
        .options(joinedload(Proof.added_by))
        .order_by(Proof.id.desc())
    ).all()


def of_line(session: Session, line_id: int) -> Sequence[Proof]:
    """Return the proofs of a line of action that were not removed, the newest first."""
    return session.scalars(
        select(Proof)
        .where(Proof.line_id == line_id, Proof.removed_at.is_(None))
        .options(joinedload(Proof.added_by))
        .order_by(Proof.id.desc())
    ).all()


def custody(session: Session, row: Proof) -> Sequence[CustodyReading]:
    """Return everything that happened to a proof, the first first, with who did it."""
    return session.scalars(
        select(CustodyReading)
        .where(CustodyReading.proof_id == row.id)
        .options(joinedload(CustodyReading.person))
        .order_by(CustodyReading.id)
    ).all()


def remove(session: Session, row: Proof, by: Person, *, removed: bool = True) -> None:
    """Take a proof out of what counts, or bring it back; its file and its custody stay."""
    row.removed_at = now() if removed else None
    note(session, row, CustodyAct.REMOVED if removed else CustodyAct.RESTORED, by)
    act = "proof_removed" if removed else "proof_restored"
    audit.record(session, by.ref, act, "proof", row.ref)


def due_to_erase(session: Session, today: date) -> Sequence[Proof]:
    """Return the proofs whose file is to be erased by now."""
    return session.scalars(
        select(Proof)
        .where(Proof.erase_on <= today, Proof.erased_at.is_(None), Proof.file_ref != "")
        .limit(100)
    ).all()


def erased(session: Session, row: Proof, by: Person | None = None) -> None:
    """Write down that a proof's file was erased: that it was there, by whom and with which hash stays."""
    # The title may have been the file's name, and tell whose names it held.
    row.file_ref, row.filename, row.title, row.erased_at = "", "", "", now()
    note(session, row, CustodyAct.ERASED, by, row.digest)
    audit.record(session, by.ref if by else "", "proof_erased", "proof", row.ref)
