"""Portal público, for an administrator: what of it is open."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import open_parts
from content_calendar.open_parts import PORTAL
from content_calendar.permissions import Permission
from webapp.open_data.sets import SETS
from webapp.public.doors import blueprint
from webapp.session import db, needs, person

_KNOWN = (PORTAL, *SETS)


@blueprint.get("/sistema/portal")
@needs(Permission.OPEN_PORTAL)
def parts() -> Response:
    """Show what of the portal is open."""
    return make_response(
        render_template("public/parts.html", sets=SETS.values(), closed=open_parts.closed(db()))
    )


@blueprint.post("/sistema/portal")
@needs(Permission.OPEN_PORTAL)
def choose_parts() -> BaseResponse:
    """Open what is ticked, and close the rest."""
    opened = set(request.form.getlist("open"))
    changed = open_parts.choose(db(), person(), [name for name in _KNOWN if name not in opened], _KNOWN)
    flash(
        gettext("Guardado: el portal ya está así.") if changed else gettext("No había nada que cambiar."),
        "success",
    )
    return redirect(url_for(".parts"), 303)
