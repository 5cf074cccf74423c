"""Fingerprints: whether a picture looks like one that is there already, whatever its size, format or small changes.

A difference hash of 64 bits: which of two neighbours of 9 x 8 grey points is brighter. Made in the darkroom, since
nothing else opens pictures. Two pictures whose bits differ in at most ``RADIUS`` places look alike: the same one
made smaller, saved again, brighter, or with a logo or a band of text (measured distances 0 to 5); others lie beyond 16.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assets.models import Asset, AssetVersion, Fingerprint
from assets.pictures import PicturesBusyError, fingerprint
from assets.storage import Shelf, Storage
from content_calendar.errors import ResuenaError
from content_calendar.inserting import insert_absent

RADIUS = 10
_BITS = 64
# Fewer bits than this, set or unset, say that the picture is one colour: it looks like every other such.
_FEWEST = 4
# What fits into the nearest memory of a processor, so that a scan reads each hash once.
_CHUNK = 1 << 14


@dataclass(frozen=True)
class Alike:
    """A material that looks like another; ``distance`` is in bits, of 64."""

    asset: Asset
    distance: int


class Prints:
    """Many fingerprints, to be asked which lie near one. They are appended, never taken out."""

    def __init__(self, bits: Iterable[int] = ()) -> None:
        self._bits = np.fromiter((one & (1 << _BITS) - 1 for one in bits), dtype=np.uint64)

    def __len__(self) -> int:
        return len(self._bits)

    def near(self, bits: int, radius: int = RADIUS) -> npt.NDArray[np.intp]:
        """Return the places of those that differ from ``bits`` in at most ``radius`` bits. Exact, one pass."""
        wanted = np.uint64(bits & (1 << _BITS) - 1)
        found = [
            np.flatnonzero(np.bitwise_count(self._bits[start : start + _CHUNK] ^ wanted) <= radius) + start
            for start in range(0, len(self._bits), _CHUNK)
        ]
        return np.concatenate(found) if found else np.empty(0, np.intp)


def distance(one: int, other: int) -> int:
    """Return in how many bits two fingerprints differ."""
    return ((one ^ other) & (1 << _BITS) - 1).bit_count()


def tells(bits: int) -> bool:
    """Return whether a fingerprint says enough to compare by: that of a picture of one colour does not."""
    return _FEWEST <= (bits & (1 << _BITS) - 1).bit_count() <= _BITS - _FEWEST


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
    signed = bits - (1 << _BITS) if bits is not None and bits >> _BITS - 1 else bits
    insert_absent(session, Fingerprint, [{"asset_id": asset_id, "picture": picture, "bits": signed}])


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
    nearest = _nearest(session, asset_id, mine)
    if not nearest:
        return []
    assets = session.scalars(
        select(Asset).where(Asset.id.in_(nearest), Asset.archived_at.is_(None)).order_by(Asset.id)
    )
    found = [Alike(asset, nearest[asset.id]) for asset in assets]
    return sorted(found, key=lambda one: (one.distance, one.asset.id))[:most]


def _nearest(session: Session, asset_id: int, mine: Collection[int]) -> dict[int, int]:
    """Return the ids of the other materials within reach, with the least distance of each."""
    rows = session.execute(
        select(Fingerprint.asset_id, Fingerprint.bits).where(
            Fingerprint.asset_id != asset_id, Fingerprint.bits.is_not(None)
        )
    ).all()
    prints = Prints(bits for _asset_id, bits in rows if bits is not None)
    nearest: dict[int, int] = {}
    for bits in mine:
        for place in prints.near(bits):
            other_id, other = rows[int(place)]
            if other is not None:
                nearest[other_id] = min(distance(bits, other), nearest.get(other_id, _BITS))
    return nearest
