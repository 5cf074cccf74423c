"""Whose a handle is, and what an account is called, as XRPC servers tell anybody who asks."""

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlencode

from scheduler.dialects.replies import count_in
from scheduler.dialects.xrpc import Xrpc, error_name
from scheduler.network import AccountAccess, RefusedError

_NOBODY = "InvalidRequest"
# What a server writes for an account whose handle leads elsewhere.
_LOST = "handle.invalid"


class XrpcAccounts:
    """The powers ``KnowsAccounts`` and ``TellsFollowers`` of a network whose public ``index`` knows all its accounts.

    ``resolves`` is the call from a handle to a number; ``describes`` are those from a number to its handle, each with
    what it calls the number, in the order in which they are tried. The first of them tells the followers.
    """

    follower_mills: ClassVar[int] = 0

    index: ClassVar[str]
    resolves: ClassVar[str]
    describes: ClassVar[Mapping[str, str]]

    def number_of(self, access: AccountAccess, handle: str) -> str:
        """Return the DID that the handle leads to; empty when it leads nowhere."""
        query = urlencode({"handle": handle.removeprefix("@").lower()})
        try:
            said = self._server(access).read(self.resolves, query)
        except RefusedError as error:
            if error_name(error) != _NOBODY:
                raise
            return ""
        return str(said.get("did", ""))

    def handle_of(self, access: AccountAccess, remote_id: str) -> str:
        """Return the account's handle by its profile, or by its repository where no index answers."""
        server = self._server(access)
        for name, field in self.describes.items():
            try:
                said = server.read(name, urlencode({field: remote_id}))
            except RefusedError:
                continue
            handle = str(said.get("handle", ""))
            return "" if handle == _LOST else handle
        return ""

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many follow the account; None where no index answers."""
        name, field = next(iter(self.describes.items()))
        who = access.remote_id or access.handle.removeprefix("@").lower()
        try:
            said = self._server(access).read(name, urlencode({field: who}))
        except RefusedError:
            return None
        return count_in(said, "followersCount")

    def _server(self, access: AccountAccess) -> Xrpc:
        return Xrpc(access.base_url or self.index)
