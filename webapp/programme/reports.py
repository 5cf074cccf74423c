"""A state's partial report of a bimester: handed in by its liaison, accepted or returned by the coordination."""

from collections.abc import Mapping

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import local_plans, partial_reports, programme, programme_notices, proofs, report_blanks
from content_calendar.bimesters import bimester_span
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.local_plans import PartialReport
from content_calendar.models.people import Person
from content_calendar.models.programme import Participation
from content_calendar.models.reports import ReportKind
from content_calendar.permissions import Permission
from content_calendar.programme_rules import ReportLight, report_due, report_light
from content_calendar.programme_standing import ReportStanding, standing_of
from content_calendar.proofs import About
from webapp import programme_words as words
from webapp.doors import door
from webapp.errors import flash_error, tell
from webapp.programme.doors import (
    SEE_OTHER,
    UNPROCESSABLE,
    blueprint,
    body_of,
    followed,
    may,
    require,
    say,
    today,
    typed_words,
)
from webapp.programme.proofs import brought, keep, may_open
from webapp.programme.state import bimester_words
from webapp.session import db, needs, person, viewer

_P = Permission
_REPORTING = 5


def _page(
    ref: str, bimester: tuple[int, int], errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:  # fmt: skip
    participation = programme.find_participation(db(), ref)
    body = body_of(db(), participation)
    first, last = bimester_span(*bimester)
    row = partial_reports.of_bimester(db(), participation, *bimester)
    standing = standing_of(db(), participation.edition, today())
    state = next(one for one in standing.states if one.ref == ref)
    told = next((one for one in state.reports if (one.year, one.number) == bimester), None)
    page = render_template(
        "programme/report.html",
        state=state,
        edition=participation.edition,
        year=bimester[0],
        number=bimester[1],
        title=bimester_words(*bimester),
        told=told or _not_owed(bimester),
        row=row,
        people=_names(row),
        activities=local_plans.activities_of(db(), participation.id, first, last),
        proofs=[
            (one, may_open(one, body))
            for one in proofs.of_state(db(), participation.id)
            if row is not None and one.report_id == row.id
        ],
        written_url=_written_url(state.slug, bimester),
        ask_url=door("reports.ask"),
        has_blank=report_blanks.blank_for(db(), body.id, *bimester) is not None,
        may_follow=may(_P.FOLLOW_PROGRAMME, body),
        may_decide=may(_P.EDIT_PROGRAMME, body),
        words=words,
        errors=errors or {},
        typed=typed or {"summary": row.summary if row else ""},
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


def _written_url(slug: str, bimester: tuple[int, int]) -> str:
    """Return where the report is made as a file, empty for somebody who makes none."""
    if not viewer().can(_P.MAKE_REPORTS):
        return ""
    asked = "{}-{}".format(*bimester)
    return door("reports.listing", clase=ReportKind.PARTIAL.value, bimestre=asked, organismo=slug)


def _not_owed(bimester: tuple[int, int]) -> ReportStanding:
    due_on = report_due(*bimester)
    return ReportStanding(*bimester, due_on, ReportLight(report_light(due_on, None, today(), known=False)))


def _names(row: PartialReport | None) -> Mapping[int, str]:
    """Return the names of who handed a report in and who answered."""
    ids = [one for one in (row.delivered_by_id, row.decided_by_id) if one] if row else []
    return {one: db().get_one(Person, one).name for one in ids}


@blueprint.get("/programa/estado/<ref>/informes/<int:year>/<int:number>")
@needs(_P.VIEW_PROGRAMME)
def partial_report(ref: str, year: int, number: int) -> Response:
    """Show a state's report of a bimester, with what it did in it."""
    return _page(ref, (year, number))


@blueprint.post("/programa/estado/<ref>/informes/<int:year>/<int:number>")
@needs(_P.FOLLOW_PROGRAMME)
def deliver_report(ref: str, year: int, number: int) -> BaseResponse:
    """Hand in a state's report of a bimester, with its file."""
    try:
        # Before the transaction begins: files take their time.
        taken = brought()
        participation, _body = followed(ref)
        row = partial_reports.deliver(
            db(), participation, (year, number), request.form.get("summary", ""), person(), files=len(taken)
        )
        keep(About(participation.id, _REPORTING, report_id=row.id), taken, today())
        programme_notices.delivered(db(), row, participation)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        field = getattr(error, "field", None) or "summary"
        return _page(ref, (year, number), {field: tell(error)}, typed_words())
    say(
        gettext("Entregado: la coordinación lo va a leer."),
        url_for(".take_back_report", ref=row.ref),
        gettext("Retirar el informe"),
    )
    return redirect(url_for(".partial_report", ref=ref, year=year, number=number), SEE_OTHER)


def _found(ref: str) -> tuple[PartialReport, Participation]:
    row = partial_reports.find(db(), ref)
    return row, db().get_one(Participation, row.participation_id)


def _back(row: PartialReport, participation: Participation) -> BaseResponse:
    place = url_for(".partial_report", ref=participation.ref, year=row.year, number=row.number)
    return redirect(place, SEE_OTHER)


@blueprint.post("/programa/informes/<ref>/retirar")
@needs(_P.FOLLOW_PROGRAMME)
def take_back_report(ref: str) -> BaseResponse:
    """Undo the handing in of a report that nobody has answered."""
    row, participation = _found(ref)
    require(_P.FOLLOW_PROGRAMME, body_of(db(), participation))
    try:
        partial_reports.take_back(db(), row, person())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        programme_notices.report_answered(db(), row, participation, person())
        say(gettext("Retirado: se debe otra vez."))
    return _back(row, participation)


@blueprint.post("/programa/informes/<ref>/aceptar")
@needs(_P.EDIT_PROGRAMME)
def accept_report(ref: str) -> BaseResponse:
    """Accept a report."""
    row, participation = _found(ref)
    require(_P.EDIT_PROGRAMME, body_of(db(), participation))
    try:
        partial_reports.accept(db(), row, person())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        programme_notices.report_answered(db(), row, participation, person())
        say(gettext("Aceptado."))
    return _back(row, participation)


@blueprint.post("/programa/informes/<ref>/regresar")
@needs(_P.EDIT_PROGRAMME)
def return_report(ref: str) -> BaseResponse:
    """Return a report with a reason."""
    row, participation = _found(ref)
    require(_P.EDIT_PROGRAMME, body_of(db(), participation))
    bimester = row.year, row.number
    try:
        partial_reports.give_back(db(), row, request.form.get("answer", ""), person())
    except InvalidError as error:
        db().rollback()
        return _page(participation.ref, bimester, {error.field or "answer": tell(error)}, typed_words())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        programme_notices.report_answered(db(), row, participation, person())
        say(gettext("Regresado con tu motivo."))
    return _back(row, participation)
