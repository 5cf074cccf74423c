"""Who answers for a body: its liaisons, and the deputies that they name."""

from collections.abc import Mapping
from datetime import date

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import deputies, directory, people
from content_calendar.clock import now
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.permissions import Permission, Scope
from webapp import dates
from webapp.account.passwords import make
from webapp.calendar.doors import announce
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import tell
from webapp.session import db, hash_password, needs, person, viewer
from webapp.toolbox.describing import DayError

_P = Permission


def may_name(body: Body) -> bool:
    """Return whether the viewer names deputies of the body: its liaisons do and the staff; a deputy does not."""
    if not viewer().can(_P.NAME_DEPUTIES, Scope(body.id, body.region_id)):
        return False
    staff = viewer().can(_P.ASK_CONTRIBUTIONS)
    return staff or not deputies.is_only_deputy(db(), person().id, body.id)


def reads_who_answers(body: Body) -> bool:
    """Return whether the viewer is shown who answers: those who ask the body, and those who answer for it."""
    return viewer().can(_P.ASK_CONTRIBUTIONS) or body.id in viewer().rights.bodies()


def _show(
    body: Body,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
    told: str = "",
) -> Response:
    today = now().date()
    page = render_template(
        "directory/answering.html",
        body=body,
        answering=deputies.answering(db(), [body.id], today).get(body.id, []),
        may_name=may_name(body),
        today=today,
        local_today=now().astimezone(dates.zone()).date(),
        typed=typed or {},
        errors=errors or {},
        told=told,
    )
    return make_response(page, status)


@blueprint.get("/directorio/<slug>/enlaces")
@needs(_P.VIEW_DIRECTORY)
def answering(slug: str) -> Response:
    """Show who answers for a body, and let a deputy be named."""
    body = directory.find_body(db(), slug)
    if not reads_who_answers(body):
        raise ForbiddenError
    return _show(body)


def _nameable(slug: str) -> Body:
    body = directory.find_body(db(), slug)
    if not may_name(body):
        raise ForbiddenError
    return body


@blueprint.post("/directorio/<slug>/enlaces")
@needs(_P.NAME_DEPUTIES)
def name_deputy(slug: str) -> BaseResponse:
    """Name a deputy; whoever has no account yet gets one, with a first password that is shown once."""
    body = _nameable(slug)
    form = request.form
    try:
        somebody, password = _somebody(form.get("email", ""), form.get("name", ""))
        starts_on, ends_on = _day("starts_on"), _day("ends_on")
        first = starts_on or now().astimezone(dates.zone()).date()
        deputies.name(db(), body, somebody, first, ends_on, person())
    except (InvalidError, ConflictError) as error:
        db().rollback()
        field = getattr(error, "field", None) or "email"
        return _show(directory.find_body(db(), slug), dict(form), {field: [tell(error)]}, UNPROCESSABLE)
    if not password:
        announce(gettext("%(name)s responde también por %(body)s.", name=somebody.name, body=body.short_name))
        return redirect(url_for(".answering", slug=slug), SEE_OTHER)
    # In this answer only: a flashed message would stand readable in a cookie.
    said = gettext(
        "%(name)s ya puede entrar con la contraseña %(password)s. Dásela ahora: no se vuelve a mostrar.",
        name=somebody.name,
        password=password,
    )
    return _show(body, told=said)


def _day(field: str) -> date | None:
    said = request.form.get(field, "").strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise DayError(field) from None


def _somebody(email: str, name: str) -> tuple[Person, str]:
    """Return the person of that address, and a first password for whoever is new; as ``people.add`` raises."""
    known = people.find_by_email(db(), email)
    if known is not None:
        return known, ""
    password = make()
    added = people.add(db(), email, name, hash_password(password), person().ref)
    added.must_change_password = True
    return added, password


@blueprint.post("/directorio/<slug>/enlaces/<int:number>/terminar")
@needs(_P.NAME_DEPUTIES)
def end_deputy(slug: str, number: int) -> BaseResponse:
    """End a deputy at once; the answer offers to undo it."""
    ended = deputies.end(db(), _nameable(slug), number, person())
    announce(
        {
            "text": gettext("%(name)s ya no es suplente.", name=ended.name),
            "undo_url": url_for(".resume_deputy", slug=slug, number=number),
        }
    )
    return redirect(url_for(".answering", slug=slug), SEE_OTHER)


@blueprint.post("/directorio/<slug>/enlaces/<int:number>/seguir")
@needs(_P.NAME_DEPUTIES)
def resume_deputy(slug: str, number: int) -> BaseResponse:
    """Undo the end of a deputy."""
    back = deputies.resume(db(), _nameable(slug), number, person())
    announce(gettext("%(name)s es suplente otra vez.", name=back.name))
    return redirect(url_for(".answering", slug=slug), SEE_OTHER)
