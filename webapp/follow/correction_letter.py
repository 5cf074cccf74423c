"""A correction answered from a letter, without a password.

Opening it changes nothing, so whatever looks at mails for a mail server answers nothing. No page here is kept by a
cache or a search engine.
"""

from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import people
from content_calendar.errors import ConflictError, InvalidError, ResuenaError
from scheduler.replication import corrections
from scheduler.replication.correction_models import CorrectionTask
from scheduler.replication.corrections import (
    CorrectionClosedError,
    CorrectionLinkOverError,
    CorrectionMissingError,
)
from webapp.calendar.comparing import word_difference
from webapp.errors import status_of, tell
from webapp.follow.correction_words import ANSWERS, told
from webapp.follow.doors import SEE_OTHER, blueprint
from webapp.session import database, db, public, throttle_key

_GONE, _WAIT = 410, 429
# A whole office may stand behind one address; a link has 256 bits, so that this only bounds the noise.
_TRIES = 6 * people.TRIES


class CorrectionDoorClosedError(ResuenaError):
    """Too many links that do not exist were opened from one address; ``minutes`` to wait."""

    code = "correction_wait"


def _opened(token: str) -> CorrectionTask:
    try:
        return corrections.opened(db(), token)
    except CorrectionMissingError:
        db().rollback()
    key = throttle_key("correction-link", request.remote_addr or "")
    with database().transaction() as session:
        if people.must_wait(session, key, _TRIES):
            raise CorrectionDoorClosedError(minutes=int(people.TRIES_WINDOW.total_seconds() // 60))
        people.note_try(session, [key], succeeded=False)
    raise CorrectionMissingError


def _unlisted(answer: BaseResponse) -> BaseResponse:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _closed(error: ResuenaError) -> BaseResponse:
    status = _WAIT if isinstance(error, CorrectionDoorClosedError) else status_of(error)
    if isinstance(error, CorrectionLinkOverError | CorrectionClosedError):
        status = _GONE
    return _unlisted(
        make_response(render_template("follow/correction_closed.html", said=tell(error)), status)
    )


def _show(
    token: str, task: CorrectionTask, errors: Mapping[str, str] | None = None, status: int = 200
) -> BaseResponse:
    found = task.correction
    page = render_template(
        "follow/correction_letter.html",
        token=token,
        task=task,
        found=found,
        difference=word_difference(found.said, found.right),
        answers={one.value: gettext(word) for one, word in ANSWERS.items()},
        typed=request.form if errors else {},
        errors=errors or {},
    )
    return _unlisted(make_response(page, status))


@blueprint.get("/e/<token>")
@public
def correction_letter(token: str) -> BaseResponse:
    """Show the correction to the body that the link is of, with what it answered before."""
    try:
        task = _opened(token)
    except (
        CorrectionMissingError,
        CorrectionLinkOverError,
        CorrectionDoorClosedError,
    ) as error:
        return _closed(error)
    return _show(token, task) if task.closed_at is None else _closed(CorrectionClosedError())


@blueprint.post("/e/<token>")
@public
def answer_letter(token: str) -> BaseResponse:
    """Take what the body did; it can be changed as long as the link is good."""
    try:
        task = _opened(token)
    except (CorrectionMissingError, CorrectionLinkOverError, CorrectionDoorClosedError) as error:
        return _closed(error)
    try:
        said, link, note = told()
        corrections.answer(db(), task, said, link, note, None)
    except InvalidError as error:
        wrong = {error.field or "answer": tell(error)}
        db().rollback()
        return _show(token, _opened(token), wrong, status_of(error))
    except ConflictError as error:
        db().rollback()
        return _closed(error)
    flash(gettext("Anotado. Gracias: puedes cambiar tu respuesta con este mismo enlace."), "success")
    return _unlisted(redirect(url_for(".correction_letter", token=token), SEE_OTHER))
