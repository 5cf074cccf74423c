"""Which posts a note is worth comparing with: an index that grows by the post and is never rebuilt.

A run of three words that many posts share tells nothing, and is forgotten once too many have it; the limit
stands above the largest family of variants of one message (33 bodies, several versions each).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from scheduler.replication.match import EntryFacts, PostFacts, grams_of, words_of

_COMMON = 200
_VOTES = 2
_MOST = 5


class ReplicationIndex:
    """Published posts by their links and by the runs of words that few of them share.

    Not for several threads at once. Memory grows with the posts' words, and the cost of a question with the
    note's.
    """

    def __init__(self) -> None:
        self._posts: dict[int, PostFacts] = {}
        self._by_gram: dict[int, list[int] | None] = {}
        self._by_link: defaultdict[str, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._posts)

    def __contains__(self, post_id: int) -> bool:
        return post_id in self._posts

    def put(self, post: PostFacts) -> None:
        """Take a post in, or what is new of one that went out once more."""
        before = self._posts.get(post.post_id)
        self._posts[post.post_id] = post
        for link in _links(post) - (_links(before) if before else set()):
            self._by_link[link].append(post.post_id)
        for gram in _grams(post) - (_grams(before) if before else set()):
            known = self._by_gram.setdefault(gram, [])
            if known is not None:
                known.append(post.post_id)
                if len(known) > _COMMON:
                    self._by_gram[gram] = None

    def candidates(self, entry: EntryFacts) -> list[PostFacts]:
        """Return the posts worth judging, those with a common link first, then by shared rare words."""
        votes: Counter[int] = Counter()
        for gram in grams_of(words_of(entry.text)):
            votes.update(self._by_gram.get(hash(gram)) or ())
        likely = (post_id for post_id, count in votes.most_common(_MOST) if count >= _VOTES)
        return [self._posts[post_id] for post_id in dict.fromkeys([*self._linked(entry), *likely])]

    def _linked(self, entry: EntryFacts) -> Iterable[int]:
        for link in sorted(entry.links | {entry.link}):
            yield from self._by_link.get(link, ())


def _links(post: PostFacts) -> frozenset[str]:
    return post.public_links | post.promoted


def _grams(post: PostFacts) -> set[int]:
    return {hash(gram) for text in post.texts for gram in grams_of(words_of(text))}
