"""All fingerprints of the tool-box in this process's memory: two hundred thousand are five megabytes.

Read once, a piece at a time; afterwards only what is new since. What it finds are candidates: whoever asks reads
those rows, so that one that was never committed or is gone tells nothing.
"""

import threading
from collections.abc import Collection
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assets.fingerprint_bits import RADIUS, distance, near, unsigned
from assets.models import Fingerprint
from assets.near_prints import MOST_RADIUS, NearPrints

# Read at once, so that the first look holds neither the database nor much memory.
_PIECE = 10_000
# The last ones are read anew each time: numbers are given before they are committed, and not in that order.
_TAIL = 100
_FIRST_ROOM = 1024
# So many are read one by one before they are put in order.
_MOST_LOOSE = 8192


class KnownPrints:
    """The fingerprints of one database, by the number of their rows. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._rows = np.empty(_FIRST_ROOM, np.int64)
        self._assets = np.empty(_FIRST_ROOM, np.int64)
        self._bits = np.empty(_FIRST_ROOM, np.uint64)
        self._ordered = NearPrints(self._bits[:0])

    def near(
        self, session: Session, asset_id: int, wanted: Collection[int], radius: int = RADIUS
    ) -> dict[int, int]:
        """Return the other materials within ``radius`` bits of any of these, with the least distance of each."""
        found: dict[int, int] = {}
        with self._lock:
            self._refresh(session)
            for bits in wanted:
                for place in self._places(bits, radius):
                    other = int(self._assets[place])
                    if other != asset_id:
                        far = distance(bits, int(self._bits[place]))
                        found[other] = min(far, found.get(other, far))
        return found

    def _places(self, bits: int, radius: int) -> list[int]:
        known = self._bits[: self._count]
        if radius > MOST_RADIUS:
            return [int(place) for place in near(known, bits, radius)]
        # The last ones may yet change places.
        settled = max(0, self._count - _TAIL)
        if settled - len(self._ordered) > max(_MOST_LOOSE, len(self._ordered) // 8):
            self._ordered = NearPrints(known[:settled])
        return [int(place) for place in self._ordered.near_among(known, bits, radius)]

    def _refresh(self, session: Session) -> None:
        last = int(self._rows[self._count - 1]) if self._count else 0
        after = max(0, last - _TAIL)
        self._count = int(np.searchsorted(self._rows[: self._count], after, side="right"))
        while True:
            rows = session.execute(
                select(Fingerprint.id, Fingerprint.asset_id, Fingerprint.bits)
                .where(Fingerprint.id > after, Fingerprint.bits.is_not(None))
                .order_by(Fingerprint.id)
                .limit(_PIECE)
            ).all()
            if rows:
                self._take(
                    [row_id for row_id, _, _ in rows],
                    [asset_id for _, asset_id, _ in rows],
                    [unsigned(bits) for _, _, bits in rows if bits is not None],
                )
                after = rows[-1][0]
            if len(rows) < _PIECE:
                return

    def _take(self, rows: list[int], assets: list[int], bits: list[int]) -> None:
        end = self._count + len(rows)
        if end > len(self._rows):
            room = max(end, 2 * len(self._rows)) - len(self._rows)
            self._rows = np.concatenate([self._rows, np.empty(room, np.int64)])
            self._assets = np.concatenate([self._assets, np.empty(room, np.int64)])
            self._bits = np.concatenate([self._bits, np.empty(room, np.uint64)])
        self._rows[self._count : end] = rows
        self._assets[self._count : end] = assets
        self._bits[self._count : end] = np.array(bits, np.uint64)
        self._count = end


_known: WeakKeyDictionary[Engine, KnownPrints] = WeakKeyDictionary()
_making = threading.Lock()


def known(session: Session) -> KnownPrints:
    """Return what this process knows of the session's database."""
    engine = session.get_bind().engine
    with _making:
        return _known.setdefault(engine, KnownPrints())
