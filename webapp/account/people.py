"""People and roles, for administrators."""

from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audit, door_letters, people, provider_entries, second_factor
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import Body, Region
from content_calendar.models.factors import DoorLetterKind
from content_calendar.permissions import Permission, Role
from webapp.account.door_links import mails_go_out
from webapp.account.passwords import make
from webapp.account.views import blueprint
from webapp.errors import flash_error, tell
from webapp.frame import ROLES
from webapp.inputs import small
from webapp.session import db, hash_password, needs, person

_SEE_OTHER = 303


def _page(
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
    told: str = "",
) -> Response:
    bodies = {body.id: body for body in db().scalars(select(Body).order_by(Body.state_name))}
    regions = {region.id: region for region in db().scalars(select(Region).order_by(Region.name))}
    body = render_template(
        "account/people.html",
        people=people.everybody(db()),
        bodies=bodies,
        regions=regions,
        roles=[(role, gettext(ROLES[role])) for role in Role],
        role_names={role: gettext(name) for role, name in ROLES.items()},
        typed=typed or {},
        errors=errors or {},
        told=told,
        admins=people.admins(db(), now().date()),
        least_admins=people.LEAST_ADMINS,
        with_factor=second_factor.everybody_with_one(db()),
        tied=provider_entries.tied_people(db()),
        erased=people.ERASED,
        today=now().date(),
        one_day=timedelta(days=1),
    )
    return make_response(body, status)


@blueprint.get("/sistema/personas")
@needs(Permission.EDIT_PEOPLE)
def everybody() -> Response:
    """Show who can sign in, and as what."""
    return _page()


@blueprint.post("/sistema/personas")
@needs(Permission.EDIT_PEOPLE)
def add_person() -> BaseResponse:
    """Add a person with a role and a first password, shown once."""
    form = request.form
    password, invited = make(), mails_go_out()
    try:
        role = Role(form.get("role", ""))
    except ValueError:
        role = Role.LIAISON
    try:
        added = people.add(
            db(),
            form.get("email", ""),
            form.get("name", ""),
            "" if invited else hash_password(password),
            person().ref,
        )
        added.must_change_password = True
        people.grant(
            db(),
            added,
            role,
            on=now().date(),
            body_id=_known(Body, "body") if role is Role.LIAISON else None,
            region_id=_known(Region, "region") if role is Role.REGIONAL else None,
            actor_ref=person().ref,
        )
    except (InvalidError, ConflictError) as error:
        db().rollback()
        field = getattr(error, "field", None) or "email"
        return _page(dict(form), {field: tell(error)}, 422)
    if invited:
        door_letters.ask(db(), added, DoorLetterKind.INVITE)
        return _page(
            told=gettext(
                "Le mandamos a %(name)s una invitación a %(email)s. Dura siete días.",
                name=added.name,
                email=added.email,
            )
        )
    # In this answer only: a flashed message would stand readable in a cookie.
    return _page(
        told=gettext(
            "%(name)s ya puede entrar con la contraseña %(password)s. Dásela ahora: no se vuelve a mostrar.",
            name=added.name,
            password=password,
        )
    )


@blueprint.post("/sistema/personas/<ref>/contrasena")
@needs(Permission.EDIT_PEOPLE)
def reset_password(ref: str) -> BaseResponse:
    """Give a person a new first password, shown once; their sessions end."""
    somebody = people.find(db(), ref)
    password = make()
    somebody.password_hash = hash_password(password)
    somebody.must_change_password = True
    people.end_sessions(db(), somebody)
    audit.record(db(), person().ref, "password_reset", "person", somebody.ref)
    return _page(
        told=gettext(
            "La nueva contraseña de %(name)s es %(password)s. Dásela ahora: no se vuelve a mostrar.",
            name=somebody.name,
            password=password,
        )
    )


@blueprint.post("/sistema/personas/<ref>/salida")
@needs(Permission.EDIT_PEOPLE)
def end_access(ref: str) -> BaseResponse:
    """Take a person's access away."""
    somebody = people.find(db(), ref)
    people.leave(db(), somebody, person().ref, now().date())
    flash(gettext("%(name)s ya no puede entrar.", name=somebody.name), "success")
    return redirect(url_for("account.everybody"), _SEE_OTHER)


@blueprint.post("/sistema/personas/<ref>/borrar")
@needs(Permission.EDIT_PEOPLE)
def erase_person(ref: str) -> BaseResponse:
    """Forget who somebody was that has left; what they did stays in the trail, without their name."""
    try:
        people.erase(db(), people.find(db(), ref), person().ref)
    except ConflictError as error:
        flash_error(error)
    else:
        flash(gettext("Borramos su nombre, su correo y lo que abría su cuenta."), "success")
    return redirect(url_for("account.everybody"), _SEE_OTHER)


def _known(model: type[Body | Region], field: str) -> int | None:
    chosen = request.form.get(field, type=small)
    return chosen if chosen is not None and db().get(model, chosen) is not None else None
