"""What comes in: a sheet is uploaded, drawn with its bad cells marked, corrected, imported whole, taken back."""

from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import importing, taking_back, taking_in
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.exchange import ImportStage, SheetImport
from content_calendar.permissions import Permission
from content_calendar.sheet_columns import Column
from content_calendar.sheet_rows import Act, Judged, Row
from webapp.calendar.doors import announce
from webapp.calendar.periods import bimester_title, of_bimester
from webapp.errors import sentence, tell
from webapp.exchange.around import around
from webapp.exchange.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.exchange.reading import uploaded
from webapp.exchange.rows import heading
from webapp.inputs import small
from webapp.session import db, needs, person, viewer

_P = Permission
_PAGE = 50
_LONGEST = 32_767


@dataclass(frozen=True)
class Shown:
    """The part of a sheet that a page shows."""

    rows: list[Row]
    columns: list[Column]
    page: int
    pages: int
    whole: bool


@blueprint.get("/calendario/<int:year>/<int:number>/hoja")
@needs(_P.VIEW_PLAN)
def door(year: int, number: int) -> Response:
    """Show what can be taken out of a bimester and put into it."""
    return _door(year, number)


def _door(year: int, number: int, error: str = "", status: int = 200) -> Response:
    page = render_template(
        "exchange/door.html",
        year=year,
        number=number,
        period=of_bimester(year, number, {}),
        imports=importing.listed(db(), year, number) if viewer().can(_P.WRITE_POSTS) else [],
        errors={"file": [error]} if error else {},
    )
    return make_response(page, status)


@blueprint.post("/calendario/<int:year>/<int:number>/importar")
@needs(_P.WRITE_POSTS)
def upload(year: int, number: int) -> BaseResponse:
    """Read the file and keep what it says; nothing of it is in the calendar yet."""
    of_bimester(year, number, {})
    try:
        read = uploaded()
    except (InvalidError, ConflictError) as error:
        return _door(year, number, tell(error), UNPROCESSABLE)
    one = importing.begin(db(), person(), (year, number), read.filename, read.cells, read.unread)
    return redirect(url_for(".draft", ref=one.ref), SEE_OTHER)


@blueprint.get("/calendario/importaciones/<ref>")
@needs(_P.WRITE_POSTS)
def draft(ref: str) -> Response:
    """Draw the sheet, its bad cells marked, each with what is wrong and what to do."""
    return _drawn(importing.find(db(), ref))


def _drawn(one: SheetImport, error: str = "", status: int = 200) -> Response:
    if one.stage is not ImportStage.WAITING:
        page = render_template(
            "exchange/over.html", one=one, title=bimester_title(one.year, one.number), stages=ImportStage,
            gone_on=taking_back.gone_on(db(), one) if one.stage is ImportStage.DONE else 0,
        )  # fmt: skip
        return make_response(page)
    sheet, _ = importing.judged(db(), one, around(db()))
    page = render_template(
        "exchange/draft.html",
        one=one,
        title=bimester_title(one.year, one.number),
        sheet=sheet,
        shown=_shown(sheet),
        page_of=lambda n: url_for(".draft", ref=one.ref, pagina=n, ver=request.args.get("ver")),
        editing=request.args.get("fila", 0, type=small),
        acts=Act,
        all_columns=list(Column),
        headings={column: heading(column) for column in Column},
        say=lambda fault: sentence(fault.code, fault.params),
        errors={"file": [error]} if error else {},
    )
    return make_response(page, status)


def _shown(sheet: Judged) -> Shown:
    whole = not sheet.faults or request.args.get("ver") == "todo"
    editing = request.args.get("fila", 0, type=small)
    rows = [row for row in sheet.rows if whole or row.faults or row.n == editing]
    pages = max(1, -(-len(rows) // _PAGE))
    page = min(max(request.args.get("pagina", 1, type=small), 1), pages)
    used = {name for row in rows for name in (*row.cells, *row.faults)}
    columns: list[Column] = [column for column in Column if column in used and column is not Column.KEY]
    if any(Column.KEY in row.faults for row in sheet.rows):
        columns.append(Column.KEY)
    return Shown(rows[(page - 1) * _PAGE : page * _PAGE], columns, page, pages, whole)


@blueprint.post("/calendario/importaciones/<ref>/corregir")
@needs(_P.WRITE_POSTS)
def correct(ref: str) -> BaseResponse:
    """Write the cells that were corrected, and take out the rows that were marked."""
    one = importing.hold(db(), ref)
    form = request.form
    cells = {}
    for name, text in form.items():
        place, _, column = name.partition("-")
        if column in set(Column) and place.isdecimal():
            cells[int(place), column] = text.replace("\r\n", "\n").strip()[:_LONGEST]
    removed = frozenset(int(n) for n in form.getlist("quitar") if n.isdecimal())
    try:
        importing.correct(db(), one, _edition(), cells, removed)
    except ConflictError as error:
        flash(tell(error), "error")
    return redirect(
        url_for(".draft", ref=ref, ver=form.get("ver") or None, pagina=form.get("pagina") or None), SEE_OTHER
    )


def _edition() -> int:
    return request.form.get("edition", -1, type=small)


@blueprint.post("/calendario/importaciones/<ref>/archivo")
@needs(_P.WRITE_POSTS)
def upload_again(ref: str) -> BaseResponse:
    """Put a corrected file in the place of what waits."""
    one = importing.hold(db(), ref)
    try:
        read = uploaded()
        importing.replace_sheet(db(), one, _edition(), read.filename, read.cells, read.unread)
    except (InvalidError, ConflictError) as error:
        return _drawn(one, tell(error), UNPROCESSABLE)
    return redirect(url_for(".draft", ref=ref), SEE_OTHER)


@blueprint.post("/calendario/importaciones/<ref>/importar")
@needs(_P.WRITE_POSTS)
def take_in(ref: str) -> BaseResponse:
    """Put the whole sheet into the calendar, or nothing of it."""
    one = importing.hold(db(), ref)
    sheet, known = importing.judged(db(), one, around(db()))
    if sheet.faults:
        # Something changed since the page was drawn: an hour has passed, an account was retired.
        return _drawn(one, sentence("sheet_has_faults", {"count": sheet.faults}), UNPROCESSABLE)
    taking_in.take_in(db(), one, _edition(), sheet, known, person())
    announce(gettext("Importado: todo entró como borrador."))
    return redirect(url_for(".draft", ref=ref), SEE_OTHER)


@blueprint.post("/calendario/importaciones/<ref>/descartar")
@needs(_P.WRITE_POSTS)
def drop(ref: str) -> BaseResponse:
    """Put the sheet away; nothing of it was in the calendar."""
    one = importing.hold(db(), ref)
    importing.drop(db(), one, person())
    announce(gettext("Descartaste la hoja: nada de ella entró al calendario."))
    return redirect(url_for(".door", year=one.year, number=one.number), SEE_OTHER)


@blueprint.post("/calendario/importaciones/<ref>/deshacer")
@needs(_P.WRITE_POSTS)
def take_back(ref: str) -> BaseResponse:
    """Take the whole import back, while nothing of it went on to review."""
    one = importing.hold(db(), ref)
    left = taking_back.take_back(db(), one, person())
    if left:
        announce(
            gettext(
                "Importación deshecha. Dejamos %(left)s publicaciones que alguien cambió después.", left=left
            )
        )
    else:
        announce(gettext("Importación deshecha: el calendario quedó como estaba."))
    return redirect(url_for(".draft", ref=ref), SEE_OTHER)
