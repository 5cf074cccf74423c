"""A post's page: what it says, where it stands, what became of it, and what one can do with it now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from werkzeug.wrappers import Response as BaseResponse

from assets import library, uptake
from assets.models import SeenThing
from content_calendar import (
    adaptations,
    event_posts,
    post_audiences,
    posts,
    publications,
    review,
    series,
    visibility,
)
from content_calendar.clock import now
from content_calendar.content import Content
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.plan import Contribution
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from content_calendar.posts import Draft
from content_calendar.states import PostState, PublicationState
from scheduler.relaying import relays
from webapp import allied, ally_words, checks, dates, followed
from webapp.adapting.section import section_of
from webapp.calendar import audience_words, clocks, keeping, scheduling
from webapp.calendar.choices import network_name
from webapp.calendar.comparing import differences, other_changes
from webapp.calendar.doors import SEE_OTHER, UNPROCESSABLE, announce, blueprint
from webapp.calendar.moving import asked_moment
from webapp.calendar.panels import panel
from webapp.calendar.scheduling import due_of
from webapp.errors import status_of, tell
from webapp.seeing import note_seen
from webapp.session import db, needs, person, settings, viewer

_MOVABLE = frozenset({PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED, PostState.SCHEDULED})


@dataclass(frozen=True)
class Change:
    """One kept version and what it changed of the one before."""

    version: PostVersion
    texts: list[tuple[str, list[tuple[str, str]]]]
    others: set[str]


def draft_of(post: Post) -> Draft:
    """Return a saved post, loaded by ``posts.find``, as the draft that the checks look at."""
    content = posts.content_of(post.version) if post.version else Content(parts=("",))
    return Draft(
        content=content,
        account_ids=[one.id for one in post.accounts],
        title=post.title,
        theme_id=post.theme_id,
        campaign_ids=[one.id for one in post.campaigns],
        due=due_of(post),
    )


def changes(kept: Sequence[PostVersion]) -> list[Change]:
    """Return the versions, newest first, each with what it changed."""
    found = []
    for number, version in enumerate(kept):
        before = posts.content_of(kept[number + 1]) if number + 1 < len(kept) else None
        after = posts.content_of(version)
        found.append(
            Change(
                version,
                list(differences(before, after)) if before else [],
                other_changes(before, after) if before else set(),
            )
        )
    return found


def publications_of(session: Session, post: Post) -> Sequence[Publication]:
    """Return the post's publications with account and parts, the newest moment first."""
    return session.scalars(
        select(Publication)
        .where(Publication.post_id == post.id)
        .options(joinedload(Publication.account), selectinload(Publication.parts))
        .order_by(Publication.due_at.desc(), Publication.id)
    ).all()


def show(ref: str, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    """Show a post; ``errors`` are those of one of its small forms, whose values the request still holds."""
    post = posts.find(db(), ref)
    version = visibility.shown_version(db(), post, viewer().rights)
    inside = visibility.sees_unapproved(viewer().rights)
    content = readable(posts.content_of(version)) if version else Content(parts=("",))
    reviews = review.of(db(), post) if inside else []
    kept = posts.versions(db(), post) if inside else []
    typed = request.form if errors else {}
    note_seen(SeenThing.POST, post.id)
    zone = typed.get("due_zone", "") or post.due_zone or settings().zone
    sendings = publications_of(db(), post)
    is_out = any(one.state is PublicationState.PUBLISHED for one in sendings)
    body = render_template(
        "calendar/post.html",
        post=post,
        content=content,
        inside=inside,
        born=event_posts.origin(db(), post.id),
        relayed=relays.of_post(db(), post.id),
        reach=uptake.reaches(db(), [post.id])[post.id] if viewer().can(Permission.VIEW_SUMMARIES) else None,
        panel=panel(db(), replace(draft_of(post), content=content), post.id, in_form=False),
        publications=sendings,
        follow=followed.of_post(post, is_out=is_out),
        contribution=_contribution_of(post),
        others_here=keeping.others_here(post) if inside else [],
        changes=changes(kept),
        reviews=reviews,
        waiting=next((one for one in reviews if one.outcome.value == "waiting"), None),
        clock=clocks.clock_words(post.due_at, post.due_zone) if post.due_at else [],
        late=post.due_at is not None and post.due_at <= now(),
        movable=post.state in _MOVABLE,
        may_approve=review.may_approve(db(), post, person()),
        errors=errors or {},
        typed=typed,
        zone=zone,
        zones=clocks.zone_options(zone),
        network_name=network_name,
        adapted=section_of(adaptations.of_post(post), post),
        number=series.of_post(db(), post),
        allied=allied.echoes_of(post.id),
        ally_words=ally_words,
        speaks_to=audience_words.named(post_audiences.of_post(db(), post)),
    )
    return make_response(body, status)


def _contribution_of(post: Post) -> Contribution | None:
    """Return what a body gave and the post was made of, with the body, to whoever is shown it."""
    if post.contribution_id is None:
        return None
    found = db().get_one(Contribution, post.contribution_id, options=[joinedload(Contribution.body)])
    return found if visibility.reads_contribution(viewer().rights, found) else None


def readable(content: Content) -> Content:
    """Return the content with the pictures that the viewer is served."""
    if visibility.reads_uncleared(viewer().rights):
        return content
    answers = library.clearance_of(db(), [one.asset_ref for one in content.media], now(), dates.zone())
    return replace(content, media=tuple(one for one in content.media if answers[one.asset_ref].ok))


@blueprint.get("/publicaciones/<ref>")
@needs(Permission.VIEW_PLAN)
def post(ref: str) -> Response:
    """Show a post."""
    return show(ref)


@blueprint.post("/publicaciones/<ref>/enviar")
@needs(Permission.WRITE_POSTS)
def submit(ref: str) -> BaseResponse:
    """Send the last version to review; what the checks refuse is told here."""
    found = posts.find(db(), ref)
    try:
        problems = checks.check(db(), draft_of(found), found.id)
        review.submit(db(), found, person(), problems, request.form.get("note", ""))
    except review.ChecksFailedError as error:
        return _refused(ref, {"revisiones": [tell(error)]})
    flash(gettext("«%(title)s» está en revisión. La aprueba otra persona.", title=found.title), "success")
    return redirect(url_for("calendar.post", ref=ref), SEE_OTHER)


@blueprint.post("/publicaciones/<ref>/retirar")
@needs(Permission.WRITE_POSTS)
def withdraw(ref: str) -> BaseResponse:
    """Take a post back from review."""
    found = posts.find(db(), ref)
    waiting = next((one for one in review.of(db(), found) if one.outcome.value == "waiting"), None)
    if waiting is None:
        raise review.ReviewEndedError
    review.withdraw(db(), waiting, found, person())
    flash(gettext("La retiraste de la revisión: otra vez es un borrador."), "success")
    return redirect(url_for("calendar.post", ref=ref), SEE_OTHER)


@blueprint.post("/publicaciones/<ref>/descartar")
@needs(Permission.WRITE_POSTS)
def discard(ref: str) -> BaseResponse:
    """Put a draft away; the answer offers to bring it back."""
    found = posts.find(db(), ref)
    posts.discard(db(), found, person())
    said = gettext("Descartamos «%(title)s». No se borra: puedes restaurarla.", title=found.title)
    announce({"text": said, "undo_url": url_for("calendar.restore", ref=ref)})
    return redirect(url_for("calendar.post", ref=ref), SEE_OTHER)


@blueprint.post("/publicaciones/<ref>/restaurar")
@needs(Permission.WRITE_POSTS)
def restore(ref: str) -> BaseResponse:
    """Bring back a post that was put away."""
    found = posts.find(db(), ref)
    posts.restore(db(), found, person())
    flash(gettext("«%(title)s» es otra vez un borrador.", title=found.title), "success")
    return redirect(url_for("calendar.post", ref=ref), SEE_OTHER)


@blueprint.post("/publicaciones/<ref>/programar")
@needs(Permission.WRITE_POSTS)
def plan(ref: str) -> BaseResponse:
    """Schedule an approved post at the moment that is given."""
    found = posts.find(db(), ref)
    meant = asked_moment()
    if meant.error or meant.due is None:
        return _refused(ref, {"due": [meant.error or gettext("Elige el día y la hora.")]})
    try:
        made = scheduling.schedule(db(), found, meant.due, settings().lateness, person().ref)
    except publications.NoAccountError:
        return _refused(
            ref, {"due": [gettext("No tiene cuentas. Edítala, elige desde dónde sale y pide otra revisión.")]}
        )
    except (InvalidError, ConflictError) as error:
        return _refused(ref, {"due": [tell(error)]}, status_of(error))
    when = clocks.clock_words(meant.due.at, meant.due.zone)[0]
    flash(gettext("Programada: %(when)s, en %(count)s cuentas.", when=when, count=len(made)), "success")
    return redirect(url_for("calendar.post", ref=ref), SEE_OTHER)


def _refused(ref: str, errors: dict[str, list[str]], status: int = UNPROCESSABLE) -> Response:
    db().rollback()
    return show(ref, errors, status)
