"""Which posts a note is worth comparing with: an index that grows by the post and is never rebuilt.

A run of three words that many posts share tells nothing; the limit stands above the largest family of variants
of one message (33 bodies, several versions each).
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from scheduler.replication.match import EntryFacts, PostFacts
from scheduler.replication.postings import Places, Postings, runs_of, without

_COMMON = 200
_LEAST = 2
# Of the runs of the shorter of both, one in so many.
_ONE_IN = 10
_MOST = 3


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
        self._by_link: defaultdict[str, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._posts)

    def __contains__(self, post_id: int) -> bool:
        return post_id in self._numbers

    def put(self, posts: Iterable[PostFacts]) -> None:
        """Take posts in, or what is new of those that went out once more; many at once cost less."""
        new: list[tuple[int, Sequence[str]]] = []
        for post in posts:
            number = self._numbers.get(post.post_id)
            if number is not None:
                self._put_again(number, post)
                continue
            number = self._numbers[post.post_id] = len(self._posts)
            self._posts.append(post)
            self._ids.append(post.post_id)
            self._sizes.append(_size(post))
            self._put_links(number, _links(post))
            new += _cut(number, post)
        self._postings.add(runs_of(new))

    def _put_again(self, number: int, post: PostFacts) -> None:
        before, self._posts[number] = self._posts[number], post
        self._sizes[number] = _size(post)
        self._put_links(number, _links(post) - _links(before))
        self._postings.add(without(runs_of(_cut(number, post)), runs_of(_cut(number, before))))

    def _put_links(self, number: int, links: Iterable[str]) -> None:
        for link in links:
            self._by_link[link].append(number)

    def candidates(self, entries: Sequence[EntryFacts]) -> list[list[PostFacts]]:
        """Return the posts worth judging for each note: those with a common link first, then by shared rare runs."""
        found = [dict.fromkeys(self._linked(entry)) for entry in entries]
        asked = runs_of((n, entry.text.split()) for n, entry in enumerate(entries))
        sizes = np.bincount(asked.owner, minlength=len(entries))
        # Copied: an array that is looked into cannot grow.
        ids, posts = np.array(self._ids), np.array(self._sizes)

        def enough(n: Places, post: Places, shared: Places) -> npt.NDArray[np.bool_]:
            needed = np.maximum(np.minimum(sizes[n], posts[post]) / _ONE_IN, _LEAST)
            return np.asarray(shared >= needed, dtype=np.bool_)

        for n, post in self._postings.shared(asked, common=_COMMON, most=_MOST, ids=ids, enough=enough):
            found[n].setdefault(post)
        return [[self._posts[number] for number in numbers] for numbers in found]

    def _linked(self, entry: EntryFacts) -> Iterable[int]:
        for link in sorted(entry.links | {entry.link}):
            yield from self._by_link.get(link, ())


def _links(post: PostFacts) -> frozenset[str]:
    return post.public_links | post.promoted


def _size(post: PostFacts) -> int:
    return min((max(text.count(" ") - 1, 0) for text in post.texts), default=0)


def _cut(number: int, post: PostFacts) -> list[tuple[int, Sequence[str]]]:
    return [(number, text.split()) for text in post.texts]
