"""``/api/v1/publications/…``: what a person decides about a publication, for a program that does it in their name."""

from typing import Any

from flask import Response, jsonify

from content_calendar import publications
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from content_calendar.publications import PlannedMoment
from content_calendar.states import HoldReason
from webapp.api.operations import Operation, described
from webapp.api.reading import body
from webapp.api.reviewing import due_of
from webapp.api.schema import TRUTH, sent, shapes_of, words
from webapp.api.views import blueprint, plain_publication
from webapp.dashboards import outgoing
from webapp.dashboards.deciding import LookFirstError, settle
from webapp.dashboards.proofs import proof_of
from webapp.session import db, needs, person, settings
from webapp.words import N_

_P = Permission
_TOPIC = "publications"
_GENERATION = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
shapes_of(
    # Which doubt was looked at, as the publication's page says it: the word about one is not taken for another.
    Confirmation=sent("link", link=words(1000, 1), generation=_GENERATION),
    Resending=sent(looked=TRUTH, generation=_GENERATION),
    Cancelling=sent(reason=words(300)),
)


def _answer(ref: str) -> Response:
    return jsonify(plain_publication(outgoing.find(ref)))


def _settled(row: Publication) -> Response:
    settle(row)
    return _answer(row.ref)


@blueprint.get("/publications/<ref>")
@needs(_P.VIEW_PUBLICATIONS)
@described(Operation(N_("Una salida, con lo que pasó y dónde se ve."), "Publication", topic=_TOPIC))
def publication(ref: str) -> Response:
    """Return one publication."""
    return _answer(ref)


@blueprint.post("/publications/<ref>/confirm")
@needs(_P.DECIDE_PUBLICATIONS)
@described(
    Operation(N_("Anota que sí salió, con su enlace."), "Publication", sends="Confirmation", topic=_TOPIC)
)
def confirm_publication(ref: str) -> Response:
    """Take a person's word that it is out."""
    said = body("Confirmation")
    row, link = outgoing.find(ref), said["link"].strip()
    publications.confirm_published(
        db(), row, proof_of(row.account, link), link, person().ref,
        whole=row.hold_reason is HoldReason.BY_HAND, generation=said.get("generation"),
    )  # fmt: skip
    return _settled(row)


@blueprint.post("/publications/<ref>/resend")
@needs(_P.DECIDE_PUBLICATIONS)
@described(
    Operation(
        N_("La manda otra vez ahora: alguien miró la cuenta y no está."), "Publication", sends="Resending",
        topic=_TOPIC, optional=True,
    )
)  # fmt: skip
def resend_publication(ref: str) -> Response:
    """Send it again now."""
    said: dict[str, Any] = body("Resending", optional=True)
    row = outgoing.find(ref)
    if outgoing.is_blind(row.account) and not said.get("looked"):
        raise LookFirstError(field="looked")
    publications.resend(db(), row, settings().lateness, person().ref, generation=said.get("generation"))
    return _settled(row)


@blueprint.post("/publications/<ref>/move")
@needs(_P.DECIDE_PUBLICATIONS)
@described(Operation(N_("Le da otra hora."), "Publication", sends="LocalMoment", topic=_TOPIC))
def move_publication(ref: str) -> Response:
    """Give it another moment."""
    due = due_of(body("LocalMoment"))
    row = outgoing.find(ref)
    moment = PlannedMoment(due.at, due.local.strftime("%Y-%m-%dT%H:%M:%S"), due.zone)
    publications.replan(db(), row, moment, settings().lateness, person().ref)
    return _settled(row)


@blueprint.post("/publications/<ref>/cancel")
@needs(_P.DECIDE_PUBLICATIONS)
@described(
    Operation(N_("La cancela: no saldrá."), "Publication", sends="Cancelling", topic=_TOPIC, optional=True)
)
def cancel_publication(ref: str) -> Response:
    """Withdraw it."""
    said = body("Cancelling", optional=True)
    row = outgoing.find(ref)
    publications.cancel(db(), row, person().ref, said.get("reason", ""))
    return _settled(row)
