"""How fast one fingerprint is looked up among a hundred thousand, against a BK-tree in the same run.

Asked are fingerprints that are there, with a few bits changed, as a picture has that was saved again; as many as
the tool-box leaves loose are not in order yet.
"""

from random import Random

import pybktree

from assets.fingerprint_bits import RADIUS, packed
from assets.near_prints import NearPrints
from content_calendar import clock

HASHES, LOOSE = 100_000, 8_192
_ASKED, _ASKED_OF_THE_TREE, _CHANGED = 400, 12, 3
_SEED = 20261122


def hamming(one: int, other: int) -> int:
    return (one ^ other).bit_count()


def measure() -> dict[str, float]:
    """Return the ratio of look-ups a second, and those of each."""
    random = Random(_SEED)  # noqa: S311 -- a benchmark's data, the same each time
    hashes = [random.getrandbits(64) for _ in range(HASHES)]
    asked = [changed(random, random.choice(hashes)) for _ in range(_ASKED)]
    prints, tree = packed(hashes), pybktree.BKTree(hamming, hashes)
    begun = clock.monotonic()
    ordered = NearPrints(prints[:-LOOSE])
    order_ms = (clock.monotonic() - begun) * 1000
    ours = [
        sorted(hashes[place] for place in ordered.near_among(prints, one, RADIUS).tolist())
        for one in asked[:_ASKED_OF_THE_TREE]
    ]
    begun = clock.monotonic()
    theirs = [sorted(found for _, found in tree.find(one, RADIUS)) for one in asked[:_ASKED_OF_THE_TREE]]
    tree_rate = _ASKED_OF_THE_TREE / (clock.monotonic() - begun)
    if ours != theirs:
        raise RuntimeError("the two do not find the same")
    begun = clock.monotonic()
    for one in asked:
        ordered.near_among(prints, one, RADIUS)
    rate = _ASKED / (clock.monotonic() - begun)
    return {
        "hash_vs_bktree": round(rate / tree_rate, 1),
        "hash_per_s": round(rate),
        "bktree_per_s": round(tree_rate, 2),
        "hash_order_ms": round(order_ms, 1),
    }


def changed(random: Random, bits: int) -> int:
    for place in random.sample(range(64), _CHANGED):
        bits ^= 1 << place
    return bits


if __name__ == "__main__":
    print(measure())  # noqa: T201 -- a program's answer
