"""An edition's dates and participants, and a new edition: what the coordination sets before the states begin."""

from collections.abc import Mapping

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import programme
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.models.programme import Participation
from content_calendar.permissions import Permission
from content_calendar.programme import EditionDays
from webapp.errors import tell
from webapp.programme.doors import SEE_OTHER, UNPROCESSABLE, blueprint, day_in, say, today, typed_words
from webapp.session import db, needs, person

_P = Permission


def _page(
    slug: str, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None, form: str = ""
) -> Response:
    edition = programme.find_edition(db(), slug)
    bodies = db().scalars(select(Body).order_by(Body.state_name, Body.slug)).all()
    taking = set(
        db().scalars(
            select(Participation.body_id).where(
                Participation.edition_id == edition.id, Participation.takes_part.is_(True)
            )
        )
    )
    page = render_template(
        "programme/edition.html",
        edition=edition,
        seven=programme.actions_of(db(), edition),
        bodies=bodies,
        taking=taking,
        typed=typed or {},
        errors=errors or {},
        form=form,
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


@blueprint.get("/programa/plandai/<slug>/fechas")
@needs(_P.EDIT_PROGRAMME)
def edition_days(slug: str) -> Response:
    """Ask for an edition's dates and which states take part."""
    return _page(slug)


@blueprint.post("/programa/plandai/<slug>/fechas")
@needs(_P.EDIT_PROGRAMME)
def save_edition_days(slug: str) -> BaseResponse:
    """Write an edition's dates: from now on its light follows them."""
    edition = programme.find_edition(db(), slug)
    form = request.form
    try:
        due = {
            one.position: day_in(form, f"due-{one.position}") for one in programme.actions_of(db(), edition)
        }
        days = EditionDays(day_in(form, "starts_on"), day_in(form, "ends_on"), due)
        programme.set_days(db(), edition, days, today(), actor_ref=person().ref)
    except InvalidError as error:
        db().rollback()
        return _page(slug, {error.field or "starts_on": tell(error)}, typed_words(), "days")
    say(gettext("Guardadas las fechas: el semáforo ya las sigue."))
    return redirect(url_for(".plandai", slug=slug), SEE_OTHER)


@blueprint.post("/programa/plandai/<slug>/estados")
@needs(_P.EDIT_PROGRAMME)
def save_participants(slug: str) -> BaseResponse:
    """Write which states take part in an edition."""
    edition = programme.find_edition(db(), slug)
    wanted = db().scalars(select(Body.id).where(Body.slug.in_(request.form.getlist("bodies")))).all()
    changed = programme.set_participants(
        db(), edition, wanted, request.form.get("source", "")[:1000], actor_ref=person().ref
    )
    say(gettext("Guardado qué estados participan.") if changed else gettext("No cambió nada."))
    return redirect(url_for(".plandai", slug=slug), SEE_OTHER)


@blueprint.post("/programa/plandai/<slug>/otra")
@needs(_P.EDIT_PROGRAMME)
def open_edition(slug: str) -> BaseResponse:
    """Open a new edition with the stages and actions of this one."""
    like = programme.find_edition(db(), slug)
    try:
        made = programme.open_edition(db(), request.form.get("name", ""), like, actor_ref=person().ref)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return _page(slug, {"name": tell(error)}, typed_words(), "edition")
    say(gettext("Abierta: «%(name)s». Ponle fechas y di qué estados participan.", name=made.name))
    return redirect(url_for(".edition_days", slug=made.slug), SEE_OTHER)
