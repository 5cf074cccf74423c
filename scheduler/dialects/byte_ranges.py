"""Links, mentions and hashtags of a text with where they stand in its UTF-8 bytes. Pure.

Some networks let the client say what in a text is a link, and count in bytes: an accent before it is two,
an emoji four or more.
"""

from dataclasses import dataclass
from enum import StrEnum

from content_calendar.links import Link, links
from content_calendar.text_rules import hashtags_in_place, mentions_in_place


class MarkKind(StrEnum):
    """What is marked."""

    LINK = "link"
    MENTION = "mention"
    TAG = "tag"


@dataclass(frozen=True)
class Mark:
    """One of them: ``value`` is the whole address, the name without ``@``, or the tag without ``#``.

    ``start`` and ``end`` are bytes; ``end`` is the first one after it.
    """

    kind: MarkKind
    value: str
    start: int
    end: int


def marks(text: str) -> list[Mark]:
    """Return what stands in ``text``, in its order; nothing is two of them at once."""
    found_links = links(text)
    found = [(MarkKind.LINK, _address(one.text), one) for one in found_links]
    found += [(MarkKind.MENTION, one.text, one) for one in mentions_in_place(text)]
    found += [(MarkKind.TAG, one.text, one) for one in hashtags_in_place(text, found_links)]
    # In place of one another, the longer is meant: a name within an address is part of the address.
    found.sort(key=lambda one: (one[2].start, -one[2].end))
    kept: list[Mark] = []
    end = 0
    for kind, value, place in found:
        if place.start >= end:
            kept.append(Mark(kind, value, *_in_bytes(text, place)))
            end = place.end
    return kept


def _address(link: str) -> str:
    return link if link.lower().startswith(("http://", "https://")) else f"https://{link}"


def _in_bytes(text: str, place: Link) -> tuple[int, int]:
    start = len(text[: place.start].encode())
    return start, start + len(text[place.start : place.end].encode())
