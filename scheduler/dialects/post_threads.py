"""What answers a post, out of the view of its thread (the lexicon app.bsky.feed.getPostThread). Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from scheduler.dialects.replies import moment_said
from scheduler.powers import RemoteReply

_MOST = 500


def replies_in(thread: Mapping[str, Any], did: str, site: str) -> list[RemoteReply]:
    """Return everything below the thread's post, the account ``did``'s own words too; ``site`` makes the links.

    What is deleted, blocked or unreadable is left out, and nothing beyond the first 500 is read.
    """
    found, root = [], (thread.get("post") or {}).get("uri")
    for view in _below(thread):
        record, author = view.get("record"), view.get("author")
        if not isinstance(record, dict) or not isinstance(author, dict):
            continue
        parent = ((record.get("reply") or {}).get("parent") or {}).get("uri", "")
        who, key = str(author.get("did", "")), str(view.get("uri", "")).rpartition("/")[2]
        at = moment_said(view.get("indexedAt")) or moment_said(record.get("createdAt"))
        if not who or not key or at is None:
            continue
        handle = str(author.get("handle") or who)
        found.append(
            RemoteReply(
                f"{site}/profile/{who}/post/{key}",
                f"{site}/profile/{handle}/post/{key}",
                "" if parent == root else _permalink(str(parent), site),
                handle,
                str(record.get("text", "")),
                at,
                own=who == did,
            )
        )
    return found


def _below(thread: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting, seen = [thread], 0
    while waiting and seen < _MOST:
        for one in waiting.pop().get("replies") or ():
            if isinstance(one, dict) and isinstance(one.get("post"), dict) and seen < _MOST:
                seen += 1
                waiting.append(one)
                yield one["post"]


def _permalink(uri: str, site: str) -> str:
    who, _, rest = uri.removeprefix("at://").partition("/")
    return f"{site}/profile/{who}/post/{rest.rpartition('/')[2]}"
