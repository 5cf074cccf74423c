"""Which posts share runs of three words with a note: many notes asked about at once, posts added at any time.

Runs are numbers of 64 bits in sorted arrays, each with the posts that have it (the layout called CSR). What is
new becomes a small array of its own, and two of like size are merged into one, so that a post is added for the
price of its words and nothing is ever built anew (the logarithmic method of Bentley and Saxe).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from scheduler.replication.runs import Numbers, Places, Runs

Enough = Callable[[Places, Places, Places, Places], tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]
"""Of askers, posts, how many runs each pair shares and how much those tell: whether that is enough, and is much."""
TELLS = 1 << 20
"""What a run tells that no other post has; whole numbers, so that their sum does not depend on their order."""
_TOLD_BITS = 21

_MOST_TIED = 128
# What a long note shares with many posts is counted in pieces, so that memory stays bounded.
_PAIRS_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class _Segment:
    """Sorted runs; the posts of ``runs[n]`` are ``posts[starts[n] : starts[n + 1]]``."""

    runs: Numbers
    starts: npt.NDArray[np.uint32]
    posts: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, runs: Runs) -> Self:
        """Return a segment of runs in order."""
        first = np.flatnonzero(np.concatenate(([True], runs.run[1:] != runs.run[:-1])))
        starts = np.append(first, len(runs.run)).astype(np.uint32)
        return cls(runs.run[first], starts, runs.owner.astype(np.uint32))

    def pairs(self) -> Runs:
        return Runs(np.repeat(self.runs, np.diff(self.starts)), self.posts.astype(np.intp))

    def ranges(self, runs: Numbers) -> tuple[Places, Places]:
        """Return from where to where the posts of each run lie."""
        at = np.searchsorted(self.runs, runs)
        at_most = np.minimum(at, len(self.runs) - 1)
        known = self.runs[at_most] == runs
        begin = np.where(known, self.starts[at_most], 0).astype(np.intp)
        end = np.where(known, self.starts[at_most + 1], 0).astype(np.intp)
        return begin, end


@dataclass(frozen=True, slots=True)
class When:
    """Until when each asker can have heard, when each post was out, and the place of each among them, last first."""

    until: npt.NDArray[np.float64]
    out: npt.NDArray[np.float64]
    last_first: Places


class Postings:
    """Posts by their runs of three words. Not for several threads at once."""

    def __init__(self) -> None:
        self._segments: list[_Segment] = []

    def add(self, runs: Runs) -> None:
        """Take in the runs of posts that are new, or what is new of known ones; an owner is a post's number."""
        if not len(runs.run):
            return
        self._segments.append(_Segment.of(runs))
        while len(self._segments) > 1 and len(self._segments[-2].posts) < 2 * len(self._segments[-1].posts):
            one, other = self._segments.pop().pairs(), self._segments.pop().pairs()
            both = Runs(np.concatenate((one.run, other.run)), np.concatenate((one.owner, other.owner)))
            order = np.argsort(both.run, kind="stable")
            self._segments.append(_Segment.of(Runs(both.run[order], both.owner[order])))

    def shared(
        self, runs: Runs, when: "When", *, common: int, most: int, enough: Enough
    ) -> Iterator[tuple[int, int, int]]:
        """Yield (asker, post, what they share tells): the ``most`` posts that share what tells each most, best first.

        Askers are the owners of ``runs``, which are as ``runs_of`` returns them. A run tells the less the more posts
        have it, and nothing when more than ``common`` do; of what is left, ``enough`` tells which posts count. Of posts
        that are told as well the one that was out last comes first, whatever the order in which they came, and none
        counts that was not out by then.
        """
        if not len(runs.run) or not self._segments:
            return
        # Sought in their order, so that what is near is still at hand.
        found = [segment.ranges(runs.run) for segment in self._segments]
        posts_of = sum((end - begin for begin, end in found), start=np.zeros(len(runs.run), dtype=np.intp))
        telling = np.flatnonzero((posts_of > 0) & (posts_of <= common))
        by_asker = telling[np.argsort(runs.owner[telling], kind="stable")]
        asker, posts_of = runs.owner[by_asker], posts_of[by_asker]
        found = [(begin[by_asker], end[by_asker]) for begin, end in found]
        for piece in _pieces(asker, posts_of):
            spread = [
                _spread(segment, begin[piece], end[piece], asker[piece])
                for segment, (begin, end) in zip(self._segments, found, strict=True)
            ]
            who, post = (np.concatenate(one) for one in zip(*spread, strict=True))
            tells = (TELLS * told_by(posts_of[piece])).astype(np.intp)
            told = np.concatenate([np.repeat(tells, (end - begin)[piece]) for begin, end in found])
            known = when.out[post] <= when.until[who]
            asked, near, shared, all_told = _counted(who[known], post[known], told[known])
            kept, much = enough(asked, near, shared, all_told)
            pairs = _Pairs(asked[kept], near[kept], all_told[kept], much[kept])
            yield from _best(pairs, when.last_first, most)

    def counted(
        self, runs: Numbers, until: npt.NDArray[np.float64], out: npt.NDArray[np.float64], *, most: int
    ) -> Places:
        """Return how many posts that were ``out`` by then have each run; ``most`` where more do, at any time."""
        total = np.zeros(len(runs), dtype=np.intp)
        ranges = [segment.ranges(runs) for segment in self._segments]
        for begin, end in ranges:
            total += end - begin
        common = total > most
        had = np.where(common, most, 0)
        for segment, (begin, end) in zip(self._segments, ranges, strict=True):
            some = np.flatnonzero((end > begin) & ~common)
            for piece in _pieces(np.arange(len(some)), (end - begin)[some]):
                at = some[piece]
                who, post = _spread(segment, begin[at], end[at], at)
                had += np.bincount(who[out[post] <= until[who]], minlength=len(runs))
        return had


def _pieces(asker: Places, weights: Places) -> Iterator[slice]:
    """Yield slices that weigh little and never part what one asker asks."""
    first, total = 0, len(asker)
    summed = np.concatenate(([0], np.cumsum(weights)))
    while first < total:
        last = int(np.searchsorted(summed, summed[first] + _PAIRS_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), total)
        # To the end of whoever is being asked for there.
        last = int(np.searchsorted(asker, asker[last - 1], side="right"))
        yield slice(first, last)
        first = last


def _spread(segment: _Segment, begin: Places, end: Places, asker: Places) -> tuple[Places, Places]:
    """Return each asker beside each post that has a run of theirs."""
    lengths = end - begin
    offsets = np.repeat(begin - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return np.repeat(asker, lengths), segment.posts[offsets + np.arange(len(offsets))].astype(np.intp)


def told_by(posts_of: Places) -> npt.NDArray[np.float64]:
    """Return how much a run tells that so many posts have: 1 for one, half for two, a third for four."""
    return np.asarray(1 / (1 + np.log2(np.maximum(posts_of, 1))))


def _counted(asker: Places, post: Places, told: Places) -> tuple[Places, Places, Places, Places]:
    """Return each pair once, with how often it was there, and how much that tells."""
    width = int(post.max(initial=0)) + 1
    # What a run tells stands in the last bits: whole numbers alone are sorted several times as fast.
    packed = np.sort(((asker * width + post) << _TOLD_BITS) | told)
    pairs, told = packed >> _TOLD_BITS, packed & ((1 << _TOLD_BITS) - 1)
    first = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1]))) if len(pairs) else pairs
    times = np.diff(np.append(first, len(pairs)))
    all_told = np.add.reduceat(told, first) if len(pairs) else told
    return pairs[first] // width, pairs[first] % width, times, all_told


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Askers and posts, how much what they share tells, and whether they share much."""

    asker: Places
    post: Places
    told: Places
    much: npt.NDArray[np.bool_]


def _best(pairs: _Pairs, last_first: Places, most: int) -> Iterator[tuple[int, int, int]]:
    order = np.lexsort((last_first[pairs.post], -pairs.told, pairs.asker))
    asker, post, told = pairs.asker[order], pairs.post[order], pairs.told[order]
    first = np.searchsorted(asker, asker)
    place = np.arange(len(asker)) - first
    # Versions of one message that share as much: which of them it is, only their words tell.
    last = np.minimum(first + most - 1, max(len(asker) - 1, 0))
    tied = (told == told[last]) & (asker == asker[last]) & pairs.much[order] & (place < _MOST_TIED)
    best = (place < most) | tied
    yield from zip(asker[best].tolist(), post[best].tolist(), told[best].tolist(), strict=True)
