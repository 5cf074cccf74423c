"""The files that prove a replication, to those who may see it; and taking back what one declared."""

from collections.abc import Sequence

from flask import Response, flash, redirect, request, send_file, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from assets import evidence
from assets.evidence import EvidenceMissingError
from assets.models import EvidenceFile
from content_calendar.errors import ConflictError
from content_calendar.permissions import Permission
from scheduler.models import Replication
from scheduler.replication import undeclaring
from scheduler.replication.evidence import of as evidence_of
from scheduler.replication.seek_models import OfflineEcho, ReplicationEvidence
from webapp.dashboards.reach import scope_of
from webapp.errors import flash_error
from webapp.replicas.views import FORMS, blueprint
from webapp.session import db, needs, person, viewer
from webapp.toolbox.files import storage

_P = Permission
_SEE_OTHER = 303
# Made anew from pixels by us; anything else is a download.
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


@blueprint.app_template_global("kept_evidence")
def kept_evidence(replication_id: int) -> Sequence[ReplicationEvidence]:
    """Return what was seen of a replication, the first seen first; one query."""
    return evidence_of(db(), [replication_id]).get(replication_id, [])


@blueprint.app_template_global("offline_echo")
def offline_echo(replication_id: int) -> tuple[OfflineEcho, str] | None:
    """Return what was said of an echo off line, with the name of its form; None for any other."""
    about = db().get(OfflineEcho, replication_id)
    return (about, gettext(FORMS[about.form][0])) if about is not None else None


def _within_reach(ref: str) -> EvidenceFile:
    """Return the file, if it proves a replication that the reader may see; raise EvidenceMissingError otherwise."""
    row = evidence.find(db(), ref)
    proved = db().scalars(
        select(Replication)
        .join(ReplicationEvidence, ReplicationEvidence.replication_id == Replication.id)
        .where(ReplicationEvidence.file_id == row.id)
        .options(joinedload(Replication.body))
    ).all()  # fmt: skip
    if not any(viewer().can(_P.VIEW_REPLICATIONS, scope_of(one.body)) for one in proved):
        raise EvidenceMissingError(ref=ref)
    return row


def _answer(row: EvidenceFile, *, small: bool) -> BaseResponse:
    served = evidence.open_file(storage(), row, small=small)
    answer: Response = send_file(
        served.stream,
        mimetype=served.media_type,
        download_name=served.filename or row.ref,
        as_attachment=served.media_type not in _SHOWN,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/replicas/evidencia/<ref>")
@needs(_P.VIEW_REPLICATIONS)
def proof(ref: str) -> BaseResponse:
    """Hand out a file that proves a replication."""
    return _answer(_within_reach(ref), small=False)


@blueprint.get("/replicas/evidencia/<ref>/chica")
@needs(_P.VIEW_REPLICATIONS)
def small_proof(ref: str) -> BaseResponse:
    """Show the small picture of a file that has one."""
    row = _within_reach(ref)
    if not row.thumbnail_sha256:
        raise EvidenceMissingError(ref=ref)
    return _answer(row, small=True)


@blueprint.post("/replicas/<ref>/quitar")
@needs(_P.DECLARE_REPLICATIONS)
def take_back(ref: str) -> BaseResponse:
    """Undo what the reader declared, as long as nobody decided it."""
    try:
        gone = undeclaring.take_back(db(), person(), ref)
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        flash(
            gettext("Quitado: ya no cuenta.")
            if gone
            else gettext("Quitado: queda lo que vimos por nuestra cuenta."),
            "success",
        )
    back = "dashboards.today" if request.form.get("from") == "today" else ".declare"
    return redirect(url_for(back), _SEE_OTHER)
