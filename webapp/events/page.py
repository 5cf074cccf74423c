"""The page of an event, and what is done there at once: cancel it, bring it back, take its closing back."""

from collections.abc import Sequence

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets.models import Asset
from content_calendar import (
    contributions,
    event_closing,
    event_posts,
    event_templates,
    events,
    planning,
    visibility,
)
from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.event_templates import Template
from content_calendar.models.events import Event, EventKind, EventPost, EvidenceKind
from content_calendar.models.plan import Contribution
from content_calendar.permissions import Permission
from webapp.calendar.audience_words import audience_options
from webapp.calendar.doors import announce
from webapp.calendar.periods import bimester_title
from webapp.errors import status_of, tell
from webapp.event_kinds import KINDS
from webapp.events import words
from webapp.events.doors import SEE_OTHER, blueprint, may_write, require_writing
from webapp.session import db, needs, person, viewer


def show(ref: str, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    """Show an event; ``errors`` are those of its small forms."""
    event = events.find(db(), ref)
    made = event_posts.links(db(), event)
    templates = event_templates.of_kind(db(), event.kind)
    proposed = event_posts.proposed(event, templates, made)
    names = dict(audience_options())
    year, number = bimester_of(event.starts_on)
    body = render_template(
        "events/event.html",
        event=event,
        standing=events.standing(event, now()),
        look=KINDS[event.kind],
        links=[one for one in made if one.post.state in visibility.visible_states(viewer().rights)],
        missing=[words.step_name(one) for one in proposed if one.made is None],
        displaced=_displaced(event, templates, made) if _moves_posts(event) else [],
        left_over=event_posts.left_over(event, templates, made) if _moves_posts(event) else [],
        audiences=[names[one.value] for one in events.audiences_of(db(), event)],
        titles=asset_titles(event),
        proposals=_proposals(event),
        bimester_text=f"{year}-{number}",
        words=words,
        year=year,
        number=number,
        bimester_title=bimester_title(year, number),
        begun=event.starts_at <= now(),
        may_write=may_write(event.body),
        may_prepare=viewer().can(Permission.WRITE_POSTS),
        errors=errors or {},
        typed=request.form if errors else {},
    )
    return make_response(body, status)


def _displaced(
    event: Event, templates: Sequence[Template], made: Sequence[EventPost]
) -> list[dict[str, object]]:
    """Return the posts that were left behind, each with when it goes out and when it would, by its clock."""
    return [
        {"post": one.link.post, "due": event_posts.due_of(one.local, one.zone)}
        for one in event_posts.displaced(event, templates, made)
    ]


def _proposals(event: Event) -> list[Contribution] | None:
    """Return what bodies propose for a magazine's issue, of what the viewer may read; None where nobody is asked.

    They are the contributions to its theme in its bimester: asked for, reminded of and taken as any other.
    """
    if event.kind is not EventKind.MAGAZINE:
        return None
    bimester = planning.find_bimester(db(), *bimester_of(event.starts_on))
    if event.theme is None or bimester is None:
        return []
    every = contributions.of_theme(db(), bimester, event.theme)
    return [one for one in every if visibility.reads_contribution(viewer().rights, one)]


def _moves_posts(event: Event) -> bool:
    return event.cancelled_at is None and viewer().can(Permission.WRITE_POSTS)


def asset_titles(event: Event) -> dict[str, str]:
    """Return the titles of the materials that show that the event took place, by reference; one query at most."""
    refs = [one.said for one in event.evidence if one.kind is EvidenceKind.ASSET]
    if not refs:
        return {}
    return dict(db().execute(select(Asset.ref, Asset.title).where(Asset.ref.in_(refs))).all())


@blueprint.get("/eventos/<ref>")
@needs(Permission.VIEW_PLAN)
def event(ref: str) -> Response:
    """Show an event: when, where, its posts and how it went."""
    return show(ref)


@blueprint.post("/eventos/<ref>/cancelar")
@needs(Permission.WRITE_EVENTS)
def cancel(ref: str) -> BaseResponse:
    """Cancel an event with a reason; the answer offers to bring it back."""
    found = events.find(db(), ref)
    require_writing(found)
    try:
        events.cancel(db(), found, person(), request.form.get("reason", ""))
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return show(ref, {getattr(error, "field", None) or "reason": [tell(error)]}, status_of(error))
    said = gettext("Cancelamos «%(title)s».", title=found.title)
    announce({"text": said, "undo_url": url_for(".restore", ref=ref)})
    return redirect(url_for(".event", ref=ref), SEE_OTHER)


@blueprint.post("/eventos/<ref>/recuperar")
@needs(Permission.WRITE_EVENTS)
def restore(ref: str) -> BaseResponse:
    """Bring a cancelled event back."""
    found = events.find(db(), ref)
    require_writing(found)
    events.restore(db(), found, person())
    flash(gettext("«%(title)s» sigue en pie.", title=found.title), "success")
    return redirect(url_for(".event", ref=ref), SEE_OTHER)


@blueprint.post("/eventos/<ref>/cierre/abrir")
@needs(Permission.WRITE_EVENTS)
def reopen(ref: str) -> BaseResponse:
    """Take a closing back: what it said stays written for whoever closes it again."""
    found = events.find(db(), ref)
    require_writing(found)
    event_closing.reopen(db(), found, person())
    flash(gettext("El cierre de «%(title)s» queda pendiente otra vez.", title=found.title), "success")
    return redirect(url_for(".event", ref=ref), SEE_OTHER)
