"""What is said about a text in review: by those who review and those who write."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import posts, review, review_comments
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from webapp.calendar.approving import post_of
from webapp.calendar.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import tell
from webapp.session import db, needs, person, viewer


@blueprint.get("/revision/<ref>/comentarios")
@needs(Permission.WRITE_POSTS)
def comments(ref: str) -> Response:
    """Show what was said about a post in review, to those who write and those who review."""
    return _show(ref)


def _show(ref: str, errors: dict[str, list[str]] | None = None, status: int = 200) -> Response:
    found = review.find(db(), ref)
    post = post_of(found)
    page = render_template(
        "calendar/comments.html",
        review=found,
        post=post,
        content=posts.content_of(found.version),
        comments=review_comments.of(db(), post),
        errors=errors or {},
        typed=request.form,
        may_review=viewer().can(Permission.REVIEW_POSTS),
    )
    return make_response(page, status)


@blueprint.post("/revision/<ref>/comentarios")
@needs(Permission.WRITE_POSTS)
def comment(ref: str) -> BaseResponse:
    """Say something about the text, or about some of its words."""
    found = review.find(db(), ref)
    post, form = post_of(found), request.form
    try:
        said = review_comments.say(
            db(),
            found,
            post,
            posts.content_of(found.version),
            person(),
            form.get("comment", ""),
            form.get("quote", ""),
        )
    except InvalidError as error:
        db().rollback()
        return _show(ref, {error.field or "comment": [tell(error)]}, UNPROCESSABLE)
    flash(gettext("Comentario enviado: avisamos a quien la escribió."), "success")
    return redirect(url_for(".comments", ref=ref) + f"#c-{said.ref}", SEE_OTHER)


@blueprint.get("/revision/comentarios/<ref>")
@needs(Permission.WRITE_POSTS)
def review_comments_at(ref: str) -> BaseResponse:
    """Lead to a comment where it stands."""
    return redirect(url_for(".comments", ref=review_comments.review_of(db(), ref)) + f"#c-{ref}", SEE_OTHER)


@blueprint.post("/revision/comentarios/<ref>")
@needs(Permission.WRITE_POSTS)
def settle_comment(ref: str) -> BaseResponse:
    """Mark a comment as seen to, or open it again: the same button undoes it."""
    settled = request.form.get("settled") == "1"
    review_comments.settle(db(), ref, person(), settled=settled)
    flash(gettext("Resuelto.") if settled else gettext("Lo abriste otra vez."), "success")
    return review_comments_at(ref)
