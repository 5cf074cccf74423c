"""Which materials of the tool-box a picture from outside shows: by every version, and by formats with a body's mark.

The look of each version is kept soon after it is taken in; that of a format when a picture is likely to be it. What is
asked is compared with those whose prints are near, and told with how much agrees: who asks decides what is enough.
"""

import threading
import zlib
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assets.looks import Alike, Look, Prints, Way, asked_of, compared, near_prints, prints_of, ways
from assets.models import AssetVersion, PictureLook, Rendition
from assets.pictures import PicturesBusyError, look
from assets.renditions import Mark
from assets.storage import Shelf, Storage
from content_calendar.errors import ResuenaError
from content_calendar.inserting import insert_absent

# The bounds of what a picture costs: with how many others it is compared at first sight, in how many ways each, and in
# how many of all those ways point by point.
_LOOKED_AT, _WAYS, _COMPARED = 24, 2, 4
# So much agrees only in the picture itself.
_SURELY = 99
_KEPT, _FORMATS = 20_000, 24


@dataclass(frozen=True)
class Resembling:
    """A material that a picture shows. ``same`` and ``seen`` are shares, as ``looks.Alike`` tells them."""

    asset_id: int
    picture: str
    same: float
    seen: float
    against: int

    def percent(self) -> int:
        """Return how many of 100 parts agree; fewer when several show something else or little is seen of ours."""
        same = self.same if self.against <= _FORGIVEN else min(self.same, _CONTRADICTED)
        return int(100 * (same if self.seen >= _LITTLE else min(same, _CONTRADICTED)))


# One piece in another's place may be the noise of saving; more are another card of the same template.
_FORGIVEN, _CONTRADICTED, _LITTLE = 1, 0.89, 0.3


def packed(grey: bytes) -> bytes:
    """Return points as they are kept."""
    return zlib.compress(grey, 6)


def unpacked(width: int, height: int, grey: bytes) -> Look | None:
    """Return a look that was kept; None for a picture that could not be read."""
    return Look.of(width, height, zlib.decompress(grey)) if grey else None


def looked_at(data: bytes) -> Look | None:
    """Return the look of a picture's bytes, opened in the darkroom; None for what is no picture.

    Takes no session and a tenth of a second. Raises PicturesBusyError: whoever asks again in a moment may get it.
    """
    try:
        seen = look(data)
    except PicturesBusyError:
        raise
    except ResuenaError:
        return None
    return Look.of(seen.width, seen.height, seen.data)


def unseen(session: Session, most: int) -> Sequence[tuple[int, str]]:
    """Return versions without a look yet, as (material's id, SHA-256 of what is served)."""
    rows = session.execute(
        select(AssetVersion.asset_id, AssetVersion.sha256)
        .where(
            AssetVersion.media_type.like("image/%"),
            ~exists().where(
                PictureLook.asset_id == AssetVersion.asset_id, PictureLook.picture == AssetVersion.sha256
            ),
        )
        .order_by(AssetVersion.id)
        .limit(most)
    )
    return [(asset_id, sha256) for asset_id, sha256 in rows]


def unseen_marked(session: Session, asset_ids: Collection[int], mark: Mark) -> Sequence[tuple[int, str]]:
    """Return the formats of these materials with that mark that have no look yet, as ``unseen`` does.

    They are looked at when a picture is likely one of them: all formats of all bodies would be gigabytes.
    """
    rows = session.execute(
        select(AssetVersion.asset_id, Rendition.sha256)
        .join(Rendition, Rendition.source_sha256 == AssetVersion.sha256)
        .where(
            AssetVersion.asset_id.in_(asset_ids),
            Rendition.mark == mark.key,
            ~exists().where(
                PictureLook.asset_id == AssetVersion.asset_id, PictureLook.picture == Rendition.sha256
            ),
        )
        .order_by(Rendition.id)
        .limit(_FORMATS)
    )
    return [(asset_id, sha256) for asset_id, sha256 in rows]


def remember(session: Session, asset_id: int, picture: str, seen: Look | None) -> None:
    """Keep a picture's look; the same picture of a material is kept once."""
    width, height = seen.size if seen else (0, 0)
    grey = packed(seen.grey.tobytes()) if seen else b""
    insert_absent(
        session,
        PictureLook,
        [{"asset_id": asset_id, "picture": picture, "width": width, "height": height, "grey": grey}],
    )


def look_of(storage: Storage, sha256: str) -> Look | None:
    """Return the look of a picture that is served; None for one that cannot be opened. Raises PicturesBusyError."""
    try:
        with storage.open(Shelf.SERVED, sha256) as file:
            data = file.read()
    except ResuenaError:
        return None
    return looked_at(data)


class KnownLooks:
    """The looks of some materials with their prints, in memory; those not asked for longest go. Safe among threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[int, tuple[int, str, Look, Prints]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, session: Session, asset_ids: Collection[int]) -> Sequence[tuple[int, str, Look, Prints]]:
        """Return the looks of these materials, each as (material, SHA-256, look, prints)."""
        if not asset_ids:
            return []
        ids = session.scalars(
            select(PictureLook.id).where(PictureLook.asset_id.in_(asset_ids), PictureLook.width > 0)
        ).all()
        with self._lock:
            missing = [one for one in ids if one not in self._held]
            for start in range(0, len(missing), 200):
                self._read(session, missing[start : start + 200])
            found = [self._held[one] for one in ids if one in self._held]
            for one in ids:
                if one in self._held:
                    self._held.move_to_end(one)
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return found

    def _read(self, session: Session, ids: Sequence[int]) -> None:
        rows = session.execute(
            select(
                PictureLook.id, PictureLook.asset_id, PictureLook.picture, PictureLook.width,
                PictureLook.height, PictureLook.grey,
            ).where(PictureLook.id.in_(ids))
        )  # fmt: skip
        for row_id, asset_id, picture, width, height, grey in rows:
            seen = unpacked(width, height, grey)
            if seen is not None:
                self._held[row_id] = (asset_id, picture, seen, prints_of(seen))


def resembling(theirs: Look, ours: Sequence[tuple[int, str, Look, Prints]]) -> list[Resembling]:
    """Return the materials that a picture shows, what agrees most first; pure, given the looks to compare with."""
    asked = asked_of(theirs)
    if not ours or not len(asked.bits):
        return []
    owner = np.repeat(np.arange(len(ours)), [len(one[3].bits) for one in ours])
    first = np.concatenate(([0], np.cumsum([len(one[3].bits) for one in ours])))
    pairs = near_prints(np.concatenate([one[3].bits for one in ours]), asked.bits)
    numbers, counts = np.unique(owner[pairs[:, 0]], return_counts=True)
    likely: list[tuple[float, int, Way]] = []
    for number in numbers[np.argsort(-counts, kind="stable")][:_LOOKED_AT].tolist():
        _, _, seen, prints = ours[number]
        mine = pairs[owner[pairs[:, 0]] == number]
        mine[:, 0] -= first[number]
        likely += [(-way.fit, number, way) for way in ways(theirs, asked, seen, prints, mine)[:_WAYS]]
    best: dict[int, Resembling] = {}
    for _, number, way in sorted(likely, key=lambda one: one[:2])[:_COMPARED]:
        asset_id, picture, seen, _ = ours[number]
        told = _told(asset_id, picture, compared(seen, theirs, way.laid))
        if asset_id not in best or told.percent() > best[asset_id].percent():
            best[asset_id] = told
        if told.percent() >= _SURELY:
            break
    return sorted(best.values(), key=lambda one: (-one.percent(), -one.same, one.asset_id))


def _told(asset_id: int, picture: str, alike: Alike) -> Resembling:
    return Resembling(asset_id, picture, alike.same, alike.seen, alike.against)
