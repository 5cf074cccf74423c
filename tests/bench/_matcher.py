"""The matcher's side of its benchmark, in a process of its own, so that its memory is its own."""

import ctypes
import gc
import os
import random
from collections.abc import Sequence
from datetime import UTC, datetime

from content_calendar import clock
from scheduler.replication.index import ReplicationIndex
from scheduler.replication.match import EntryFacts, PostFacts, said_in
from scheduler.replication.verdicts import taken_up
from tests.bench._measure import say, told
from tests.bench._texts import Texts

OUT = datetime(2026, 11, 20, 16, tzinfo=UTC)
ONE_IN = 20
SAMPLE = 400
_TAKEN_IN, _ASKED = 500, 500
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024


def corpus(posts: int, notes: int, family: int, seed: int) -> tuple[list[str], list[tuple[str, int | None]]]:
    """Return posts, in families of so many near-identical ones, and notes: one in 20 takes up the post it names."""
    texts, others = Texts(seed), Texts(seed + 1)
    chance = random.Random(seed)  # noqa: S311 -- to be repeated, not to be secret
    first = [texts.post() for _ in range(posts // family)]
    out = [one if n == 0 else texts.variant(one, n) for one in first for n in range(family)]
    heard: list[tuple[str, int | None]] = []
    for n in range(notes):
        post = chance.randrange(len(out)) if n % ONE_IN == 0 else None
        heard.append((others.post() if post is None else others.edited(out[post]), post))
    return out, heard


def rss_kb() -> float:
    """Return the memory that is held, in KB: what was given back and only waits to be used again is not."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 -- a path would be one more object
        return int(file.read().split()[1]) * _PAGE_KB


def built(posts: Sequence[str]) -> tuple[ReplicationIndex, float, float]:
    """Return an index of the posts, the seconds it took from their texts on, and its KB of memory a post."""
    index, before, begun = ReplicationIndex(), rss_kb(), clock.monotonic()
    for start in range(0, len(posts), _TAKEN_IN):
        some = enumerate(posts[start : start + _TAKEN_IN], start)
        index.put([PostFacts(n, (said_in(text),), OUT) for n, text in some])
    return index, clock.monotonic() - begun, (rss_kb() - before) / len(posts)


def asked(index: ReplicationIndex, notes: Sequence[str]) -> tuple[list[int | None], list[int | None]]:
    """Return the post that each note takes up, in the matcher's own words: as found at all, and as sure."""
    all_said: list[int | None] = []
    sure: list[int | None] = []
    for start in range(0, len(notes), _ASKED):
        some = [EntryFacts(0, -1, said_in(text), OUT) for text in notes[start : start + _ASKED]]
        for _, found in taken_up(index, some):
            # The surest comes first.
            post, verdict = found[0] if found else (None, None)
            all_said.append(post.post_id if post else None)
            sure.append(post.post_id if post and verdict and verdict.certain else None)
    return all_said, sure


def sampled(heard: Sequence[tuple[str, int | None]]) -> list[int]:
    """Return the places of the notes of the sample that the peers are asked about: half take up a post."""
    taking = [n for n, one in enumerate(heard) if one[1] is not None][: SAMPLE // 2]
    return taking + [n for n, one in enumerate(heard) if one[1] is None][: SAMPLE // 2]


def quality(said: Sequence[int | None], truth: Sequence[int | None]) -> tuple[float, float]:
    """Return recall and precision."""
    right = sum(one == other for one, other in zip(said, truth, strict=True) if other is not None)
    told_of = sum(one is not None for one in said)
    return right / sum(one is not None for one in truth), right / told_of if told_of else 1.0


def main() -> None:
    asked_for = told()
    posts, heard = corpus(
        int(asked_for["posts"]), int(asked_for["notes"]), int(asked_for["family"]), int(asked_for["seed"])
    )
    notes, truth = [text for text, _ in heard], [post for _, post in heard]
    index, load_s, kb = built(posts)
    asked(index, notes[:_ASKED])
    begun = clock.monotonic()
    said, sure = asked(index, notes)
    seconds = clock.monotonic() - begun
    recall, precision = quality(said, truth)
    sample = sampled(heard)
    sample_truth = [truth[n] for n in sample]
    sample_recall, _ = quality([said[n] for n in sample], sample_truth)
    sure_recall, sure_precision = quality([sure[n] for n in sample], sample_truth)
    begun = clock.monotonic()
    for n in range(_ASKED):
        index.put([PostFacts(len(posts) + n, (said_in(notes[n]),), OUT)])
    append_us = (clock.monotonic() - begun) / _ASKED * 1e6
    say(
        {
            "per_s": len(notes) / seconds, "recall": sample_recall, "recall_of_all": recall, "precision": precision,
            "sure_recall": sure_recall, "sure_precision": sure_precision, "load_s": load_s,
            "bytes_per_post": round(kb * 1024), "append_us": append_us,
        }
    )  # fmt: skip


if __name__ == "__main__":
    main()
