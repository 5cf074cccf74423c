"""Whether a text that was read back says the same as the one that was sent, whatever a platform made of it.

Pure. Platforms write accents as one character or two, add a scheme or a last slash to links, write the host
small and what is not ASCII in percents, and join spaces.
"""

import re
import unicodedata
from urllib.parse import unquote

from content_calendar.links import links

_LINK = re.compile(r"(?:https?://)?(?P<host>[^/?#]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)


def same_text(one: str, other: str) -> bool:
    """Return whether both say the same."""
    return comparable(one) == comparable(other)


def comparable(text: str) -> str:
    """Return the text as it is compared."""
    normal = unicodedata.normalize("NFC", text)
    pieces, place = [], 0
    for link in links(normal):
        pieces += [normal[place : link.start], _comparable_link(link.text)]
        place = link.end
    return " ".join("".join([*pieces, normal[place:]]).split())


def _comparable_link(link: str) -> str:
    parts = _LINK.fullmatch(link)
    if parts is None:
        return link
    rest = unicodedata.normalize("NFC", unquote(parts["rest"]))
    return (parts["host"].casefold() + rest).rstrip("/")
