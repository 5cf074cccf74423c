"""The goals of the plan: done, planned, missing; and their form."""

from datetime import date

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import event_goals
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.event_goals import GoalFields
from content_calendar.models.events import EventKind, Goal, Measure
from content_calendar.permissions import Permission
from webapp.errors import tell
from webapp.event_kinds import KINDS, kind_options
from webapp.events import words
from webapp.events.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.session import db, needs, person, viewer

_DIGITS = 6


@blueprint.get("/eventos/metas")
@needs(Permission.VIEW_PLAN)
def goals() -> str:
    """Show each goal with what is done, planned and missing."""
    return render_template(
        "events/goals.html",
        followed=event_goals.followed(db()),
        looks=KINDS,
        measures=words.MEASURES,
        cut_off=now(),
        may_edit=viewer().can(Permission.EDIT_PLAN),
    )


@blueprint.get("/eventos/metas/nueva")
@needs(Permission.EDIT_PLAN)
def new_goal() -> Response:
    """Show an empty goal's form."""
    return _show(None)


@blueprint.post("/eventos/metas/nueva")
@needs(Permission.EDIT_PLAN)
def create_goal() -> BaseResponse:
    """Make a goal."""
    return _save(None)


@blueprint.get("/eventos/metas/<ref>")
@needs(Permission.EDIT_PLAN)
def goal(ref: str) -> Response:
    """Show a goal's form."""
    return _show(event_goals.find(db(), ref))


@blueprint.post("/eventos/metas/<ref>")
@needs(Permission.EDIT_PLAN)
def save_goal(ref: str) -> BaseResponse:
    """Change a goal."""
    return _save(event_goals.find(db(), ref))


def _show(found: Goal | None, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    typed = dict(request.form) if errors else _typed_of(found)
    body = render_template(
        "events/goal.html",
        goal=found,
        typed=typed,
        kinds=kind_options(),
        measures=[
            {"value": one.value, "title": gettext(name), "text": ""} for one, name in words.MEASURES.items()
        ],
        errors=errors or {},
    )
    return make_response(body, status)


def _typed_of(found: Goal | None) -> dict[str, str]:
    if found is None:
        return {"kind": EventKind.FORUM.value, "measure": Measure.EVENTS.value}
    return {
        "title": found.title,
        "kind": found.kind.value,
        "measure": found.measure.value,
        "target": "" if found.target is None else str(found.target),
        "starts_on": found.starts_on.isoformat() if found.starts_on else "",
        "ends_on": found.ends_on.isoformat() if found.ends_on else "",
        "note": found.note,
    }


def _save(found: Goal | None) -> BaseResponse:
    form, wrong = request.form, {}
    kind, measure, target = form.get("kind", ""), form.get("measure", ""), form.get("target", "").strip()
    try:
        number = _whole(target)
        fields = GoalFields(
            form.get("title", ""),
            EventKind(kind) if kind in set(EventKind) else EventKind.FORUM,
            Measure(measure) if measure in set(Measure) else Measure.EVENTS,
            number,
            _day("starts_on"),
            _day("ends_on"),
            form.get("note", ""),
        )
        event_goals.save(db(), person(), fields, found)
    except ValueError:
        wrong = {"ends_on": [gettext("Elige los días en el calendario, o déjalos vacíos.")]}
    except InvalidError as error:
        wrong = {error.field or "title": [tell(error)]}
    if wrong:
        db().rollback()
        return _show(event_goals.find(db(), found.ref) if found else None, wrong, UNPROCESSABLE)
    flash(gettext("Guardamos la meta."), "success")
    return redirect(url_for(".goals"), SEE_OTHER)


def _whole(said: str) -> int | None:
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= _DIGITS):
        raise event_goals.GoalTargetError(field="target", most=event_goals.MOST)
    return int(said)


def _day(name: str) -> date | None:
    said = request.form.get(name, "")
    return date.fromisoformat(said) if said else None
