"""The templates of each kind's posts: what they say, when they go out; changed, or as the house has them."""

from collections.abc import Mapping, Sequence

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import event_templates
from content_calendar.errors import InvalidError
from content_calendar.models.events import Anchor, EventKind
from content_calendar.permissions import Permission
from webapp.errors import tell
from webapp.event_kinds import KINDS
from webapp.events import words
from webapp.events.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.session import db, needs, person
from webapp.words import N_

_ANCHORS = {
    Anchor.START: N_("del primer día del evento"),
    Anchor.END: N_("del último día del evento"),
    Anchor.DEADLINE: N_("de cada fecha límite"),
}
_GAPS = {
    "titulo": N_("el nombre del evento"),
    "cuando": N_("el día y la hora"),
    "dia": N_("el día"),
    "donde": N_("el lugar"),
    "organismo": N_("el organismo que lo recibe"),
    "enlace": N_("el enlace"),
    "plazo": N_("el nombre de la fecha límite"),
    "fecha": N_("la fecha límite"),
}
_DIGITS = 4


@blueprint.get("/eventos/plantillas")
@needs(Permission.WRITE_POSTS)
def templates() -> Response:
    """Show the templates of one kind, and where those of the others are."""
    asked = request.args.get("clase", "")
    return _show(EventKind(asked) if asked in set(EventKind) else EventKind.FORUM)


def _show(
    kind: EventKind,
    wrong_step: str = "",
    errors: Mapping[str, Sequence[str]] | None = None,
    status: int = 200,
) -> Response:
    body = render_template(
        "events/templates.html",
        kind=kind,
        looks=KINDS,
        rows=event_templates.of_kind(db(), kind),
        steps=words.STEPS,
        anchors={anchor: gettext(said) for anchor, said in _ANCHORS.items()},
        gaps=[(f"{{{name}}}", gettext(said)) for name, said in _GAPS.items()],
        wrong_step=wrong_step,
        errors=errors or {},
        typed=request.form if errors else {},
    )
    return make_response(body, status)


@blueprint.post("/eventos/plantillas/<kind>/<step>")
@needs(Permission.WRITE_POSTS)
def change_template(kind: str, step: str) -> BaseResponse:
    """Change a post of a template, or go back to the house's own words."""
    one, form = event_templates.find(db(), kind, step), request.form
    if form.get("do") == "forget":
        event_templates.forget(db(), person(), one)
        flash(gettext("Esta plantilla dice otra vez lo que decía al principio."), "success")
        return redirect(url_for(".templates", clase=kind, _anchor=step), SEE_OTHER)
    try:
        event_templates.change(
            db(), person(), one, _days(form.get("days", "")), form.get("hour", ""), form.get("body", "")
        )
    except InvalidError as error:
        db().rollback()
        wrong = {f"{error.field or 'body'}-{step}": [tell(error)]}
        return _show(one.kind, step, wrong, UNPROCESSABLE)
    flash(gettext("Guardamos la plantilla. Vale para lo que prepares desde ahora."), "success")
    return redirect(url_for(".templates", clase=kind, _anchor=step), SEE_OTHER)


def _days(said: str) -> int:
    word = said.strip()
    digits = word.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS):
        raise event_templates.TemplateDaysError(field="days", most=event_templates.MOST_DAYS)
    return int(word)
