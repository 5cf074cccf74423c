"""Links in a text: what a platform would turn into one, with or without ``https://``.

The rules are those of the platform with the strictest ones, as its own open text library applies them
(twitter-text 3.1.0, ``extractUrls``): a name without a scheme is a link only under a known top-level domain,
punctuation after a link is not part of it, and an e-mail address holds none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

MAX_LINK_LENGTH = 4096
"""UTF-16 units, the scheme counted in even when it is not written."""
_MAX_LABEL_LENGTH = 63
_MAX_SHORT_LINK_SLUG = 40

# Matching is done on lower case. The odd ones at the end are letters whose capital is in a range: the library
# matches without case.
_LATIN = (
    "\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    "\u02bb\u0300-\u036f\u1e00-\u1eff"
    "\u0260\u0269\u0275\u0280\u0283\u0288\u028a\u028c\u0292\u03b9\u1fbe\u2c65\u2c66"
)
_CYRILLIC = "\u0400-\u04ff\u1c80-\u1c87"
_SPACES = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRECTION_MARKS = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_NEVER = "\ufffe\ufeff\uffff"

_NOT_IN_WORD = rf"!'#%&()*+,\\/:;<=>?@\[\]^{{|}}~${_SPACES}{_NEVER}{_DIRECTION_MARKS}"
_NAME = rf"[^{_NOT_IN_WORD}._\-]"
_IN_PATH = rf"[a-z{_CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_BRACKETS = rf"\((?:{_IN_PATH}++|{_IN_PATH}*+\({_IN_PATH}++\){_IN_PATH}*+)\)"
_ENDS_PATH = rf"[+\-a-z{_CYRILLIC}0-9=_#/{_LATIN}]"
# Whatever ends in a letter, a digit or one of a few signs, then brackets that follow it at once.
_PATH = rf"/(?:{_IN_PATH}*(?:{_BRACKETS}{_IN_PATH}*)*{_ENDS_PATH})?(?:{_BRACKETS})*"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of ``words``, the longest first, branching letter by letter."""
    tree: dict[str, list[str]] = {}
    for word in words:
        tree.setdefault(word[:1], []).append(word[1:])
    ends = tree.pop("", None) is not None
    branches = [re.escape(first) + _any_of(rests) for first, rests in sorted(tree.items())]
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)})" + ("?" if ends else "")


def _top_level_domains() -> list[str]:
    lines = (
        resources.files(__package__)
        .joinpath("top_level_domains.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    return [name for line in lines if not line.startswith("#") for name in line.split()]


_TOP = rf"(?:{_any_of(_top_level_domains())}(?=[^0-9a-z@+\-]|$)|xn--[\-0-9a-z]+)"
_HEAD = re.compile(
    rf"(?:(?P<before>[^a-z0-9@\uff20$#\uff03{_NEVER}])|^)"
    r"(?P<link>(?P<scheme>https?://)?"
    rf"(?P<domain>(?:{_NAME}++(?:[_\-]++{_NAME}++)*+\.)*{_NAME}++(?:-++{_NAME}++)*+\.{_TOP}))"
)
_TAIL = re.compile(rf"(?::[0-9]+)?(?P<path>{_PATH})?(?:{_QUERY})?")
_ENDS_IN_TOP = re.compile(rf"(?<={_NAME})\.{_TOP}")
_DOTTED = re.compile(rf"[^{_NOT_IN_WORD}]+")
_ASCII_DOMAIN = re.compile(rf"(?:[\-a-z0-9{_LATIN}]+\.)+{_TOP}")
_SHORT_LINK = re.compile(rf"https?://t\.co/(?P<slug>[a-z0-9]+)(?:{_QUERY})?")
# With the space before it: a letter with an accent may otherwise be taken for what comes before a link.
_RUN = re.compile(rf"[{_SPACES}]?[^{_SPACES}]+")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LOW_HALF = re.compile("[\udc00-\udfff]")
_OTHER_DOTS = re.compile("[\u3002\uff0e\uff61]")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is written, from ``start`` up to but not including ``end``, counted in characters."""

    text: str
    start: int
    end: int


def links(text: str) -> list[Link]:
    """Return the links of ``text`` in order. E-mail addresses and unknown top-level domains are none."""
    return list(_links(text)) if "." in text else []


# One text is looked at by several rules in a row.
@lru_cache(maxsize=256)
def _links(text: str) -> tuple[Link, ...]:
    lower = text.lower()
    if len(lower) != len(text):
        # Only the dotted capital I grows when lowered; the dotless small one is no more ASCII than it.
        lower = text.replace("\u0130", "\u0131").lower()
    found: list[Link] = []
    for run in _RUN.finditer(lower):
        word = run.group()
        if "." not in word:
            continue
        units = _ASTRAL.sub(_halves, word)
        for span in _spans(units):
            halves = [len(_LOW_HALF.findall(units, 0, at)) if units != word else 0 for at in span]
            start, end = (run.start() + at - half for at, half in zip(span, halves, strict=True))
            found.append(Link(text[start:end], start, end))
    return tuple(found)


def _halves(astral: re.Match[str]) -> str:
    """Return both UTF-16 halves of a character, since the library looks at each on its own."""
    high, low = divmod(ord(astral.group()) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


def _spans(run: str) -> Iterator[tuple[int, int]]:
    """Yield where the links of a word start and end; it is in lower case and in UTF-16 units."""
    place = 0
    while head := _next_head(run, place):
        tail = _TAIL.match(run, head.end())
        place = tail.end() if tail else head.end()
        start, scheme = head.start("link"), head["scheme"]
        if place - start + len(scheme or "https://") > MAX_LINK_LENGTH or not _labels_fit(head["domain"]):
            continue
        if scheme:
            short = _SHORT_LINK.match(run[start:place])
            if short and len(short["slug"]) > _MAX_SHORT_LINK_SLUG:
                continue
            yield start, (start + short.end() if short else place)
        elif head["before"] not in {"-", "_", ".", "/"}:
            yield from _without_scheme(head, place if tail and tail["path"] else None)


def _next_head(run: str, place: int) -> re.Match[str] | None:
    """Return the first scheme and domain from ``place`` on.

    It looks only into dotted words that hold a known top-level domain: searching everywhere would cost the
    square of the length of a text such as "a.a.a.a…".
    """
    for word in _DOTTED.finditer(run, place):
        # One character more, since what follows a top-level domain decides whether it is one.
        start, end = word.start(), word.end() + 1
        if _ENDS_IN_TOP.search(run, start, end):
            head = _HEAD.search(run, max(place, start - len(" https://")), end)
            if head:
                return head
    return None


def _without_scheme(head: re.Match[str], end_of_tail: int | None) -> Iterator[tuple[int, int]]:
    """Yield the Latin domains inside what matched; a tail with a path belongs to the last of them."""
    begins = head.start("domain")
    domains = [
        (begins + name.start(), begins + name.end()) for name in _ASCII_DOMAIN.finditer(head["domain"])
    ]
    for number, (start, end) in enumerate(domains, start=1):
        tail = end_of_tail - head.end() if end_of_tail and number == len(domains) else 0
        yield start, end + tail


def _labels_fit(domain: str) -> bool:
    """Tell whether each label, as it goes into the DNS, has at most 63 characters (RFC 1034, RFC 3492)."""
    if domain.startswith("xn--") and not _ASCII_DOMAIN.search(domain):
        return False
    return all(len(_in_dns(label)) <= _MAX_LABEL_LENGTH for label in domain.split("."))


def _in_dns(label: str) -> str:
    if label.isascii():
        return label
    pieces = _OTHER_DOTS.split(
        label.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    )
    return ".".join(p if p.isascii() else "xn--" + p.encode("punycode").decode("ascii") for p in pieces)
