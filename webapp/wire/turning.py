"""Who is passed over today, and why; and its turn given back."""

from flask import request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import directory
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from content_calendar.wall_time import wall_time
from scheduler.relaying import candidates
from scheduler.relaying.models import SkipReason
from webapp.errors import flash_error
from webapp.session import db, needs, person, settings
from webapp.wire.doors import announce, back, blueprint


class SkipReasonMissingError(InvalidError):
    """Passing somebody over has a reason; another one than those listed is written."""

    code = "skip_reason_missing"


def _reason() -> tuple[SkipReason, str]:
    note = request.form.get("nota", "").strip()
    try:
        reason = SkipReason(request.form.get("motivo", ""))
    except ValueError:
        raise SkipReasonMissingError(field="motivo") from None
    if reason is SkipReason.OTHER and not note:
        raise SkipReasonMissingError(field="nota")
    return reason, note


@blueprint.post("/cable/turnos/<slug>/pasar")
@needs(Permission.WRITE_POSTS)
def skip_turn(slug: str) -> BaseResponse:
    """Pass an owner over today, for a reason; its turn stays the next one."""
    owner = directory.find_owner(db(), slug)
    try:
        reason, note = _reason()
    except SkipReasonMissingError as error:
        flash_error(error)
        return back("turno")
    candidates.skip(db(), owner, wall_time(now(), settings().zone).date(), reason, note, person())
    announce(
        {
            "text": gettext(
                "Hoy pasamos a %(name)s. Mañana vuelve a estar en su lugar.", name=owner.short_name
            ),
            "undo_url": url_for(".unskip_turn", slug=slug),
        }
    )
    return back("turno")


@blueprint.post("/cable/turnos/<slug>/regresar")
@needs(Permission.WRITE_POSTS)
def unskip_turn(slug: str) -> BaseResponse:
    """Give an owner its turn of today back."""
    owner = directory.find_owner(db(), slug)
    candidates.unskip(db(), owner, wall_time(now(), settings().zone).date(), person())
    announce(gettext("%(name)s recuperó su turno de hoy.", name=owner.short_name))
    return back("turno")
