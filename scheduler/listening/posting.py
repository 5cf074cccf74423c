"""One bounded message to somebody's system: guarded as ``fetching`` is, and no redirect is followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from urllib3.response import BaseHTTPResponse

from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.fetching import (
    Deadline,
    Limits,
    Resolve,
    checked,
    exchange,
    resolve_name,
    retry_after,
)

LIMITS = Limits(connect=timedelta(seconds=5), read=timedelta(seconds=10), total=timedelta(seconds=15))
# Of an answer that nobody needs, as much as tells a person what is wrong.
_EXCERPT_BYTES = 2000


@dataclass(frozen=True, slots=True)
class Answered:
    """What a system said to a message: its status, the beginning of its answer, and when to come again."""

    status: int
    excerpt: str
    retry_after: timedelta | None = None


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    policy: FetchPolicy,
    limits: Limits = LIMITS,
    resolve: Resolve = resolve_name,
) -> Answered:
    """Send it and return what was answered, whatever the status; raise a FetchError when nothing was."""
    deadline = Deadline(limits.total)
    target = checked(url, policy)
    told = {
        "User-Agent": f"Resuena/1 (+{policy.contact})" if policy.contact else "Resuena/1",
        "Content-Type": "application/json",
        "Connection": "close",
        **headers,
    }
    with exchange(target, told, policy, limits, deadline, resolve, body) as answer:
        headers_told = {name.lower(): value for name, value in answer.headers.items()}
        return Answered(answer.status, _excerpt(answer), retry_after(answer.status, headers_told))


def _excerpt(answer: BaseHTTPResponse) -> str:
    # Of what is packed nothing is unpacked: it could be a bomb, and nobody needs it.
    raw = answer.read(_EXCERPT_BYTES, decode_content=False) or b""
    text = raw.decode("utf-8", "replace")
    return "".join(char if char.isprintable() else " " for char in text).strip()
