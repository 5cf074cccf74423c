"""Reports that were asked for: of what, in which language, and the files that came of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Body
from content_calendar.models.jobs import Job
from content_calendar.models.people import Person
from content_calendar.models.programme import Edition


class ReportKind(StrEnum):
    """What a report is of.

    bimonthly and annual: the commission's. partial: PlanDAI's, of one body and bimester. final: PlanDAI's, of one
    body and edition.
    """

    BIMONTHLY = "bimonthly"
    ANNUAL = "annual"
    PARTIAL = "partial"
    FINAL = "final"


class ReportFormat(StrEnum):
    """A form in which a report is had; filled: the coordination's blank, of a partial one."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    FILLED = "filled"


# Those that every report can have.
OWN_FORMATS = (ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.XLSX)


class Report(Base):
    """A report that somebody asked for; its job says whether it is made yet."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_asked", "asked_at", "id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    kind: Mapped[ReportKind] = mapped_column(Word(ReportKind))
    year: Mapped[int]
    # The bimester, 1 to 6; none for a whole year.
    number: Mapped[int | None]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    # Of a final report: the edition whose days it is of, by its slug, which never changes; none for a year's.
    edition_slug: Mapped[str | None] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(8))
    formats: Mapped[list[str]] = mapped_column(Json, default=list)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), unique=True)
    # As of when its figures are, and the hash of all that it says: what a file is made from.
    cut_off: Mapped[datetime | None] = mapped_column(Moment)
    source_sha256: Mapped[str] = mapped_column(String(64), default="")

    body: Mapped[Body | None] = relationship(lazy="raise_on_sql")
    edition: Mapped[Edition | None] = relationship(
        primaryjoin=lambda: foreign(Report.edition_slug) == Edition.slug, viewonly=True, lazy="raise_on_sql"
    )
    asked_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    job: Mapped[Job] = relationship(lazy="raise_on_sql")
    files: Mapped[list["ReportFile"]] = relationship(
        order_by="ReportFile.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class ReportFile(Base):
    """One form of a report, by the hash of its bytes."""

    __tablename__ = "report_file"
    __table_args__ = (UniqueConstraint("report_id", "format"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    format: Mapped[ReportFormat] = mapped_column(Word(ReportFormat))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
