"""A material pulled: the bytes as a download, and the note of which body did."""

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from assets.library import Use, record_use
from assets.models import UseKind
from content_calendar.permissions import Permission
from webapp.session import database, needs, person, viewer
from webapp.toolbox.files import answer_with
from webapp.toolbox.views import blueprint


def note_pull(ref: str, n: int, form: str = "") -> None:
    """Note that the viewer's bodies pulled that version, in a format where one is said; without a body, the viewer.

    A page that is read opens a session that only reads: this one line is written apart.
    """
    bodies = sorted(viewer().rights.bodies())
    uses = [Use(UseKind.DOWNLOADED, body_id=body_id, format=form) for body_id in bodies]
    with database().transaction() as session:
        for use in uses or [Use(UseKind.DOWNLOADED, person_id=person().id, format=form)]:
            record_use(session, ref, n, use)


@blueprint.get("/caja/<ref>/v/<int:n>/descargar")
@needs(Permission.VIEW_TOOLBOX)
def pull(ref: str, n: int) -> BaseResponse:
    """Hand one version over as a file; nobody keeps it for next time, so that each pull is seen."""
    answer = answer_with(ref, n)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = (
        answer.headers["Content-Disposition"].replace("inline", "attachment", 1)
        if "Content-Disposition" in answer.headers
        else "attachment"
    )
    # A download that goes on where it broke off is the same one.
    if request.method == "GET" and "Range" not in request.headers:
        note_pull(ref, n)
    return answer
