"""Blanks of the partial report: which one an edition has, and which one a state's report of a bimester fills in."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.bimesters import bimester_span
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.local_plans import LocalPlan
from content_calendar.models.people import Person
from content_calendar.models.programme import Edition, Participation
from content_calendar.models.report_blanks import ReportBlank
from content_calendar.programme_standing import plan_end

FILENAME_LENGTH = 200


class BlankNotFoundError(NotFoundError):
    """The edition has no such blank."""

    code = "report_blank_not_found"


class BlankMissingError(InvalidError):
    """No file came."""

    code = "report_blank_missing"


class BlankTooLargeError(InvalidError):
    """The file has more than ``megabytes`` of 2^20 bytes, packed or unpacked."""

    code = "report_blank_too_large"


class BlankKindError(InvalidError):
    """The file is no DOCX: another kind, an old one, or one under a password."""

    code = "report_blank_kind"


class BlankBrokenError(InvalidError):
    """It is a DOCX that no word processor wrote, or a damaged one."""

    code = "report_blank_broken"


class BlankMacrosError(InvalidError):
    """It holds programs or things of other programs."""

    code = "report_blank_macros"


class BlankOutsideError(InvalidError):
    """It fetches something from elsewhere when it is opened. ``what`` is from where."""

    code = "report_blank_outside"


class BlankUnknownPlaceError(InvalidError):
    """It has places that nobody knows how to fill: ``names``."""

    code = "report_blank_unknown"


class BlankUnclosedPlaceError(InvalidError):
    """A place is not closed, or has something in the middle. ``text`` is where."""

    code = "report_blank_unclosed"


class BlankNoPlacesError(InvalidError):
    """It has no place to fill."""

    code = "report_blank_no_places"


class BlankRowError(InvalidError):
    """A place of a list stands outside a row of a table. ``name`` is it."""

    code = "report_blank_row"


class BlankMixedRowError(InvalidError):
    """A row has places of two lists. ``name`` is the second one's."""

    code = "report_blank_mixed_row"


class BlankTooManyPlacesError(InvalidError):
    """It has more than ``most`` places."""

    code = "report_blank_too_many"


def current(session: Session, edition_id: int) -> ReportBlank | None:
    """Return the blank that an edition's partial reports fill in, with who brought it; None while there is none."""
    return session.scalars(
        select(ReportBlank)
        .where(ReportBlank.edition_id == edition_id, ReportBlank.removed_at.is_(None))
        .options(joinedload(ReportBlank.added_by))
        .order_by(ReportBlank.id.desc())
        .limit(1)
    ).one_or_none()


def find(session: Session, edition_id: int, ref: str) -> ReportBlank:
    """Return an edition's blank, taken away or not; raise BlankNotFoundError."""
    row = session.scalars(
        select(ReportBlank).where(ReportBlank.edition_id == edition_id, ReportBlank.ref == ref)
    ).one_or_none()
    if row is None:
        raise BlankNotFoundError(ref=ref)
    return row


def add(
    session: Session,
    edition: Edition,
    file: tuple[str, int, str],
    places: Sequence[str],
    by: Person,
) -> ReportBlank:
    """Write down a blank that was checked: its hash, size and name, and the places it has. It counts from now on."""
    sha256, size, name = file
    row = ReportBlank(
        edition_id=edition.id, sha256=sha256, size=size, filename=name[-FILENAME_LENGTH:], places=list(places),
        added_by_id=by.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, by.ref, "report_blank_added", "edition", edition.slug, sha256=sha256)
    return row


def remove(session: Session, edition: Edition, row: ReportBlank, by: Person, *, removed: bool = True) -> None:
    """Take a blank away, or bring it back; reports that were made from it stay."""
    row.removed_at = now() if removed else None
    session.flush()
    act = "report_blank_removed" if removed else "report_blank_restored"
    audit.record(session, by.ref, act, "edition", edition.slug, sha256=row.sha256)


def blank_for(session: Session, body_id: int, year: int, number: int) -> tuple[Edition, ReportBlank] | None:
    """Return what a body's report of a bimester fills in: of the editions it takes part in, the one of those days.

    Where none is of those days it is the newest that has a blank; None where none has one.
    """
    first, last = bimester_span(year, number)
    found: tuple[Edition, ReportBlank] | None = None
    rows = session.execute(
        select(Edition, LocalPlan)
        .join(Participation, Participation.edition_id == Edition.id)
        .outerjoin(LocalPlan, LocalPlan.participation_id == Participation.id)
        .where(Participation.body_id == body_id, Participation.takes_part.is_(True))
        .order_by(Edition.name.desc())
    )
    for row in rows:
        edition, plan = row.Edition, row.LocalPlan
        blank = current(session, edition.id)
        if blank is None:
            continue
        begins = (None if plan is None else plan.starts_on) or edition.starts_on
        ends = (None if plan is None else plan_end(plan)) or edition.ends_on
        if begins and begins <= last and (ends is None or ends >= first):
            return edition, blank
        found = found or (edition, blank)
    return found
