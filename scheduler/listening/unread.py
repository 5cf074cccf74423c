"""The part of a feed that was not read before. Pure.

A feed that changed brings one new note and twenty-nine old ones, and reading is what costs: thirty notes take as
long as asking ten sites. Notes that stand there byte by byte as the last time are left out before the feed is read.
Where leaving them out could change what the others mean, nothing is left out: slower, and right.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from scheduler.listening.identity import guid_key, note_link_key

_NOTE = re.compile(rb"<(/?)(item|entry)(?=[\s>])")
_CLOSED = re.compile(rb"</(?:item|entry)\s*>")
# Definitions that a later part may use, or that a note's text could hide in.
_DEFINES = (b"<!DOCTYPE", b"<!ENTITY")
_PAIRS = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"))
_NAMES = re.compile(
    rb"<(guid|id|link)\b([^>]*)>\s*(?:<!\[CDATA\[)?\s*([^<\]]*)", re.IGNORECASE
)  # fmt: skip
_HREF = re.compile(rb"""\bhref\s*=\s*["']([^"']*)""", re.IGNORECASE)
_LONGEST_GUID = 500
_DIGEST_BYTES = 8
_DIGITS = 2 * _DIGEST_BYTES


@dataclass(frozen=True, slots=True)
class Unread:
    """``body`` is the feed without the notes that were read before; ``seen`` are the digests of all its notes.

    ``left_out`` is how many notes are missing from ``body``.
    """

    body: bytes
    seen: str
    left_out: int = 0


def unread(body: bytes, seen: str, most: int) -> Unread:
    """Return a feed without the notes whose digests are in ``seen``, as an earlier answer gave them.

    ``seen`` is empty in the answer when the feed cannot be taken apart safely, or has more than ``most`` notes.
    """
    places = _places(body)
    if not 0 < len(places) <= most:
        return Unread(body, "")
    notes = [body[begin:end] for begin, end in places]
    if not all(_whole(note) for note in notes):
        return Unread(body, "")
    digests = [blake2b(note, digest_size=_DIGEST_BYTES).hexdigest() for note in notes]
    now_seen = "".join(digests)
    known = {seen[at : at + _DIGITS] for at in range(0, len(seen), _DIGITS)}
    new = [n for n, digest in enumerate(digests) if digest not in known]
    if len(new) == len(notes) or _named_twice(notes, new):
        return Unread(body, now_seen)
    return Unread(_without(body, places, set(new)), now_seen, len(notes) - len(new))


def _places(body: bytes) -> list[tuple[int, int]]:
    """Return where each note begins and ends; nothing when they do not plainly stand one after another."""
    if any(word in body for word in _DEFINES):
        return []
    places: list[tuple[int, int]] = []
    begin, name = -1, b""
    for tag in _NOTE.finditer(body):
        closing = bool(tag[1])
        if closing != (begin >= 0) or (closing and tag[2] != name):
            return []
        if not closing:
            begin, name = tag.start(), tag[2]
            continue
        closed = _CLOSED.match(body, tag.start())
        if closed is None:
            return []
        places.append((begin, closed.end()))
        begin = -1
    return places if begin < 0 else []


def _whole(note: bytes) -> bool:
    # "</item>" inside a CDATA section or a comment ends no note.
    return all(note.count(opening) == note.count(ending) for opening, ending in _PAIRS)


def _named_twice(notes: list[bytes], new: list[int]) -> bool:
    """Return whether a new note shares a guid or a link with another: which note it is then depends on both."""
    names = [{name for name in _names(note) if name} for note in notes]
    times = Counter(name for of_note in names for name in of_note)
    return any(times[name] > 1 for n in new for name in names[n])


def _names(note: bytes) -> Iterator[str]:
    for tag, attributes, text in _NAMES.findall(note):
        said = html.unescape(text.decode("utf-8", "replace")).strip()
        if tag.lower() != b"link":
            yield guid_key(said[:_LONGEST_GUID])
            continue
        yield note_link_key(said)
        if href := _HREF.search(attributes):
            yield note_link_key(html.unescape(href[1].decode("utf-8", "replace")).strip())


def _without(body: bytes, places: list[tuple[int, int]], kept: set[int]) -> bytes:
    parts, end = [], 0
    for n, (begin, after) in enumerate(places):
        if n not in kept:
            parts.append(body[end:begin])
            end = after
    return b"".join([*parts, body[end:]])
