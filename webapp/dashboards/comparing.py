"""Two texts side by side: the words they share are marked. Pure."""

import html
import re

from markupsafe import Markup, escape

from scheduler.listening.identity import fold

_SHORTEST = 4
_TAGS = re.compile(r"<[^<>]*>")
_WORDS = re.compile(r"(\s+)")
_LONGEST = 1500


def plain(text: str) -> str:
    """Return the text without tags, cut where it is long."""
    bare = html.unescape(_TAGS.sub(" ", text)).strip()
    return bare if len(bare) <= _LONGEST else bare[:_LONGEST].rstrip() + "…"


def marked(text: str, other: str) -> Markup:
    """Return ``text`` as HTML with the words that ``other`` has too in ``<mark>``; short words don't count."""
    known = set(fold(plain(other)).split())
    pieces = []
    for piece in _WORDS.split(plain(text)):
        folded = fold(piece)
        same = len(folded) >= _SHORTEST and folded in known
        pieces.append(Markup("<mark>{}</mark>").format(piece) if same else escape(piece))
    return Markup("").join(pieces)
