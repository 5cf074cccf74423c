"""Who took a post up, as servers that federate tell anybody who asks.

A server numbers accounts of its own way: the number of an account that lives elsewhere means nothing there, so only
its handle, with its server, is told. What an account did is asked of its own server.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scheduler.dialects.federated_accounts import FederatedAccounts
from scheduler.dialects.federated_text import text_of
from scheduler.dialects.replies import error_of, list_of, moment_said, reset_of
from scheduler.echo_powers import Echoes, EchoForm, RemoteEcho, Sought
from scheduler.network import AccountAccess, DoubtError, RefusedError, UnavailableError
from scheduler.wire import Call, carry_out

_SERVER = re.compile(r"(?:https://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?)/?", re.ASCII | re.IGNORECASE)
_NEXT = re.compile(r"[?&]max_id=(\d{1,30})[^>]*>;\s*rel=\"next\"")
_FOR_ALL = frozenset({"public", "unlisted"})
_DONE, _TOO_MANY, _GONE = 200, 429, frozenset({401, 403, 404, 410, 422})
_PAGE, _MOST_PAGES = 40, 3
_LONGEST_TEXT, _LONGEST_NAME, _LONGEST_LINK = 5000, 250, 1000
Json = Mapping[str, Any]


class FederatedEchoes(FederatedAccounts):
    """The powers ``TellsEchoes`` and ``SeeksPosts`` of servers that each know their own accounts."""

    sought_together: ClassVar[int] = 1

    def read_echoes(self, access: AccountAccess, remote_id: str) -> Echoes:
        """Return who reposted and who quoted the post, as far as its own server knows; an older one tells no quotes."""
        server = _server_of(access)
        if not server or not remote_id.isalnum():
            return Echoes()
        route = f"/api/v1/statuses/{remote_id}"
        who, all_who = _pages(access, server, f"{route}/reblogged_by")
        quotes, all_quotes = _pages(access, server, f"{route}/quotes")
        found = [_reposted(one, server, remote_id) for one in who]
        said = [one for quote in quotes for one in _said(quote, server, (remote_id,))]
        return Echoes([*found, *said], all_who and all_quotes)

    def seek_posts(
        self,
        access: AccountAccess,
        sought: Sequence[Sought],
        tags: Sequence[str],  # noqa: ARG002 -- a server looks for one tag at a time; all that was said is one page
        since: datetime,
    ) -> Echoes:
        """Return what the accounts did since then; one whose server does not know it did nothing."""
        found, whole = list[RemoteEcho](), True
        for one in sought:
            host = one.handle.rpartition("@")[2].lower()
            number = one.remote_id or self.number_of(access, one.handle)
            if not number.isalnum() or _SERVER.fullmatch(host) is None:
                continue
            route = f"/api/v1/accounts/{number}/statuses"
            posts, all_of_it = _pages(access, f"https://{host}", route, since)
            whole &= all_of_it
            did = [each for post in posts for each in _said(post, f"https://{host}")]
            # A server tells of the account it was asked about, and of no other.
            own = [each for each in did if each.account_id == number]
            found += [each for each in own if each.at is not None and each.at >= since]
        return Echoes(found, whole)


def _server_of(access: AccountAccess) -> str:
    said = access.secrets.get("server", "").strip() or access.handle.rpartition("@")[2]
    known = _SERVER.fullmatch(said)
    return f"https://{known[1].lower()}" if known else access.base_url


def _reposted(account: Json, server: str, remote_id: str) -> RemoteEcho:
    number, handle = _known_as(account, server)
    return RemoteEcho(EchoForm.REPOST, number, handle, "", targets=(remote_id,))


def _said(post: Json, server: str, targets: tuple[str, ...] = ()) -> Iterator[RemoteEcho]:
    """Yield what an account said, reposted or quoted; what it meant for a few is none of our business."""
    at, number_handle = moment_said(post.get("created_at")), _known_as(_object(post.get("account")), server)
    if post.get("visibility") not in _FOR_ALL or at is None:
        return
    original, link = _object(post.get("reblog")), _link(post)
    if original:
        text = text_of(str(original.get("content", ""))[:_LONGEST_TEXT])
        yield RemoteEcho(EchoForm.REPOST, *number_handle, link, text, at, _names(original))
        return
    quoted = _names(_object(_object(post.get("quote")).get("quoted_status"))) or targets
    form = EchoForm.QUOTE if quoted else EchoForm.POST
    text = text_of(str(post.get("content", ""))[:_LONGEST_TEXT])
    yield RemoteEcho(form, *number_handle, link, text, at, quoted, _picture(post))


def _known_as(account: Json, server: str) -> tuple[str, str]:
    """Return the account's number, empty where it lives elsewhere, and its handle with its server."""
    name = str(account.get("acct", ""))[:_LONGEST_NAME]
    if "@" in name:
        return "", name
    # As its own page says: the server may be asked at another address than the one in its handles.
    host = _host(str(account.get("url") or "")) or _host(server)
    return str(account.get("id", ""))[:_LONGEST_NAME], f"{name}@{host}"


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _names(post: Json) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(post[name])[:_LONGEST_LINK] for name in ("url", "uri") if post.get(name)))


def _link(post: Json) -> str:
    return str(post.get("url") or post.get("uri") or "")[:_LONGEST_LINK]


def _picture(post: Json) -> str:
    media = post.get("media_attachments")
    first = media[0] if isinstance(media, list) and media else {}
    return str(_object(first).get("blurhash") or "")[:100]


def _pages(
    access: AccountAccess, server: str, route: str, since: datetime | None = None
) -> tuple[list[Json], bool]:
    """Return what a list holds, at most three pages of it, and whether that was all, or all since then."""
    found: list[Json] = []
    params = {"limit": str(_PAGE)}
    for _ in range(_MOST_PAGES):
        page, following = _ask(access, server, route, params)
        found += page
        at = moment_said(page[-1].get("created_at")) if page and since is not None else None
        if not following or not page or (since is not None and at is not None and at < since):
            return found, True
        params["max_id"] = following
    return found, False


def _ask(access: AccountAccess, server: str, route: str, params: Mapping[str, str]) -> tuple[list[Json], str]:
    """Return a page and what the next one begins after; nothing where the server has none, or keeps it to itself."""
    token = access.secrets.get("access_token", "")
    own = token and _server_of(access) == server
    headers = {"Authorization": f"Bearer {token}"} if own else None
    call = Call(
        "GET", (access.base_url or server) + route, params=params, headers=headers, public_only=not access.base_url
    )  # fmt: skip
    try:
        reply = carry_out(call)
    except DoubtError as error:
        raise UnavailableError(error.answer) from error
    if reply.status == _DONE:
        following = _NEXT.search(reply.headers.get("link", ""))
        listed: list[Json] = [one for one in list_of(reply)[: 2 * _PAGE] if isinstance(one, dict)]
        return listed, str(following[1]) if following else ""
    if reply.status == _TOO_MANY:
        raise UnavailableError(reply.answer(), retry_at=reset_of(reply), status=reply.status)
    if reply.status in _GONE and error_of(reply) is not None:
        if own and reply.status in {401, 403}:
            raise RefusedError(reply.answer(), status=reply.status)
        return [], ""
    raise UnavailableError(reply.answer(), status=reply.status)


def _object(said: object) -> Json:
    return said if isinstance(said, dict) else {}
