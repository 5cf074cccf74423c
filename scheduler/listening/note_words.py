"""A note's words as they are looked for: whatever their accents, capitals and punctuation. Pure."""

import html
import re

from scheduler.listening.identity import fold

_TAGS = re.compile(r"<[^<>]*>")
_LONGEST = 4000
_MOST_WORDS = 8


def searched(title: str, summary: str) -> str:
    """Return a note's words as they are kept to be found; ``summary`` may be HTML, and is cut where it is long."""
    return fold(f"{title} {html.unescape(_TAGS.sub(' ', summary[:_LONGEST]))}")[:_LONGEST]


def asked(text: str) -> list[str]:
    """Return the words that somebody looks for, at most eight; a note is found when it has them all."""
    return fold(text).split()[:_MOST_WORDS]
