"""Ya lo publiqué: a liaison's word with its link, from the page of what is written down or from Hoy."""

from datetime import date, datetime, time

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.errors import ConflictError, InvalidError
from content_calendar.permissions import Permission
from content_calendar.posts import PostNotFoundError
from scheduler.models import ReplicationKind
from scheduler.replication import declaring
from webapp import dates
from webapp.dashboards.declared import say_declared
from webapp.dashboards.reach import body_within
from webapp.errors import tell
from webapp.replicas.views import blueprint, form_page, post_of
from webapp.session import db, needs, person

_P = Permission
_SEE_OTHER, _UNPROCESSABLE = 303, 422
_KINDS = frozenset(ReplicationKind) - {ReplicationKind.OFFLINE}


class DayInvalidError(InvalidError):
    """A day is written as the calendar of the form gives it."""

    code = "day_invalid"


@blueprint.post("/replicas")
@needs(_P.DECLARE_REPLICATIONS)
def declare_link() -> BaseResponse:
    """Take a liaison's word, with its link, for a body within reach."""
    form = request.form
    try:
        body = body_within(_P.DECLARE_REPLICATIONS, form.get("body", ""))
        post = post_of(form.get("post", ""))
        kind = form.get("kind", "")
        declared = declaring.declare(
            db(),
            person(),
            post_id=post.id,
            body_id=body.id,
            link=form.get("link", "").strip(),
            occurred_at=_day(form.get("day", "")),
            kind=ReplicationKind(kind) if kind in _KINDS else ReplicationKind.NOTE,
        )
    except (InvalidError, ConflictError, PostNotFoundError) as error:
        db().rollback()
        field = getattr(error, "field", None) or ("post" if isinstance(error, PostNotFoundError) else "link")
        typed = {key: value for key, value in form.items() if key != "csrf_token"}
        return form_page(typed, {field: tell(error)}, _UNPROCESSABLE)
    say_declared(declared, body, typed_day=form.get("day", ""))
    back = url_for("dashboards.today") if form.get("from") == "today" else url_for(".declare")
    return redirect(back, _SEE_OTHER)


def _day(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        # Noon: the form asks for a day, and a lag of hours should not depend on who typed it.
        return datetime.combine(date.fromisoformat(typed), time(12), dates.zone())
    except ValueError:
        raise DayInvalidError(field="day") from None
