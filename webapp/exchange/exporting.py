"""What goes out: the bimester as a workbook, a text file or paper, and the blank template."""

from flask import Response, render_template
from flask_babel import gettext

from content_calendar.clock import now
from content_calendar.permissions import Permission
from content_calendar.planning import find_bimester
from webapp.calendar.periods import bimester_title, of_bimester
from webapp.dates import words
from webapp.exchange.doors import XLSX, blueprint, file_answer
from webapp.exchange.leaflet import leaflet
from webapp.exchange.rows import sheet_of
from webapp.exchange.workbook import text_file, workbook
from webapp.session import db, needs, viewer

_P = Permission


def _title(year: int, number: int) -> str:
    said: str = gettext("Calendario de %(bimester)s", bimester=bimester_title(year, number))
    return said


def _name(year: int, number: int) -> str:
    return f"calendario-{year}-{number}"


@blueprint.get("/calendario/<int:year>/<int:number>/exportar.<any(xlsx, csv, pdf):kind>")
@needs(_P.VIEW_PLAN)
def export(year: int, number: int, kind: str) -> Response:
    """Hand out the bimester, as the viewer may see it."""
    of_bimester(year, number, {})
    sheet = sheet_of(db(), year, number, viewer().rights)
    title, name = _title(year, number), _name(year, number)
    if kind == "csv":
        return file_answer(text_file(sheet.rows), f"{name}.csv", "text/csv")
    if kind == "pdf":
        found = find_bimester(db(), year, number)
        cut_off = gettext("Corte al %(when)s", when=words(now()))
        return file_answer(
            leaflet(title, found.goal if found else "", sheet, cut_off), f"{name}.pdf", "application/pdf"
        )
    return file_answer(workbook(title, sheet.rows, sheet.offered), f"{name}.xlsx", XLSX)


@blueprint.get("/calendario/<int:year>/<int:number>/hacer-pdf")
@needs(_P.VIEW_PLAN)
def making(year: int, number: int) -> str:
    """Say that the paper is being made, which takes seconds for a full bimester, and begin to download it."""
    of_bimester(year, number, {})
    return render_template(
        "exchange/making.html",
        title=_title(year, number),
        year=year,
        number=number,
        name=f"{_name(year, number)}.pdf",
    )


@blueprint.get("/calendario/<int:year>/<int:number>/plantilla.xlsx")
@needs(_P.VIEW_PLAN)
def template(year: int, number: int) -> Response:
    """Hand out a blank sheet with its own instructions and its lists."""
    of_bimester(year, number, {})
    sheet = sheet_of(db(), year, number, viewer().rights)
    data = workbook(_title(year, number), [], sheet.offered, blank=True)
    return file_answer(data, f"plantilla-{year}-{number}.xlsx", XLSX)
