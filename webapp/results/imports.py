"""A network's own sheet of figures: uploaded, its columns said, looked at row by row, taken in, taken back."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets.tables import LARGEST_MEGABYTES, sheets_of
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.exchange import ImportStage
from content_calendar.permissions import Permission
from scheduler.readings import WINDOWS
from scheduler.results import figure_imports
from scheduler.results.figure_columns import HEADINGS, OF_KIND, Told
from scheduler.results.figure_judging import Act
from scheduler.results.figure_models import FigureImport, FigureKind
from webapp.calendar.doors import announce
from webapp.dashboards.measured import METRIC_WORDS, WINDOW_WORDS
from webapp.errors import sentence, tell
from webapp.exchange.reading import SheetFileMissingError
from webapp.exchange.workbook import bare
from webapp.inputs import small
from webapp.results.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.session import db, needs, person, settings
from webapp.words import N_

_P = Permission
_PAGE = 50
TOLD_WORDS: Final[Mapping[str, str]] = {
    **METRIC_WORDS,
    Told.LINK: N_("Enlace de la publicación"),
    Told.REMOTE_ID: N_("Identificador en la red"),
    Told.ACCOUNT: N_("Cuenta"),
    Told.DAY: N_("Fecha"),
    Told.FOLLOWERS: N_("Seguidores"),
}
ACT_WORDS: Final[Mapping[Act, str]] = {
    Act.NEW: N_("entra"),
    Act.KNOWN: N_("ya la tenemos: se queda la de antes"),
    Act.UNMATCHED: N_("no es de una cuenta o publicación nuestra"),
    Act.YOUNG: N_("aún no cumple la edad"),
    Act.BETWEEN: N_("está entre dos edades: no hay con qué compararla"),
    Act.EMPTY: N_("no trae cifras"),
    Act.PARTIAL: N_("le faltan partes de su hilo"),
    Act.BAD: N_("por corregir"),
}


def commission_zone() -> ZoneInfo:
    """Return the commission's zone: days of figures are its days."""
    return ZoneInfo(settings().zone)


@blueprint.get("/resultados/cifras")
@needs(_P.DECIDE_PUBLICATIONS)
def imports() -> Response:
    """Show how to bring figures, and what was brought."""
    return _door()


def _door(errors: Mapping[str, list[str]] | None = None, status: int = 200) -> Response:
    page = render_template(
        "results/imports.html",
        imports=figure_imports.listed(db()),
        stages=ImportStage,
        kinds=FigureKind,
        today=now().astimezone(commission_zone()).date(),
        ages=[(one.name, gettext(WINDOW_WORDS[one.name])) for one in WINDOWS],
        typed=request.form,
        headings={told: HEADINGS[told][0] for told in Told},
        most=figure_imports.MOST_ROWS,
        megabytes=LARGEST_MEGABYTES,
        errors=errors or {},
    )
    return make_response(page, status)


@blueprint.post("/resultados/cifras")
@needs(_P.DECIDE_PUBLICATIONS)
def upload() -> BaseResponse:
    """Read the file and keep what it says; nothing of it counts yet."""
    kind = FigureKind.FOLLOWERS if request.form.get("kind") == FigureKind.FOLLOWERS else FigureKind.READINGS
    asked = request.form.get("window", "")
    window = asked if asked in WINDOW_WORDS and kind is FigureKind.READINGS else ""
    try:
        as_of = _day(request.form.get("as_of", ""), needed=kind is FigureKind.READINGS)
        filename, rows = _file()
        one = figure_imports.begin(db(), person(), kind, filename, rows, as_of=as_of, window=window)
    except (InvalidError, ConflictError) as error:
        return _door({str(error.params.get("field", "file")): [tell(error)]}, UNPROCESSABLE)
    return redirect(url_for(".draft", ref=one.ref), SEE_OTHER)


def _day(said: str, *, needed: bool) -> date | None:
    try:
        day = date.fromisoformat(said) if said else None
    except ValueError:
        day = None
        needed = True
    if (day is None and needed) or (day and day > now().astimezone(commission_zone()).date()):
        raise figure_imports.FigureDayError(field="as_of")
    return day


def _file() -> tuple[str, list[list[str]]]:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise SheetFileMissingError(field="file")
    return file.filename, fullest_rows(file.filename, file.stream.read((LARGEST_MEGABYTES << 20) + 1))


def fullest_rows(filename: str, data: bytes) -> list[list[str]]:
    """Return the rows of a file's longest sheet. Raises what ``sheets_of`` raises, and FigureSheetEmptyError."""
    fullest = max(sheets_of(filename, data), key=lambda sheet: len(sheet.rows), default=None)
    if fullest is None:
        raise figure_imports.FigureSheetEmptyError(field="file")
    return [[bare(cell) if fullest.is_list else cell for cell in row] for row in fullest.rows]


@blueprint.get("/resultados/cifras/<ref>")
@needs(_P.DECIDE_PUBLICATIONS)
def draft(ref: str) -> Response:
    """Show what the sheet would do, row by row, and what cannot be read."""
    return _drawn(figure_imports.find(db(), ref))


def _drawn(one: FigureImport, errors: Mapping[str, list[str]] | None = None, status: int = 200) -> Response:
    if one.stage is not ImportStage.WAITING:
        page = render_template(
            "results/over.html", one=one, stages=ImportStage, acts=_acts(one), kinds=FigureKind
        )
        return make_response(page)
    found = figure_imports.judged(db(), one, commission_zone())
    lacking = figure_imports.lacking(one)
    # What cannot be read comes first: that is what a person can do something about.
    rows = sorted(found.rows, key=lambda row: (row.act is not Act.BAD, row.n))
    pages = max(1, -(-len(rows) // _PAGE))
    page_n = min(max(request.args.get("pagina", 1, type=small), 1), pages)
    page = render_template(
        "results/draft.html",
        one=one,
        kinds=FigureKind,
        lacking=lacking,
        counts=[] if lacking else [(gettext(ACT_WORDS[act]), count) for act, count in found.counts.items()],
        writes=len(found.readings) or len(found.followers),
        rows=rows[(page_n - 1) * _PAGE : page_n * _PAGE],
        page=page_n,
        pages=pages,
        page_of=lambda n: url_for(".draft", ref=one.ref, pagina=n),
        options=[(told.value, gettext(TOLD_WORDS[told.value])) for told in OF_KIND[one.kind]],
        words={name: gettext(word) for name, word in TOLD_WORDS.items()},
        ages=WINDOW_WORDS,
        act_words=ACT_WORDS,
        acts=Act,
        letter=letter,
        say=lambda fault: sentence(fault.code, fault.params),
        errors=errors or {},
    )
    return make_response(page, status)


def letter(index: int) -> str:
    """Return what a spreadsheet calls the column of that index: A, B, …, Z, AA."""
    said = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def _acts(one: FigureImport) -> list[tuple[str, int]]:
    return [(gettext(ACT_WORDS[Act(name)]), count) for name, count in one.counts.items()]


@blueprint.post("/resultados/cifras/<ref>/columnas")
@needs(_P.DECIDE_PUBLICATIONS)
def columns(ref: str) -> BaseResponse:
    """Write down what each column tells."""
    one = figure_imports.hold(db(), ref)
    try:
        figure_imports.choose(
            db(), one, [request.form.get(f"column-{n}", "") for n in range(len(one.headings))]
        )
    except figure_imports.FigureColumnTwiceError as error:
        said = sentence(error.code, {"column": gettext(TOLD_WORDS[str(error.params["column"])])})
        return _drawn(one, {"column-0": [said]}, UNPROCESSABLE)
    return redirect(url_for(".draft", ref=ref), SEE_OTHER)


@blueprint.post("/resultados/cifras/<ref>/importar")
@needs(_P.DECIDE_PUBLICATIONS)
def take_in(ref: str) -> BaseResponse:
    """Write down what the sheet tells; what cannot be taken is left out, as it was told."""
    one = figure_imports.hold(db(), ref)
    try:
        figure_imports.take_in(db(), one, person(), commission_zone())
    except InvalidError as error:
        return _drawn(one, {"columnas": [tell(error)]}, UNPROCESSABLE)
    announce(gettext("Cifras importadas: ya cuentan en Resultados."))
    return redirect(url_for(".draft", ref=ref), SEE_OTHER)


@blueprint.post("/resultados/cifras/<ref>/descartar")
@needs(_P.DECIDE_PUBLICATIONS)
def drop(ref: str) -> BaseResponse:
    """Put the sheet away; nothing of it counted."""
    figure_imports.drop(db(), figure_imports.hold(db(), ref), person())
    announce(gettext("Descartaste la hoja: nada de ella cuenta."))
    return redirect(url_for(".imports"), SEE_OTHER)


@blueprint.post("/resultados/cifras/<ref>/deshacer")
@needs(_P.DECIDE_PUBLICATIONS)
def take_back(ref: str) -> BaseResponse:
    """Take out all that the import wrote."""
    figure_imports.take_back(db(), figure_imports.hold(db(), ref), person())
    announce(gettext("Importación deshecha: sus cifras ya no cuentan."))
    return redirect(url_for(".draft", ref=ref), SEE_OTHER)
