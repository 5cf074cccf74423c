"""A list of allies taken in: pasted or uploaded, whole or not at all, and taken back while nothing has happened."""

from collections.abc import Sequence

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from assets.tables import LARGEST_MEGABYTES, sheets_of
from content_calendar import allies, ally_sheets
from content_calendar.ally_sheets import HEADINGS, Fault, ListHeadingsError
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.permissions import Permission
from webapp import ally_words as words
from webapp.allies.doors import SEE_OTHER, UNPROCESSABLE, blueprint, say
from webapp.ally_keys import mark_of
from webapp.errors import tell
from webapp.exchange.workbook import bare
from webapp.session import db, needs, person, settings
from webapp.sheets import csv_answer

_P = Permission
_LONGEST_PASTED = 1_000_000
_FAULTS_SHOWN = 200


class ListMissingError(InvalidError):
    """Nothing was pasted, and no file chosen."""

    code = "ally_list_missing"


def _door(error: str = "", faults: Sequence[Fault] = (), status: int = 200) -> Response:
    page = render_template(
        "allies/list_in.html",
        errors={"list": [error]} if error else {},
        faults=faults[:_FAULTS_SHOWN],
        faults_total=len(faults),
        pasted=request.form.get("list", ""),
        headings=[(HEADINGS[column][0], gettext(said)) for column, said in words.COLUMNS.items()],
        columns={column: gettext(said) for column, said in words.COLUMNS.items()},
        megabytes=LARGEST_MEGABYTES,
    )
    return make_response(page, status)


@blueprint.get("/facilitadores/lista")
@needs(_P.EDIT_ALLIES)
def list_door() -> Response:
    """Ask for the list."""
    return _door()


@blueprint.get("/facilitadores/lista/plantilla.csv")
@needs(_P.EDIT_ALLIES)
def list_template() -> Response:
    """Hand out a list with its headings and one example."""
    example = (
        gettext("Radio Comunitaria de Ejemplo"), gettext("organización"), gettext("Quien contesta"),
        "contacto@example.mx", "Oaxaca", gettext("medios"), "https://redes.example/radio", "",
    )  # fmt: skip
    return csv_answer("red-de-facilitadores", [[some[0] for some in HEADINGS.values()], example])


def _rows() -> Sequence[Sequence[str]]:
    """Return the rows of the file or of what was pasted; raise InvalidError or RoomsBusyError."""
    file = request.files.get("file")
    if file is not None and file.filename:
        name, data = file.filename, file.stream.read((LARGEST_MEGABYTES << 20) + 1)
    else:
        pasted = request.form.get("list", "")[:_LONGEST_PASTED]
        if not pasted.strip():
            raise ListMissingError(field="list")
        name, data = "lista.csv", pasted.encode()
    sheets = sheets_of(name, data)
    sheet = max(sheets, key=lambda one: len(one.rows), default=None)
    if sheet is None:
        raise ListHeadingsError(field="file")
    if sheet.is_list:
        return [[bare(cell) for cell in row] for row in sheet.rows]
    return sheet.rows


@blueprint.post("/facilitadores/lista")
@needs(_P.EDIT_ALLIES)
def take_list_in() -> BaseResponse:
    """Register everybody on the list, or nobody while a cell is wrong."""
    try:
        read = ally_sheets.read(_rows(), allies.places(db()))
    except (InvalidError, ConflictError) as error:
        return _door(tell(error), status=UNPROCESSABLE)
    if read.faults:
        said = ngettext(
            "Corrige %(num)s celda y vuelve a intentarlo: todavía no entró nadie.",
            "Corrige %(num)s celdas y vuelve a intentarlo: todavía no entró nadie.",
            len(read.faults),
        )
        return _door(said, read.faults, UNPROCESSABLE)
    marked = [(one, mark_of(settings(), one.email)) for one in read.rows]
    taken = allies.take_in(db(), marked, person())
    text = ngettext(
        "Entró %(num)s a la red. No se le escribe hasta tener su consentimiento.",
        "Entraron %(num)s a la red. No se les escribe hasta tener su consentimiento.",
        len(taken.added),
    )
    if not taken.added:
        text = gettext("No entró nadie nuevo.")
    if taken.known:
        text += " " + ngettext("%(num)s ya estaba.", "%(num)s ya estaban.", taken.known)
    if taken.refused:
        text += " " + ngettext(
            "%(num)s pidió que borráramos sus datos y no entró.",
            "%(num)s pidieron que borráramos sus datos y no entraron.",
            taken.refused,
        )
    undo = url_for(".take_list_back", batch=taken.batch_ref) if taken.added else ""
    say(text, undo)
    return redirect(url_for(".listing"), SEE_OTHER)


@blueprint.post("/facilitadores/lista/<batch>/deshacer")
@needs(_P.EDIT_ALLIES)
def take_list_back(batch: str) -> BaseResponse:
    """Take a list back: those of it with whom nothing has happened yet."""
    gone = allies.take_back(db(), batch, person())
    say(
        ngettext(
            "Quitamos %(num)s de la red.",
            "Quitamos %(num)s de la red. A quienes ya se invitó o ya hicieron algo los dejamos.",
            gone,
        )
    )
    return redirect(url_for(".listing"), SEE_OTHER)
