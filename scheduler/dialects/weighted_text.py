"""Weighted length: characters, where some count double, emoji count two and every link 23.

The rule is configuration 3 of the platform's own open text library (twitter-text 3.1.0, ``parseTweet``);
results are equal to the library's, also where it is odd. Any network that counts this way can use it.
"""

import re
import unicodedata
from typing import Final

from content_calendar.links import links
from content_calendar.rules import NetworkRules
from scheduler.dialects.weighted_emoji import EMOJI_SEQUENCE

MAX_WEIGHTED_LENGTH: Final = 280
LINK_WEIGHT: Final = 23
INVALID_CHARACTERS: Final = frozenset("\ufffe\ufeff\uffff")
"""A text with one of these is refused, whatever its length."""

_DOUBLE = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_ONE_EMOJI = "\U0001f600"
_MENTION = re.compile(
    r"(?:^|[^a-zA-Z0-9_!#$%&*@\uff20]|(?:^|[^a-zA-Z0-9_+~.\-])[rR][tT]:?)"
    r"[@\uff20](?P<name>[a-zA-Z0-9_]{1,20})(?P<list>/[a-zA-Z][a-zA-Z0-9_\-]{0,24})?"
)
_NO_MENTION_BEFORE = re.compile(
    "[@\uff20\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289"
    "\u028b\u02bb\u0300-\u036f\u1e00-\u1eff]|://"
)


def weighted_length(text: str) -> int:
    """Return the weighted length of ``text`` once normalised to NFC; the limit is MAX_WEIGHTED_LENGTH."""
    normal = unicodedata.normalize("NFC", text)
    total = start = 0
    for link in links(normal):
        total += _weight(normal[start : link.start]) + LINK_WEIGHT
        start = link.end
    return total + _weight(normal[start:])


def mentions(text: str) -> list[str]:
    """Return the accounts that ``text``, in NFC, mentions on such a network, in order and without their ``@``.

    A name has at most 20 letters of ASCII, digits and "_": ``@name.example`` mentions ``name``. The "@" stands
    after no letter of ASCII but those of "RT", and a letter with an accent after the name makes it none; so does
    the name of a list after "/".
    """
    return [
        found["name"]
        for found in _MENTION.finditer(text)
        if not found["list"] and not _NO_MENTION_BEFORE.match(text, found.end())
    ]


def _weight(plain: str) -> int:
    """Return the weight of a text without links."""
    if plain.isascii():
        return len(plain)
    as_single = EMOJI_SEQUENCE.sub(_ONE_EMOJI, plain)
    return len(as_single) + len(_DOUBLE.findall(as_single))


WEIGHTED: Final = NetworkRules(
    network="",
    max_length=MAX_WEIGHTED_LENGTH,
    measure=weighted_length,
    mentions=mentions,
    unit="weighted",
    link_length=LINK_WEIGHT,
    forbidden_characters=INVALID_CHARACTERS,
)
"""What the count, the links, the mentions and the refused characters are; a network adds its name and the rest."""
