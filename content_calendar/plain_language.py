"""Plain language, for Spanish: how hard a text reads, its longest sentence, words with a better one in a list. Pure.

Readability is Szigriszt Pazos' perspicuity, 206.835 - 62.3 syllables per word - words per sentence, read on the
INFLESZ scale (Barrio Cantalejo, 2008): under 55 is "somewhat hard". It says nothing of a few words.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from content_calendar.links import Link

ENOUGH_WORDS = 40
"""Fewer words than this have no readability."""
LONG_SENTENCE = 30
"""Words: the guides of lenguaje ciudadano ask for 15 to 20 and bear no more than 30."""
HARD = 55

_WORD = regex.compile(r"\p{L}+(?:[-'\u2019]\p{L}+)*")
_TAGGED = regex.compile(r"[#@\uff03\uff20][\p{L}\p{M}\p{N}_.]+")
_SENTENCE_ENDS = regex.compile(r"[.!?…;]+(?=\s|$|[»”\")])|\n+")
_VOWELS = regex.compile(r"[aeiouáéíóúüy]+")
# Each of these is a syllable's own; the others lean on one, or on each other.
_STRONG = frozenset("aeoáéóíú")


@dataclass(frozen=True, slots=True)
class Reading:
    """What can be said of how a text reads. ``score`` is None when it has too few words."""

    words: int
    score: int | None
    longest: int
    longest_begins: str


@dataclass(frozen=True, slots=True)
class Term:
    """A word or words of a list, and what to say instead."""

    kind: str
    term: str
    advice: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that stands in a text, as it is written there."""

    term: Term
    written: str


def syllables(word: str) -> int:
    """Return how many syllables a Spanish word has, one at least."""
    plain = unicodedata.normalize("NFC", word).lower().replace("qu", "q")
    return sum(max(1, sum(map(_STRONG.__contains__, run))) for run in _VOWELS.findall(plain)) or 1


def read(text: str, found_links: Sequence[Link] = ()) -> Reading:
    """Return how a text reads; links, tags and mentions are no words of it."""
    for link in reversed(found_links):
        text = f"{text[: link.start]} {text[link.end :]}"
    sentences = [_WORD.findall(one) for one in _SENTENCE_ENDS.split(_TAGGED.sub(" ", text))]
    sentences = [words for words in sentences if words]
    count = sum(map(len, sentences))
    longest = max(sentences, key=len, default=[])
    score = None
    if count >= ENOUGH_WORDS:
        sounds = sum(syllables(word) for words in sentences for word in words)
        score = round(206.835 - 62.3 * sounds / count - count / len(sentences))
    return Reading(count, score, len(longest), " ".join(longest[:4]))


class Glossary:
    """Terms to look for; made once, asked at each keystroke. The longest one counts where several begin."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {_plain(one.term): one for one in terms}
        words = sorted(self._terms, key=len, reverse=True)
        some = "|".join(regex.escape(word, literal_spaces=True) for word in words)
        self._pattern = (
            regex.compile(rf"(?<![\p{{L}}\p{{N}}_#@])(?P<term>{some})(?:e?s)?(?![\p{{L}}\p{{N}}_])")
            if some
            else None
        )

    def hits(self, text: str) -> list[Hit]:
        """Return the terms that stand in ``text``, each once, in its order; case and accents do not count."""
        if self._pattern is None:
            return []
        found: dict[str, Hit] = {}
        for match in self._pattern.finditer(_plain(text)):
            term = self._terms[match["term"]]
            found.setdefault(
                term.term, Hit(term, unicodedata.normalize("NFC", text)[match.start() : match.end()])
            )
        return list(found.values())


@lru_cache(maxsize=512)
def _plain(text: str) -> str:
    """Return ``text`` in small letters without accents, as long as it is in NFC."""
    return unicodedata.normalize("NFC", text).translate(_BARE)


def _bare(sign: str) -> str:
    lower = unicodedata.normalize("NFD", sign)[0].lower()
    return lower if len(lower) == 1 else sign


# Letter by letter, so that the place of a word stays what it was.
_BARE = {code: _bare(chr(code)) for code in range(ord("A"), 0x250) if chr(code).isalpha()}
