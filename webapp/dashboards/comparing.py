"""Two texts side by side, word by word: what both say, what one says elsewhere, what one alone says. Pure."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape
from rapidfuzz.distance import LCSseq

from scheduler.listening.identity import fold

_TAGS = re.compile(r"<[^<>]*>")
_WORDS = re.compile(r"(\s+)")
_LONGEST = 6000
# A stretch of words that only one text has is shown by its ends when it is longer than this.
_WHOLE = 40
_ENDS = 14


@dataclass(frozen=True)
class Side:
    """One of the two texts, ready to be shown: its words marked, and how many of them it alone has."""

    shown: Markup
    alone: int
    shared: int


@dataclass(frozen=True)
class _Word:
    text: str
    folded: str
    # The white space that follows it.
    after: str


def plain(text: str) -> str:
    """Return the text without tags, cut where it is long."""
    bare = html.unescape(_TAGS.sub(" ", text)).strip()
    return bare if len(bare) <= _LONGEST else bare[:_LONGEST].rstrip() + "…"


def compared(one: str, other: str) -> tuple[Side, Side]:
    """Return both texts as HTML, marked against each other.

    Words that one alone has are in ``<mark>``; those that the other has in another place are in ``<u>``; the rest is
    in both, in the same order. Accents, case and punctuation don't count.
    """
    left, right = _words(plain(one)), _words(plain(other))
    if not left or not right:
        # Nothing to compare with: nothing is marked.
        return Side(escape(plain(one)), 0, 0), Side(escape(plain(other)), 0, 0)
    steps = LCSseq.opcodes([word.folded for word in left], [word.folded for word in right])
    same = [step for step in steps if step.tag == "equal"]
    same_left = {n for step in same for n in range(step.src_start, step.src_end)}
    same_right = {n for step in same for n in range(step.dest_start, step.dest_end)}
    return (
        _side(left, same_left, {word.folded for word in right}),
        _side(right, same_right, {word.folded for word in left}),
    )


def _words(text: str) -> Sequence[_Word]:
    pieces = _WORDS.split(text)
    pairs = zip(pieces[::2], [*pieces[1::2], ""], strict=True)
    return [_Word(word, fold(word), space) for word, space in pairs if word]


def _side(words: Sequence[_Word], same: set[int], known: set[str]) -> Side:
    states = [
        "" if n in same or not word.folded else "u" if word.folded in known else "mark"
        for n, word in enumerate(words)
    ]
    return Side(
        Markup("").join(_runs(words, states)),
        states.count("mark"),
        sum(1 for word, state in zip(words, states, strict=True) if word.folded and state != "mark"),
    )


def _runs(words: Sequence[_Word], states: Sequence[str]) -> Iterator[Markup]:
    start = 0
    for end in range(1, len(words) + 1):
        if end < len(words) and states[end] == states[start]:
            continue
        run, state = words[start:end], states[start]
        if state == "mark" and len(run) > _WHOLE:
            run = [*run[:_ENDS], _Word("[…]", "", " "), *run[-_ENDS:]]
        # The space after a marked stretch is not part of it.
        text = "".join(word.text + word.after for word in run[:-1]) + run[-1].text
        tagged = Markup("<{0}>{1}</{0}>").format(state, text) if state else escape(text)
        yield tagged + run[-1].after
        start = end
