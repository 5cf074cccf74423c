"""One body's answer to the first sweep, accepted or refused line by line or all at once."""

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.clock import now
from content_calendar.permissions import Permission
from scheduler.filling import accepting, answers, sweeps
from scheduler.filling.accepting import CROSSED_OUT, By
from scheduler.filling.models import LineKind, LineStage, SweepLine
from webapp import dates
from webapp.directory.doors import SEE_OTHER, blueprint
from webapp.directory.sweep_board import me
from webapp.directory.wording import network_name
from webapp.session import db, needs, viewer
from webapp.words import N_

_P = Permission
KINDS = {
    LineKind.ACCOUNT: N_("Cuenta nueva"),
    LineKind.SITE: N_("Sitio nuevo"),
    LineKind.FEED: N_("Canal nuevo"),
    LineKind.ACCOUNT_YES: N_("Sigue siendo su cuenta"),
    LineKind.ACCOUNT_NO: N_("Dice que esta cuenta no es suya"),
    LineKind.SITE_YES: N_("Sigue siendo su sitio"),
    LineKind.SITE_NO: N_("Dice que este sitio no es suyo"),
}
STAGES = {
    LineStage.WAITING: (N_("por decidir"), "warn"),
    LineStage.ACCEPTED: (N_("aceptado"), "good"),
    LineStage.REFUSED: (N_("no aceptado"), "idle"),
    LineStage.UNUSABLE: (N_("no se entiende"), "bad"),
}


def by() -> By:
    """Return who accepts, today, and the source of what they accept."""
    today = now().astimezone(dates.zone()).date()
    said = gettext("El organismo lo dijo en el primer barrido")
    return By(me(), today, f"{said}, {today.isoformat()}")


@blueprint.get("/directorio/barrido/<ref>")
@needs(_P.EDIT_DIRECTORY)
def sweep_answer(ref: str) -> Response:
    """Show what a body answered."""
    ask = sweeps.find(db(), ref)
    lines = accepting.lines_of(db(), ask)
    page = render_template(
        "directory/sweep_answer.html",
        ask=ask,
        lines=lines,
        others=answers.others_of(db(), lines, ask.body_id),
        kinds={kind: gettext(word) for kind, word in KINDS.items()},
        stages={stage: (gettext(word), look) for stage, (word, look) in STAGES.items()},
        crossed_out=CROSSED_OUT,
        may_retire=viewer().can(_P.CERTIFY_ACCOUNTS),
        network_name=network_name,
        waiting=sum(one.stage is LineStage.WAITING and one.kind not in CROSSED_OUT for one in lines),
    )
    return make_response(page)


def _chosen(ref: str) -> list[SweepLine]:
    """Return the lines that a form names; all that wait and take nothing away when it names none."""
    ask = sweeps.find(db(), ref)
    lines = accepting.lines_of(db(), ask)
    named = set(request.form.getlist("line"))
    if not named:
        return [one for one in lines if one.stage is LineStage.WAITING and one.kind not in CROSSED_OUT]
    chosen = [one for one in lines if one.ref in named]
    if any(one.kind is LineKind.ACCOUNT_NO for one in chosen) and not viewer().can(_P.CERTIFY_ACCOUNTS):
        # Whether an account is official is decided by whoever certifies.
        abort(403)
    return chosen


@blueprint.post("/directorio/barrido/<ref>/aceptar")
@needs(_P.EDIT_DIRECTORY)
def accept_lines(ref: str) -> BaseResponse:
    """Do what the chosen lines propose."""
    lines = _chosen(ref)
    count = accepting.accept(db(), lines, by())
    if count:
        flash(ngettext("Aceptaste %(num)s renglón.", "Aceptaste %(num)s renglones.", count), "success")
    if count < len(lines):
        flash(gettext("Lo demás no se pudo aceptar; junto a cada renglón está por qué."), "warning")
    return redirect(url_for(".sweep_answer", ref=ref), SEE_OTHER)


@blueprint.post("/directorio/barrido/<ref>/dejar")
@needs(_P.EDIT_DIRECTORY)
def refuse_lines(ref: str) -> BaseResponse:
    """Leave the chosen lines aside."""
    accepting.refuse(db(), _chosen(ref), me())
    flash(gettext("Se queda fuera. Puedes aceptarlo después."), "success")
    return redirect(url_for(".sweep_answer", ref=ref), SEE_OTHER)


@blueprint.post("/directorio/barrido/aceptar")
@needs(_P.EDIT_DIRECTORY)
def accept_everything() -> BaseResponse:
    """Accept all that was answered and takes nothing away."""
    sweep = sweeps.current(db())
    lines = accepting.waiting(db(), sweep) if sweep else []
    count = accepting.accept(db(), lines, by())
    flash(ngettext("Aceptaste %(num)s renglón.", "Aceptaste %(num)s renglones.", count), "success")
    if count < len(lines):
        left = len(lines) - count
        flash(
            ngettext(
                "%(num)s renglón no se pudo aceptar: ábrelo y mira por qué.",
                "%(num)s renglones no se pudieron aceptar: ábrelos y mira por qué.",
                left,
            ),
            "warning",
        )
    return redirect(url_for(".sweep_board"), SEE_OTHER)
