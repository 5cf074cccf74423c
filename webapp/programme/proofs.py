"""Evidence: files that are brought, opened and compared with their hash; each of that stands in its custody."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import BinaryIO, cast

from flask import Response, render_template, request, send_file, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from assets import evidence
from assets.evidence import TooManyEvidenceError
from assets.library import Taken
from content_calendar import proofs
from content_calendar.errors import ForbiddenError
from content_calendar.models.directory import Body
from content_calendar.models.local_plans import CustodyAct, Proof, ProofSort
from content_calendar.models.people import Person
from content_calendar.models.plan import LineOfAction
from content_calendar.models.programme import Participation
from content_calendar.permissions import Permission
from content_calendar.proofs import About, FileFacts, ProofFields, ProofNotFoundError
from webapp import programme_words as words
from webapp.programme.doors import SEE_OTHER, blueprint, may, require, say
from webapp.session import database, db, needs, person
from webapp.toolbox.files import storage

_P = Permission
# Made anew from pixels by us; anything else is a download.
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
_CHUNK = 1 << 20


def brought() -> Sequence[Taken]:
    """Return what was made of the files of the form; to be called before the request's transaction begins.

    Raises TooManyEvidenceError and what ``evidence.take_in`` raises.
    """
    files = [one for one in request.files.getlist("files") if one.filename]
    if len(files) > evidence.MOST_FILES:
        raise TooManyEvidenceError("files", most=evidence.MOST_FILES)
    return [_taken(one) for one in files]


def _taken(file: FileStorage) -> Taken:
    return evidence.take_in(storage(), cast("BinaryIO", file.stream), file.filename or "", "files")


def sort_asked() -> ProofSort:
    """Return what the form says that the files are; something else where it says nothing we know."""
    asked = request.form.get("sort", "")
    return ProofSort(asked) if asked in set(ProofSort) else ProofSort.OTHER


def keep(about: About, taken: Sequence[Taken], on: date) -> Sequence[Proof]:
    """Write the files that were taken in, and the form's link, as proofs; raises what ``proofs.add`` raises."""
    form, sort = request.form, sort_asked()
    title = form.get("proof_title", "")
    made = []
    for one in taken:
        row = evidence.keep(db(), one, person())
        file = FileFacts(row.ref, row.sha256, row.original_hash, row.media_type, row.size, row.filename)
        made.append(proofs.add(db(), about, ProofFields(sort, title, file=file), on, person()))
    if form.get("proof_link", "").strip():
        fields = ProofFields(sort, title, form["proof_link"])
        made.append(proofs.add(db(), about, fields, on, person()))
    return made


def body_behind(row: Proof) -> Body | None:
    """Return whose a proof is; None for one of a line of action, which is the commission's."""
    if row.participation_id is None:
        return None
    return db().scalars(
        select(Body)
        .join(Participation, Participation.body_id == Body.id)
        .where(Participation.id == row.participation_id)
    ).one()  # fmt: skip


def may_open(row: Proof, body: Body | None) -> bool:
    """Return whether the viewer may open a proof: one that names people takes a right of its own."""
    return may(_P.SEE_ATTENDANCE, body) if row.sort in proofs.NAMES_PEOPLE else may(_P.VIEW_PROGRAMME, body)


def _opened(ref: str) -> Proof:
    row = proofs.find(db(), ref)
    if not may_open(row, body_behind(row)):
        raise ProofNotFoundError(ref=ref)
    return row


@blueprint.get("/programa/evidencia/<ref>")
@needs(_P.VIEW_PROGRAMME)
def proof_file(ref: str) -> BaseResponse:
    """Hand out a proof's file, and write down who opened it."""
    row = _opened(ref)
    if not row.file_ref:
        raise ProofNotFoundError(ref=ref)
    served = evidence.open_file(storage(), evidence.find(db(), row.file_ref))
    with database().transaction() as session:
        # A page that is read opens a session that only reads: this one line is written apart.
        proofs.note(
            session, session.get_one(Proof, row.id), CustodyAct.OPENED, session.get_one(Person, person().id)
        )
    answer: Response = send_file(
        served.stream,
        mimetype=served.media_type,
        download_name=served.filename or row.ref,
        as_attachment=served.media_type not in _SHOWN,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def back_of(row: Proof) -> str:
    """Return the page on which a proof stands."""
    if row.line_id is not None:
        line = db().get_one(LineOfAction, row.line_id)
        return url_for("programme.line", ref=line.ref)
    participation = db().get_one(Participation, row.participation_id)
    if row.position is None:
        return url_for("programme.state", ref=participation.ref)
    return url_for("programme.milestone", ref=participation.ref, position=row.position)


@blueprint.get("/programa/evidencia/<ref>/custodia")
@needs(_P.VIEW_PROGRAMME)
def custody(ref: str) -> str:
    """Show who brought a proof, its hash, and everybody who opened it since."""
    row = proofs.find(db(), ref)
    body = body_behind(row)
    if not may(_P.FOLLOW_PROGRAMME, body) or not may_open(row, body):
        raise ForbiddenError
    return render_template(
        "programme/custody.html",
        proof=row,
        readings=proofs.custody(db(), row),
        back=back_of(row),
        words=words,
    )


@blueprint.post("/programa/evidencia/<ref>/comprobar")
@needs(_P.FOLLOW_PROGRAMME)
def check_proof(ref: str) -> BaseResponse:
    """Read a proof's file again and compare it with the hash of when it came."""
    row = _opened(ref)
    require(_P.FOLLOW_PROGRAMME, body_behind(row))
    if not row.file_ref:
        raise ProofNotFoundError(ref=ref)
    found = hashlib.sha256()
    with evidence.open_file(storage(), evidence.find(db(), row.file_ref)).stream as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    same = found.hexdigest() == row.digest
    proofs.note(db(), row, CustodyAct.INTACT if same else CustodyAct.ALTERED, person(), found.hexdigest())
    if same:
        say(gettext("El archivo es el mismo que llegó: su huella coincide."))
    else:
        say(gettext("El archivo NO es el que llegó: su huella es otra. Avisa a la administración."))
    return redirect(url_for(".custody", ref=ref), SEE_OTHER)


@blueprint.post("/programa/evidencia/<ref>/quitar")
@needs(_P.FOLLOW_PROGRAMME)
def remove_proof(ref: str) -> BaseResponse:
    """Take a proof out of what counts; it can be brought back."""
    row = _opened(ref)
    require(_P.FOLLOW_PROGRAMME, body_behind(row))
    proofs.remove(db(), row, person())
    say(gettext("Quitada: «%(title)s».", title=row.title), url_for(".restore_proof", ref=ref))
    return redirect(back_of(row), SEE_OTHER)


@blueprint.post("/programa/evidencia/<ref>/devolver")
@needs(_P.FOLLOW_PROGRAMME)
def restore_proof(ref: str) -> BaseResponse:
    """Bring back a proof that was taken out."""
    row = _opened(ref)
    require(_P.FOLLOW_PROGRAMME, body_behind(row))
    proofs.remove(db(), row, person(), removed=False)
    say(gettext("Otra vez en su lugar: «%(title)s».", title=row.title))
    return redirect(back_of(row), SEE_OTHER)
