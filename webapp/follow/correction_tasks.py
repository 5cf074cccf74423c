"""Fe de erratas as a list: for a body what it is asked, for whoever writes posts all of them and who answered."""

from collections.abc import Mapping

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.permissions import Permission
from scheduler.replication import corrections
from scheduler.replication.correction_models import Correction, CorrectionTask
from webapp.calendar.comparing import word_difference
from webapp.dashboards.reach import bodies_within, scope_of
from webapp.errors import status_of, tell
from webapp.follow.correction_words import ANSWERS, told
from webapp.follow.doors import SEE_OTHER, blueprint
from webapp.session import db, needs, person, viewer

_P = Permission
_MOST = 100


@blueprint.get("/fe-de-erratas")
@needs(_P.VIEW_REPLICATIONS)
def corrections_list() -> Response:
    """Show what is asked of the viewer's bodies, and to whoever writes posts every correction."""
    return _page()


@blueprint.post("/fe-de-erratas/tareas/<ref>")
@needs(_P.DECLARE_REPLICATIONS)
def answer_correction(ref: str) -> BaseResponse:
    """Take what a body within reach did about it."""
    task = corrections.find_task(db(), ref)
    if not viewer().can(_P.DECLARE_REPLICATIONS, scope_of(task.body)):
        raise corrections.CorrectionMissingError(ref=ref)
    try:
        said, link, note = told()
        corrections.answer(db(), task, said, link, note, person())
    except (InvalidError, ConflictError) as error:
        wrong = {getattr(error, "field", None) or "answer": tell(error)}
        db().rollback()
        return _page(ref, dict(request.form), wrong, status_of(error))
    flash(gettext("Anotado. Gracias por contestar."), "success")
    return redirect(url_for(".corrections_list"), SEE_OTHER)


def _page(
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    writes = viewer().can(_P.WRITE_POSTS)
    # A coordination answers for its region; whoever writes posts answers on each correction's page.
    mine = viewer().rights.bodies() if writes else {one.id for one in bodies_within(_P.DECLARE_REPLICATIONS)}
    tasks = corrections.tasks_for(db(), mine)
    shown = corrections.find_task(db(), wrong) if wrong else None
    if shown is not None and shown.ref not in {one.ref for one in tasks}:
        tasks = [shown, *tasks]
    made = corrections.listed(db(), _MOST) if writes else []
    asked: dict[int, list[CorrectionTask]] = {}
    for one in corrections.tasks_of(db(), [found.id for found in made]):
        asked.setdefault(one.correction_id, []).append(one)
    page = render_template(
        "follow/corrections.html",
        waiting=[one for one in tasks if one.open or one.ref == wrong],
        answered=[one for one in tasks if not one.open and one.ref != wrong],
        staff=writes,
        made=[(found, *_count(found, asked.get(found.id, []))) for found in made],
        difference=lambda found: word_difference(found.said, found.right),
        answers={one.value: gettext(word) for one, word in ANSWERS.items()},
        wrong=wrong,
        typed=typed or {},
        errors=errors or {},
        cut_off=now(),
    )
    return make_response(page, status)


def _count(_found: Correction, tasks: list[CorrectionTask]) -> tuple[int, int]:
    """Return how many answered, and how many were asked and not let go."""
    answered = sum(one.answered_at is not None for one in tasks)
    return answered, answered + sum(one.open for one in tasks)
