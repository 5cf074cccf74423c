"""How a correction's answers are called, and what its form takes."""

from collections.abc import Mapping

from flask import request

from content_calendar.errors import InvalidError
from scheduler.replication.correction_models import CorrectionAnswer
from webapp.words import N_

ANSWERS: Mapping[CorrectionAnswer, str] = {
    CorrectionAnswer.CORRECTED: N_("Ya lo corregimos"),
    CorrectionAnswer.DELETED: N_("Lo borramos"),
    CorrectionAnswer.NOT_APPLICABLE: N_("No aplica"),
}


class CorrectionAnswerError(InvalidError):
    """An answer is one of three."""

    code = "correction_answer"


def told() -> tuple[CorrectionAnswer, str, str]:
    """Return the answer of a form, its link and its note; raise CorrectionAnswerError."""
    said = request.form.get("answer", "")
    if said not in set(CorrectionAnswer):
        raise CorrectionAnswerError(field="answer")
    return CorrectionAnswer(said), request.form.get("link", "")[:2000], request.form.get("note", "")
