"""What strangers write, made safe to keep: plain titles, a little HTML, links that are links. Pure."""

import html
import re
from typing import Literal
from urllib.parse import urlsplit

import nh3

LONGEST_TITLE = 500
LONGEST_SUMMARY = 20_000
LONGEST_LINK = 2048
_STRIP_ROUNDS = 3
_Relative = Literal["deny"] | tuple[Literal["rewrite_with_base"], str]

_BREAKS = re.compile(r"<(?:br|/p|/li|/div|/h\d|/tr)\b[^>]*>", re.IGNORECASE)
# Control characters (PostgreSQL keeps no NUL), lone surrogates (no UTF-8 for them), and the marks that
# turn a text's direction around and so make it show something else than it says.
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str, longest: int = LONGEST_TITLE) -> str:
    """Return the text without tags and entities, on one line, at most ``longest`` characters.

    It is a text and not HTML: whoever shows it escapes it, as templates do. Tags that were escaped
    twice are taken out too, because no title means them.
    """
    text = _UNWANTED.sub("", text[: longest * 20])
    if "<" not in text and "&" not in text:
        return _cut(" ".join(text.split()), longest)
    for _ in range(_STRIP_ROUNDS):
        stripped = html.unescape(nh3.clean(_BREAKS.sub(" ", text), tags=set(), strip_comments=True))
        if stripped == text:
            break
        text = stripped
    else:
        text = text.replace("<", " ").replace(">", " ")
    return _cut(" ".join(_UNWANTED.sub("", text).split()), longest)


def lines(text: str, longest: int = LONGEST_SUMMARY) -> str:
    """Return a text that is no HTML with its lines, without what no database keeps and no reader sees."""
    return _UNWANTED.sub("", text[:longest]).strip()


def rich(text: str, longest: int = LONGEST_SUMMARY, base: str = "") -> str:
    """Return the HTML with paragraphs, emphasis, lists and links, and nothing else.

    No images (they would tell the sender who reads), no styles, no scripts; links to http, https and
    mail addresses only. Those that are relative are resolved against ``base``, and left out without one.
    """
    text = _UNWANTED.sub("", text[:longest])
    if "<" not in text and "&" not in text:
        return html.escape(text.strip(), quote=False)
    try:
        return _cleaned(text, longest, ("rewrite_with_base", base) if link(base) else "deny")
    except ValueError:  # the base is an address that no browser would take
        return _cleaned(text, longest, "deny")


def _cleaned(text: str, longest: int, relative: _Relative) -> str:
    cleaned = nh3.clean(
        text,
        tags={"p", "br", "strong", "em", "ul", "ol", "li", "a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
        url_relative=relative,
        strip_comments=True,
    ).strip()
    # Escapes and link relations make a text longer; a cut through them would break the HTML.
    return cleaned if len(cleaned) <= 2 * longest else html.escape(plain(cleaned, longest))


def link(text: str, longest: int = LONGEST_LINK) -> str | None:
    """Return the link without stray spaces, or nothing when it is not one of the web."""
    text = _UNWANTED.sub("", text).strip()
    if len(text) > longest or any(char in text for char in "\t\r\n\\"):
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port  # asking for a port that cannot be is an error
    except ValueError:
        return None
    return text.replace(" ", "%20") if parts.scheme in ("http", "https") and host else None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
