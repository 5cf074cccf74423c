"""The page of the examination, and what machines ask: is it alive, how is it in numbers."""

import hmac
from collections import Counter

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import Forbidden

from content_calendar.permissions import Permission
from webapp.examining.doors import blueprint
from webapp.examining.examination import examine
from webapp.examining.figures import exposition
from webapp.examining.findings import Level
from webapp.examining.in_force import in_force
from webapp.session import db, needs, public, settings

_PLAIN = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/sistema/revision")
@needs(Permission.VIEW_SYSTEM)
def page() -> str:
    """Show what ``resuena doctor`` says; the mail server has its own button, since it may keep one waiting."""
    found = examine(settings(), far=False)
    told = Counter(one.level for one in found)
    return render_template(
        "examining/examination.html",
        findings=found,
        errors=told[Level.ERROR],
        warnings=told[Level.WARNING],
    )


@blueprint.get("/sistema/ajustes")
@needs(Permission.VIEW_SYSTEM)
def settings_page() -> str:
    """Show the settings in force, what each is for and who said so; of a secret only whether it is set."""
    return render_template("examining/settings.html", groups=in_force(settings()))


@blueprint.get("/vivo")
@public
def alive() -> Response:
    """Tell a machine that this process answers; nothing else is asked. Whether work gets done is told by /salud."""
    return Response("vivo\n", mimetype="text/plain")


@blueprint.get("/metricas")
@public
def figures() -> Response:
    """Tell the numbers to whoever has the key of the settings; without one nobody reads them."""
    key = settings().metrics_key
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not key or not hmac.compare_digest(given.encode(), key.encode()):
        raise Forbidden
    return Response(exposition(db(), current_app.extensions["resuena.release"]), content_type=_PLAIN)
