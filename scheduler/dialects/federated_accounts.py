"""Whose a handle is, and what an account is called, as federated servers tell anybody who asks.

The number is the one that the account's own server gave it; it means nothing without that server, which the handle
names.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from scheduler.dialects.replies import count_in, error_of, object_of
from scheduler.network import AccountAccess, DoubtError, UnavailableError
from scheduler.wire import Call, carry_out

_HANDLE = re.compile(
    r"@?(?P<name>[\w.-]{1,100})@(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE | re.ASCII
)
_GONE = frozenset({404, 410})
_DONE = 200


class FederatedAccounts:
    """The powers ``KnowsAccounts`` and ``TellsFollowers`` of servers that each know their own accounts."""

    follower_mills: ClassVar[int] = 0

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many follow the account, as its own server tells anybody."""
        named = _HANDLE.fullmatch(access.handle)
        if named is None:
            return None
        said = _ask(access, named["host"], "/api/v1/accounts/lookup", {"acct": named["name"]})
        return count_in(said, "followers_count")

    def number_of(self, access: AccountAccess, handle: str) -> str:
        """Return the number that the handle's own server gives it; empty when it has no such account."""
        named = _HANDLE.fullmatch(handle)
        if named is None:
            return ""
        said = _ask(access, named["host"], "/api/v1/accounts/lookup", {"acct": named["name"]})
        return str(said.get("id", ""))

    def handle_of(self, access: AccountAccess, remote_id: str) -> str:
        """Return what the account of that number is called on the server that its handle names."""
        named = _HANDLE.fullmatch(access.handle)
        if named is None or not remote_id.isalnum():
            return ""
        said = _ask(access, named["host"], f"/api/v1/accounts/{remote_id}")
        name = str(said.get("username", ""))
        return f"{name}@{named['host'].lower()}" if name else ""


def _ask(
    access: AccountAccess, host: str, route: str, params: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """Return what the server says of an account, nothing when it has none; raise UnavailableError otherwise."""
    base = access.base_url or f"https://{host.lower()}"
    call = Call("GET", base + route, params=params, public_only=not access.base_url)
    try:
        reply = carry_out(call)
    except DoubtError as error:
        raise UnavailableError(error.answer) from error
    if reply.status == _DONE:
        return object_of(reply)
    # Only the server's own word counts: any page may answer 404 while it is being mended.
    if reply.status in _GONE and error_of(reply) is not None:
        return {}
    raise UnavailableError(reply.answer())
