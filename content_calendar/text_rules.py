"""What can be counted and found in a text whatever the network: graphemes, hashtags, mentions.

Hashtags follow the strictest platform's rules, as its own open text library applies them (twitter-text
3.1.0): a tag within a link is none, a tag needs a letter, an accent belongs to it, and ``#VinculacionSNT``
is another tag than ``#VinculaciónSNT``.
"""

import unicodedata

import regex

from content_calendar.links import Link, links

_SPECIAL = (
    r"_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
)
_IN_TAG = rf"[\p{{L}}\p{{M}}\p{{Nd}}{_SPECIAL}]"
_HASHTAG = regex.compile(
    rf"[#\uff03](?<=(?:[\ufe0e\ufe0f]|(?<!{_IN_TAG}|&))[#\uff03])"
    rf"(?![\ufe0f\u20e3])(?P<name>{_IN_TAG}*[\p{{L}}\p{{M}}]{_IN_TAG}*)"
)
_NOT_AFTER_TAG = ("#", "\uff03", "://")
_MENTION = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}_!#$%&*@\uff20])[@\uff20]"
    r"(?P<name>[A-Za-z0-9_]++(?:[.-][A-Za-z0-9_]++)*+(?:@[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)++)?+)"
    r"(?![\p{L}\p{M}@\uff20]|://)"
)
_MARKS = regex.compile(r"\p{M}+")
_INVISIBLE = regex.compile(r"[\s\p{Cf}\p{Cc}\ufe0e\ufe0f\u115f\u1160\u2800\u3164\uffa0]*")


def characters(text: str) -> int:
    """Return the number of code points once normalised to NFC."""
    return len(unicodedata.normalize("NFC", text))


def graphemes(text: str) -> int:
    """Return the number of what a reader sees as one character (UAX #29 extended grapheme clusters)."""
    return len(regex.findall(r"\X", text))


def is_blank(text: str) -> bool:
    """Tell whether a reader would see nothing: only spaces and characters without a shape."""
    return _INVISIBLE.fullmatch(text) is not None


def hashtags(text: str, found_links: list[Link] | None = None) -> list[str]:
    """Return the hashtags of ``text`` in order, without their ``#`` and as they are written.

    ``found_links`` are the links of the same text, when they have been looked for already.
    """
    return [tag.text for tag in hashtags_in_place(text, found_links)]


def hashtags_in_place(text: str, found_links: list[Link] | None = None) -> list[Link]:
    """Return the hashtags as ``hashtags`` does, each with where it stands, its ``#`` within."""
    if "#" not in text and "\uff03" not in text:
        return []
    tags, end = [], -1
    for match in _HASHTAG.finditer(text):
        if match.start() != end and not text.startswith(_NOT_AFTER_TAG, match.end()):
            tags.append(Link(match["name"], match.start(), match.end()))
        end = match.end()
    taken = sorted(tags + (links(text) if found_links is None else found_links), key=lambda item: item.start)
    kept: list[Link] = []
    for item in taken:
        if not kept or kept[-1].end <= item.start:
            kept.append(item)
    return [item for item in kept if item in tags]


def mentions(text: str) -> list[str]:
    """Return the accounts mentioned in ``text`` in order, without their ``@``.

    All forms are known: ``@name``, ``@name.example`` and ``@name@server.example``. An e-mail address is none.
    """
    return [mention.text for mention in mentions_in_place(text)]


def mentions_in_place(text: str) -> list[Link]:
    """Return the mentions as ``mentions`` does, each with where it stands, its ``@`` within."""
    return [Link(match["name"], match.start(), match.end()) for match in _MENTION.finditer(text)]


def starts_with_mention(text: str) -> bool:
    """Tell whether the first thing in ``text`` is a mention: some networks then show it to few people."""
    return _MENTION.match(text.lstrip()) is not None


def tag_key(tag: str) -> str:
    """Return what two writings of one hashtag share: the case does not count, accents do."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", tag.lstrip("#\uff03")).casefold())


def without_accents(text: str) -> str:
    """Return ``text`` without accents or other marks, in NFC."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))
