"""Lines of action with their term, and PlanDAI's traffic light with its rule."""

from datetime import date
from itertools import groupby

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from content_calendar import planning, programme
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from content_calendar.programme import Cell, Light
from webapp import dates
from webapp.errors import tell
from webapp.session import db, needs, person
from webapp.words import N_

blueprint = Blueprint("programme", __name__)

# The light's colour comes with a shape and a word; what is planned or unknown has no colour of the three.
LIGHTS = {
    Light.DONE: ("green", N_("hecho")),
    Light.SOON: ("yellow", N_("vence en 30 días o menos")),
    Light.OVERDUE: ("red", N_("vencido")),
    Light.PLANNED: ("blue", N_("planeado")),
    Light.NO_DATA: (None, N_("sin dato")),
}
TERMS = {
    "green": N_("de 0 a 3 meses"),
    "yellow": N_("de 3 a 6 meses"),
    "orange": N_("de 6 a 9 meses"),
    "red": N_("de 9 a 12 meses"),
    "blue": N_("permanente"),
}
PROGRAMMES = {
    "plan": N_("Plan de trabajo de la Comisión"),
    "PROTAI": "PROTAI",
    "PRONADATOS": "PRONADATOS",
}


def _today() -> date:
    return now().astimezone(dates.zone()).date()


def _lights() -> dict[Light, tuple[str | None, str]]:
    return {light: (colour, gettext(word)) for light, (colour, word) in LIGHTS.items()}


@blueprint.get("/programa")
@needs(Permission.VIEW_PROGRAMME)
def overview() -> str:
    """Show the lines of action by programme, and the editions of PlanDAI."""
    lines = planning.lines_of_action(db())
    in_order = sorted(lines, key=lambda line: (line.programme, line.position))
    groups = [
        (gettext(PROGRAMMES.get(name, name)), list(rows))
        for name, rows in groupby(in_order, key=lambda line: line.programme)
    ]
    return render_template(
        "programme/overview.html",
        groups=groups,
        terms={name: gettext(words) for name, words in TERMS.items()},
        editions=programme.editions(db()),
    )


@blueprint.get("/programa/plandai/<slug>")
@needs(Permission.VIEW_PROGRAMME)
def plandai(slug: str) -> str:
    """Show an edition's traffic light: participating states by seven actions."""
    return render_template(
        "programme/plandai.html",
        grid=programme.traffic_light(db(), slug, _today()),
        lights=_lights(),
        today=now(),
    )


def _milestone_page(
    ref: str, position: int, errors: dict[str, str], typed: dict[str, str], status: int = 200
) -> Response:
    participation = programme.find_participation(db(), ref)
    found = programme.traffic_light(db(), participation.edition.slug, _today())
    row = next(one for one in found.rows if one.ref == ref)
    if not 1 <= position <= len(found.actions):
        raise programme.ActionNotFoundError(position=position)
    body = render_template(
        "programme/milestone.html",
        edition=found.edition,
        row=row,
        action=found.actions[position - 1],
        cell=row.cells[position - 1],
        lights=_lights(),
        errors=errors,
        typed=typed,
    )
    return make_response(body, status)


@blueprint.get("/programa/avances/<ref>/<int:position>")
@needs(Permission.EDIT_PROGRAMME)
def milestone(ref: str, position: int) -> Response:
    """Show the form for one action of one state."""
    return _milestone_page(ref, position, {}, {})


@blueprint.post("/programa/avances/<ref>/<int:position>")
@needs(Permission.EDIT_PROGRAMME)
def record_milestone(ref: str, position: int) -> Response:
    """Write what a state has done of one action."""
    form = request.form
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for field in ("due_on", "done_on"):
        try:
            days[field] = date.fromisoformat(form.get(field, "")) if form.get(field) else None
        except ValueError:
            errors[field] = gettext("Escribe la fecha como año-mes-día, o elígela en el calendario.")
    if not errors:
        try:
            participation = programme.find_participation(db(), ref)
            cell = Cell(Light.NO_DATA, days["due_on"], days["done_on"], form.get("note", ""))
            programme.record_milestone(db(), participation, position, cell, _today(), actor_ref=person().ref)
        except InvalidError as error:
            errors[error.field or "done_on"] = tell(error)
    if errors:
        return _milestone_page(ref, position, errors, dict(form), 422)
    flash(gettext("Se guardó el avance."), "success")
    return redirect(url_for("programme.plandai", slug=participation.edition.slug), 303)
