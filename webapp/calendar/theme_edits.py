"""Themes changed after they were made: edited, put away and brought back, moved to other days."""

from dataclasses import replace
from datetime import date

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audiences, planning
from content_calendar.bimesters import bimester_of
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.audiences import Audience
from content_calendar.models.plan import Theme, ThemeSpan
from content_calendar.permissions import Permission
from webapp.calendar import audience_words
from webapp.calendar.doors import CONFLICT, SEE_OTHER, UNPROCESSABLE, announce, blueprint
from webapp.calendar.theme_kinds import theme_kind_options
from webapp.errors import status_of, tell
from webapp.session import db, needs, person

_SHORT = 60


def _fields_of(theme: Theme) -> planning.ThemeFields:
    return planning.ThemeFields(
        title=theme.title,
        description=theme.description,
        colour=theme.colour,
        commission_id=theme.commission_id,
        area=theme.area,
        kind=theme.kind,
        starts_on=theme.starts_on,
        ends_on=theme.ends_on,
        recurrence=theme.recurrence,
        note=theme.note,
    )


def _editing(
    theme: Theme, fields: planning.ThemeFields, errors: dict[str, list[str]] | None = None, status: int = 200
) -> Response:
    chosen = set(request.form.getlist("lines")) if request.form else {line.ref for line in theme.lines}
    lines = [
        {
            "value": line.ref,
            "title": " ".join(filter(None, [line.programme, line.code])),
            "text": line.title,
        }
        for line in planning.lines_of_action(db())
    ]
    body = render_template(
        "calendar/edit_theme.html",
        theme=theme,
        fields=fields,
        lines=lines,
        kinds=theme_kind_options(fields.kind),
        chosen=chosen,
        audiences=[
            {"value": value, "title": word, "text": ""} for value, word in audience_words.audience_options()
        ],
        spoken_to=set(request.form.getlist("audiences"))
        if request.form
        else {one.value for one in audiences.of_theme(db(), theme)},
        typed=request.form,
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.get("/temas/<ref>/editar")
@needs(Permission.EDIT_PLAN)
def edit_theme(ref: str) -> Response:
    """Show a theme's form."""
    theme = planning.find_theme(db(), ref)
    return _editing(theme, _fields_of(theme))


@blueprint.post("/temas/<ref>/editar")
@needs(Permission.EDIT_PLAN)
def save_theme(ref: str) -> BaseResponse:
    """Change a theme and the lines of action that it serves."""
    form, theme = request.form, planning.find_theme(db(), ref)
    fields = replace(
        _fields_of(theme),
        title=form.get("title", ""),
        description=form.get("description", "").strip(),
        colour=form.get("colour", "") or theme.colour,
        area=form.get("area", "")[:_SHORT].strip(),
        kind=form.get("kind", "")[:_SHORT].strip(),
        note=form.get("note", "").strip(),
    )
    wrong = {}
    try:
        fields = replace(fields, starts_on=_day_or_none("starts_on"), ends_on=_day_or_none("ends_on"))
        planning.edit_theme(db(), theme, fields, actor_ref=person().ref)
        if set(form.getlist("lines")) != {line.ref for line in theme.lines}:
            planning.set_lines(db(), theme, form.getlist("lines"), actor_ref=person().ref)
        spoken_to = [Audience(one) for one in form.getlist("audiences") if one in set(Audience)]
        audiences.set_of_theme(db(), theme, spoken_to, actor_ref=person().ref)
    except ValueError:
        wrong = {"ends_on": [gettext("Escribe las fechas completas, o déjalas vacías.")]}
    except (InvalidError, NotFoundError) as error:
        wrong = {getattr(error, "field", None) or "lines": [tell(error)]}
    if wrong:
        db().rollback()
        return _editing(planning.find_theme(db(), ref), fields, wrong, UNPROCESSABLE)
    flash(gettext("Guardamos el tema «%(title)s».", title=theme.title), "success")
    return redirect(url_for("calendar.theme", ref=ref), SEE_OTHER)


def _day_or_none(name: str) -> date | None:
    said = request.form.get(name, "")
    return date.fromisoformat(said) if said else None


@blueprint.post("/temas/<ref>/archivar")
@needs(Permission.EDIT_PLAN)
def archive_theme(ref: str) -> BaseResponse:
    """Put a theme away: it is offered no more; the answer offers to bring it back."""
    theme = planning.find_theme(db(), ref)
    planning.archive_theme(db(), theme, actor_ref=person().ref)
    said = gettext(
        "Archivamos «%(title)s». Ya no se ofrece; sus publicaciones y sus días siguen.", title=theme.title
    )
    announce({"text": said, "undo_url": url_for("calendar.restore_theme", ref=ref)})
    return redirect(url_for("calendar.theme", ref=ref), SEE_OTHER)


@blueprint.post("/temas/<ref>/recuperar")
@needs(Permission.EDIT_PLAN)
def restore_theme(ref: str) -> BaseResponse:
    """Bring back a theme that was put away."""
    theme = planning.find_theme(db(), ref)
    planning.archive_theme(db(), theme, archived=False, actor_ref=person().ref)
    flash(gettext("«%(title)s» vuelve a ofrecerse.", title=theme.title), "success")
    return redirect(url_for("calendar.theme", ref=ref), SEE_OTHER)


def _moving(
    span: ThemeSpan, days: tuple[str, str], errors: dict[str, list[str]] | None = None, status: int = 200
) -> Response:
    year, number = bimester_of(span.starts_on)
    body = render_template(
        "calendar/move_theme.html",
        span=span,
        days=days,
        back=url_for("calendar.choose_themes", year=year, number=number),
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.get("/calendario/temas/<span>/mover")
@needs(Permission.EDIT_PLAN)
def ask_days(span: str) -> Response:
    """Ask for the days that a placed theme moves to."""
    found = planning.find_span(db(), span)
    return _moving(found, (found.starts_on.isoformat(), found.ends_on.isoformat()))


@blueprint.post("/calendario/temas/<span>/mover")
@needs(Permission.EDIT_PLAN)
def move_theme(span: str) -> BaseResponse:
    """Move a placed theme to other days, of this bimester or another."""
    found = planning.find_span(db(), span)
    # An undoing gives its days in the address, and where the theme stood when it was offered.
    values = request.values
    days = values.get("starts_on", ""), values.get("ends_on", "")
    before = found.starts_on, found.ends_on
    if (stood := values.get("estaba")) and stood != found.starts_on.isoformat():
        return _moving(
            found, days, {"starts_on": [gettext("Alguien lo movió después. Se queda como está.")]}, CONFLICT
        )
    try:
        first, last = (date.fromisoformat(one) for one in days)
        planning.move_theme(db(), found, first, last, actor_ref=person().ref)
    except ValueError:
        return _moving(found, days, {"starts_on": [gettext("Escribe los dos días.")]}, UNPROCESSABLE)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        field = getattr(error, "field", None) or "starts_on"
        return _moving(planning.find_span(db(), span), days, {field: [tell(error)]}, status_of(error))
    said: dict[str, str] | str = gettext("Movimos «%(title)s» a sus nuevos días.", title=found.theme.title)
    if before != (first, last):
        said = {
            "text": str(said),
            "undo_url": url_for(
                "calendar.move_theme",
                span=span,
                starts_on=before[0].isoformat(),
                ends_on=before[1].isoformat(),
                estaba=first.isoformat(),
            ),
        }
    announce(said)
    year, number = bimester_of(first)
    return redirect(url_for("calendar.choose_themes", year=year, number=number), SEE_OTHER)
