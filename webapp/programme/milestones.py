"""One action of one state: its liaison says what was done and shows it, the coordination confirms."""

from collections.abc import Mapping, Sequence

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from assets.library import Taken
from content_calendar import programme, programme_milestones, programme_notices, proofs
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.local_plans import MilestoneClaim
from content_calendar.models.programme import Action, Participation
from content_calendar.permissions import Permission
from content_calendar.programme_milestones import Told
from content_calendar.programme_standing import Cell, standing_of
from content_calendar.proofs import About
from webapp import programme_words as words
from webapp.errors import flash_error, tell
from webapp.programme.doors import (
    SEE_OTHER,
    UNPROCESSABLE,
    blueprint,
    body_of,
    day_in,
    followed,
    may,
    require,
    say,
    today,
    typed_words,
)
from webapp.programme.proofs import brought, keep, may_open
from webapp.session import db, needs, person

_P = Permission


def _page(
    ref: str, position: int, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    participation = programme.find_participation(db(), ref)
    body = body_of(db(), participation)
    action = programme_milestones.find_action(db(), participation, position)
    standing = standing_of(db(), participation.edition, today())
    state = next(one for one in standing.states if one.ref == ref)
    page = render_template(
        "programme/milestone.html",
        standing=standing,
        state=state,
        action=action,
        cell=state.cells[position - 1],
        claims=[
            one for one in programme_milestones.history(db(), participation) if one.action_id == action.id
        ],
        proofs=[
            (one, may_open(one, body))
            for one in proofs.of_state(db(), participation.id)
            if one.position == position
        ],
        may_follow=may(_P.FOLLOW_PROGRAMME, body),
        may_decide=may(_P.EDIT_PROGRAMME, body),
        words=words,
        errors=errors or {},
        typed=typed or {},
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


@blueprint.get("/programa/avances/<ref>/<int:position>")
@needs(_P.VIEW_PROGRAMME)
def milestone(ref: str, position: int) -> Response:
    """Show one action of one state."""
    return _page(ref, position)


@blueprint.post("/programa/avances/<ref>/<int:position>")
@needs(_P.FOLLOW_PROGRAMME)
def record_milestone(ref: str, position: int) -> BaseResponse:
    """Take what somebody says of an action, with its proofs: of a liaison it waits, of the coordination it counts."""
    try:
        # Before the transaction begins: files take their time.
        taken = brought()
        participation, body = followed(ref)
        action = programme_milestones.find_action(db(), participation, position)
        if may(_P.EDIT_PROGRAMME, body):
            _set_due(participation, action)
        row = _said(participation, action, counts=may(_P.EDIT_PROGRAMME, body))
        _kept(participation, position, taken)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return _page(ref, position, {getattr(error, "field", None) or "done_on": tell(error)}, typed_words())
    if row is None:
        say(gettext("Guardado."))
    elif row.accepted:
        say(gettext("Se guardó el avance: ya cuenta."), url_for(".take_back_claim", ref=row.ref))
    else:
        say(
            gettext("Gracias. Cuenta cuando la coordinación lo confirme."),
            url_for(".take_back_claim", ref=row.ref),
        )
    return redirect(url_for(".milestone", ref=ref, position=position), SEE_OTHER)


def _cell_of(participation: Participation, action: Action) -> Cell:
    standing = standing_of(db(), participation.edition, today())
    return next(one for one in standing.states if one.ref == participation.ref).cells[action.position - 1]


def _set_due(participation: Participation, action: Action) -> None:
    due_on = day_in(request.form, "due_on")
    if due_on != _cell_of(participation, action).own_due_on:
        programme_milestones.set_due(db(), participation, action, due_on, person())


def _said(participation: Participation, action: Action, *, counts: bool) -> MilestoneClaim | None:
    told = Told(day_in(request.form, "done_on"), request.form.get("note", ""))
    cell = _cell_of(participation, action)
    if counts:
        if (told.done_on, told.note.strip()) == (cell.done_on, cell.note):
            return None
        return programme_milestones.record(db(), participation, action, told, today(), person())
    if told.done_on is None and _only_proofs():
        return None
    row = programme_milestones.claim(db(), participation, action, told, today(), person())
    programme_notices.claimed(db(), row, participation, action)
    return row


def _only_proofs() -> bool:
    """Return whether the form brings proofs and says nothing else."""
    files = any(one.filename for one in request.files.getlist("files"))
    return files or bool(request.form.get("proof_link", "").strip())


def _kept(participation: Participation, position: int, taken: Sequence[Taken]) -> None:
    keep(About(participation_id=participation.id, position=position), taken, today())


def _claim(ref: str) -> tuple[MilestoneClaim, Participation, Action]:
    row = programme_milestones.find_claim(db(), ref)
    participation = db().get_one(
        Participation, row.participation_id, options=[joinedload(Participation.edition)]
    )
    return row, participation, db().get_one(Action, row.action_id)


@blueprint.post("/programa/dichos/<ref>/confirmar")
@needs(_P.EDIT_PROGRAMME)
def confirm_claim(ref: str) -> BaseResponse:
    """Confirm what a state said: it counts from now on."""
    row, participation, action = _claim(ref)
    require(_P.EDIT_PROGRAMME, body_of(db(), participation))
    try:
        programme_milestones.accept(db(), row, person())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        programme_notices.claim_answered(db(), row, participation, action, person())
        say(gettext("Confirmado: ya está en verde."))
    return redirect(_back(participation, action), SEE_OTHER)


@blueprint.post("/programa/dichos/<ref>/regresar")
@needs(_P.EDIT_PROGRAMME)
def return_claim(ref: str) -> BaseResponse:
    """Return what a state said, with a reason."""
    row, participation, action = _claim(ref)
    require(_P.EDIT_PROGRAMME, body_of(db(), participation))
    try:
        programme_milestones.give_back(db(), row, request.form.get("answer", ""), person())
    except InvalidError as error:
        db().rollback()
        return _page(participation.ref, action.position, {"answer": tell(error)}, typed_words())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        programme_notices.claim_answered(db(), row, participation, action, person())
        say(gettext("Regresado con tu motivo."))
    return redirect(_back(participation, action), SEE_OTHER)


@blueprint.post("/programa/dichos/<ref>/deshacer")
@needs(_P.FOLLOW_PROGRAMME)
def take_back_claim(ref: str) -> BaseResponse:
    """Undo one's own last word on an action."""
    row, participation, action = _claim(ref)
    require(_P.FOLLOW_PROGRAMME, body_of(db(), participation))
    try:
        programme_milestones.take_back(db(), row, person())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        programme_notices.claim_gone(db(), row, person())
        say(gettext("Deshecho."))
    return redirect(_back(participation, action), SEE_OTHER)


def _back(participation: Participation, action: Action) -> str:
    if request.form.get("from") == "state":
        return url_for(".state", ref=participation.ref)
    return url_for(".milestone", ref=participation.ref, position=action.position)
