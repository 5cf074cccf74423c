"""Contributions: asked of bodies, written by their liaisons, taken or returned."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets import contributed
from content_calendar import contributions, planning, visibility
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.models.plan import Bimester, Contribution
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission, Scope
from webapp.calendar import contributed_files
from webapp.calendar.doors import SEE_OTHER, UNPROCESSABLE, announce, blueprint
from webapp.calendar.periods import today
from webapp.calendar.themes import Place, place_from, show_theme
from webapp.errors import status_of, tell
from webapp.session import db, needs, person, viewer

_EVERY_MEMBER = "members"
_MOST_POSTS = 20


@blueprint.post("/temas/<ref>/aportes")
@needs(Permission.ASK_CONTRIBUTIONS)
def ask(ref: str) -> BaseResponse:
    """Ask bodies to contribute to a theme in a bimester."""
    theme = planning.find_theme(db(), ref)
    place = place_from(request.form.get("bimestre", ""))
    wanted = request.form.getlist("body")
    try:
        due_on = date.fromisoformat(said) if (said := request.form.get("due_on", "")) else None
    except ValueError:
        return _asked_badly(
            ref, place, {"due_on": [gettext("No entendimos el día. Elige uno del calendario.")]}
        )
    if due_on is not None and due_on < today():
        return _asked_badly(ref, place, {"due_on": [gettext("Ese día ya pasó. Elige uno que venga.")]})
    bimester = planning.open_bimester(db(), place.year, place.number)
    what = request.form.get("request", "")
    try:
        if _EVERY_MEMBER in wanted:
            made = contributions.ask_members(db(), bimester, theme, person(), what, due_on)
        else:
            bodies = db().scalars(select(Body).where(Body.slug.in_(wanted))).all()
            made = contributions.ask(db(), bimester, theme, bodies, person(), what, due_on) if bodies else []
    except InvalidError as error:
        return _asked_badly(ref, place, {error.field or "request": [tell(error)]})
    if not made:
        return _asked_badly(ref, place, {"body": [gettext("Elige al menos un organismo.")]})
    said = ngettext(
        "Este tema espera el aporte de %(num)s organismo.",
        "Este tema espera aportes de %(num)s organismos.",
        len(made),
    )
    flash(said, "success")
    return redirect(url_for("calendar.theme", ref=ref, bimestre=place.text), SEE_OTHER)


def _asked_badly(ref: str, place: Place, errors: dict[str, list[str]]) -> Response:
    db().rollback()
    return show_theme(ref, place.text, errors, UNPROCESSABLE)


@blueprint.post("/temas/<ref>/ofrecer")
@needs(Permission.CONTRIBUTE)
def volunteer(ref: str) -> BaseResponse:
    """Open a contribution that nobody asked for, of a body that the person stands for."""
    theme = planning.find_theme(db(), ref)
    place = place_from(request.form.get("bimestre", ""))
    body = db().scalars(select(Body).where(Body.slug == request.form.get("body", ""))).one_or_none()
    if body is None or not viewer().can(Permission.CONTRIBUTE, Scope(body.id, body.region_id)):
        raise ForbiddenError
    bimester = planning.open_bimester(db(), place.year, place.number)
    opened = contributions.volunteer(db(), bimester, theme, body, person())
    return redirect(url_for("calendar.contribution", ref=opened.ref), SEE_OTHER)


def _show(
    ref: str,
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
) -> Response:
    found = contributions.find(db(), ref)
    if not visibility.reads_contribution(viewer().rights, found):
        raise ForbiddenError
    bimester = db().get_one(Bimester, found.bimester_id)
    body = render_template(
        "calendar/contribution.html",
        one=found,
        place=Place(bimester.year, bimester.number),
        due_on=found.due_on or bimester.ends_on,
        is_mine=_is_mine(found),
        late=(found.due_on or bimester.ends_on) < today(),
        files=contributed_files.cards(found),
        people=contributed_files.people_choices(),
        posts=_posts_of(found) if visibility.sees_unapproved(viewer().rights) else (),
        errors=errors or {},
        typed=typed if typed is not None else request.form,
    )
    return make_response(body, status)


def _posts_of(found: Contribution) -> Sequence[Post]:
    rows = select(Post).where(Post.contribution_id == found.id).order_by(Post.id)
    return db().scalars(rows.limit(_MOST_POSTS)).all()


def _is_mine(found: Contribution) -> bool:
    return contributed_files.is_mine(found)


@blueprint.get("/aportes/<ref>")
@needs(Permission.VIEW_PLAN)
def contribution(ref: str) -> Response:
    """Show a contribution: what was asked, what was given, what was answered."""
    return _show(ref)


@blueprint.post("/aportes/<ref>/enviar")
@needs(Permission.CONTRIBUTE)
def send_contribution(ref: str) -> BaseResponse:
    """Keep a file of what the body gives, or send all of it; only whoever stands for that body may.

    A file is looked at before anything else: one that is refused keeps nothing from being read again.
    """
    contributed_files.check_mine(ref)
    kept = contributed_files.take(ref, request.form)
    text = request.form.get("text", "")
    if kept.errors:
        return _show(ref, kept.errors, UNPROCESSABLE)
    if request.form.get("do") == contributed_files.ONLY_A_FILE:
        if kept.added is None:
            return _show(ref, {"file": [gettext("Elige un archivo.")]}, UNPROCESSABLE)
        flash(kept.said, "success")
        return _show(ref, typed={"text": text})
    found = contributions.find(db(), ref)
    try:
        with_files = bool(contributed.files_of(db(), found.id))
        contributions.send(db(), found, person(), text, with_files=with_files)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        field = getattr(error, "field", None) or "text"
        return _show(ref, {field: [tell(error)]}, status_of(error), typed={"text": text})
    flash(gettext("Enviamos tu aporte. El equipo de la Comisión lo revisa."), "success")
    return redirect(url_for("calendar.contribution", ref=ref), SEE_OTHER)


@blueprint.post("/aportes/<ref>/aceptar")
@needs(Permission.ASK_CONTRIBUTIONS)
def accept_contribution(ref: str) -> BaseResponse:
    """Take a contribution, with a word of thanks if one wants."""
    found = contributions.find(db(), ref)
    try:
        contributions.accept(db(), found, person(), request.form.get("answer", ""))
    except (InvalidError, ConflictError) as error:
        return _refused(ref, error, "answer")
    said = gettext("Aceptaste el aporte de %(body)s.", body=found.body.short_name)
    link = url_for("calendar.new_post", tema=found.theme.ref, aporte=ref)
    announce({"text": said, "url": link, "url_label": gettext("Escribir una publicación con él")})
    return redirect(url_for("calendar.contribution", ref=ref), SEE_OTHER)


@blueprint.post("/aportes/<ref>/regresar")
@needs(Permission.ASK_CONTRIBUTIONS)
def return_contribution(ref: str) -> BaseResponse:
    """Return a contribution with a reason."""
    found = contributions.find(db(), ref)
    try:
        contributions.give_back(db(), found, person(), request.form.get("reason", ""))
    except (InvalidError, ConflictError) as error:
        return _refused(ref, error, "reason")
    flash(gettext("Regresaste el aporte con tu motivo."), "success")
    return redirect(url_for("calendar.contribution", ref=ref), SEE_OTHER)


def _refused(ref: str, error: InvalidError | ConflictError, field: str) -> Response:
    db().rollback()
    return _show(ref, {getattr(error, "field", None) or field: [tell(error)]}, status_of(error))
