"""Coming in: what a sign-in still owes, and the session that it opens."""

from flask import redirect, url_for
from sqlalchemy import update
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audit, people, second_factor
from content_calendar.clock import now
from content_calendar.models.people import Awaits, Person, WebSession
from webapp.session import db, set_cookie, settings, sign_in, viewer

_SEE_OTHER = 303


def what_awaits(somebody: Person) -> Awaits | None:
    """Return what a sign-in of that person still owes, None when it may go on."""
    if second_factor.is_set_up(db(), somebody.id):
        return Awaits.FACTOR
    rights = people.rights(db(), somebody.id, now().date())
    owed = settings().second_factor == "required" and second_factor.is_owed(rights)
    return Awaits.SETUP if owed else None


def enter_as(somebody: Person, then: str) -> BaseResponse:
    """Open a session, complete or half, and lead on; written in the audit once it is complete."""
    awaits = what_awaits(somebody)
    token = sign_in(somebody, awaits)
    if awaits is Awaits.FACTOR:
        response = redirect(url_for("account.second_step", next=then), _SEE_OTHER)
    else:
        audit.record(db(), somebody.ref, "signed_in", "person", somebody.ref)
        response = redirect(url_for("account.factors") if awaits else then, _SEE_OTHER)
    set_cookie(response, token)
    return response


def complete(somebody: Person, then: str) -> BaseResponse:
    """Put a complete session, with a token of its own, in the place of the half one."""
    db().execute(update(WebSession).where(WebSession.id == viewer().session_id).values(ended_at=now()))
    audit.record(db(), somebody.ref, "signed_in", "person", somebody.ref, second_factor=True)
    response = redirect(then, _SEE_OTHER)
    set_cookie(response, sign_in(somebody))
    return response
