"""A report told: what it is made from is gathered, of one moment, and written as a document."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from content_calendar import reports
from content_calendar.db import Database
from content_calendar.models.reports import Report
from webapp.reporting import writing
from webapp.reporting.document import Document
from webapp.reporting.gathering import Span, gather, of_edition
from webapp.reporting.wording import Wording
from webapp.reporting.writing import Subject


def told(database: Database, report: Report, zone: ZoneInfo, at: datetime, say: Wording) -> Document:
    """Return what the report says, with what was known ``at`` a moment."""
    with database.reading() as session:
        if not database.is_sqlite:
            # There a reading sees one moment by itself.
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        subject = _subject(session, report)
        span = Span(*writing.days_of(subject), zone, at)
        bimester = (report.year, report.number) if report.number else None
        material = gather(session, span, writing.days_before(subject), report.body, bimester)
        if subject.edition:
            material = of_edition(material, str(report.edition_slug))
    return writing.document(material, subject, say)


def _subject(session: Session, report: Report) -> Subject:
    subject = Subject(report.kind, report.year, report.number, report.body.slug if report.body else "")
    if report.body is None or report.edition is None:
        return subject
    # Its days may have changed since it was asked for: those of now count, as its figures do.
    days = reports.edition_days(session, report.edition, report.body.id)
    return replace(subject, edition=report.edition.name, days=days or writing.days_of(subject))
