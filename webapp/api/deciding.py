"""``/api/v1/replications/…``: a doubt settled, or its body asked, as the pages do it."""

from collections.abc import Callable

from flask import Response, jsonify

from content_calendar.errors import ForbiddenError
from content_calendar.permissions import Permission
from scheduler.models import Replication, ReplicationStage
from scheduler.replication import asking, deciding, ledger
from webapp.api.operations import Operation, described
from webapp.api.reading import body
from webapp.api.replications import plain
from webapp.api.schema import TRUTH, sent, shapes_of
from webapp.api.views import blueprint
from webapp.dashboards.doubts import find_echo
from webapp.problems import EditionChangedError
from webapp.session import db, needs, person, viewer
from webapp.words import N_

_P = Permission
_TOPIC = "replications"
shapes_of(
    # "was" is the stage that was read: what somebody else decided meanwhile is not decided again unseen.
    Decision=sent(was={"enum": sorted(ReplicationStage)}),
    BodyAnswer=sent("ours", ours=TRUTH),
)


def _decide(ref: str, act: Callable[[Replication], object]) -> Response:
    row = find_echo(ref, _P.DECIDE_REPLICATIONS)
    said = body("Decision", optional=True)
    if said.get("was", row.stage.value) != row.stage.value:
        raise EditionChangedError
    act(row)
    return _answer(ref, _P.DECIDE_REPLICATIONS)


def _answer(ref: str, permission: Permission) -> Response:
    db().flush()
    return jsonify(plain([find_echo(ref, permission)])[0])


def _said(tell: str) -> Operation:
    return Operation(
        tell, "Replication", sends="Decision", refuses=(412,), topic=_TOPIC, optional=True
    )  # fmt: skip


@blueprint.get("/replications/<ref>")
@needs(_P.VIEW_REPLICATIONS)
@described(Operation(N_("Una réplica, con su porqué."), "Replication", topic=_TOPIC))
def replication(ref: str) -> Response:
    """Return one replication within reach."""
    return _answer(ref, _P.VIEW_REPLICATIONS)


@blueprint.post("/replications/<ref>/confirm")
@needs(_P.DECIDE_REPLICATIONS)
@described(_said(N_("Dice que sí es réplica.")))
def confirm_replication(ref: str) -> Response:
    """Say: yes, it takes the post up."""

    def act(row: Replication) -> None:
        ledger.confirm(db(), person(), row.ref)
        asking.settle(db(), row.ref, person())

    return _decide(ref, act)


@blueprint.post("/replications/<ref>/overrule")
@needs(_P.DECIDE_REPLICATIONS)
@described(_said(N_("Dice que no es réplica.")))
def overrule_replication(ref: str) -> Response:
    """Say: no, it does not take the post up."""

    def act(row: Replication) -> None:
        ledger.overrule(db(), person(), row.ref)
        asking.settle(db(), row.ref, person())

    return _decide(ref, act)


@blueprint.post("/replications/<ref>/take-back")
@needs(_P.DECIDE_REPLICATIONS)
@described(_said(N_("Deshace la última decisión.")))
def take_back_replication(ref: str) -> Response:
    """Take the last decision back."""
    return _decide(ref, lambda row: deciding.take_back(db(), person(), row.ref))


@blueprint.post("/replications/<ref>/ask")
@needs(_P.DECIDE_REPLICATIONS)
@described(_said(N_("Le pregunta al organismo si es suya.")))
def ask_replication(ref: str) -> Response:
    """Ask the body whether it is its own."""
    return _decide(ref, lambda row: asking.ask(db(), person(), row.ref))


@blueprint.post("/replications/<ref>/answer")
@needs(_P.DECLARE_REPLICATIONS)
@described(
    Operation(
        N_("Lo que tu organismo contesta: es suya, o no."), "Replication", sends="BodyAnswer", topic=_TOPIC
    )
)
def answer_replication(ref: str) -> Response:
    """Note what somebody of the body says."""
    said = body("BodyAnswer")
    row = find_echo(ref, _P.DECLARE_REPLICATIONS)
    # Nobody says so for the body.
    if row.body_id not in viewer().rights.bodies():
        raise ForbiddenError
    asking.answer(db(), person(), row.ref, ours=said["ours"])
    return _answer(ref, _P.DECLARE_REPLICATIONS)
