"""Partial reports: what a state tells of each bimester, and what the coordination answers."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.bimesters import bimester_span
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.local_plans import PartialReport, ReportStage
from content_calendar.models.people import Person
from content_calendar.models.programme import Participation

TEXT_LENGTH = 10_000


class PartialReportNotFoundError(NotFoundError):
    """There is no such report."""

    code = "partial_report_not_found"


class ReportTextError(InvalidError):
    """A text of a report is longer than ``most`` characters."""

    code = "partial_report_text"


class ReportAnswerMissingError(InvalidError):
    """A report is returned with a reason."""

    code = "partial_report_answer"


class ReportEmptyError(InvalidError):
    """A report says something, or has a file that does."""

    code = "partial_report_empty"


class ReportTooEarlyError(InvalidError):
    """A report is of a bimester that has begun."""

    code = "partial_report_too_early"


class ReportDecidedError(ConflictError):
    """The report was accepted already: it is returned first."""

    code = "partial_report_decided"


def reports_of(session: Session, participation_id: int) -> Sequence[PartialReport]:
    """Return the reports that a state handed in, in order of time."""
    return session.scalars(
        select(PartialReport)
        .where(PartialReport.participation_id == participation_id)
        .order_by(PartialReport.year, PartialReport.number)
    ).all()


def find(session: Session, ref: str) -> PartialReport:
    """Return the report of that reference; raise PartialReportNotFoundError."""
    row = session.scalars(select(PartialReport).where(PartialReport.ref == ref)).one_or_none()
    if row is None:
        raise PartialReportNotFoundError(ref=ref)
    return row


def of_bimester(
    session: Session, participation: Participation, year: int, number: int
) -> PartialReport | None:
    """Return what a state handed in of a bimester, None while it is owed."""
    return session.scalars(
        select(PartialReport).where(
            PartialReport.participation_id == participation.id,
            PartialReport.year == year,
            PartialReport.number == number,
        )
    ).one_or_none()


def deliver(
    session: Session,
    participation: Participation,
    bimester: tuple[int, int],
    summary: str,
    by: Person,
    *,
    files: int = 0,
) -> PartialReport:
    """Hand in a state's report of a bimester, with so many files, or again what was returned.

    Raises UnknownBimesterError, ReportTooEarlyError, ReportEmptyError, ReportTextError, and ReportDecidedError for one
    that was accepted.
    """
    year, number = bimester
    first, _last = bimester_span(year, number)
    if first > now().date():
        raise ReportTooEarlyError(field="summary")
    if not summary.strip() and not files:
        raise ReportEmptyError(field="summary")
    if len(summary) > TEXT_LENGTH:
        raise ReportTextError(field="summary", most=TEXT_LENGTH)
    row = of_bimester(session, participation, year, number)
    if row is not None and row.stage is ReportStage.ACCEPTED:
        raise ReportDecidedError
    if row is None:
        row = PartialReport(participation_id=participation.id, year=year, number=number)
    row.stage, row.summary = ReportStage.DELIVERED, summary.strip()
    row.delivered_by_id, row.delivered_at = by.id, now()
    session.add(row)
    session.flush()
    audit.record(
        session, by.ref, "partial_report_delivered", "partial_report", row.ref, year=year, number=number
    )
    return row


def take_back(session: Session, row: PartialReport, by: Person) -> None:
    """Undo the handing in of a report that nobody has answered; it is owed again. Raises ReportDecidedError."""
    if row.stage is not ReportStage.DELIVERED:
        raise ReportDecidedError
    row.stage = ReportStage.RETURNED
    row.answer = ""
    row.decided_by_id, row.decided_at = by.id, now()
    session.flush()
    audit.record(session, by.ref, "partial_report_taken_back", "partial_report", row.ref)


def accept(session: Session, row: PartialReport, by: Person) -> None:
    """Accept a report. Raises ReportDecidedError where it is not waiting for an answer."""
    if row.stage is not ReportStage.DELIVERED:
        raise ReportDecidedError
    _decide(row, ReportStage.ACCEPTED, "", by)
    session.flush()
    audit.record(session, by.ref, "partial_report_accepted", "partial_report", row.ref)


def give_back(session: Session, row: PartialReport, answer: str, by: Person) -> None:
    """Return a report with a reason, also one that was accepted.

    Raises ReportAnswerMissingError, ReportTextError, ReportDecidedError for one that was returned already.
    """
    if row.stage is ReportStage.RETURNED:
        raise ReportDecidedError
    if not answer.strip():
        raise ReportAnswerMissingError(field="answer")
    if len(answer) > TEXT_LENGTH:
        raise ReportTextError(field="answer", most=TEXT_LENGTH)
    _decide(row, ReportStage.RETURNED, answer.strip(), by)
    session.flush()
    audit.record(session, by.ref, "partial_report_returned", "partial_report", row.ref)


def _decide(row: PartialReport, stage: ReportStage, answer: str, by: Person) -> None:
    row.stage, row.answer = stage, answer
    row.decided_by_id, row.decided_at = by.id, now()
