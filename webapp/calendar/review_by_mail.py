"""A review opened from a mail: one version, for one person, who says yes or returns it without signing in.

Opening the page changes nothing, so whatever looks at mails for a mail server decides nothing. What decides is a form
of the page. No page here is kept by a cache or a search engine.
"""

from dataclasses import replace

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets.library import AssetMissingError
from content_calendar import people, posts, review, review_links
from content_calendar.clock import now
from content_calendar.content import Content
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError, ResuenaError
from content_calendar.review_links import Opened, ReviewLinkMissingError, ReviewLinkOverError
from webapp.calendar import clocks
from webapp.calendar.approving import approve_one, post_of
from webapp.calendar.doors import UNPROCESSABLE, blueprint
from webapp.calendar.panels import panel
from webapp.calendar.post_page import draft_of
from webapp.errors import status_of, tell
from webapp.previews import Preview
from webapp.session import database, db, public, settings, throttle_key
from webapp.toolbox.files import bytes_of

_GONE, _WAIT = 410, 429
# A whole office may stand behind one address; a link has 256 bits, so that this only bounds the noise.
_TRIES = 6 * people.TRIES


class DoorClosedError(ResuenaError):
    """Too many links that do not exist were opened from one address; ``minutes`` to wait."""

    code = "review_link_wait"


def _opened(token: str) -> Opened:
    if not settings().review_by_mail:
        raise ReviewLinkMissingError
    try:
        return review_links.opened(db(), token)
    except ReviewLinkMissingError:
        db().rollback()
    # Only what opens nothing is counted: a good link opens whatever else was tried from the same office.
    key = throttle_key("review-link", request.remote_addr or "")
    with database().transaction() as session:
        if people.must_wait(session, key, _TRIES):
            raise DoorClosedError(minutes=int(people.TRIES_WINDOW.total_seconds() // 60))
        people.note_try(session, [key], succeeded=False)
    raise ReviewLinkMissingError


def _unlisted(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _closed(error: ResuenaError) -> Response:
    if isinstance(error, DoorClosedError):
        status = _WAIT
    else:
        status = _GONE if isinstance(error, ReviewLinkOverError) else status_of(error)
    return _said(tell(error), status)


def _said(said: str, status: int = 200, *, done: bool = False) -> Response:
    page = render_template("calendar/review_by_mail_said.html", said=said, done=done)
    return _unlisted(make_response(page, status))


def _show(
    token: str, found: Opened, errors: dict[str, list[str]] | None = None, status: int = 200
) -> Response:
    post = post_of(found.review)
    content = posts.content_of(found.review.version)
    draft = replace(draft_of(post), content=content)
    seen = panel(db(), draft, post.id, in_form=False)
    page = render_template(
        "calendar/review_by_mail.html",
        token=token,
        found=found,
        post=post,
        panel=replace(seen, previews=[_readable(one, token, content) for one in seen.previews]),
        clock=clocks.clock_words(post.due_at, post.due_zone) if post.due_at else [],
        overdue=post.due_at is not None and post.due_at <= now(),
        reason=request.form.get("reason", ""),
        errors=errors or {},
    )
    return _unlisted(make_response(page, status))


def _readable(preview: Preview, token: str, content: Content) -> Preview:
    """Return the preview with addresses of pictures that this link opens."""
    parts = []
    for number, part in enumerate(preview.parts, start=1):
        media = [
            replace(one, url=_picture(token, medium.asset_ref, medium.asset_version))
            for one, medium in zip(part.media, content.media_of(number), strict=True)
        ]
        parts.append(replace(part, media=media))
    return replace(preview, parts=parts)


def _picture(token: str, ref: str, n: int) -> str:
    return url_for("calendar.picture_by_mail", token=token, ref=ref, n=n)


@blueprint.get("/r/<token>")
@public
def review_by_mail(token: str) -> Response:
    """Show the version that a link is of, to whom it is, and the two answers."""
    try:
        return _show(token, _opened(token))
    except (ReviewLinkMissingError, ReviewLinkOverError, DoorClosedError) as error:
        return _closed(error)


@blueprint.get("/r/<token>/imagen/<ref>/<int:n>")
@public
def picture_by_mail(token: str, ref: str, n: int) -> BaseResponse:
    """Serve a picture of the version that a link is of, and no other."""
    try:
        found = _opened(token)
    except (ReviewLinkMissingError, ReviewLinkOverError, DoorClosedError) as error:
        return _closed(error)
    shown = posts.content_of(found.review.version).media
    if (ref, n) not in {(one.asset_ref, one.asset_version) for one in shown}:
        raise AssetMissingError(ref=ref, version=n)
    answer = bytes_of(ref, n)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/r/<token>/si")
@public
def approve_by_mail(token: str) -> Response:
    """Say yes to the version that the link is of, as the person to whom it was mailed; the link ends with it."""
    try:
        found = _opened(token)
    except (ReviewLinkMissingError, ReviewLinkOverError, DoorClosedError) as error:
        return _closed(error)
    try:
        review_links.use(db(), found, "approved")
        done = approve_one(found.review, found.review.content_hash, found.person)
    except (ConflictError, InvalidError, ForbiddenError) as error:
        return _refused(token, error)
    if not done.standing.complete:
        return _said(gettext("Tu sí quedó anotado. Falta el de otra persona."), done=True)
    if done.when:
        return _said(gettext("Aprobada y programada: sale %(when)s.", when=done.when), done=True)
    return _said(gettext("Aprobada. El equipo elige cuándo sale: su hora ya pasó o no tiene."), done=True)


@blueprint.post("/r/<token>/regresar")
@public
def return_by_mail(token: str) -> Response:
    """Return the post with a reason, as the person to whom the link was mailed; the link ends with it."""
    try:
        found = _opened(token)
    except (ReviewLinkMissingError, ReviewLinkOverError, DoorClosedError) as error:
        return _closed(error)
    try:
        review_links.use(db(), found, "returned")
        post = post_of(found.review)
        review.return_to_author(db(), found.review, post, found.person, request.form.get("reason", ""))
    except (ConflictError, InvalidError) as error:
        return _refused(token, error)
    return _said(gettext("La regresaste con tu motivo."), done=True)


def _refused(token: str, error: ResuenaError) -> Response:
    """Show the page again with what is wrong: the link was not used."""
    db().rollback()
    try:
        field = getattr(error, "field", None) or "decision"
        status = UNPROCESSABLE if isinstance(error, InvalidError) else status_of(error)
        return _show(token, _opened(token), {field: [tell(error)]}, status)
    except (ReviewLinkMissingError, ReviewLinkOverError, DoorClosedError) as over:
        return _closed(over)
