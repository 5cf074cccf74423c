"""Por retirar: what to take down because a consent was withdrawn, and who has answered."""

from collections.abc import Mapping

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets import takedown_list, takedowns
from assets.models import Takedown, TakedownAnswer, UsedAs
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from webapp.errors import tell
from webapp.letters import network_name
from webapp.seeing import reach
from webapp.session import db, needs, person
from webapp.toolbox.views import blueprint
from webapp.words import N_

_P = Permission
_SEE_OTHER, _UNPROCESSABLE = 303, 422
_MOST = 200
ANSWERS = {
    TakedownAnswer.DONE: N_("Ya lo quitamos"),
    TakedownAnswer.NOT_USED: N_("No lo usamos"),
    TakedownAnswer.CANNOT: N_("No podemos quitarlo"),
}
USED_AS = {
    UsedAs.PUBLICATION: N_("Publicación"),
    UsedAs.POST: N_("Publicación en preparación"),
    UsedAs.DOWNLOAD: N_("Descarga"),
    UsedAs.REPLICA: N_("Réplica"),
}


class AnswerMissingError(InvalidError):
    """An answer is one of three."""

    code = "takedown_answer_missing"


@blueprint.get("/caja/por-retirar")
@needs(_P.VIEW_TOOLBOX)
def takedown_tasks() -> Response:
    """Show what to take down: a body's own, or everybody's."""
    return _page()


@blueprint.post("/caja/por-retirar/<ref>")
@needs(_P.VIEW_TOOLBOX)
def answer_takedown(ref: str) -> BaseResponse:
    """Take what became of a use."""
    task = takedowns.find(db(), ref)
    _require_own(task)
    said = request.form.get("answer", "")
    try:
        if said not in set(TakedownAnswer):
            raise AnswerMissingError(field="answer")
        takedowns.answer(db(), ref, TakedownAnswer(said), request.form.get("note", ""), person())
    except InvalidError as error:
        typed = {"answer": said, "note": request.form.get("note", "")}
        return _page(ref, typed, {error.field or "answer": tell(error)}, _UNPROCESSABLE)
    flash(gettext("Anotado. Gracias por contestar."), "success")
    return redirect(url_for(".takedown_tasks"), _SEE_OTHER)


def _require_own(task: Takedown) -> None:
    owners = reach()
    if owners is not None and task.owner_id not in owners:
        raise takedowns.TakedownMissingError(ref=task.ref)


def _page(
    ref: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    owners = reach()
    tasks = takedown_list.listed(db(), owners, open_only=False, most=_MOST)
    body = render_template(
        "toolbox/takedowns.html",
        waiting=[one for one in tasks if one.open],
        answered=[one for one in tasks if not one.open],
        tallies=takedown_list.tallies(db()) if owners is None else (),
        staff=owners is None,
        answers={one.value: gettext(word) for one, word in ANSWERS.items()},
        used_as={one: gettext(word) for one, word in USED_AS.items()},
        network_name=network_name,
        wrong=ref,
        typed=typed or {},
        errors=errors or {},
    )
    return make_response(body, status)
