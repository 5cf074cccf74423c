"""What is done with a version: ask for its review, answer, put it away, make a post of it."""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets.library import Use, record_use
from assets.models import UseKind
from content_calendar import adaptation_reviews, adaptations, adapted_posts, posts
from content_calendar.adaptations import AdaptationNotFoundError
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.models.adaptations import Adaptation
from content_calendar.permissions import Permission
from webapp.adaptations.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.adaptations.page import show
from webapp.adapting.naming import field_id, version_name
from webapp.adapting.sources import may_write, require_seen, source_of
from webapp.errors import status_of, tell
from webapp.session import db, needs, person

_P = Permission


def _to_write(ref: str) -> Adaptation:
    found = adaptations.find(db(), ref)
    if not may_write(found.subject):
        raise AdaptationNotFoundError(ref=ref)
    return found


def _back(ref: str) -> BaseResponse:
    return redirect(url_for(".one", ref=ref), SEE_OTHER)


def _refused(ref: str, field: str, error: InvalidError | ConflictError | ForbiddenError) -> Response:
    said, status = tell(error), status_of(error)
    db().rollback()
    return show(ref, {field: [said]}, status or UNPROCESSABLE)


@blueprint.post("/versiones/<ref>/pedir")
@needs(_P.WRITE_POSTS)
def ask(ref: str) -> BaseResponse:
    """Ask somebody, by name, to review the last text."""
    found = _to_write(ref)
    form = request.form
    try:
        review = adaptation_reviews.ask(
            db(), found, source_of(found).original, person(), form.get("reviewer", ""), form.get("note", "")
        )
    except (InvalidError, ConflictError, ForbiddenError) as error:
        # A text that is missing is mended on another page: here it is told where one asks.
        field = getattr(error, "field", None)
        return _refused(ref, field if field in {"reviewer", "note"} else "reviewer", error)
    name = adaptation_reviews.reviewer_name(db(), review)
    flash(gettext("Se lo pedimos a %(who)s: le llega un aviso.", who=name), "success")
    return _back(ref)


@blueprint.post("/versiones/<ref>/aprobar")
@needs(_P.VIEW_PLAN)
def approve(ref: str) -> BaseResponse:
    """Say yes to the text that was looked at, as the person who was asked."""
    found = adaptations.find(db(), ref)
    source = source_of(found)
    require_seen(found, source)
    try:
        adaptation_reviews.approve(
            db(), found, source.original, person(), request.form.get("content_hash", "")
        )
    except (InvalidError, ConflictError, ForbiddenError) as error:
        return _refused(ref, "decision", error)
    flash(gettext("La aprobaste. Ya se puede usar."), "success")
    return _back(ref)


@blueprint.post("/versiones/<ref>/regresar")
@needs(_P.VIEW_PLAN)
def send_back(ref: str) -> BaseResponse:
    """Return it with a reason, as the person who was asked."""
    found = adaptations.find(db(), ref)
    source = source_of(found)
    require_seen(found, source)
    try:
        adaptation_reviews.send_back(db(), found, source.original, person(), request.form.get("reason", ""))
    except InvalidError as error:
        return _refused(ref, "reason", error)
    except (ConflictError, ForbiddenError) as error:
        return _refused(ref, "decision", error)
    flash(gettext("La regresaste con tu motivo."), "success")
    return _back(ref)


@blueprint.post("/versiones/<ref>/retirar")
@needs(_P.WRITE_POSTS)
def withdraw(ref: str) -> BaseResponse:
    """Take it back from review."""
    adaptations.withdraw(db(), _to_write(ref), person())
    flash(gettext("La retiraste de la revisión: otra vez es un borrador."), "success")
    return _back(ref)


@blueprint.post("/versiones/<ref>/descartar")
@needs(_P.WRITE_POSTS)
def discard(ref: str) -> BaseResponse:
    """Put a draft away; the answer offers to bring it back."""
    adaptations.discard(db(), _to_write(ref), person())
    said = {
        "text": gettext("Descartamos la versión. No se borra: puedes restaurarla."),
        "undo_url": url_for(".restore", ref=ref),
    }
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return _back(ref)


@blueprint.post("/versiones/<ref>/restaurar")
@needs(_P.WRITE_POSTS)
def restore(ref: str) -> BaseResponse:
    """Bring back one that was put away."""
    adaptations.restore(db(), _to_write(ref), person())
    flash(gettext("Otra vez es un borrador."), "success")
    return _back(ref)


@blueprint.post("/versiones/<ref>/publicar")
@needs(_P.WRITE_POSTS)
def publish(ref: str) -> BaseResponse:
    """Make a draft of a post of the approved text, and open it in the composer to choose its accounts."""
    found = _to_write(ref)
    source = source_of(found)
    try:
        if source.post is None:
            raise adapted_posts.AdaptationNotForPostsError
        name = version_name(found.language, found.form)
        title = f"{source.original.title} · {name}"
        made = adapted_posts.publish(db(), found, source.post, person(), title)
        for medium in posts.content_of(source.post.version).media if source.post.version else ():
            record_use(db(), medium.asset_ref, medium.asset_version, Use(UseKind.COMPOSED, post_id=made.id))
    except adapted_posts.AdaptationPostedError as error:
        flash(tell(error), "info")
        return redirect(url_for("calendar.post", ref=error.params["ref"]), SEE_OTHER)
    except (InvalidError, ConflictError) as error:
        return _refused(ref, field_id("publish"), error)
    flash(gettext("Es un borrador con el texto aprobado. Elige desde qué cuentas sale y cuándo."), "success")
    return redirect(url_for("calendar.edit_post", ref=made.ref), SEE_OTHER)
