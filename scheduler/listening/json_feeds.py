"""JSON Feed (https://jsonfeed.org/version/1.1) to the same plain values as other feeds; read in the child. Pure."""

from datetime import UTC, datetime
from typing import Any

import orjson

from scheduler.listening.cleaning import link, plain, rich

_VERSION = "https://jsonfeed.org/version/"
_LONGEST_GUID, _MOST_TAGS = 500, 20


def looks_like_json(body: bytes) -> bool:
    """Return whether the bytes begin as a JSON object does."""
    return body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_json_feed(body: bytes, base_url: str, most: int) -> dict[str, Any]:
    """Return what the bytes say, as ``parsing_child.read_feed`` does, with at most ``most`` entries."""
    try:
        said = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return {"kind": "malformed"}
    version = said.get("version")
    if not isinstance(version, str) or not version.startswith(_VERSION):
        return {"kind": "not_a_feed"}
    items = said.get("items")
    return {
        "kind": "feed",
        "title": plain(_text(said.get("title"))),
        "damaged": not isinstance(items, list),
        "ttl": None,
        "entries": [
            _entry(one, base_url)
            for one in (items if isinstance(items, list) else [])[:most]
            if isinstance(one, dict)
        ],
    }


def _entry(item: dict[str, Any], base_url: str) -> dict[str, Any]:
    markup = _text(item.get("content_html"))
    content = rich(markup, base=base_url) if markup else rich(plain(_text(item.get("content_text")), 20_000))
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags") if isinstance(item.get("tags"), list) else []
    return {
        "title": plain(_text(item.get("title"))),
        "link": link(_text(item.get("url")) or _text(item.get("external_url"))),
        "summary": content or rich(_text(item.get("summary"))),
        "published": _seconds(item.get("date_published")) or _seconds(item.get("date_modified")),
        "author": ", ".join(
            plain(_text(one.get("name")), 200) for one in (authors or [])[:3] if isinstance(one, dict)
        )[:200],
        "guid": plain(_text(item.get("id")), _LONGEST_GUID) or None,
        "tags": [plain(_text(tag), 100) for tag in (tags or [])[:_MOST_TAGS]],
        "picture": link(_text(item.get("image")) or _text(item.get("banner_image"))) or "",
    }


def _text(value: object) -> str:
    # Some write a number where the format asks for a text, such as for an id.
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _seconds(value: object) -> int | None:
    try:
        moment = datetime.fromisoformat(_text(value))
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
