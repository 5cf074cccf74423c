"""The process that reads feeds for ``scheduler.listening.parsing``: what a hostile feed can break is this.

It has nothing but its standard streams: no settings, no keys, no database. Each request is a length, the
feed's own address, what was read of it before, and its bytes; each answer a length and JSON.
"""

import calendar
import io
import os
import re
import resource
import sys
from typing import Any, BinaryIO
from xml.sax import SAXParseException

import feedparser
import orjson

from scheduler.listening.cleaning import link, plain, rich
from scheduler.listening.first_pictures import first_picture
from scheduler.listening.framing import ANSWER, REQUEST
from scheduler.listening.json_feeds import looks_like_json, read_json_feed
from scheduler.listening.spanish_dates import read_date
from scheduler.listening.unread import unread

MOST_ENTRIES = 500
_LONGEST_GUID = 500
_OPENING = 120
_MEMORY_BYTES = 400 * 1024 * 1024
_CPU_SECONDS = 15
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def read_feed(body: bytes, base_url: str, seen: str = "") -> dict[str, Any]:
    """Return what the bytes say: ``kind`` is feed, not_a_feed or malformed; a feed has its entries.

    A feed that is damaged and still gives entries is a feed: half of them in the wild are damaged. Of one in good
    order, the entries in ``seen`` may be left out; its own ``seen`` is what to give the next time.
    """
    if looks_like_json(body):
        return _titled(read_json_feed(body, base_url, MOST_ENTRIES)) | {"seen": ""}
    new = unread(body, seen, MOST_ENTRIES)
    said = _read(new.body, base_url)
    if new.left_out and (said["kind"] != "feed" or said["damaged"]):
        said = _read(body, base_url)
    in_order = said["kind"] == "feed" and not said["damaged"]
    return said | {"seen": new.seen if in_order else ""}


def _read(body: bytes, base_url: str) -> dict[str, Any]:
    # Never the bytes themselves: feedparser opens a body that looks like a path or an address.
    said = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-location": base_url},
        # We clean what we keep, and resolve its links then: to go through all of it twice takes twice as long.
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    broken = isinstance(said.get("bozo_exception"), SAXParseException)
    if not said.entries:
        if broken and b"<" in body and not _HTML.search(body[:4096]):
            return {"kind": "malformed"}
        if not said.get("version"):
            return {"kind": "not_a_feed"}
    return _titled(
        {
            "kind": "feed",
            "title": plain(said.feed.get("title") or ""),
            "damaged": broken,
            "ttl": _minutes(said.feed.get("ttl")),
            "entries": [_entry(entry, base_url) for entry in said.entries[:MOST_ENTRIES]],
        }
    )


def _titled(feed: dict[str, Any]) -> dict[str, Any]:
    """Call each entry without a title by the beginning of its text: posts of a network have none."""
    for entry in feed.get("entries", ()):
        if not entry["title"]:
            entry["title"] = plain(entry["summary"], _OPENING)
    return feed


def _entry(entry: dict[str, Any], base_url: str) -> dict[str, Any]:
    parts = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    content: dict[str, Any] = next((part for part in parts if part.get("value")), {})
    return {
        "title": plain(entry.get("title") or ""),
        "link": link(entry.get("link") or ""),
        "summary": rich(
            content.get("value") or entry.get("summary") or "", base=content.get("base") or base_url
        ),
        "published": _seconds(entry),
        "author": plain(entry.get("author") or "", 200),
        "guid": plain(entry.get("id") or "", _LONGEST_GUID) or None,
        "tags": [plain(tag.get("term") or "", 100) for tag in (entry.get("tags") or ())[:20]],
        "picture": first_picture(entry, content.get("value") or "", content.get("base") or base_url),
    }


def _seconds(entry: dict[str, Any]) -> int | None:
    # .get() with these names would fall back from one to the other by itself, with a warning.
    for name in ("published_parsed", "updated_parsed"):
        moment = dict.get(entry, name)
        if moment is not None:
            try:
                return calendar.timegm(moment)
            except (ValueError, OverflowError):
                continue
    for name in ("published", "updated"):
        # Sites of ours write it in Spanish, which the format does not foresee.
        if isinstance(text := dict.get(entry, name), str) and (said := read_date(text)) is not None:
            return int(said.timestamp())
    return None


def _minutes(text: object) -> int | None:
    return int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,6}", text) else None


def _bound() -> None:
    # Processor time counts from the process's start, so each feed gets its share on top of what was used.
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + _CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _answer_all(asked: BinaryIO, told: BinaryIO) -> None:
    while len(head := asked.read(REQUEST.size)) == REQUEST.size:
        base, seen, body = (asked.read(size) for size in REQUEST.unpack(head))
        _bound()
        try:
            answer = orjson.dumps(read_feed(body, base.decode(), seen.decode()))
        except (MemoryError, RecursionError):
            # What is left of this process after that is nothing to build on.
            answer = orjson.dumps({"kind": "too_heavy"})
            told.write(ANSWER.pack(len(answer)) + answer)
            told.flush()
            return
        except Exception:  # noqa: BLE001 -- feedparser lets out whatever a damaged feed provokes
            answer = orjson.dumps({"kind": "malformed"})
        told.write(ANSWER.pack(len(answer)) + answer)
        told.flush()


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a library prints must not be taken for an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _answer_all(sys.stdin.buffer, told)


if __name__ == "__main__":
    main()
