"""The collections' page for those who keep the tool-box: make, rename, put away, bring back."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets import collecting
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from webapp.errors import tell
from webapp.session import db, needs, person
from webapp.toolbox.views import blueprint

_P = Permission
_SEE_OTHER = 303


def _page(errors: dict[str, str] | None = None, status: int = 200) -> Response:
    body = render_template(
        "toolbox/collections.html",
        stands=collecting.listed(db()),
        archived=collecting.listed(db(), archived=True),
        typed=request.form,
        errors=errors or {},
    )
    return make_response(body, status)


def _done(said: str) -> BaseResponse:
    flash(said, "success")
    return redirect(url_for(".collections"), _SEE_OTHER)


@blueprint.get("/caja/colecciones")
@needs(_P.EDIT_TOOLBOX)
def collections() -> Response:
    """Show the collections and what can be done to them."""
    return _page()


@blueprint.post("/caja/colecciones")
@needs(_P.EDIT_TOOLBOX)
def make_collection() -> BaseResponse:
    """Make a collection."""
    try:
        collecting.make(db(), request.form.get("name", ""), request.form.get("description", ""), person())
    except InvalidError as error:
        return _page({"name": tell(error)}, 422)
    return _done(gettext("Colección creada. Agrégale materiales desde la página de cada uno."))


@blueprint.post("/caja/colecciones/<ref>")
@needs(_P.EDIT_TOOLBOX)
def change_collection(ref: str) -> BaseResponse:
    """Rename a collection, put it away or bring it back."""
    does = request.form.get("do", "")
    if does == "archive":
        collecting.archive(db(), ref, person())
        return _done(gettext("Colección archivada. Sus materiales siguen en la caja."))
    if does == "restore":
        collecting.bring_back(db(), ref, person())
        return _done(gettext("La colección vuelve a los estantes."))
    try:
        collecting.rename(
            db(), ref, request.form.get("name", ""), request.form.get("description", ""), person()
        )
    except InvalidError as error:
        return _page({f"name-{ref}": tell(error)}, 422)
    return _done(gettext("Colección guardada."))
