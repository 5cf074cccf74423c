"""Coming in: what a sign-in still owes, and the session that it opens."""

from flask import redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audit, door_letters, people, second_factor
from content_calendar.clock import now
from content_calendar.errors import ForbiddenError
from content_calendar.models.factors import DoorLetterKind
from content_calendar.models.people import Awaits, Person
from content_calendar.permissions import Role
from webapp.session import db, set_cookie, settings, sign_in

_SEE_OTHER = 303


class DoorByProviderError(ForbiddenError):
    """The installation lets this person in by the institution's provider only."""

    code = "door_by_provider"


def provider_is_offered() -> bool:
    """Return whether people may enter by the institution's provider."""
    return bool(settings().oidc_issuer and settings().oidc_client)


def own_door_opens(session: Session, somebody: Person) -> bool:
    """Return whether a password or a link of ours may let them in: with a provider, a setting says whom."""
    said = settings().oidc_passwords
    if said == "everybody" or not provider_is_offered():
        return True
    return (
        said == "administrators" and Role.ADMIN in people.rights(session, somebody.id, now().date()).roles()
    )


def what_awaits(somebody: Person) -> Awaits | None:
    """Return what a sign-in of that person still owes, None when it may go on."""
    if second_factor.is_set_up(db(), somebody.id):
        return Awaits.FACTOR
    rights = people.rights(db(), somebody.id, now().date())
    owed = settings().second_factor == "required" and second_factor.is_owed(rights)
    return Awaits.SETUP if owed else None


def enter_as(somebody: Person, then: str, *, by: str = "", twice: bool = False) -> BaseResponse:
    """Open a session, complete or half, and lead on; written in the audit once it is complete.

    ``by`` names who vouches for them, where it is not us; ``twice`` says that they showed it a second factor too.
    """
    awaits = None if twice else what_awaits(somebody)
    token = sign_in(somebody, awaits)
    if awaits is Awaits.FACTOR:
        response = redirect(url_for("account.second_step", next=then), _SEE_OTHER)
    else:
        told = {"by": by, "second_factor": twice} if by else {}
        audit.record(db(), somebody.ref, "signed_in", "person", somebody.ref, **told)
        response = redirect(url_for("account.factors") if awaits else then, _SEE_OTHER)
    set_cookie(response, token)
    return response


def complete(somebody: Person, then: str) -> BaseResponse:
    """Put a complete session, with a token of its own, in the place of the half one."""
    audit.record(db(), somebody.ref, "signed_in", "person", somebody.ref, second_factor=True)
    response = redirect(then, _SEE_OTHER)
    set_cookie(response, sign_in(somebody))
    return response


def tell_change(somebody: Person) -> None:
    """Let the person know by mail, where mails go out, that what lets them in changed (ASVS 5.0, 6.3.7)."""
    if settings().mail_host:
        door_letters.ask(db(), somebody, DoorLetterKind.CHANGED)
