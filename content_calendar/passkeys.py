"""Passkeys (WebAuthn, level 2) as a second factor: made, listed and asked to sign; the library checks what they answer.

A challenge belongs to one session and is used once, whatever comes of it (§13.4.3). See the library's own pages:
https://duo-labs.github.io/py_webauthn/registration.html and /authentication.html.
"""

from dataclasses import dataclass

import webauthn
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.factors import Passkey
from content_calendar.models.people import Person, WebSession

MOST = 20
_NAME_LENGTH = 120


class PasskeyRefusedError(InvalidError):
    """What the browser sent does not prove what was asked."""

    code = "passkey_refused"


@dataclass(frozen=True)
class Place:
    """Where passkeys are good for: the site's name without a port, and its whole origin."""

    site: str
    origin: str


def offer(session: Session, place: Place, person: Person, session_id: int) -> str:
    """Return, as JSON, what a browser needs to make a passkey."""
    known = session.scalars(select(Passkey.credential).where(Passkey.person_id == person.id)).all()
    options = webauthn.generate_registration_options(
        rp_id=place.site,
        rp_name="Resuena",
        # Tells nothing about the person, as the standard asks (§14.6.1).
        user_id=person.ref.encode(),
        user_name=person.email,
        user_display_name=person.name,
        exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(one)) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    _remember(session, session_id, options.challenge)
    return webauthn.options_to_json(options)


def add(session: Session, place: Place, person: Person, session_id: int, answer: str, name: str) -> Passkey:
    """Keep the passkey that a browser made; raise PasskeyRefusedError."""
    challenge = _take_challenge(session, session_id)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.site,
            expected_origin=place.origin,
            require_user_verification=False,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefusedError(field="answer") from error
    credential = bytes_to_base64url(made.credential_id)
    mine = session.scalars(select(Passkey.id).where(Passkey.person_id == person.id)).all()
    if (
        len(mine) >= MOST
        or session.scalars(select(Passkey.id).where(Passkey.credential == credential)).first()
    ):
        raise PasskeyRefusedError(field="answer")
    row = Passkey(
        person_id=person.id,
        credential=credential,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=" ".join(name.split())[:_NAME_LENGTH] or f"{now():%Y-%m-%d}",
    )
    session.add(row)
    session.flush()
    audit.record(session, person.ref, "factor_added", "person", person.ref, kind="passkey")
    return row


def ask(session: Session, place: Place, person: Person, session_id: int) -> str:
    """Return, as JSON, what a browser needs to let one of the person's passkeys sign."""
    known = session.scalars(select(Passkey.credential).where(Passkey.person_id == person.id)).all()
    options = webauthn.generate_authentication_options(
        rp_id=place.site,
        allow_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(one)) for one in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _remember(session, session_id, options.challenge)
    return webauthn.options_to_json(options)


def opens(session: Session, place: Place, person: Person, session_id: int, answer: str) -> bool:
    """Return whether a passkey of that person signed what it was asked; a challenge is good for one try."""
    try:
        challenge = _take_challenge(session, session_id)
        said = webauthn.helpers.parse_authentication_credential_json(answer)
        row = session.scalars(
            select(Passkey)
            .where(Passkey.person_id == person.id, Passkey.credential == bytes_to_base64url(said.raw_id))
            .with_for_update()
        ).one_or_none()
        if row is None:
            return False
        shown = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=place.site,
            expected_origin=place.origin,
            credential_public_key=row.public_key,
            # A counter that does not grow tells of a copied key; the library refuses it.
            credential_current_sign_count=row.sign_count,
            require_user_verification=False,
        )
    except (WebAuthnException, PasskeyRefusedError, ValueError, TypeError, KeyError):
        return False
    row.sign_count, row.last_used_at = shown.new_sign_count, now()
    session.flush()
    return True


def _remember(session: Session, session_id: int, challenge: bytes) -> None:
    session.execute(
        update(WebSession).where(WebSession.id == session_id).values(challenge=bytes_to_base64url(challenge))
    )


def _take_challenge(session: Session, session_id: int) -> bytes:
    """Return the session's challenge, which is used up; raise PasskeyRefusedError where there is none."""
    row = session.scalars(
        select(WebSession).where(WebSession.id == session_id).with_for_update()
    ).one()  # fmt: skip
    challenge, row.challenge = row.challenge, None
    session.flush()
    if not challenge:
        raise PasskeyRefusedError(field="answer")
    return base64url_to_bytes(challenge)
