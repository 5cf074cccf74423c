"""Reports: asked for, listed, tried again, taken away. What they say is made elsewhere, in the background."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from content_calendar import audit, jobs, report_blanks
from content_calendar.bimesters import bimester_span
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Body
from content_calendar.models.jobs import Job, JobStage
from content_calendar.models.local_plans import LocalPlan
from content_calendar.models.people import Person
from content_calendar.models.programme import Edition, Participation
from content_calendar.models.reports import Report, ReportFile, ReportFormat, ReportKind
from content_calendar.programme_standing import plan_end

JOB = "report"
OF_A_BODY = frozenset({ReportKind.PARTIAL, ReportKind.FINAL})
OF_A_BIMESTER = frozenset({ReportKind.BIMONTHLY, ReportKind.PARTIAL})
_SHOWN = 100


class ReportMissingError(NotFoundError):
    """There is no such report, it is not this person's to see, or it has no such file."""

    code = "report_missing"


class ReportKindError(InvalidError):
    """A report is of one of the kinds."""

    code = "report_kind"


class ReportBodyError(InvalidError):
    """A report of PlanDAI is of one body."""

    code = "report_body"


class ReportFormatError(InvalidError):
    """A report has at least one form."""

    code = "report_format"


class ReportBlankError(InvalidError):
    """The coordination's blank is filled in by a partial report, of a state whose edition has one."""

    code = "report_blank"


class ReportEditionError(InvalidError):
    """A final report is of an edition that the body takes part in, and that has its days."""

    code = "report_edition"


class ReportUnderWayError(ConflictError):
    """The report is being made: it can neither be taken away nor tried again meanwhile."""

    code = "report_under_way"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which report: its kind, year and bimester, the body that it is of, its language and forms."""

    kind: ReportKind
    year: int
    number: int | None
    body: Body | None
    locale: str
    formats: Sequence[ReportFormat]
    edition: Edition | None = None

    @property
    def key(self) -> str:
        """Return what two requests for the same report have in common."""
        of = self.body.slug if self.body else ""
        forms = "+".join(sorted(self.formats))
        days = f":{self.edition.slug}" if self.edition else ""
        return f"{self.kind}:{self.year}-{self.number or 0}:{of}:{self.locale}:{forms}{days}"


def ask(session: Session, wanted: Wanted, person: Person) -> Report:
    """Let a report be made; the same one that is being made is returned, and one that failed is tried again.

    Raises ReportBodyError, ReportFormatError, UnknownBimesterError, ReportBlankError and ReportEditionError.
    """
    if (wanted.body is None) == (wanted.kind in OF_A_BODY):
        raise ReportBodyError("body")
    if not wanted.formats:
        raise ReportFormatError("formats")
    number = wanted.number if wanted.kind in OF_A_BIMESTER else None
    bimester_span(wanted.year, number or 1)
    _check_programme(session, wanted)
    job = jobs.ask(session, JOB, wanted.key, {})
    report = session.scalars(select(Report).where(Report.job_id == job.id)).one_or_none()
    if report is not None:
        if job.stage is JobStage.FAILED:
            _anew(session, report, job)
        return report
    report = Report(
        kind=wanted.kind, year=wanted.year, number=number, body_id=wanted.body.id if wanted.body else None,
        edition_slug=wanted.edition.slug if wanted.edition else None, locale=wanted.locale,
        formats=[one.value for one in wanted.formats], asked_by_id=person.id, job_id=job.id,
    )  # fmt: skip
    session.add(report)
    session.flush()
    job.payload = {"report": report.ref}
    audit.record(
        session, person.ref, "report_asked", "report", report.ref,
        kind=wanted.kind.value, year=wanted.year, number=number or 0,
        body=wanted.body.slug if wanted.body else "",
    )  # fmt: skip
    return report


def _check_programme(session: Session, wanted: Wanted) -> None:
    if ReportFormat.FILLED in wanted.formats:
        if wanted.kind is not ReportKind.PARTIAL or wanted.body is None or wanted.number is None:
            raise ReportBlankError("formats")
        if report_blanks.blank_for(session, wanted.body.id, wanted.year, wanted.number) is None:
            raise ReportBlankError("formats")
    if wanted.edition is not None and (
        wanted.kind is not ReportKind.FINAL
        or wanted.body is None
        or edition_days(session, wanted.edition, wanted.body.id) is None
    ):
        raise ReportEditionError("edition")


def edition_days(session: Session, edition: Edition, body_id: int) -> tuple[date, date] | None:
    """Return the days of a body's final report: those of its local plan, else the edition's.

    None where it does not take part, or neither has its days.
    """
    found = session.execute(
        select(Participation.id, LocalPlan)
        .outerjoin(LocalPlan, LocalPlan.participation_id == Participation.id)
        .where(
            Participation.edition_id == edition.id, Participation.body_id == body_id,
            Participation.takes_part.is_(True),
        )
    ).one_or_none()  # fmt: skip
    if found is None:
        return None
    plan = found.LocalPlan
    ends = plan_end(plan)
    if plan is not None and plan.starts_on and ends:
        return plan.starts_on, ends
    return (edition.starts_on, edition.ends_on) if edition.starts_on and edition.ends_on else None


def find(session: Session, ref: str) -> Report:
    """Return a report with its body, job, files and who asked for it; raise ReportMissingError."""
    report = session.scalars(
        select(Report)
        .where(Report.ref == ref)
        .options(
            joinedload(Report.body), joinedload(Report.job), joinedload(Report.asked_by), joinedload(Report.edition),
            selectinload(Report.files),
        )
    ).one_or_none()  # fmt: skip
    if report is None:
        raise ReportMissingError(ref=ref)
    return report


def listed(session: Session, body_ids: Collection[int], *, everything: bool) -> Sequence[Report]:
    """Return the reports of these bodies, and of the commission with ``everything``; the newest first."""
    return session.scalars(
        select(Report)
        .where(true() if everything else Report.body_id.in_(body_ids))
        .options(
            joinedload(Report.body), joinedload(Report.job), joinedload(Report.asked_by), joinedload(Report.edition),
            selectinload(Report.files),
        )
        .order_by(Report.asked_at.desc(), Report.id.desc())
        .limit(_SHOWN)
    ).all()  # fmt: skip


def try_again(session: Session, report: Report) -> None:
    """Let a report that failed be made once more; raise ReportUnderWayError for any other."""
    if report.job.stage is not JobStage.FAILED:
        raise ReportUnderWayError(ref=report.ref)
    _anew(session, report, report.job)


def _anew(session: Session, report: Report, job: Job) -> None:
    """Let a report that failed be made from the figures of now."""
    session.execute(delete(ReportFile).where(ReportFile.report_id == report.id))
    report.source_sha256, report.cut_off = "", None
    jobs.again(session, job)


def take_away(session: Session, report: Report, person: Person) -> None:
    """Remove a report; the nightly sweep removes its files. Raises ReportUnderWayError while it is being made."""
    if report.job.stage is JobStage.RUNNING:
        raise ReportUnderWayError(ref=report.ref)
    session.execute(delete(ReportFile).where(ReportFile.report_id == report.id))
    session.execute(delete(Report).where(Report.id == report.id))
    session.execute(delete(Job).where(Job.id == report.job_id))
    session.expunge(report)
    audit.record(session, person.ref, "report_removed", "report", report.ref)


def file_of(report: Report, form: ReportFormat) -> ReportFile:
    """Return the report's file of that form; raise ReportMissingError while there is none."""
    for one in report.files:
        if one.format is form:
            return one
    raise ReportMissingError(ref=report.ref)
