"""Informes: ask for a report, see how far it is, have its files, and all that were made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets.storage import Shelf
from content_calendar import programme, reports
from content_calendar.bimesters import (
    BIMESTERS_A_YEAR,
    UnknownBimesterError,
    bimester_after,
    bimester_of,
    bimester_span,
)
from content_calendar.clock import now
from content_calendar.errors import ForbiddenError, InvalidError
from content_calendar.jobs import UNDER_WAY
from content_calendar.models.directory import Body
from content_calendar.models.jobs import JobStage
from content_calendar.models.reports import OWN_FORMATS, Report, ReportFormat, ReportKind
from content_calendar.permissions import Permission
from content_calendar.reports import (
    OF_A_BODY,
    ReportBodyError,
    ReportEditionError,
    ReportKindError,
    ReportMissingError,
    Wanted,
)
from webapp import dates
from webapp.dashboards.reach import body_within
from webapp.errors import tell
from webapp.reports.doors import SEE_OTHER, UNPROCESSABLE, blueprint, bodies, require, sees_all
from webapp.reports.names import KINDS, LANGUAGES, title_of
from webapp.session import db, needs, person
from webapp.toolbox.files import storage
from webapp.words import N_

_P = Permission
_REFRESH_SECONDS: Final = 2
# So long before a bimester ends, it is the one that is reported; before that, the last one.
_NEARLY_OVER: Final = timedelta(days=15)
_YEARS: Final = 3
FORMATS: Final[Mapping[ReportFormat, tuple[str, str, str]]] = {
    ReportFormat.PDF: ("PDF", N_("Para leer, imprimir y escuchar con lector de pantalla."), "application/pdf"),
    ReportFormat.DOCX: (
        "Word (DOCX)", N_("Para seguir escribiendo."),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ReportFormat.XLSX: (
        "Excel (XLSX)", N_("Todas las tablas, completas."),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ReportFormat.FILLED: (
        "Formato de la coordinación (DOCX)",
        N_("Solo del parcial: el documento que subió la coordinación, lleno con los datos del estado."),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}  # fmt: skip
ENDINGS: Final[Mapping[ReportFormat, str]] = {ReportFormat.FILLED: "formato.docx"}
STEPS: Final = (
    (0, N_("Reúne las cifras")),
    (40, N_("Escribe los archivos")),
    (95, N_("Guarda los archivos")),
)


@dataclass(frozen=True)
class Shown:
    """What a report looks like in a list: what it is called, and how far it is."""

    report: Report
    title: str
    under_way: bool
    failed: bool


def _shown(report: Report) -> Shown:
    stage = report.job.stage
    return Shown(report, title_of(report), stage in UNDER_WAY, stage is JobStage.FAILED)


def _usual() -> tuple[int, int]:
    """Return the bimester that one reports now."""
    today = now().astimezone(dates.zone()).date()
    year, number = bimester_of(today)
    _, last = bimester_span(year, number)
    return (year, number) if last - today < _NEARLY_OVER else bimester_after(year, number, -1)


def _bimesters() -> list[tuple[str, str]]:
    year, number = bimester_of(now().astimezone(dates.zone()).date())
    some = [bimester_after(year, number, -n) for n in range(_YEARS * BIMESTERS_A_YEAR)]
    return [
        (
            f"{one[0]}-{one[1]}",
            gettext("Bimestre %(number)s de %(year)s (%(first)s a %(last)s)", number=one[1], year=one[0],
                    first=dates.short_month(bimester_span(*one)[0]), last=dates.short_month(bimester_span(*one)[1])),
        )
        for one in some
    ]  # fmt: skip


def _kinds() -> list[dict[str, str]]:
    every = sees_all()
    return [
        {"value": kind.value, "title": gettext(words), "text": gettext(text), "icon": icon}
        for kind, (words, text, icon) in KINDS.items()
        if every or kind in OF_A_BODY
    ]


def _page(errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    within, every = bodies(), sees_all()
    form = request.form if errors else request.args
    usual = "{}-{}".format(*_usual())
    asked = form.get("bimester") or form.get("bimestre") or usual
    kinds = _kinds()
    page = render_template(
        "reports/listing.html",
        rows=[_shown(one) for one in reports.listed(db(), [one.id for one in within], everything=every)],
        kinds=kinds,
        kind=form.get("kind") or form.get("clase") or kinds[0]["value"],
        bimesters=_bimesters(),
        bimester=asked,
        years=[(str(year), str(year)) for year in _years()],
        year=form.get("year") or usual.partition("-")[0],
        bodies=[(one.slug, f"{one.state_name} · {one.short_name}") for one in within],
        body=form.get("body") or form.get("organismo") or (within[0].slug if len(within) == 1 else ""),
        languages=[(code, gettext(said)) for code, said in LANGUAGES.items()],
        language=form.get("language") or "es",
        formats=[
            {"value": form.value, "title": gettext(name), "text": gettext(text)}
            for form, (name, text, _) in FORMATS.items()
        ],
        chosen=request.form.getlist("formats") if errors else [one.value for one in OWN_FORMATS],
        editions=[(one.slug, one.name) for one in programme.editions(db())],
        edition=form.get("edition") or form.get("edicion") or "",
        every=every,
        errors=errors or {},
        form_names=FORMATS,
        ending_of=ending_of,
    )
    return make_response(page, status)


def _years() -> range:
    this = now().astimezone(dates.zone()).year
    return range(this, this - _YEARS - 1, -1)


@blueprint.get("/informes")
@needs(_P.MAKE_REPORTS)
def listing() -> Response:
    """Offer a new report, and list those that were made."""
    return _page()


@blueprint.post("/informes")
@needs(_P.MAKE_REPORTS)
def ask() -> BaseResponse:
    """Let a report be made in the background."""
    try:
        report = reports.ask(db(), _wanted(), person())
    except InvalidError as error:
        db().rollback()
        field = "bimester" if isinstance(error, UnknownBimesterError) else error.field
        return _page({field or "kind": tell(error)}, UNPROCESSABLE)
    return redirect(url_for(".report", ref=report.ref), SEE_OTHER)


def _wanted() -> Wanted:
    form = request.form
    if form.get("kind") not in set(ReportKind):
        raise ReportKindError("kind")
    kind = ReportKind(form["kind"])
    whole = kind not in reports.OF_A_BIMESTER
    year, _, number = (
        form.get("year", "").partition("-") if whole else form.get("bimester", "").partition("-")
    )
    body = _body(kind)
    formats = [one for one in ReportFormat if one.value in form.getlist("formats")]
    language = form.get("language") if form.get("language") in LANGUAGES else "es"
    if kind is ReportKind.FINAL and form.get("edition"):
        edition = programme.find_edition(db(), form["edition"])
        days = reports.edition_days(db(), edition, body.id) if body else None
        if days is None:
            raise ReportEditionError("edition")
        return Wanted(kind, days[1].year, None, body, language or "es", formats, edition)
    return Wanted(kind, _number(year), None if whole else _number(number), body, language or "es", formats)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len("9999") else 0


def _body(kind: ReportKind) -> Body | None:
    if kind not in OF_A_BODY:
        if not sees_all():
            raise ForbiddenError
        return None
    if not request.form.get("body"):
        raise ReportBodyError("body")
    return body_within(_P.MAKE_REPORTS, request.form["body"])


def _found(ref: str) -> Report:
    report = reports.find(db(), ref)
    require(report)
    return report


@blueprint.get("/informes/<ref>")
@needs(_P.MAKE_REPORTS)
def report(ref: str) -> str:
    """Show a report: how far it is, its files once they are there, or why there are none."""
    found = _found(ref)
    told = _shown(found)
    step = [said for least, said in STEPS if found.job.progress >= least][-1]
    return render_template(
        "reports/report.html",
        one=told,
        report=found,
        ending_of=ending_of,
        files=[(file, *FORMATS[file.format]) for file in found.files],
        waiting=found.job.stage is JobStage.WAITING,
        step=gettext(step),
        refresh_s=_REFRESH_SECONDS if told.under_way else 0,
        language=gettext(LANGUAGES.get(found.locale, found.locale)),
        days=_days(found),
    )


def _days(found: Report) -> tuple[date, date]:
    if found.edition and found.body:
        days = reports.edition_days(db(), found.edition, found.body.id)
        if days is not None:
            return days
    first, last = found.number or 1, found.number or BIMESTERS_A_YEAR
    return bimester_span(found.year, first)[0], bimester_span(found.year, last)[1]


@blueprint.get("/informes/<ref>/<name>")
@needs(_P.MAKE_REPORTS)
def download(ref: str, name: str) -> BaseResponse:
    """Hand out one file of a report."""
    found = _found(ref)
    form = next((one for one in ReportFormat if ending_of(one) == name.partition(".")[2]), None)
    if form is None:
        raise ReportMissingError(ref=ref)
    file = reports.file_of(found, form)
    answer: Response = send_file(
        storage().open(Shelf.REPORTS, file.sha256),
        mimetype=FORMATS[file.format][2],
        download_name=file_name(found, file.format),
        as_attachment=True,
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.set_etag(file.sha256)
    return answer


def ending_of(form: ReportFormat) -> str:
    """Return how the file of a form ends, without the first dot."""
    return ENDINGS.get(form, form.value)


def file_name(found: Report, form: ReportFormat) -> str:
    """Return what a downloaded file is called: what it is of, in letters that any machine keeps."""
    of = [f"informe-{KIND_SLUGS[found.kind]}", found.edition_slug or str(found.year)]
    if found.number:
        of.append(str(found.number))
    if found.body:
        of.append(found.body.slug)
    if found.locale != "es":
        of.append(found.locale)
    return f"{'-'.join(of)}.{ending_of(form)}"


KIND_SLUGS: Final = {
    ReportKind.BIMONTHLY: "bimestral",
    ReportKind.ANNUAL: "anual",
    ReportKind.PARTIAL: "parcial-plandai",
    ReportKind.FINAL: "final-plandai",
}


@blueprint.post("/informes/<ref>/otra-vez")
@needs(_P.MAKE_REPORTS)
def again(ref: str) -> BaseResponse:
    """Make a report anew: one that failed, or, with the figures of now, one that was made before."""
    found = _found(ref)
    if found.job.stage is JobStage.DONE:
        formats = [ReportFormat(one) for one in found.formats]
        wanted = Wanted(
            found.kind, found.year, found.number, found.body, found.locale, formats, found.edition
        )
        found = reports.ask(db(), wanted, person())
    else:
        reports.try_again(db(), found)
    return redirect(url_for(".report", ref=found.ref), SEE_OTHER)


@blueprint.post("/informes/<ref>/quitar")
@needs(_P.MAKE_REPORTS)
def remove(ref: str) -> BaseResponse:
    """Take a report away with its files."""
    found = _found(ref)
    title = title_of(found)
    reports.take_away(db(), found, person())
    flash(gettext("Quitamos el informe: %(title)s.", title=title), "success")
    return redirect(url_for(".listing"), SEE_OTHER)
