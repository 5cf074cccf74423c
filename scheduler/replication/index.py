"""Which posts a note is worth comparing with: an index that grows by the post and is never rebuilt.

A run of three words that many posts share tells nothing; the limit stands above the largest family of variants
of one message (33 bodies, several versions each).
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.replication.match import EntryFacts, PostFacts, Telling, Thresholds
from scheduler.replication.postings import (
    TELLS,
    Postings,
    When,
    told_by,
)
from scheduler.replication.runs import Places, ordered_runs, runs_of, without

Answers = npt.NDArray[np.bool_]
_COMMON = 200
_EARLY = Thresholds().early
_LEAST = 2
# As much as one run that no other post has: an ending that everybody uses brings no candidates.
_TELLS_LEAST = TELLS
_MOSTLY = 0.75
# What a run tells that eight posts have.
_OF_A_FAMILY = 0.25
# Of the runs of the shorter of both, one in so many.
_ONE_IN, _MUCH = 10, 3
_MOST = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post worth judging for a note, how much each run of both tells, and how much those tell that they share."""

    post: PostFacts
    telling: Telling
    told: int = 0


class ReplicationIndex:
    """Published posts by their links and by the runs of words that few of them share.

    Not for several threads at once. Memory grows with the posts' words, and the cost of a question with the
    note's.
    """

    def __init__(self) -> None:
        self._posts: list[PostFacts] = []
        self._numbers: dict[int, int] = {}
        self._postings = Postings()
        # By number: a post's id, and how many runs its shortest text has.
        self._ids, self._sizes = array("q"), array("q")
        # When each was out, in seconds: what is common when a note is written, not what became so later.
        self._out = array("d")
        self._by_link: defaultdict[str, list[int]] = defaultdict(list)
        self._last_first: Places | None = None

    def __len__(self) -> int:
        return len(self._posts)

    def __contains__(self, post_id: int) -> bool:
        return post_id in self._numbers

    def put(self, posts: Iterable[PostFacts]) -> None:
        """Take posts in, or what is new of those that went out once more; many at once cost less."""
        new: list[tuple[int, str]] = []
        self._last_first = None
        for post in posts:
            number = self._numbers.get(post.post_id)
            if number is not None:
                self._put_again(number, post)
                continue
            number = self._numbers[post.post_id] = len(self._posts)
            self._posts.append(post)
            self._ids.append(post.post_id)
            self._out.append(post.published_at.timestamp())
            self._put_links(number, _links(post))
            self._sizes.append(_size(post))
            new += _said(number, post)
        self._postings.add(runs_of(new))

    def _put_again(self, number: int, post: PostFacts) -> None:
        before, self._posts[number] = self._posts[number], post
        self._sizes[number], self._out[number] = _size(post), post.published_at.timestamp()
        self._put_links(number, _links(post) - _links(before))
        self._postings.add(without(runs_of(_said(number, post)), runs_of(_said(number, before))))

    def _put_links(self, number: int, links: Iterable[str]) -> None:
        for link in links:
            self._by_link[link].append(number)

    def candidates(self, entries: Sequence[EntryFacts]) -> list[list[Candidate]]:
        """Return the posts worth judging for each note: those with a common link first, then by shared rare runs."""
        found = [dict.fromkeys(self._linked(entry), 0) for entry in entries]
        asked = runs_of((n, entry.text) for n, entry in enumerate(entries))
        sizes = np.bincount(asked.owner, minlength=len(entries))
        posts, when = np.array(self._sizes), self._when(entries)

        def enough(n: Places, post: Places, shared: Places, told: Places) -> tuple[Answers, Answers]:
            size = np.minimum(sizes[n], posts[post])
            is_enough = (shared >= np.maximum(size / _ONE_IN, _LEAST)) & (told >= _TELLS_LEAST)
            return np.asarray(is_enough), np.asarray(shared >= size / _MUCH)

        for n, post, told in self._postings.shared(asked, when, common=_COMMON, most=_MOST, enough=enough):
            found[n][post] = told
        return self._weighed(entries, found)

    def _when(self, entries: Sequence[EntryFacts]) -> When:
        # Copied: an array that is looked into cannot grow.
        out = np.array(self._out)
        if self._last_first is None:
            self._last_first = np.empty(len(out), dtype=np.intp)
            self._last_first[np.lexsort((np.array(self._ids), -out))] = np.arange(len(out))
        return When(np.array([_until(entry) for entry in entries]), out, self._last_first)

    def _weighed(
        self, entries: Sequence[EntryFacts], found: Sequence[Mapping[int, int]]
    ) -> list[list[Candidate]]:
        """Return the candidates with what each run of three words tells: less, the more posts had it by then."""
        texts: list[str] = []
        moments: list[float] = []
        for entry, numbers in zip(entries, found, strict=True):
            said = [entry.text, *(text for number in numbers for text in self._posts[number].texts)]
            texts += said if numbers else []
            moments += [_until(entry)] * (len(said) if numbers else 0)
        tells = iter(self._tells(texts, moments))
        weighed: list[list[Candidate]] = []
        for numbers in found:
            note = next(tells) if numbers else ()
            posts = [(self._posts[number], told) for number, told in numbers.items()]
            weighed.append(
                [
                    Candidate(post, _scaled(note, [next(tells) for _ in post.texts]), told)
                    for post, told in posts
                ]
            )
        return weighed

    def _tells(self, texts: Sequence[str], moments: Sequence[float]) -> Iterable[list[float]]:
        runs, lengths = ordered_runs(texts)
        until = np.repeat(np.array(moments, dtype=np.float64), lengths)
        had = self._postings.counted(runs, until, np.array(self._out), most=_COMMON)
        told = told_by(had)
        ends = np.cumsum(lengths)
        return (told[end - length : end].tolist() for end, length in zip(ends, lengths, strict=True))

    def _linked(self, entry: EntryFacts) -> Iterable[int]:
        for link in sorted(entry.links | {entry.link}):
            yield from self._by_link.get(link, ())


def _until(entry: EntryFacts) -> float:
    """Return until when a post was out that the note can have heard, in seconds."""
    return (entry.published_at + _EARLY).timestamp() if entry.dated else math.inf


def _scaled(note: Sequence[float], texts: Sequence[Sequence[float]]) -> Telling:
    """Return what tells when most of a post's words are those of a whole family of versions: then they tell all."""
    ordered = sorted(tells for text in texts for tells in text)
    scale = ordered[int(len(ordered) * _MOSTLY)] if ordered else 1.0
    if scale > _OF_A_FAMILY:
        return Telling(note, texts)
    scaled = [[min(1.0, one / scale) for one in text] for text in (note, *texts)]
    return Telling(scaled[0], scaled[1:], is_of_family=True)


def _links(post: PostFacts) -> frozenset[str]:
    return post.public_links | post.promoted


def _said(number: int, post: PostFacts) -> list[tuple[int, str]]:
    return [(number, text) for text in post.texts]


def _size(post: PostFacts) -> int:
    """Return how many runs the shortest of a post's texts has."""
    return max(min([text.count(" ") for text in post.texts], default=0) - 1, 0)
