"""Review: the queue, and one exact version with its checks, its difference and the two answers."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import posts, review
from content_calendar.clock import now
from content_calendar.content import Content
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.posts import Post, PostVersion, Review, ReviewOutcome
from content_calendar.permissions import Permission
from content_calendar.posts import Draft
from webapp import checks
from webapp.calendar import clocks, scheduling
from webapp.calendar.choices import network_name
from webapp.calendar.comparing import differences, other_changes
from webapp.calendar.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.calendar.panels import panel
from webapp.calendar.post_page import draft_of
from webapp.calendar.scheduling import due_of
from webapp.errors import status_of, tell
from webapp.session import db, needs, person, settings


@blueprint.get("/revision")
@needs(Permission.REVIEW_POSTS)
def reviews() -> str:
    """Show what waits for a yes, what is due first first."""
    rows = review.waiting(db())
    at = now()
    return render_template(
        "calendar/reviews.html",
        rows=[
            {
                "review": one,
                "post": post,
                "overdue": post.due_at is not None and post.due_at <= at,
                "text": _words_of(posts.content_of(one.version)),
                "mine": one.version.author_id == person().id,
            }
            for one, post in rows
        ],
        clock_words=clocks.clock_words,
    )


def _words_of(content: Content) -> str:
    return " ".join([*content.parts, content.target]).strip()


def _post_of(found: Review) -> Post:
    ref = db().scalar(select(Post.ref).where(Post.id == found.post_id))
    return posts.find(db(), ref or "")


def _approved_before(post: Post, found: Review) -> Content | None:
    if post.approved_version_id is None or post.approved_version_id == found.version_id:
        return None
    return posts.content_of(db().get_one(PostVersion, post.approved_version_id))


def _show(ref: str, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    found = review.find(db(), ref)
    post = _post_of(found)
    content = posts.content_of(found.version)
    before = _approved_before(post, found)
    waiting = found.outcome is ReviewOutcome.WAITING
    body = render_template(
        "calendar/review.html",
        review=found,
        post=post,
        content=content,
        panel=panel(db(), _exactly(draft_of(post), content), post.id, in_form=False),
        before=before,
        texts=list(differences(before, content)) if before else [],
        others=other_changes(before, content) if before else set(),
        waiting=waiting,
        current=post.version_id == found.version_id,
        may_approve=review.may_approve(db(), post, person()),
        clock=clocks.clock_words(post.due_at, post.due_zone) if post.due_at else [],
        overdue=post.due_at is not None and post.due_at <= now(),
        errors=errors or {},
        reason=request.form.get("reason", ""),
        network_name=network_name,
    )
    return make_response(body, status)


def _exactly(draft: Draft, content: Content) -> Draft:
    # The version that is being judged, whatever was written since.
    return Draft(content, draft.account_ids, draft.title, draft.theme_id, draft.campaign_ids, draft.due)


@blueprint.get("/revision/<ref>")
@needs(Permission.REVIEW_POSTS)
def one_review(ref: str) -> Response:
    """Show one exact version and ask whether it may go out."""
    return _show(ref)


@blueprint.post("/revision/<ref>/aprobar")
@needs(Permission.REVIEW_POSTS)
def approve(ref: str) -> BaseResponse:
    """Approve the version with the hash that was looked at; schedule it when its moment is ahead."""
    found = review.find(db(), ref)
    post = _post_of(found)
    errors = [one for one in checks.check(db(), draft_of(post), post.id) if one.severity.value == "error"]
    if errors and post.version_id == found.version_id:
        return _refused(
            ref, gettext("Algo cambió desde que se envió: corrige lo que marca el panel."), UNPROCESSABLE
        )
    try:
        review.approve(db(), found, post, person(), request.form.get("content_hash", ""))
        due = due_of(post)
        planned = due is not None and due.at > now()
        if planned and due is not None:
            scheduling.schedule(db(), post, due, settings().lateness, person().ref)
    except review.OwnPostError as error:
        return _refused(ref, tell(error), 403)
    except (ConflictError, InvalidError) as error:
        return _refused(ref, tell(error), status_of(error))
    if planned and due is not None:
        when = clocks.clock_words(due.at, due.zone)[0]
        flash(gettext("Aprobada y programada: sale %(when)s.", when=when), "success")
        return redirect(url_for("calendar.reviews"), SEE_OTHER)
    flash(gettext("Aprobada. Falta elegir cuándo sale: su hora ya pasó o no tiene."), "warning")
    return redirect(url_for("calendar.post", ref=post.ref) + "#programar", SEE_OTHER)


@blueprint.post("/revision/<ref>/regresar")
@needs(Permission.REVIEW_POSTS)
def send_back(ref: str) -> BaseResponse:
    """Return the post to its author with a reason."""
    found = review.find(db(), ref)
    post = _post_of(found)
    try:
        review.return_to_author(db(), found, post, person(), request.form.get("reason", ""))
    except InvalidError as error:
        db().rollback()
        return _show(ref, {"reason": [tell(error)]}, UNPROCESSABLE)
    except ConflictError as error:
        return _refused(ref, tell(error), status_of(error))
    flash(gettext("La regresaste con tu motivo."), "success")
    return redirect(url_for("calendar.reviews"), SEE_OTHER)


def _refused(ref: str, said: str, status: int) -> Response:
    db().rollback()
    return _show(ref, {"decision": [said]}, status)
