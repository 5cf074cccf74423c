"""What a page's head says: its title, its names, its links. Read in one way through, whatever a stranger made of it."""

import codecs
import html
import re
from dataclasses import dataclass, field
from email.message import Message

# Where a page says what it is about; what comes later is its body.
HEAD_BYTES = 256 * 1024
_SNIFFED = 2048
# By Python's names of them.
_CODECS = frozenset(
    {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}
)
_LONGEST_TAG, _MOST_TAGS, _MOST_LINKS = 8192, 400, 60
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})")
# What holds no tags of ours, however much it looks like them.
_SKIPPED = re.compile(r"<(?:!--|script|style|noscript|template|svg|textarea)(?![a-z0-9])")
_ATTRIBUTE = re.compile(
    r"(?P<name>[a-z:_.-]{1,40})\s{0,9}=\s{0,9}"
    r"(?:\"(?P<double>[^\"]{0,2000})\"|'(?P<single>[^']{0,2000})'|(?P<bare>[^\s\"'>]{1,2000}))",
    re.IGNORECASE,
)
_TAG = re.compile(
    rf"<(?P<tag>meta|link)(?P<said>(?:[\s/]|{re.sub('[?]P<[a-z]+>', '?:', _ATTRIBUTE.pattern)}|[a-z:_.-]{{1,40}})*+)>",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title(?:\s[^>]{0,200})?>(?P<said>[^<]{0,2000})", re.IGNORECASE)


@dataclass
class Head:
    """What was read: ``said`` by name, the first to speak counts; the attributes of each ``<link>``."""

    said: dict[str, str] = field(default_factory=dict)
    links: list[dict[str, str]] = field(default_factory=list)

    def first(self, *names: str) -> str:
        """Return what the first of these names says that says anything; empty when none does."""
        return next((self.said[name] for name in names if self.said.get(name, "").strip()), "")


def text_of(body: bytes, content_type: str) -> str:
    """Return the page's letters; what cannot be read is replaced."""
    header = Message()
    header["content-type"] = content_type
    sniffed = _CHARSET.search(body[:_SNIFFED])
    for name in (header.get_content_charset(), sniffed.group(1).decode() if sniffed else None):
        if name is None:
            continue
        try:
            # Only those that pages are written in: Python knows others, some of which take minutes on purpose.
            if codecs.lookup(name).name in _CODECS:
                return body.decode(name, "replace")
        except (LookupError, ValueError):
            continue
    return body.decode("utf-8", "replace")


def read_head(page: str) -> Head:
    """Return what the page's head says. One way through, however it is made."""
    head = Head()
    lower, at, tried = page.lower(), 0, 0
    if len(lower) != len(page):
        # A letter or two grow when lowered; where they stand does not matter here.
        page = lower
    while (at := lower.find("<", at)) >= 0 and tried < _MOST_TAGS:
        if (skipped := _SKIPPED.match(lower, at)) is not None:
            closing = "-->" if skipped.group() == "<!--" else f"</{skipped.group()[1:]}"
            at = lower.find(closing, skipped.end())
            if at < 0:
                break
        elif lower.startswith(("<body", "</head"), at):
            break
        elif lower.startswith(("<meta", "<link"), at):
            tried += 1
            if (tag := _TAG.match(page, at, at + _LONGEST_TAG)) is not None:
                _hear(tag.group("tag").lower(), tag.group("said"), head)
        elif (title := _TITLE.match(page, at)) is not None:
            head.said.setdefault("title", html.unescape(title.group("said")))
        at += 1
    return head


def _hear(tag: str, attributes: str, head: Head) -> None:
    given: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(attributes):
        value = next((part for part in one.group("double", "single", "bare") if part is not None), "")
        given.setdefault(one.group("name").lower(), html.unescape(value))
    if tag == "link":
        if len(head.links) < _MOST_LINKS:
            head.links.append(given)
        return
    name = (given.get("property") or given.get("name") or "").strip().lower()
    if name and given.get("content"):
        head.said.setdefault(name, given["content"])
        if ":" in name:
            # A network of its own prefix, say; what follows the last one is what it tells.
            head.said.setdefault(":" + name.rpartition(":")[2], given["content"])
