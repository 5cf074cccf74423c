"""What is signed or marked with the installation's own key: the link that ends all letters, and an address's mark."""

import hashlib
import hmac

from itsdangerous import BadSignature, URLSafeSerializer

from content_calendar.settings import Settings
from content_calendar.signing_keys import signing_key

_LONGEST = 200


def farewell_token(settings: Settings, ally_ref: str) -> str:
    """Return what proves that a link to end all letters was written for that ally; it is good for ever."""
    return str(_signer(settings).dumps(ally_ref))


def ally_of(settings: Settings, token: str) -> str:
    """Return the reference of the ally that the link was written for, empty for a link that nobody wrote."""
    try:
        return str(_signer(settings).loads(token[:_LONGEST]))
    except BadSignature:
        return ""


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(signing_key(settings), salt="ally-farewell")


def mark_of(settings: Settings, email: str) -> str:
    """Return the mark of an address: without the key, which is not in the database, nobody can try addresses."""
    if not email:
        return ""
    said = f"ally-refusal:{email.strip().casefold()}".encode()
    return hmac.new(signing_key(settings).encode(), said, hashlib.sha256).hexdigest()
