"""Review: the queue, and one exact version with its checks, its difference and the two answers."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import adaptation_reviews, posts, review, review_comments, signatures
from content_calendar.clock import now
from content_calendar.content import Content
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.models.posts import Post, PostVersion, Review, ReviewOutcome
from content_calendar.permissions import Permission
from content_calendar.posts import Draft
from webapp.calendar import clocks
from webapp.calendar.approving import approve_one, names_of, post_of, waits_words
from webapp.calendar.choices import network_name
from webapp.calendar.comparing import differences, other_changes
from webapp.calendar.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.calendar.panels import panel
from webapp.calendar.post_page import draft_of
from webapp.errors import status_of, tell
from webapp.session import database, db, needs, person


@blueprint.get("/revision")
@needs(Permission.REVIEW_POSTS)
def reviews() -> str:
    """Show what waits for a yes, what is due first first."""
    rows = review.waiting(db())
    at = now()
    standings = signatures.standings(db(), rows)
    names = names_of(list(standings.values()))
    seen = signatures.seen_by(db(), [one for one, _ in rows], person())
    said = review_comments.open_counts(db(), [post for _, post in rows])
    return render_template(
        "calendar/reviews.html",
        rows=[
            {
                "review": one,
                "post": post,
                "overdue": post.due_at is not None and post.due_at <= at,
                "text": _words_of(posts.content_of(one.version)),
                "mine": one.version.author_id == person().id,
                "asked": standings[one.id].asks(person().id),
                "waits": waits_words(standings[one.id], names),
                "seen": one.id in seen,
                "comments": said.get(post.id, 0),
            }
            for one, post in rows
        ],
        several=any(one.id in seen and standings[one.id].asks(person().id) for one, _ in rows),
        clock_words=clocks.clock_words,
        adapted_waiting=len(adaptation_reviews.waiting(db())),
    )


def _words_of(content: Content) -> str:
    return " ".join([*content.parts, content.target]).strip()


def _approved_before(post: Post, found: Review) -> Content | None:
    if post.approved_version_id is None or post.approved_version_id == found.version_id:
        return None
    return posts.content_of(db().get_one(PostVersion, post.approved_version_id))


def _show(ref: str, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    found = review.find(db(), ref)
    post = post_of(found)
    content = posts.content_of(found.version)
    before = _approved_before(post, found)
    waiting = found.outcome is ReviewOutcome.WAITING
    standing = signatures.standing(db(), found, post)
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
        asked=standing.asks(person().id),
        waits=waits_words(standing, names_of([standing])) if waiting else "",
        # With more than one yes to come, this one schedules nothing yet.
        several_steps=standing.of > standing.step,
        signed=signatures.signed_by(db(), found),
        comments=review_comments.of(db(), post),
        typed=request.form,
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
    """Show one exact version and ask whether it may go out; note who has seen it."""
    found = review.find(db(), ref)
    if found.outcome is ReviewOutcome.WAITING and not signatures.seen_by(db(), [found], person()):
        with database().transaction() as session:
            signatures.note_view(session, found, person())
    return _show(ref)


@blueprint.post("/revision/<ref>/aprobar")
@needs(Permission.REVIEW_POSTS)
def approve(ref: str) -> BaseResponse:
    """Approve the version with the hash that was looked at; schedule it when its moment is ahead."""
    found = review.find(db(), ref)
    try:
        done = approve_one(found, request.form.get("content_hash", ""))
    except ForbiddenError as error:
        return _refused(ref, tell(error), 403)
    except (ConflictError, InvalidError) as error:
        return _refused(ref, tell(error), status_of(error))
    if not done.standing.complete:
        missing = waits_words(done.standing, names_of([done.standing]))
        flash(gettext("Tu sí quedó anotado. %(missing)s", missing=missing), "success")
        return redirect(url_for("calendar.reviews"), SEE_OTHER)
    if done.when:
        flash(gettext("Aprobada y programada: sale %(when)s.", when=done.when), "success")
        return redirect(url_for("calendar.reviews"), SEE_OTHER)
    flash(gettext("Aprobada. Falta elegir cuándo sale: su hora ya pasó o no tiene."), "warning")
    return redirect(url_for("calendar.post", ref=post_of(found).ref) + "#programar", SEE_OTHER)


@blueprint.post("/revision/<ref>/regresar")
@needs(Permission.REVIEW_POSTS)
def send_back(ref: str) -> BaseResponse:
    """Return the post to its author with a reason."""
    found = review.find(db(), ref)
    post = post_of(found)
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
