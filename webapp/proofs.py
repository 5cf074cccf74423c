"""What asks again who one is: acts that open doors for others, when the last proof is older than ten minutes.

What was typed is kept: the page that asks carries it, and sends it on with the proof (ASVS 5.0, 7.5.1).
"""

from datetime import timedelta

from flask import make_response, render_template, request
from sqlalchemy import update
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import people, provider_entries, second_factor
from content_calendar.clock import now
from content_calendar.models.people import WebSession
from content_calendar.vault import Vault
from webapp.session import database, password_opens, person, settings, throttle_key, viewer

LASTS = timedelta(minutes=10)
FIELD = "prueba"
_LONGEST = 1000
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# By the name of the route: connecting accounts, keys, people and their roles, tokens, the second factor.
NEEDS_PROOF = frozenset(
    {
        "account.add_passkey",
        "account.add_person",
        "account.begin_codes",
        "account.confirm_codes",
        "account.end_access",
        "account.end_other_sessions",
        "account.end_session",
        "account.erase_person",
        "account.make_token",
        "account.new_recovery_codes",
        "account.offer_passkey",
        "account.remove_codes",
        "account.remove_passkey",
        "account.reset_factor",
        "account.reset_password",
        "account.untie_provider",
        "directory.ask_permission",
        "directory.connect_account",
        "directory.disconnect_account",
        "directory.name_deputy",
        "directory.register_app",
        "directory.unregister_app",
        "keeping.make_key",
        "toolbox.make_key",
        "webhooks.make",
        "webhooks.renew_secret",
    }
)


def ask_proof() -> BaseResponse | None:
    """Return the page that asks who it is, None when nothing is to be asked."""
    if request.method in _SAFE or request.endpoint not in NEEDS_PROOF or not _is_stale():
        return None
    typed = request.form.get(FIELD, "")[:_LONGEST]
    error = _prove(typed) if typed else ""
    if typed and not error:
        return None
    kept = [
        (name, value)
        for name, values in request.form.lists()
        if name not in {FIELD, "csrf_token"}
        for value in values
    ]
    body = render_template(
        "account/prove.html",
        kept=kept,
        error=error,
        minutes=int(LASTS.total_seconds() // 60),
        by_provider=_is_tied(),
    )
    return make_response(body, 422 if error else 403)


def _is_tied() -> bool:
    """Return whether the institution's provider can tell who it is."""
    if not (settings().oidc_issuer and settings().oidc_client):
        return False
    with database().reading() as session:
        return person().id in provider_entries.tied_people(session)


def _is_stale() -> bool:
    proved_at = viewer().proved_at
    return proved_at is not None and proved_at < now() - LASTS


def _prove(typed: str) -> str:
    """Return the code of what is wrong, empty once it is proved; tries are counted."""
    me, key = person(), throttle_key("proof", person().ref)
    with database().reading() as session:
        if people.must_wait(session, key):
            return "proof_wait"
    # Checking a password is slow on purpose: no transaction is open meanwhile.
    proved = password_opens(me, typed)
    with database().transaction() as session:
        proved = proved or second_factor.opens(session, Vault(settings().data), me, typed)
        people.note_try(session, [key], succeeded=proved)
        if proved:
            session.execute(
                update(WebSession).where(WebSession.id == viewer().session_id).values(proved_at=now())
            )
    return "" if proved else "proof_wrong"
