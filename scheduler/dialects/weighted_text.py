"""Weighted length: characters, where some count double, emoji count two and every link 23.

The rule is configuration 3 of the platform's own open text library (twitter-text 3.1.0, ``parseTweet``);
results are equal to the library's, also where it is odd. Any network that counts this way can use it.
"""

import re
import unicodedata
from typing import Final

from content_calendar.links import links
from scheduler.dialects.weighted_emoji import EMOJI_SEQUENCE

MAX_WEIGHTED_LENGTH: Final = 280
LINK_WEIGHT: Final = 23
INVALID_CHARACTERS: Final = frozenset("\ufffe\ufeff\uffff")
"""A text with one of these is refused, whatever its length."""

_DOUBLE = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_ONE_EMOJI = "\U0001f600"


def weighted_length(text: str) -> int:
    """Return the weighted length of ``text`` once normalised to NFC; the limit is MAX_WEIGHTED_LENGTH."""
    normal = unicodedata.normalize("NFC", text)
    total = start = 0
    for link in links(normal):
        total += _weight(normal[start : link.start]) + LINK_WEIGHT
        start = link.end
    return total + _weight(normal[start:])


def _weight(plain: str) -> int:
    """Return the weight of a text without links."""
    if plain.isascii():
        return len(plain)
    as_single = EMOJI_SEQUENCE.sub(_ONE_EMOJI, plain)
    return len(as_single) + len(_DOUBLE.findall(as_single))
