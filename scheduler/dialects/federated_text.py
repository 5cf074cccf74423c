"""Texts on servers that federate: how long they count, what their HTML says, and whether two are the same. Pure."""

import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

from content_calendar.links import links
from content_calendar.text_rules import graphemes

# A server that shows only a part of a mention or of a link says the same.
_MENTION = re.compile(r"(?<![\w@])@(\w++(?:[.-]++\w++)*+)(?:@\w++(?:[.-]++\w++)*+(?::\d++)?)?", re.ASCII)
# Counted without the server it names.
_REMOTE_MENTION = re.compile(
    r"(?<![=/\w])(@(?:[a-z0-9_]++(?:[.-]++[a-z0-9_]++)*+))@\w++(?:[.-]++\w++)*+(?::\d++)?",
    re.ASCII | re.IGNORECASE,
)
# What a server puts before the words of a quote, for readers that know no quotes.
_ADDED = "quote-inline"
_BLOCKS = frozenset({"p", "br", "div", "li", "blockquote", "pre"})


def measure(text: str, link_length: int) -> int:
    """Return the length in graphemes, each written-out link ``link_length``, mentions without their server."""
    total = start = 0
    for found in links(text):
        if found.text.lower().startswith(("http://", "https://")):
            total += _plain_length(text[start : found.start]) + link_length
            start = found.end
    return total + _plain_length(text[start:])


def _plain_length(text: str) -> int:
    return graphemes(_REMOTE_MENTION.sub(r"\1", text))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.said.append("\n")
        if tag == "p":
            self._skipping = _ADDED in (dict(attrs).get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._skipping = False

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.said.append(data)


def text_of(html: str) -> str:
    """Return what a reader of this HTML reads, a block or a break on a line of its own."""
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.said).strip()


def comparable(text: str) -> str:
    """Return a text as it is compared: NFC, spaces as one, links without scheme and last slash, short mentions."""
    words = (_word(word) for word in unicodedata.normalize("NFC", text).split())
    return " ".join(words)


def _word(word: str) -> str:
    if not word.startswith(("http://", "https://")):
        return _MENTION.sub(r"@\1", word)
    try:
        parts = urlsplit(word)
    except ValueError:  # a word that only begins like a link
        return word
    rest = word[len(parts.scheme) + len("://") + len(parts.netloc) :]
    return (parts.netloc.casefold() + rest).rstrip("/")
