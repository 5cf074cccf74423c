"""Notes off the wire, and back."""

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import update
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.permissions import Permission
from scheduler.models import Entry
from webapp.session import db, needs, person
from webapp.wire.doors import announce, back, blueprint, find_entry


@blueprint.post("/cable/<ref>/ocultar")
@needs(Permission.EDIT_FEEDS)
def hide_entry(ref: str) -> BaseResponse:
    """Take a note off the wire; it can be brought back."""
    entry = find_entry(ref)
    db().execute(update(Entry).where(Entry.id == entry.id).values(hidden_at=now()))
    audit.record(db(), person().ref, "entry.hide", "entry", ref)
    announce(
        {"text": gettext("La nota ya no está en el cable."), "undo_url": url_for(".show_entry", ref=ref)}
    )
    return back()


@blueprint.post("/cable/<ref>/mostrar")
@needs(Permission.EDIT_FEEDS)
def show_entry(ref: str) -> BaseResponse:
    """Bring a note back to the wire."""
    entry = find_entry(ref)
    db().execute(update(Entry).where(Entry.id == entry.id).values(hidden_at=None))
    audit.record(db(), person().ref, "entry.show", "entry", ref)
    announce(gettext("La nota volvió al cable."))
    return back("" if "ocultas" in request.form.get("back", "") else f"n-{ref}")
