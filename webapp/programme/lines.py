"""Lines of action: their term and, apart, how they go; the page of one, with who adopted it and its goals."""

from collections.abc import Mapping
from itertools import groupby

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import plan_lines, proofs
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.models.commitments import LineStatus, TaskSort
from content_calendar.models.directory import Body
from content_calendar.models.plan import LineOfAction
from content_calendar.permissions import Permission, Scope
from content_calendar.plan_lines import LineFields
from content_calendar.programme_rules import term_span
from content_calendar.proofs import About
from webapp import programme_words as words
from webapp.errors import flash_error, tell
from webapp.programme.doors import SEE_OTHER, UNPROCESSABLE, blueprint, may, say, today, typed_words
from webapp.programme.proofs import brought, keep
from webapp.session import db, needs, person, viewer

_P = Permission
_PLAN = "CVPDCS "


def programme_name(slug: str) -> str:
    """Return what a programme is called on the screen."""
    if not slug.startswith(_PLAN):
        return slug
    said: str = gettext("Plan de la Comisión %(years)s", years=slug.removeprefix(_PLAN))
    return said


def line_name(line: LineOfAction) -> str:
    """Return what a line is called: its code, or its place where no source gives a code."""
    said: str = line.code or gettext("Lugar %(n)s", n=line.position)
    return said


def may_say(line: LineOfAction) -> bool:
    """Return whether the viewer may say how a line goes: for all, or because their body adopted it."""
    if may(_P.FOLLOW_PROGRAMME, None):
        return True
    scopes = [
        Scope(one.body.id, one.body.region_id)
        for one in plan_lines.adoptions(db(), line)
        if one.until is None
    ]
    return any(viewer().can(_P.FOLLOW_PROGRAMME, scope) for scope in scopes)


def one_line(ref: str) -> LineOfAction:
    """Return a line that the viewer may follow; raises LineNotFoundError and ForbiddenError."""
    line = plan_lines.find(db(), ref)
    if not may_say(line):
        raise ForbiddenError
    return line


@blueprint.get("/programa/lineas")
@needs(_P.VIEW_PROGRAMME)
def lines() -> str:
    """Show the lines of action by programme, each with its term and, apart, how it goes."""
    status, mine = request.args.get("estado", ""), viewer().rights.bodies()
    found = [
        one
        for one in plan_lines.followed(db())
        if status not in {*LineStatus, "no_data"} or (one.status.value if one.status else "no_data") == status
    ]
    groups = [
        (programme_name(slug), list(rows))
        for slug, rows in groupby(found, key=lambda one: one.line.programme)
    ]
    return render_template(
        "programme/lines.html",
        # The commission's own plan first.
        groups=sorted(groups, key=lambda group: not group[1][0].line.programme.startswith(_PLAN)),
        status=status,
        statuses=[
            *((one.value, gettext(words.STATUSES[one][0])) for one in LineStatus),
            ("no_data", gettext("sin dato")),
        ],
        sessions=plan_lines.sessions_of(db()) if may(_P.FOLLOW_PROGRAMME, None) else [],
        line_name=line_name,
        term_span=term_span,
        mine=mine,
        today=today(),
        words=words,
    )  # fmt: skip


def line_page(
    ref: str, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None, form: str = ""
) -> Response:
    """Return the page of a line; ``form`` is which of its forms came back."""
    found = plan_lines.find(db(), ref)
    follows = may_say(found)
    bodies = db().scalars(select(Body).order_by(Body.state_name, Body.slug)).all() if follows else []
    page = render_template(
        "programme/line.html",
        line=found,
        name=line_name(found),
        programme=programme_name(found.programme),
        span=term_span(found.programme, found.term),
        history=plan_lines.history(db(), found),
        adoptions=plan_lines.adoptions(db(), found),
        tasks=plan_lines.tasks_of(db(), found),
        proofs=[(one, True) for one in proofs.of_line(db(), found.id)],
        bodies=bodies,
        body_options=[(one.slug, f"{one.state_name} · {one.short_name}") for one in bodies],
        statuses=[{"value": one.value, "title": gettext(words.STATUSES[one][0])} for one in LineStatus],
        task_sorts=[(one.value, gettext(words.TASKS[one])) for one in TaskSort],
        sessions=plan_lines.sessions_of(db()) if follows else [],
        may_follow=follows,
        may_edit=may(_P.EDIT_PROGRAMME, None),
        words=words,
        errors=errors or {},
        typed=typed or {},
        form=form,
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


@blueprint.get("/programa/lineas/<ref>")
@needs(_P.VIEW_PROGRAMME)
def line(ref: str) -> Response:
    """Show one line of action."""
    return line_page(ref)


@blueprint.post("/programa/lineas/<ref>/como-va")
@needs(_P.FOLLOW_PROGRAMME)
def say_line(ref: str) -> BaseResponse:
    """Say how a line goes, in a session where it is chosen, with what shows it."""
    form = request.form
    try:
        # Before the transaction begins: files take their time.
        taken = brought()
        found = one_line(ref)
        asked = form.get("status", "")
        if asked not in set(LineStatus):
            return line_page(ref, {"status": gettext("Di cómo va.")}, typed_words(), "word")
        events = {one.ref: one for one in plan_lines.sessions_of(db())}
        row = plan_lines.say(
            db(),
            found,
            LineStatus(asked),
            form.get("note", ""),
            person(),
            events.get(form.get("session", "")),
        )
        keep(About(line_id=found.id), taken, today())
    except InvalidError as error:
        db().rollback()
        return line_page(ref, {error.field or "note": tell(error)}, typed_words(), "word")
    say(gettext("Guardado: lo dijiste hoy."), url_for(".take_back_word", ref=row.ref))
    return redirect(url_for(".line", ref=ref), SEE_OTHER)


@blueprint.post("/programa/dicho-de-linea/<ref>/deshacer")
@needs(_P.FOLLOW_PROGRAMME)
def take_back_word(ref: str) -> BaseResponse:
    """Take one's own last word on a line back."""
    row = plan_lines.find_word(db(), ref)
    found = db().get_one(LineOfAction, row.line_id)
    try:
        plan_lines.take_back(db(), row, person())
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        say(gettext("Deshecho: cuenta lo que se dijo antes."))
    return redirect(url_for(".line", ref=found.ref), SEE_OTHER)


@blueprint.post("/programa/lineas/<ref>/quien-la-adopta")
@needs(_P.EDIT_PROGRAMME)
def adopt_line(ref: str) -> BaseResponse:
    """Say which members adopted a line."""
    found = plan_lines.find(db(), ref)
    wanted = db().scalars(select(Body.id).where(Body.slug.in_(request.form.getlist("bodies")))).all()
    changed = plan_lines.set_adopters(
        db(), found, wanted, request.form.get("source", "")[: plan_lines.NOTE_LENGTH], today(), person()
    )
    say(gettext("Guardado quién la adoptó.") if changed else gettext("No cambió nada."))
    return redirect(url_for(".line", ref=ref), SEE_OTHER)


@blueprint.post("/programa/lineas/<ref>")
@needs(_P.EDIT_PROGRAMME)
def save_line(ref: str) -> BaseResponse:
    """Write what a line is: its code, title and term."""
    found = plan_lines.find(db(), ref)
    try:
        plan_lines.save_line(db(), found, _fields(), person())
    except InvalidError as error:
        db().rollback()
        return line_page(ref, {error.field or "title": tell(error)}, typed_words(), "line")
    say(gettext("Guardada."))
    return redirect(url_for(".line", ref=ref), SEE_OTHER)


def _fields() -> LineFields:
    form = request.form
    return LineFields(
        form.get("code", ""), form.get("title", ""), form.get("term", ""), form.get("source", "")
    )


def _new_page(errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None) -> Response:
    page = render_template(
        "programme/line_new.html",
        programmes=sorted({one.line.programme for one in plan_lines.followed(db())}),
        words=words,
        errors=errors or {},
        typed=typed or {},
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


@blueprint.get("/programa/lineas/nueva")
@needs(_P.EDIT_PROGRAMME)
def new_line() -> Response:
    """Ask for a line that the plan adds."""
    return _new_page()


@blueprint.post("/programa/lineas/nueva")
@needs(_P.EDIT_PROGRAMME)
def add_line() -> BaseResponse:
    """Add a line to a programme."""
    try:
        found = plan_lines.add_line(db(), request.form.get("programme", ""), _fields(), person())
    except InvalidError as error:
        db().rollback()
        return _new_page({error.field or "title": tell(error)}, typed_words())
    say(gettext("Agregada."))
    return redirect(url_for(".line", ref=found.ref), SEE_OTHER)
