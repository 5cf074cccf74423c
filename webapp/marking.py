"""A text with its links, tags and mentions picked out, as a network would show them."""

from collections.abc import Callable, Iterator

from content_calendar.links import links
from content_calendar.text_rules import hashtags, mentions

PLAIN, LINK, TAG = "plain", "link", "tag"
_TAG_SIGNS, _MENTION_SIGNS = ("#", "\uff03"), ("@", "\uff20")


def marked(text: str, mentioned: Callable[[str], list[str]] = mentions) -> list[tuple[str, str]]:
    """Return the pieces of the text in order, each with what it is: plain, link or tag (a mention too).

    ``mentioned`` finds whom the text mentions on its network.
    """
    found_links = links(text)
    spans = [(one.start, one.end, LINK) for one in found_links]
    spans += [(start, end, TAG) for start, end in _signed(text, hashtags(text, found_links), _TAG_SIGNS)]
    spans += [(start, end, TAG) for start, end in _signed(text, mentioned(text), _MENTION_SIGNS)]
    pieces, at = [], 0
    for start, end, what in sorted(spans):
        if start < at:
            continue
        if start > at:
            pieces.append((PLAIN, text[at:start]))
        pieces.append((what, text[start:end]))
        at = end
    return [*pieces, (PLAIN, text[at:])] if at < len(text) else pieces


def _signed(text: str, names: list[str], signs: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    at = 0
    for name in names:
        places = [place for sign in signs if (place := text.find(sign + name, at)) >= 0]
        if places:
            at = min(places) + len(name) + 1
            yield min(places), at
