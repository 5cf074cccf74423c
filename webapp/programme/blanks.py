"""The format of the partial report: a coordinator brings it as DOCX with its places, and it is checked at once."""

from collections.abc import Mapping
from io import BytesIO
from typing import Final

from flask import Response, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets.storage import Shelf
from content_calendar import programme, report_blanks
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from content_calendar.report_blanks import BlankMissingError, BlankTooLargeError
from webapp import dates
from webapp.errors import tell
from webapp.programme.doors import SEE_OTHER, UNPROCESSABLE, blueprint, say
from webapp.reporting.blanks.example import example
from webapp.reporting.blanks.filling import places_in
from webapp.reporting.blanks.packing import MEGABYTES
from webapp.reporting.blanks.places import LISTS, PLACES
from webapp.reporting.wording import wording
from webapp.reporting.writing import COMMISSION
from webapp.session import db, needs, person
from webapp.toolbox.files import storage

_P = Permission
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _page(slug: str, errors: Mapping[str, str] | None = None) -> Response:
    edition = programme.find_edition(db(), slug)
    page = render_template(
        "programme/blank.html",
        edition=edition,
        blank=report_blanks.current(db(), edition.id),
        places=PLACES,
        lists=LISTS,
        megabytes=MEGABYTES,
        errors=errors or {},
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


@blueprint.get("/programa/plandai/<slug>/formato")
@needs(_P.EDIT_PROGRAMME)
def blank(slug: str) -> Response:
    """Show an edition's blank, the places that one may have, and the form that brings another."""
    return _page(slug)


@blueprint.post("/programa/plandai/<slug>/formato")
@needs(_P.EDIT_PROGRAMME)
def save_blank(slug: str) -> BaseResponse:
    """Check a blank and let it count from now on."""
    file = request.files.get("blank")
    try:
        if file is None or not file.filename:
            raise BlankMissingError("blank")
        data = file.stream.read((MEGABYTES << 20) + 1)
        if len(data) > MEGABYTES << 20:
            raise BlankTooLargeError("blank", megabytes=MEGABYTES)
        # Before the transaction begins: a large one takes its time.
        places = places_in(data)
    except InvalidError as error:
        return _page(slug, {"blank": tell(error)})
    edition = programme.find_edition(db(), slug)
    sha256 = storage().put(Shelf.REPORTS, BytesIO(data))
    row = report_blanks.add(db(), edition, (sha256, len(data), file.filename), places, person())
    say(
        gettext("Guardado el formato: los informes parciales ya se llenan con él."),
        url_for(".blank_out", slug=slug, ref=row.ref),
    )
    return redirect(url_for(".blank", slug=slug), SEE_OTHER)


@blueprint.post("/programa/plandai/<slug>/formato/<ref>/quitar")
@needs(_P.EDIT_PROGRAMME)
def blank_out(slug: str, ref: str) -> BaseResponse:
    """Take a blank away: the one before counts again, where there is one."""
    edition = programme.find_edition(db(), slug)
    report_blanks.remove(db(), edition, report_blanks.find(db(), edition.id, ref), person())
    say(gettext("Quitado el formato."), url_for(".blank_in", slug=slug, ref=ref))
    return redirect(url_for(".blank", slug=slug), SEE_OTHER)


@blueprint.post("/programa/plandai/<slug>/formato/<ref>/devolver")
@needs(_P.EDIT_PROGRAMME)
def blank_in(slug: str, ref: str) -> BaseResponse:
    """Bring a blank back."""
    edition = programme.find_edition(db(), slug)
    row = report_blanks.find(db(), edition.id, ref)
    report_blanks.remove(db(), edition, row, person(), removed=False)
    say(gettext("El formato está otra vez en su lugar."))
    return redirect(url_for(".blank", slug=slug), SEE_OTHER)


@blueprint.get("/programa/plandai/<slug>/formato/ejemplo.docx")
@needs(_P.EDIT_PROGRAMME)
def blank_example(slug: str) -> BaseResponse:
    """Hand out the example to begin from."""
    programme.find_edition(db(), slug)
    said = wording("es", dates.zone())
    return _handed(example(said, said.gettext(COMMISSION)), "formato-de-ejemplo.docx")


@blueprint.get("/programa/plandai/<slug>/formato/<ref>.docx")
@needs(_P.EDIT_PROGRAMME)
def blank_file(slug: str, ref: str) -> BaseResponse:
    """Hand out a blank as it came."""
    edition = programme.find_edition(db(), slug)
    row = report_blanks.find(db(), edition.id, ref)
    with storage().open(Shelf.REPORTS, row.sha256) as file:
        return _handed(file.read(), f"formato-{slug}.docx")


def _handed(data: bytes, name: str) -> Response:
    answer: Response = send_file(BytesIO(data), mimetype=_DOCX, download_name=name, as_attachment=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
