"""How fast the post that a note takes up is found among 100,000, and how often it is the right one.

One note in twenty is an edited copy. The peers: comparing each note with every post (rapidfuzz's
``token_set_ratio`` on the same plain words, on both cores), and MinHash with rensa, whose candidates are judged by
the same ratio. Both on a sample, since one is slow and the other's rate does not depend on how many are asked.
"""

import os
from collections.abc import Sequence
from statistics import fmean

import numpy as np
from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.process import cdist
from rensa import RMinHash, RMinHashLSH

from content_calendar import clock
from scheduler.replication.match import Thresholds, said_in
from tests.bench._matcher import corpus, quality, sampled
from tests.bench._measure import apart, report

POSTS, FEW, NOTES = int(os.environ.get("N", "100000")), 1_000, 10_000
FAMILY = 100
SEED = 7
# Of 500 notes about families one is a fifth of a hundredth: three corpora tell more than one.
_FAMILY_SEEDS = (7, 8, 9)
_ENOUGH = Thresholds().automatic
_AT_ONCE = 50
# As near to the recall of comparing everything as banding comes.
_PERMUTATIONS, _BANDS, _WORDS = 126, 63, 2


def brute(posts: Sequence[str], notes: Sequence[str]) -> tuple[list[int | None], float]:
    """Return for each note the post most like it, if enough, and how many notes a second are compared so."""
    said: list[int | None] = []
    begun = clock.monotonic()
    plain = [said_in(text) for text in posts]
    begun = clock.monotonic()
    for start in range(0, len(notes), _AT_ONCE):
        some = [said_in(text) for text in notes[start : start + _AT_ONCE]]
        scores = cdist(some, plain, scorer=token_set_ratio, score_cutoff=70, workers=2, dtype=np.uint8)
        best = scores.argmax(axis=1)
        said += [int(at) if row[at] >= _ENOUGH else None for at, row in zip(best, scores, strict=True)]
    return said, len(notes) / (clock.monotonic() - begun)


def banded(posts: Sequence[str], notes: Sequence[str]) -> tuple[list[int | None], float]:
    """Return the same by MinHash, and how many notes a second."""
    plain = [said_in(text) for text in posts]
    buckets = RMinHashLSH(0.3, _PERMUTATIONS, _BANDS)
    for n, text in enumerate(plain):
        buckets.insert(n, _signature(text))
    said: list[int | None] = []
    begun = clock.monotonic()
    for note in map(said_in, notes):
        scored = [(token_set_ratio(note, plain[n]), n) for n in set(buckets.query(_signature(note)))]
        score, n = max(scored, default=(0, 0))
        said.append(n if score >= _ENOUGH else None)
    return said, len(notes) / (clock.monotonic() - begun)


def _signature(text: str) -> RMinHash:
    words = text.split()
    signature = RMinHash(_PERMUTATIONS, 42)
    signature.update([" ".join(words[at : at + _WORDS]) for at in range(len(words) - _WORDS + 1)])
    return signature


def main() -> None:
    asked = {"notes": NOTES, "family": 1, "seed": SEED}
    ours = apart("_matcher", posts=POSTS, **asked)
    few = apart("_matcher", posts=FEW, **asked)
    families = [
        apart("_matcher", posts=POSTS, notes=NOTES, family=FAMILY, seed=seed) for seed in _FAMILY_SEEDS
    ]
    posts, heard = corpus(POSTS, NOTES, 1, SEED)
    sample = [heard[n] for n in sampled(heard)]
    notes, truth = [text for text, _ in sample], [post for _, post in sample]
    by_brute, brute_per_s = brute(posts, notes)
    by_bands, bands_per_s = banded(posts, notes)
    brute_recall, brute_precision = quality(by_brute, truth)
    bands_recall, bands_precision = quality(by_bands, truth)
    report(
        {
            "posts": POSTS,
            "notes": NOTES,
            "vs_brute": ours["per_s"] / brute_per_s,
            "vs_rensa": ours["per_s"] / bands_per_s,
            "growth": few["per_s"] / ours["per_s"],
            **ours,
            "few_per_s": few["per_s"],
            "family_recall": fmean(each["recall_of_all"] for each in families),
            "family_precision": fmean(each["precision"] for each in families),
            "brute_per_s": brute_per_s,
            "brute_recall": brute_recall,
            "brute_precision": brute_precision,
            "rensa_per_s": bands_per_s,
            "rensa_recall": bands_recall,
            "rensa_precision": bands_precision,
        }
    )


if __name__ == "__main__":
    main()
