"""The goals and actions of a line, and its follow-up in a session of the commission: every line on one page."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import events, plan_lines
from content_calendar.errors import ForbiddenError, InvalidError
from content_calendar.models.commitments import LineStatus, LineTask, TaskSort
from content_calendar.models.directory import Body
from content_calendar.models.events import Event
from content_calendar.models.plan import LineOfAction
from content_calendar.permissions import Permission
from content_calendar.plan_lines import TaskFields
from webapp import programme_words as words
from webapp.errors import flash_error, tell
from webapp.programme.doors import (
    SEE_OTHER,
    blueprint,
    day_in,
    may,
    number_in,
    say,
    typed_words,
)
from webapp.programme.lines import line_name, line_page, may_say, one_line, programme_name
from webapp.session import db, needs, person

_P = Permission
_LONGEST_NOTE = plan_lines.NOTE_LENGTH


def _fields() -> TaskFields:
    form = request.form
    slug = form.get("body", "")
    body_id = db().scalar(select(Body.id).where(Body.slug == slug)) if slug else None
    asked = form.get("sort", "")
    return TaskFields(
        TaskSort(asked) if asked in set(TaskSort) else TaskSort.ACTION,
        form.get("text", ""), body_id,
        number_in(form, "target", plan_lines.MOST), number_in(form, "reached", plan_lines.MOST),
        day_in(form, "due_on"), day_in(form, "done_on"),
    )  # fmt: skip


@blueprint.post("/programa/lineas/<ref>/metas")
@needs(_P.FOLLOW_PROGRAMME)
def add_task(ref: str) -> BaseResponse:
    """Add a goal or an action to a line."""
    found = one_line(ref)
    try:
        row = plan_lines.save_task(db(), found, _fields(), person())
    except InvalidError as error:
        db().rollback()
        return line_page(ref, {error.field or "text": tell(error)}, typed_words(), "task")
    say(gettext("Agregada."), url_for(".remove_task", ref=row.ref))
    return redirect(url_for(".line", ref=ref) + "#metas", SEE_OTHER)


def _task(ref: str) -> tuple[LineTask, LineOfAction]:
    row = plan_lines.find_task(db(), ref)
    line = db().get_one(LineOfAction, row.line_id)
    if not may_say(line):
        raise ForbiddenError
    return row, line


@blueprint.post("/programa/metas/<ref>")
@needs(_P.FOLLOW_PROGRAMME)
def save_task(ref: str) -> BaseResponse:
    """Change a goal or an action: how far it is, when it was done."""
    row, line = _task(ref)
    try:
        plan_lines.save_task(db(), line, _fields(), person(), row)
    except InvalidError as error:
        db().rollback()
        return line_page(line.ref, {error.field or "text": tell(error)}, typed_words(), f"task-{ref}")
    say(gettext("Guardada."))
    return redirect(url_for(".line", ref=line.ref) + "#metas", SEE_OTHER)


@blueprint.post("/programa/metas/<ref>/quitar")
@needs(_P.FOLLOW_PROGRAMME)
def remove_task(ref: str) -> BaseResponse:
    """Take a goal or an action off a line."""
    row, line = _task(ref)
    plan_lines.remove_task(db(), row, person())
    say(gettext("Quitada."), url_for(".restore_task", ref=ref))
    return redirect(url_for(".line", ref=line.ref) + "#metas", SEE_OTHER)


@blueprint.post("/programa/metas/<ref>/devolver")
@needs(_P.FOLLOW_PROGRAMME)
def restore_task(ref: str) -> BaseResponse:
    """Bring a goal or an action back."""
    row, line = _task(ref)
    plan_lines.remove_task(db(), row, person(), removed=False)
    say(gettext("Otra vez en su lugar."))
    return redirect(url_for(".line", ref=line.ref) + "#metas", SEE_OTHER)


def _session_of(ref: str) -> Event:
    if not may(_P.FOLLOW_PROGRAMME, None):
        raise ForbiddenError
    return events.find(db(), ref)


@blueprint.get("/programa/sesiones/<ref>")
@needs(_P.FOLLOW_PROGRAMME)
def session_lines(ref: str) -> str:
    """Show every line on one page, to say in a session how each goes."""
    event = _session_of(ref)
    followed = plan_lines.followed(db())
    programme = request.args.get("programa", "")
    names = list(dict.fromkeys(one.line.programme for one in followed))
    return render_template(
        "programme/session.html",
        event=event,
        followed=[one for one in followed if not programme or one.line.programme == programme],
        said=plan_lines.said_in(db(), event),
        programmes=[(one, programme_name(one)) for one in names],
        programme=programme,
        programme_name=programme_name,
        line_name=line_name,
        statuses=[(one.value, gettext(words.STATUSES[one][0])) for one in LineStatus],
        words=words,
    )


@blueprint.post("/programa/sesiones/<ref>")
@needs(_P.FOLLOW_PROGRAMME)
def follow_in_session(ref: str) -> BaseResponse:
    """Take what was said of the lines in a session; what was left as it was says nothing."""
    event, form, count = _session_of(ref), request.form, 0
    said = plan_lines.said_in(db(), event)
    try:
        for one in plan_lines.followed(db()):
            asked, note = form.get(f"status-{one.line.ref}", ""), form.get(f"note-{one.line.ref}", "").strip()
            before = said.get(one.line.id)
            if asked not in set(LineStatus) or (
                before and (before.status.value, before.note) == (asked, note)
            ):
                continue
            plan_lines.say(db(), one.line, LineStatus(asked), note[:_LONGEST_NOTE], person(), event)
            count += 1
    except InvalidError as error:
        db().rollback()
        flash_error(error)
    else:
        say(
            ngettext("Guardado lo que se dijo de %(num)s línea.", "Guardado lo que se dijo de %(num)s líneas.", count)
            if count
            else gettext("No cambió nada.")
        )  # fmt: skip
    return redirect(url_for(".session_lines", ref=ref, programa=form.get("programa") or None), SEE_OTHER)
