"""Who took a post up, as XRPC servers tell anybody who asks (the lexicon app.bsky.feed).

The index tells reposts, quotes and each account's own feed; a repost seen in a feed has its moment, one seen from the
post has none. A bare server, which has no index, is asked for the account's records themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from scheduler.dialects.replies import moment_said
from scheduler.dialects.xrpc import Xrpc
from scheduler.dialects.xrpc_accounts import XrpcAccounts
from scheduler.echo_powers import Echoes, EchoForm, RemoteEcho, Sought
from scheduler.network import AccountAccess, RefusedError

_REPOSTED_BY, _QUOTES, _FEED = (
    "app.bsky.feed.getRepostedBy",
    "app.bsky.feed.getQuotes",
    "app.bsky.feed.getAuthorFeed",
)
_POST, _REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
_A_REPOST = "app.bsky.feed.defs#reasonRepost"
_PAGE, _MOST_PAGES = 100, 3
_LONGEST_TEXT, _LONGEST_NAME = 3000, 250
Json = Mapping[str, Any]


class XrpcEchoes(XrpcAccounts):
    """The powers ``TellsEchoes`` and ``SeeksPosts`` of a network whose public ``index`` knows all its posts.

    ``site`` is where people see them; ``records`` is the call that lists an account's records.
    """

    site: ClassVar[str]
    records: ClassVar[str]
    sought_together: ClassVar[int] = 1

    def read_echoes(self, access: AccountAccess, remote_id: str) -> Echoes:
        """Return who reposted and who quoted the post, the newest first."""
        server, uri = self._server(access), self._by_number(access, remote_id)
        reposts, all_reposts = _pages(server, _REPOSTED_BY, {"uri": uri}, "repostedBy")
        quotes, all_quotes = _pages(server, _QUOTES, {"uri": uri}, "posts")
        found = [
            RemoteEcho(
                EchoForm.REPOST, _text(one.get("did")), _text(one.get("handle")), self._address(uri), targets=(uri,)
            )
            for one in reposts
        ]  # fmt: skip
        said = [replace(one, form=EchoForm.QUOTE, targets=(uri,)) for one in self._said(quotes)]
        return Echoes([*found, *said], all_reposts and all_quotes)

    def seek_posts(
        self,
        access: AccountAccess,
        sought: Sequence[Sought],
        tags: Sequence[str],  # noqa: ARG002 -- what an account said is one page, whatever is looked for in it
        since: datetime,
    ) -> Echoes:
        """Return what the accounts did since then, from their feeds or, without an index, from their records."""
        server, found, whole = self._server(access), list[RemoteEcho](), True
        for one in sought:
            who = one.remote_id or one.handle.removeprefix("@").lower()
            try:
                feed, all_of_it = _pages(server, _FEED, {"actor": who}, "feed", since)
                did = [*self._fed(feed)]
            except RefusedError:
                did, all_of_it = self._recorded(server, who, one.handle, since)
            whole &= all_of_it
            # A server tells of the account it was asked about, and of no other.
            own = [each for each in did if who in (each.account_id, each.handle.lower())]
            found += [each for each in own if each.at is None or each.at >= since]
        return Echoes(found, whole)

    def _by_number(self, access: AccountAccess, uri: str) -> str:
        """Return the address of a post with its account's number: what a person told us of has the handle."""
        handle = access.handle.removeprefix("@").lower()
        if not uri.lower().startswith(f"at://{handle}/"):
            return uri
        number = access.remote_id or self.number_of(access, handle)
        return f"at://{number or handle}{uri[len(f'at://{handle}') :]}"

    def _fed(self, feed: Sequence[Json]) -> Iterator[RemoteEcho]:
        for item in feed:
            view, reason = _object(item.get("post")), _object(item.get("reason"))
            if reason.get("$type") == _A_REPOST:
                by, uri = _object(reason.get("by")), _text(view.get("uri"))
                said = _text(_object(view.get("record")).get("text"), _LONGEST_TEXT)
                at = moment_said(reason.get("indexedAt"))
                yield self._repost(_text(by.get("did")), _text(by.get("handle")), uri, said, at)
            else:
                yield from self._said([view])

    def _said(self, views: Sequence[Json]) -> Iterator[RemoteEcho]:
        """Yield what posts say, as the index shows them."""
        for view in views:
            author, record, uri = (
                _object(view.get("author")),
                _object(view.get("record")),
                _text(view.get("uri")),
            )
            # An author may write any date; the index has seen it at that moment.
            moments = [moment_said(record.get("createdAt")), moment_said(view.get("indexedAt"))]
            at = min((one for one in moments if one is not None), default=None)
            yield self._post(_text(author.get("did")), _text(author.get("handle")), uri, record, at)

    def _recorded(
        self, server: Xrpc, who: str, handle: str, since: datetime
    ) -> tuple[list[RemoteEcho], bool]:
        asked = {"repo": who}
        posts, all_posts = _pages(server, self.records, asked | {"collection": _POST}, "records", since)
        reposts, all_reposts = _pages(server, self.records, asked | {"collection": _REPOST}, "records", since)
        found = []
        for one in posts:
            uri, value = _text(one.get("uri")), _object(one.get("value"))
            found.append(self._post(_number(uri), handle, uri, value, moment_said(value.get("createdAt"))))
        for one in reposts:
            value = _object(one.get("value"))
            target = _text(_object(value.get("subject")).get("uri"))
            number = _number(_text(one.get("uri")))
            found.append(self._repost(number, handle, target, "", moment_said(value.get("createdAt"))))
        return found, all_posts and all_reposts

    def _repost(self, did: str, handle: str, uri: str, said: str, at: datetime | None) -> RemoteEcho:
        return RemoteEcho(EchoForm.REPOST, did, handle, self._address(uri), said, at, (uri,))

    def _post(self, did: str, handle: str, uri: str, record: Json, at: datetime | None) -> RemoteEcho:
        quoted, text = _quoted(_object(record.get("embed"))), _text(record.get("text"), _LONGEST_TEXT)
        form = EchoForm.QUOTE if quoted else EchoForm.POST
        link = self._address(uri, handle)
        return RemoteEcho(form, did, handle, link, text, at, (quoted,) if quoted else (), _picture(record))

    def _address(self, uri: str, who: str = "") -> str:
        did, _, rest = uri.removeprefix("at://").partition("/")
        return f"{self.site}/profile/{who.removeprefix('@') or did}/post/{rest.rpartition('/')[2]}"


def _pages(
    server: Xrpc, name: str, asked: Mapping[str, str], holding: str, since: datetime | None = None
) -> tuple[list[Json], bool]:
    """Return what a list holds, at most three pages of it, and whether that was all, or all since then."""
    found: list[Json] = []
    params = {**asked, "limit": str(_PAGE)}
    for _ in range(_MOST_PAGES):
        page = server.read(name, urlencode(params))
        listed = page.get(holding)
        some = [one for one in (listed if isinstance(listed, list) else [])[:_PAGE] if isinstance(one, dict)]
        found += some
        cursor = _text(page.get("cursor"))
        if not cursor or not some or (since is not None and _older(some[-1], since)):
            return found, True
        params["cursor"] = cursor
    return found, False


def _older(item: Json, since: datetime) -> bool:
    """Tell whether an item of a feed or a list of records is from before: those after it are, too."""
    reason, view = _object(item.get("reason")), _object(item.get("post"))
    said = reason.get("indexedAt") or view.get("indexedAt") or _object(item.get("value")).get("createdAt")
    at = moment_said(said)
    return at is not None and at < since


def _quoted(embed: Json) -> str:
    """Return the address of the post that a record quotes, with pictures or without; empty for none."""
    record = _object(embed.get("record"))
    uri = _text(record.get("uri") or _object(record.get("record")).get("uri"))
    return uri if f"/{_POST}/" in uri else ""


def _picture(record: Json) -> str:
    """Return the hash by which the network keeps the first picture; empty without one."""
    embed = _object(record.get("embed"))
    images = embed.get("images") or _object(embed.get("media")).get("images")
    first = images[0] if isinstance(images, list) and images else None
    return _text(_object(_object(_object(first).get("image")).get("ref")).get("$link"), 100)


def _number(uri: str) -> str:
    return uri.removeprefix("at://").partition("/")[0]


def _object(said: object) -> Json:
    return said if isinstance(said, dict) else {}


def _text(said: object, longest: int = _LONGEST_NAME) -> str:
    return said[:longest] if isinstance(said, str) else ""
