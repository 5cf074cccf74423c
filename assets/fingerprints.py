"""Fingerprints: whether a picture looks like one that is there already, whatever its size, format or small changes.

A difference hash of 64 bits: which of two neighbours of 9 x 8 grey points is brighter. Made in the darkroom, since
nothing else opens pictures. Two pictures whose bits differ in at most ``RADIUS`` places look alike: the same one
made smaller, saved again, brighter, or with a logo or a band of text (measured distances 0 to 5); others lie beyond 16.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assets import known_prints
from assets.fingerprint_bits import BITS, RADIUS, distance, signed, tells
from assets.models import Asset, AssetVersion, Fingerprint
from assets.pictures import PicturesBusyError, fingerprint
from assets.storage import Shelf, Storage
from content_calendar.errors import ResuenaError
from content_calendar.inserting import insert_absent

# How many of the nearest are looked up in the database.
_CANDIDATES = 200


@dataclass(frozen=True)
class Alike:
    """A material that looks like another; ``distance`` is in bits, of 64."""

    asset: Asset
    distance: int


def look_at(storage: Storage, shelf: Shelf, sha256: str) -> int | None:
    """Return the fingerprint of a picture that is kept; None for one that cannot be opened. Takes no session.

    Raises PicturesBusyError: whoever asks again in a moment may get it.
    """
    try:
        with storage.open(shelf, sha256) as file:
            return fingerprint(file.read())
    except PicturesBusyError:
        raise
    except ResuenaError:
        return None


def remember(session: Session, asset_id: int, picture: str, bits: int | None) -> None:
    """Keep a picture's fingerprint, a rendition's included; the same picture of a material is kept once."""
    insert_absent(
        session,
        Fingerprint,
        [{"asset_id": asset_id, "picture": picture, "bits": None if bits is None else signed(bits)}],
    )


def unread(session: Session, most: int) -> Sequence[tuple[int, str]]:
    """Return versions that have no fingerprint yet, as (material's id, SHA-256 of what is served)."""
    rows = session.execute(
        select(AssetVersion.asset_id, AssetVersion.sha256)
        .where(
            AssetVersion.media_type.like("image/%"),
            ~exists().where(
                Fingerprint.asset_id == AssetVersion.asset_id, Fingerprint.picture == AssetVersion.sha256
            ),
        )
        .order_by(AssetVersion.id)
        .limit(most)
    )
    return [(asset_id, sha256) for asset_id, sha256 in rows]


def look_alikes(session: Session, asset_id: int, most: int = 3) -> Sequence[Alike]:
    """Return other materials of the tool-box that look like this one, the nearest first; put away ones not."""
    mine = [
        bits
        for bits in session.scalars(
            select(Fingerprint.bits).where(Fingerprint.asset_id == asset_id, Fingerprint.bits.is_not(None))
        )
        if bits is not None and tells(bits)
    ]
    if not mine:
        return []
    nearest = known_prints.known(session).near(session, asset_id, mine)
    if not nearest:
        return []
    candidates = sorted(nearest, key=lambda one: (nearest[one], one))[:_CANDIDATES]
    rows = session.execute(
        select(Asset, Fingerprint.bits)
        .join(Fingerprint, Fingerprint.asset_id == Asset.id)
        .where(Asset.id.in_(candidates), Asset.archived_at.is_(None), Fingerprint.bits.is_not(None))
    )
    found: dict[int, Alike] = {}
    for asset, other in rows:
        far = min(distance(bits, other or 0) for bits in mine)
        if far <= RADIUS and far < found.get(asset.id, Alike(asset, BITS)).distance:
            found[asset.id] = Alike(asset, far)
    return sorted(found.values(), key=lambda one: (one.distance, one.asset.id))[:most]
