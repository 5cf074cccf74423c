"""Addresses where a network's own servers fetch a material: some take no bytes, only a place to fetch them from.

Such an address opens these very bytes and nothing else, for an hour, to whoever has it: it is made when what it
shows is about to be public.
"""

from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from assets.storage import is_name
from content_calendar.clock import now
from content_calendar.settings import Settings
from content_calendar.signing_keys import signing_key

LIFE = timedelta(hours=1)
PATH = "/entrega"
_LONGEST = 400


@dataclass(frozen=True)
class Handed:
    """What an address opens: the bytes of that SHA-256, and what they are."""

    sha256: str
    media_type: str


def address_of(settings: Settings, sha256: str, media_type: str) -> str:
    """Return an address where anybody who has it fetches these bytes for an hour; a picture comes as a JPEG.

    Raises ValueError where the installation has no address of its own where others reach it.
    """
    if not settings.public_url:
        raise ValueError("no public address")
    until = int((now() + LIFE).timestamp())
    return f"{settings.public_url}{PATH}/{_signer(settings).dumps([sha256, media_type, until])}"


def handed(settings: Settings, token: str) -> Handed | None:
    """Return what an address opens; None for one that nobody made here, or whose hour is over."""
    try:
        sha256, media_type, until = _signer(settings).loads(token[:_LONGEST])
    except (BadSignature, ValueError, TypeError):
        return None
    return Handed(sha256, media_type) if is_name(sha256) and until > now().timestamp() else None


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(signing_key(settings), salt="material-for-a-network")
