"""The logos of the bodies: who has one, and uploading one; staff for all, a liaison for its own body."""

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets import library, logos, pictures
from content_calendar.directory import OwnerNotFoundError
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.models.directory import Body
from content_calendar.permissions import Permission, Scope
from webapp.errors import tell
from webapp.session import db, needs, person, viewer
from webapp.toolbox.files import storage
from webapp.toolbox.formats import bodies_to_choose, today_here
from webapp.toolbox.uploading import chosen_file
from webapp.toolbox.views import blueprint

_P = Permission
_SEE_OTHER, _UNPROCESSABLE = 303, 422
_FIELD = "logo"


def _may_set(body: Body) -> bool:
    scope = Scope(body.id, body.region_id)
    return viewer().can(_P.EDIT_TOOLBOX, scope) or viewer().can(_P.CONTRIBUTE, scope)


@blueprint.get("/caja/logos")
@needs(_P.VIEW_TOOLBOX)
def logos_page() -> Response:
    """Show which body has a logo, and which one."""
    known = logos.logos(db())
    rows = [(body, known.get(body.id), _may_set(body)) for body in bodies_to_choose(today_here())]
    page = render_template("toolbox/logos.html", rows=rows, missing=sum(logo is None for _, logo, _ in rows))
    return make_response(page)


def _body(slug: str) -> Body:
    body = db().scalars(select(Body).where(Body.slug == slug)).one_or_none()
    if body is None:
        raise OwnerNotFoundError(slug=slug)
    if not _may_set(body):
        raise ForbiddenError
    return body


def _page(body: Body, error: str = "", status: int = 200) -> Response:
    page = render_template("toolbox/logo.html", body=body, logo=logos.logos(db()).get(body.id), error=error)
    return make_response(page, status)


@blueprint.get("/caja/logos/<slug>")
@needs(_P.VIEW_TOOLBOX)
def logo_page(slug: str) -> Response:
    """Show a body's logo on light and dark, and the form that changes it."""
    return _page(_body(slug))


@blueprint.post("/caja/logos/<slug>")
@needs(_P.VIEW_TOOLBOX)
def set_logo(slug: str) -> BaseResponse:
    """Take in a body's logo; formats get the new one from now on."""
    try:
        file = chosen_file(_FIELD)
        # Opened before the session is used: nobody waits for the database meanwhile.
        taken = library.take_in(
            storage(), file.stream.read(pictures.MAX_BYTES + 1), file.filename or "", _FIELD
        )
        body = _body(slug)
        logos.set_logo(db(), body, taken, gettext("Logo de %(name)s", name=body.short_name), person())
    except (InvalidError, ConflictError) as error:
        return _page(_body(slug), tell(error), _UNPROCESSABLE)
    flash(gettext("Logo guardado. Los formatos lo llevan desde ahora."), "success")
    return redirect(url_for(".logo_page", slug=slug), _SEE_OTHER)
