"""Fingerprints by their four quarters, so that what is near one is found without reading them all. Pure.

Of two that differ in at most eleven bits, one quarter differs in at most two (multi-index hashing, Norouzi, Punjani
and Fleet, CVPR 2012): 137 values of each quarter are looked up, and what lies there is compared whole. Exact.
"""

from itertools import combinations

import numpy as np
import numpy.typing as npt

from assets.fingerprint_bits import BITS, near, unsigned

_QUARTERS = 4
_QUARTER_BITS = BITS // _QUARTERS
_VALUES = 1 << _QUARTER_BITS
_FEW = 2
MOST_RADIUS = _QUARTERS * (_FEW + 1) - 1
"""The furthest that can be asked for, in bits."""
_CHANGED = np.array(
    [
        sum(1 << bit for bit in bits)
        for few in range(_FEW + 1)
        for bits in combinations(range(_QUARTER_BITS), few)
    ],
    dtype=np.intp,
)
_SHIFTS = [_QUARTER_BITS * n for n in range(_QUARTERS)]


class NearPrints:
    """Fingerprints that stay as they are; 26 bytes each and one megabyte."""

    def __init__(self, many: npt.NDArray[np.uint64]) -> None:
        self._many = many.copy()
        places, counts = [], []
        for shift in _SHIFTS:
            quarter = ((many >> np.uint64(shift)) & np.uint64(_VALUES - 1)).astype(np.uint16)
            places.append(np.argsort(quarter, kind="stable").astype(np.uint32))
            counts.append(np.bincount(quarter, minlength=_VALUES))
        self._places = np.concatenate(places)
        # Those with a value of a quarter lie from its start to the next one's; the quarters follow each other.
        self._starts = np.concatenate(([0], np.cumsum(np.concatenate(counts)))).astype(np.uint32)

    def __len__(self) -> int:
        return len(self._many)

    def near(self, bits: int, radius: int) -> npt.NDArray[np.intp]:
        """Return the places of those that differ from ``bits`` in at most ``radius`` bits, in order.

        Raises ValueError beyond ``MOST_RADIUS``: what lies there has no near quarter.
        """
        if radius > MOST_RADIUS:
            raise ValueError(radius)
        wanted = unsigned(bits)
        values = [_CHANGED ^ ((wanted >> shift) & (_VALUES - 1)) for shift in _SHIFTS]
        keys = np.concatenate([value + n * _VALUES for n, value in enumerate(values)])
        begin = self._starts[keys].astype(np.intp)
        lengths = self._starts[keys + 1] - begin
        ends = np.cumsum(lengths)
        at = self._places[np.repeat(begin - ends + lengths, lengths) + np.arange(ends[-1])]
        close = at[np.bitwise_count(self._many[at] ^ np.uint64(wanted)) <= radius]
        return np.unique(close).astype(np.intp)

    def near_among(self, many: npt.NDArray[np.uint64], bits: int, radius: int) -> npt.NDArray[np.intp]:
        """Return the places of those of ``many``, which begins with these; the rest is read one by one."""
        ordered = len(self)
        return np.concatenate((self.near(bits, radius), near(many[ordered:], bits, radius) + ordered))
