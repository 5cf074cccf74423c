"""What answers a post on a server that federates, and what its ids tell. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scheduler.dialects.federated_text import text_of
from scheduler.dialects.replies import moment_said
from scheduler.powers import RemoteReply

_MOST = 500
# What its author meant for a few is none of our business.
_FOR_ALL = frozenset({"public", "unlisted"})
_SNOWFLAKE_BITS = 16
_FIRST_S, _LAST_S = 1_451_606_400, 4_102_444_800  # the years 2016 to 2100


def replies_in(context: Mapping[str, Any], post: Mapping[str, Any]) -> list[RemoteReply]:
    """Return everything below a post (the API's Context), its author's own words too; private words are left out."""
    below = [one for one in list(context.get("descendants") or ())[:_MOST] if isinstance(one, dict)]
    links = {str(one.get("id")): _lasting(one) for one in below} | {str(post.get("id")): ""}
    own = (post.get("account") or {}).get("id")
    found = []
    for one in below:
        account, link = one.get("account") or {}, _lasting(one)
        answers = str(one.get("in_reply_to_id"))
        at = moment_said(one.get("created_at"))
        if one.get("visibility") not in _FOR_ALL or not link or at is None:
            continue
        seen = str(one.get("url") or link)
        found.append(
            RemoteReply(
                link,
                seen,
                links.get(answers, answers),
                _handle(str(account.get("acct", "")), seen),
                text_of(str(one.get("content", ""))),
                at,
                own=account.get("id") == own,
            )
        )
    return found


def _lasting(post: Mapping[str, Any]) -> str:
    return str(post.get("uri") or post.get("url") or "")


def _handle(name: str, url: str) -> str:
    # A server tells its own people without its name.
    return name if "@" in name else f"{name}@{urlsplit(url).netloc}"


def moment_of(remote_id: str) -> datetime | None:
    """Return when a post was made; ids that are no snowflakes tell nothing."""
    seconds = (int(remote_id) >> _SNOWFLAKE_BITS) // 1000
    return datetime.fromtimestamp(seconds, UTC) if _FIRST_S <= seconds <= _LAST_S else None
