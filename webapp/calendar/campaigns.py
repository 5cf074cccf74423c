"""Campaigns: their tags, and how many people say yes to their posts."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import campaigns as kept
from content_calendar.errors import InvalidError
from content_calendar.models.plan import Campaign
from content_calendar.permissions import Permission
from content_calendar.signing import MOST_STEPS
from webapp.calendar.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import tell
from webapp.inputs import small
from webapp.session import db, needs, person


@blueprint.get("/calendario/campanas")
@needs(Permission.EDIT_PLAN)
def campaigns() -> Response:
    """List the campaigns, and offer to begin one."""
    return _listed()


def _listed(errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    page = render_template(
        "calendar/campaigns.html", campaigns=kept.listed(db()), errors=errors or {}, typed=request.form
    )
    return make_response(page, status)


@blueprint.post("/calendario/campanas")
@needs(Permission.REVIEW_POSTS)
def begin_campaign() -> BaseResponse:
    """Begin a campaign by its name."""
    try:
        begun = kept.begin(db(), request.form.get("name", ""), person())
    except InvalidError as error:
        db().rollback()
        return _listed({error.field or "name": [tell(error)]}, UNPROCESSABLE)
    flash(gettext("Campaña creada. Di qué etiquetas lleva y quién la aprueba."), "success")
    return redirect(url_for(".campaign", slug=begun.slug), SEE_OTHER)


@blueprint.get("/calendario/campanas/<slug>")
@needs(Permission.EDIT_PLAN)
def campaign(slug: str) -> Response:
    """Show what a campaign asks of its posts."""
    return _show(kept.find(db(), slug))


def _show(found: Campaign, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    named = kept.reviewers_of(db(), found)
    page = render_template(
        "calendar/campaign.html",
        campaign=found,
        typed=_typed(found, {step: {str(one) for one in people} for step, people in named.items()}),
        people=[{"value": str(one.id), "title": one.name} for one in kept.who_may_review(db())],
        steps=range(1, MOST_STEPS + 1),
        errors=errors or {},
    )
    return make_response(page, status)


def _typed(found: Campaign, named: dict[int, set[str]]) -> dict[str, object]:
    """Return what the form shows: what was typed, else what stands."""
    form = request.form
    if form:
        return {
            "name": form.get("name", ""),
            "description": form.get("description", ""),
            "tags": form.get("tags", ""),
            "steps": form.get("steps", ""),
            "any": form.get("any", ""),
            "reviewers": {step: set(form.getlist(f"reviewers_{step}")) for step in range(1, MOST_STEPS + 1)},
        }
    return {
        "name": found.name,
        "description": found.description,
        "tags": " ".join(found.tags),
        "steps": str(found.review_steps),
        "any": "1" if found.any_reviewer else "0",
        "reviewers": named,
    }


@blueprint.post("/calendario/campanas/<slug>")
@needs(Permission.REVIEW_POSTS)
def change_campaign(slug: str) -> BaseResponse:
    """Write down what a campaign asks of its posts, from now on."""
    found, form = kept.find(db(), slug), request.form
    try:
        told = kept.Told(
            form.get("name", ""),
            form.get("description", ""),
            kept.tags_in(form.get("tags", "")),
            form.get("steps", 0, type=small),
            form.get("any") == "1",
            {step: form.getlist(f"reviewers_{step}", type=small) for step in range(1, MOST_STEPS + 1)},
        )
        kept.change(db(), found, told, person())
    except InvalidError as error:
        db().rollback()
        return _show(found, {error.field or "name": [tell(error)]}, UNPROCESSABLE)
    flash(gettext("Guardado: vale para lo que se revise desde ahora."), "success")
    return redirect(url_for(".campaigns"), SEE_OTHER)
