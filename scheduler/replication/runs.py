"""Runs of three words as numbers of 64 bits: of many texts at once, and the same in every process.

A word's number is that of its letters as digits (Rabin and Karp), taken out of sums over all the texts, so that no
word is ever a string of its own. Two runs with one number would bring a candidate in vain: judging reads the words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
Places = npt.NDArray[np.intp]

_GRAM = 3
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
# Odd, so that it has an inverse among numbers of 64 bits.
_BASE = 0x5851F42D4C957F2D
_INVERSE = pow(_BASE, -1, 1 << 64)
# So many letters are numbered at once, unless one text has more: what that takes fits into the processor's memory.
_AT_ONCE = 1 << 15
_SPACE, _END = ord(" "), ord("\n")


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of some texts: in ``run``, the number of each; in ``owner``, whose it is. None comes twice."""

    run: Numbers
    owner: Places


def runs_of(texts: Iterable[tuple[int, str]]) -> Runs:
    """Return the runs of texts, each with its owner's number; owners do not decrease.

    Texts are as ``said_in`` leaves them: words with one space between.
    """
    told = list(texts)
    runs, lengths = ordered_runs([text for _, text in told])
    return _once(Runs(runs, np.repeat(np.array([owner for owner, _ in told], dtype=np.intp), lengths)))


def ordered_runs(texts: Sequence[str]) -> tuple[Numbers, Places]:
    """Return the runs of texts, in their order, and how many each text has."""
    if not texts:
        return np.empty(0, np.uint64), np.empty(0, np.intp)
    numbered = [_words(some) for some in _pieces(texts)]
    words = np.concatenate([one for one, _ in numbered])
    lengths = np.concatenate([each for _, each in numbered])
    mixed = words[:-2] * _FACTORS[0] + words[1:-1] * _FACTORS[1] + words[2:] * _FACTORS[2]
    # The last two words of a text begin no run.
    begins = np.ones(len(words), dtype=bool)
    ends = np.cumsum(lengths)
    begins[ends[lengths > 0] - 1] = False
    begins[ends[lengths > 1] - 2] = False
    return mixed[begins[:-2]], np.maximum(lengths - (_GRAM - 1), 0)


def without(runs: Runs, known: Runs) -> Runs:
    """Return the runs that are not among the known ones, whoever's they are."""
    new = ~np.isin(runs.run, known.run)
    return Runs(runs.run[new], runs.owner[new])


def _once(runs: Runs) -> Runs:
    # Stable: of one run, owners stay in their order.
    order = np.argsort(runs.run, kind="stable")
    run, owner = runs.run[order], runs.owner[order]
    first = np.ones(len(run), dtype=bool)
    first[1:] = (run[1:] != run[:-1]) | (owner[1:] != owner[:-1])
    return Runs(run[first], owner[first])


def _pieces(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    first, letters = 0, 0
    for n, text in enumerate(texts):
        letters += len(text)
        if letters >= _AT_ONCE:
            yield texts[first : n + 1]
            first, letters = n + 1, 0
    if first < len(texts):
        yield texts[first:]


def _words(texts: Sequence[str]) -> tuple[Numbers, Places]:
    """Return the numbers of the texts' words, in their order, and how many words each text has."""
    letters = np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)
    ends_text = letters == _END
    parts = np.flatnonzero(ends_text | (letters == _SPACE))
    begin = np.concatenate(([0], parts + 1))
    end = np.concatenate((parts, [len(letters)]))
    # A text without words has nothing between its ends.
    text_of = np.concatenate(([0], np.cumsum(ends_text[parts])))
    is_word = end > begin
    begin, end, text_of = begin[is_word], end[is_word], text_of[is_word]
    powers, inverses = _powers(len(letters))
    summed = np.concatenate((np.zeros(1, np.uint64), np.cumsum(letters * powers[: len(letters)])))
    return (summed[end] - summed[begin]) * inverses[begin], np.bincount(text_of, minlength=len(texts))


_known = (np.ones(1, np.uint64), np.ones(1, np.uint64))


def _powers(most: int) -> tuple[Numbers, Numbers]:
    """Return the powers of the base and of its inverse, at least so many."""
    global _known  # noqa: PLW0603 -- a table that only grows; two threads that make it make the same
    if len(_known[0]) < most:
        powers, inverses = (np.full(most + _AT_ONCE, each, np.uint64) for each in (_BASE, _INVERSE))
        powers[0] = inverses[0] = 1
        _known = (np.multiply.accumulate(powers), np.multiply.accumulate(inverses))
    return _known
