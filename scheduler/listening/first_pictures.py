"""The picture that a note of a feed shows first: its enclosure, its media, or the first image of its words. Pure."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from scheduler.listening.cleaning import link

# The beginning of the words tells; what a text of megabytes shows far below is not what it shows first.
_LOOKED_THROUGH = 20_000
_IMAGE = re.compile(r"<img\b[^>]{0,2000}?\bsrc\s*=\s*[\"']([^\"']{1,2048})[\"']", re.IGNORECASE)
_FILES = re.compile(r"\.(?:jpe?g|png|webp|gif)(?:[?#]|$)", re.IGNORECASE)


def first_picture(entry: Mapping[str, Any], words: str, base: str) -> str:
    """Return the address of a note's first picture, empty for none; ``words`` are its HTML as it came."""
    for said in _told(entry, words[:_LOOKED_THROUGH]):
        try:
            found = link(urljoin(base, html.unescape(said)))
        except ValueError:  # no address that a browser would take
            continue
        if found:
            return found
    return ""


def _told(entry: Mapping[str, Any], words: str) -> Iterator[str]:
    for name, address in (("enclosures", "href"), ("media_content", "url"), ("media_thumbnail", "url")):
        for one in (entry.get(name) or ())[:5]:
            said = str(one.get(address) or "")
            kind = str(one.get("type") or one.get("medium") or "")
            # Many say no kind; a recording is no picture.
            if said and (
                kind.startswith("image") or name == "media_thumbnail" or (not kind and _FILES.search(said))
            ):
                yield said
    if "<img" in words or "<IMG" in words:
        yield from (found[1] for found in _IMAGE.finditer(words))
