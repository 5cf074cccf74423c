"""Datos personales: which there are, why, and when each kind is erased."""

from flask import render_template

from content_calendar.permissions import Permission
from scheduler import retaining
from webapp.keeping.doors import blueprint
from webapp.retention_words import KEPT
from webapp.session import db, needs, settings


@blueprint.get("/sistema/datos-personales")
@needs(Permission.KEEP_BACKUPS)
def personal_data() -> str:
    """Show every kind of personal data with its end, and what the last run erased."""
    ran = retaining.last_run(db())
    return render_template(
        "keeping/personal_data.html",
        standing=retaining.standing(db(), settings().retention),
        kept=KEPT,
        ran=ran,
        erased=sum(ran.erased.values()) if ran else 0,
    )
