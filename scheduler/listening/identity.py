"""When two links are one, and when two notes are one. Pure."""

import codecs
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from w3lib.url import canonicalize_url

_PORTS = {"http": 80, "https": 443}
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "at_")
_TRACKING = frozenset({
    "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid", "yclid", "li_fat_id",
    "igshid", "igsh", "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok", "ref_src", "ref_url",
    "s_cid", "si", "spm", "vero_id", "oly_enc_id", "oly_anon_id",
})  # fmt: skip
_WORD = re.compile(r"\w+")
_OPENING = 200
_LATIN_MARKS = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed tells of a note, as far as it says which note it is."""

    link: str | None
    guid: str | None
    title: str
    summary: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """``key`` says which note it is; ``link_key`` is empty when its link does not say so too."""

    key: str
    link_key: str


def canonical_link(url: str) -> str:
    """Return the link in a form to compare, not to visit; empty when it is not a link of the web.

    http and https, with and without ``www.``, default port, fragment, trailing slash, order of the
    parameters and those that only track people make no difference. Upper and lower case of the path do.
    """
    try:
        parts = urlsplit(canonicalize_url(url.strip()))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not host:
        return ""
    kept = _untracked(parts.query)
    site = host.removeprefix("www.") + ("" if port in (None, _PORTS[parts.scheme]) else f":{port}")
    query = f"?{urlencode(kept)}" if kept else ""
    return f"https://{site}{parts.path.rstrip('/')}{query}"


def without_tracking(url: str) -> str:
    """Return a link to visit, without what only tracks people nor a fragment; empty for what is none of the web."""
    text = url.strip()
    if not canonical_link(text):
        return ""
    parts = urlsplit(text)
    if "@" in parts.netloc:
        # A name before the host makes one site look like another.
        return ""
    return parts._replace(query=urlencode(_untracked(parts.query)), fragment="").geturl()


def _untracked(query: str) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if name.lower() not in _TRACKING and not name.lower().startswith(_TRACKING_PREFIXES)
    ]


def link_key(url: str) -> str:
    """Return the hash under which a link is kept, the same for all its spellings; empty for no link."""
    canonical = canonical_link(url)
    # Many bodies' servers do not tell cases apart, and no two notes of one owner differ by case alone.
    return _hash("link", canonical.casefold()) if canonical else ""


def is_front_page(url: str) -> bool:
    """Return whether a link leads to a whole site: it tells nothing about one note of it."""
    parts = urlsplit(canonical_link(url))
    return not parts.query and parts.path.lower() in ("", "/index.html", "/index.php", "/inicio", "/home")


def fold(text: str) -> str:
    """Return the words of a text in lower case, without accents and punctuation, one space between."""
    try:
        plain = text.encode("latin-1", _APART).translate(_PLAIN)
    except UnicodeEncodeError:
        return _folded(text)
    # What is left of those bytes is ASCII.
    return _folded(text) if _ODD in plain else " ".join(plain.decode("ascii").split())


def _folded(text: str) -> str:
    """Return the same of any text: what the tables of ``fold`` are made of, and for letters that they lack."""
    bare = text.casefold()
    if not bare.isascii():
        bare = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", bare))
        marks = () if bare.isascii() else [char for char in set(bare) if unicodedata.combining(char)]
        if marks:
            bare = bare.translate(dict.fromkeys(map(ord, marks)))
    return " ".join(_WORD.findall(bare))


def _plain_byte(byte: int) -> int:
    """Return what a character of Latin-1 becomes: a letter, a digit, a space, or ``_ODD`` where it is not one byte."""
    said = _folded(chr(byte)) or " "
    return ord(said) if said.isascii() and len(said) == 1 else _ODD[0]


def _apart(error: UnicodeError) -> tuple[str, int]:
    """Stand a space for characters beyond Latin-1 that are no letters: emoji, dashes, quotation marks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    if not _parts_words(error.object[error.start : error.end]):
        raise error
    return " ", error.end


@lru_cache(maxsize=1024)
def _parts_words(signs: str) -> bool:
    # A mark above a letter, a letter, or a sign that stands for letters is for the slow way.
    return _folded(f"a{signs}a") == "a a"


_ODD, _APART = b"\xff", "resuena-apart"
_PLAIN = bytes(map(_plain_byte, range(256)))
codecs.register_error(_APART, _apart)


def identify(told: Sequence[Told]) -> list[Identity]:
    """Return which note each of a feed's entries is, in the same order.

    A note is known by its guid, else by its link, else by its words and date. A guid or a link that several
    entries with different titles share (a front page, a form's default) says nothing, and is passed over.
    Whoever stores them holds a note for known when its ``key`` or its ``link_key`` is: so a note stays the
    same when either of guid and link changes.
    """
    titles = [fold(one.title) for one in told]
    guids = _telling([guid_key(one.guid) for one in told], titles)
    links = _telling([note_link_key(one.link) for one in told], titles)
    return [
        Identity(guid or link or _text_key(one), link)
        for one, guid, link in zip(told, guids, links, strict=True)
    ]


def _telling(keys: Sequence[str], titles: Sequence[str]) -> list[str]:
    titles_of = defaultdict(set)
    for key, title in zip(keys, titles, strict=True):
        titles_of[key].add(title)
    return [key if len(titles_of[key]) == 1 else "" for key in keys]


def guid_key(guid: str | None) -> str:
    """Return the hash under which a guid is kept; one that is a link counts as that link; empty for none."""
    if not guid or not guid.strip():
        return ""
    return note_link_key(guid) or _hash("guid", guid.strip().casefold())


def note_link_key(url: str | None) -> str:
    """Return the hash under which a link to one note is kept; empty when it leads to a whole site."""
    return "" if not url or is_front_page(url) else link_key(url)


def _text_key(one: Told) -> str:
    day = one.published_at.isoformat() if one.published_at else ""
    return _hash("text", fold(one.title), fold(one.summary)[:_OPENING], day)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
