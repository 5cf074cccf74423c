"""What a note takes up, of all posts: each candidate is judged, and what a better one explains is not told again.

Two posts that begin or end alike, or a family of versions of one message, share words with every note about one of
them. The verdict that is surest comes first; another stands only by words that those before it do not explain. So a
note that quotes three posts takes up three, and a copy of one takes up one.
"""

from collections.abc import Iterator, Sequence

from rapidfuzz.fuzz import token_set_ratio

from scheduler.replication.index import Candidate, ReplicationIndex
from scheduler.replication.match import (
    EntryFacts,
    Form,
    Gram,
    PostFacts,
    Thresholds,
    Verdict,
    judge,
    score_of,
    weighed,
)

Found = tuple[PostFacts, Verdict]
STANDING = Thresholds()


def taken_up(
    index: ReplicationIndex, entries: Sequence[EntryFacts], thresholds: Thresholds = STANDING
) -> Iterator[tuple[int, list[Found]]]:
    """Yield each note's place among ``entries``, with the posts that it takes up, the surest first."""
    for place, candidates in enumerate(index.candidates(entries)):
        entry = entries[place]
        judged = [
            (one, verdict)
            for one in candidates
            if (verdict := judge(one.post, entry, thresholds, one.telling))
        ]
        yield place, _told_once(entry, judged, thresholds)


def _told_once(
    entry: EntryFacts, judged: Sequence[tuple[Candidate, Verdict]], thresholds: Thresholds
) -> list[Found]:
    # Of a family's versions it is the words that only one of them has that tell which it was.
    ordered = sorted(
        judged,
        key=lambda one: (one[1].form is not Form.LINK, -one[0].told, -one[1].score),
    )
    kept: list[Found] = []
    explained: set[Gram] = set()
    for candidate, verdict in ordered:
        words = entry.text.split()
        note = weighed(words, candidate.telling.note)
        texts = [
            (text, weighed(text.split(), tells))
            for text, tells in zip(candidate.post.texts, candidate.telling.texts, strict=True)
        ]
        shared = {run for _, runs in texts for run in runs if run in note}
        if verdict.form is not Form.LINK and explained:
            left = max(
                score_of(
                    sum(tells for run, tells in runs.items() if run in note and run not in explained),
                    sum(runs.values()),
                    sum(note.values()),
                    token_set_ratio(text, entry.text),
                )
                for text, runs in texts
            )
            if left < thresholds.doubtful:
                continue
        kept.append((candidate.post, verdict))
        explained |= shared
    return kept
