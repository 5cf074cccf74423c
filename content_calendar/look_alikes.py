"""Handles that people take for another: the same to the eye, one letter away, or with «oficial» added. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

_FILE = Path(__file__).parent / "confusable_letters.txt"
_TWO_AS_ONE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_JOINTS = re.compile(r"[^\w]|_")
# What anybody can add to a name that is taken.
_WORDS = (
    "oficiales", "oficial", "official", "real", "verificado", "verificada", "mexico", "cuenta", "prensa", "nuevo",
    "nueva", "mx", "of",
)  # fmt: skip
_SHORTEST, _LONG = 4, 8
_SHORTEST_REST = 3


class Alike(StrEnum):
    """How one handle is like another, the surest first.

    same: the same handle, on another network.
    eye: the same to the eye.
    added: the same with a word like «oficial» added.
    edit: one letter away; two for a long one.
    """

    SAME = "same"
    EYE = "eye"
    ADDED = "added"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Known:
    """A handle that is somebody's; ``folded`` as ``accounts.fold_handle`` has it."""

    network: str
    folded: str
    handle: str
    owner: str
    official: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """A known handle that the asked one is like, and how."""

    known: Known
    how: Alike


@cache
def _same() -> Mapping[int, str]:
    """Return what letter each sign is to the eye, small letters only: a few of Unicode's confusables (UTS 39)."""
    rows = [line.split() for line in _FILE.read_text(encoding="utf-8").splitlines()]
    return str.maketrans({sign: letter for letter, *signs in rows for sign in signs})


def skeleton(handle: str) -> str:
    """Return what the eye sees of a handle: letters that look the same are the same letter, joints are none."""
    plain = unicodedata.normalize("NFKD", handle.strip().removeprefix("@").casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char)).partition("@")[0]
    seen = _JOINTS.sub("", bare.translate(_same()))
    for two, one in _TWO_AS_ONE:
        seen = seen.replace(two, one)
    return seen


def _either_end() -> re.Pattern[str]:
    words = "|".join(skeleton(word) for word in _WORDS)
    return re.compile(f"^(?:{words})+|(?:{words})+$")


def alike(handle: str, network: str, known: Iterable[Known], most: int = 3) -> list[Likeness]:
    """Return the known handles that ``handle`` is like, the surest first; itself is not among them.

    ``network`` is the one it was asked about, empty for any: then the same handle is itself wherever it stands.
    """
    folded = unicodedata.normalize("NFKC", handle.strip().removeprefix("@")).casefold()
    seen, core = skeleton(handle), _core(skeleton(handle))
    found = []
    for one in known:
        if one.folded == folded and (not network or one.network == network):
            continue
        how = _how(folded, seen, core, one)
        if how is not None:
            found.append(Likeness(one, how))
    order = list(Alike)
    found.sort(key=lambda one: (not one.known.official, order.index(one.how), one.known.network != network))
    return found[:most]


def _how(folded: str, seen: str, core: str, known: Known) -> Alike | None:
    theirs = skeleton(known.folded)
    if known.folded == folded:
        return Alike.SAME
    if len(theirs) < _SHORTEST or len(seen) < _SHORTEST:
        return None
    if seen == theirs:
        return Alike.EYE
    if core == _core(theirs):
        return Alike.ADDED
    nearest = min(len(seen), len(theirs))
    most = 2 if nearest >= _LONG + _SHORTEST else 1
    if nearest >= _SHORTEST + 1 and OSA.distance(seen, theirs, score_cutoff=most) <= most:
        return Alike.EDIT
    return None


_ADDED = _either_end()


def _core(seen: str) -> str:
    """Return a skeleton without the words that anybody can add, unless nothing of a name would be left."""
    bare = _ADDED.sub("", seen)
    return bare if len(bare) >= _SHORTEST_REST else seen
