"""When are two texts so alike that a platform takes them for spam? Pure.

Some platforms refuse "substantially similar content" from several accounts of one application, and say no
number. What a reader would call the same text is taken for the same: case, accents, links, mentions, emoji,
punctuation and the hashtags around a text do not make it another.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import ClassVar, Protocol

import regex
from rapidfuzz.fuzz import ratio, token_sort_ratio

from content_calendar.content import Content, PostKind
from content_calendar.links import links
from content_calendar.payloads import Payload
from content_calendar.rules import Problem, Severity
from content_calendar.text_rules import without_accents

# Measured on the labelled pairs of the test: from 80 to 87 every pair falls on its side; the middle is taken.
THRESHOLD = 83
# A text shorter than this is what its hashtags say.
_FEW_WORDS = 4
_GRAM = 3
_MOST_KEYS = 8
# The words that two texts have in common when they begin alike.
_OPENING = 5

_MENTION = regex.compile(r"(?<![\p{L}\p{N}_])[@\uff20][\p{L}\p{N}_]+(?:[.@-][\p{L}\p{N}_]+)*")
_WORD = regex.compile(r"[#\uff03]?[\p{L}\p{M}\p{N}_]+")


class Windowed(Protocol):
    """What is asked of a network here."""

    name: ClassVar[str]
    identical_window: ClassVar[timedelta]


@lru_cache(maxsize=2048)
def folded(text: str) -> str:
    """Return what of a text is compared: its words in small letters without accents, one space between them.

    Links and mentions count for nothing, and neither do the hashtags before and after the words; a hashtag
    within a sentence is a word of it. Of a text of hashtags alone (or nearly), the tags are kept, in one order.
    """
    bare = unicodedata.normalize("NFKC", text)
    for link in reversed(links(bare)):
        bare = f"{bare[: link.start]} {bare[link.end :]}"
    words: list[str] = _WORD.findall(_MENTION.sub(" ", bare))
    tagged = [word[0] in "#\uff03" for word in words]
    first = tagged.index(False) if False in tagged else len(words)
    last = len(words) - tagged[::-1].index(False) if False in tagged else len(words)
    said = [_plain(word) for word in words[first:last]]
    if len(said) < _FEW_WORDS:
        said += sorted(_plain(word) for word in words[:first] + words[last:])
    return " ".join(filter(None, said))


@lru_cache(maxsize=2048)
def keys(text: str) -> tuple[int, ...]:
    """Return a few numbers of which texts that are alike share at least one, nearly always; none for no words.

    They are the least of the hashes of the text's runs of three words: signed, of 64 bits, always the same
    ones for the same text.
    """
    words = folded(text).split()
    runs = {" ".join(words[at : at + _GRAM]) for at in range(max(1, len(words) - _GRAM + 1))} - {""}
    return tuple(sorted(_number(run) for run in runs)[:_MOST_KEYS])


def alike(one: str, other: str) -> bool:
    """Tell whether two texts are so alike that a platform would take them for one; no words are like nothing."""
    first, second = folded(one), folded(other)
    if not first or not second:
        return False
    # The second ratio is of the sorted words: the same sentences in another order are the same text.
    return max(ratio(first, second), token_sort_ratio(first, second)) >= THRESHOLD


def closeness(one: str, other: str) -> int:
    """Return how alike two texts are, from 0 to 100, by the measure of ``alike``; no words are like nothing."""
    first, second = folded(one), folded(other)
    if not first or not second:
        return 0
    return int(max(ratio(first, second), token_sort_ratio(first, second)))


def begin_alike(one: str, other: str) -> bool:
    """Tell whether two texts begin with the same words: what a reader, and a platform, sees first."""
    first, second = folded(one).split()[:_OPENING], folded(other).split()[:_OPENING]
    return bool(first) and first == second


def text_of(payload: Payload) -> str:
    """Return the words of ours in what goes out, all its parts; a repost has none."""
    return "" if payload.kind is PostKind.REPOST else "\n".join(part.text for part in payload.parts)


def one_text_for_several(
    content: Content, account_networks: Sequence[str], known: Mapping[str, Windowed]
) -> Iterator[Problem]:
    """Yield an error for each network that takes one text of several accounts for spam, and has several here.

    ``account_networks`` holds the network of each account that the post goes out to.
    """
    if content.kind == PostKind.REPOST:
        return
    for slug in sorted(set(account_networks) & set(known)):
        count = account_networks.count(slug)
        if count > 1 and known[slug].identical_window:
            params = {"network": known[slug].name, "count": count}
            yield Problem("one_text_for_several", Severity.ERROR, field="accounts", params=params)


def _plain(word: str) -> str:
    return without_accents(word.lstrip("#\uff03")).casefold().strip("_")


def _number(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big", signed=True)
