"""Fingerprints as numbers: how far apart two are, which of many are near one. Pure."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

BITS = 64
RADIUS = 10
_ALL = (1 << BITS) - 1
# Fewer bits than this, set or unset, say that the picture is one colour: it looks like every other such.
_FEWEST = 4
# What fits into the nearest memory of a processor, so that a scan reads each hash once.
_CHUNK = 1 << 14


def signed(bits: int) -> int:
    """Return 64 bits as the number with a sign that a database keeps."""
    return bits - (1 << BITS) if bits >> BITS - 1 else bits


def unsigned(bits: int) -> int:
    """Return 64 bits as a number without a sign."""
    return bits & _ALL


def distance(one: int, other: int) -> int:
    """Return in how many bits two fingerprints differ."""
    return ((one ^ other) & _ALL).bit_count()


def tells(bits: int) -> bool:
    """Return whether a fingerprint says enough to compare by: that of a picture of one colour does not."""
    return _FEWEST <= unsigned(bits).bit_count() <= BITS - _FEWEST


def packed(many: Iterable[int]) -> npt.NDArray[np.uint64]:
    """Return fingerprints as an array to scan."""
    return np.fromiter((unsigned(one) for one in many), dtype=np.uint64)


def near(many: npt.NDArray[np.uint64], bits: int, radius: int = RADIUS) -> npt.NDArray[np.intp]:
    """Return the places of those that differ from ``bits`` in at most ``radius`` bits. Exact, one pass."""
    wanted = np.uint64(unsigned(bits))
    found = [
        np.flatnonzero(np.bitwise_count(many[start : start + _CHUNK] ^ wanted) <= radius) + start
        for start in range(0, len(many), _CHUNK)
    ]
    return np.concatenate(found) if found else np.empty(0, np.intp)
