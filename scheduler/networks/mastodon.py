"""Mastodon and the servers that speak its API, each at an address of its own.

A post carries an ``Idempotency-Key``, which a server keeps for up to an hour; other servers of the same API
ignore it. So a doubt is settled by reading the account's own posts, and the key only protects the try that
follows an absence (mastodon#21840, mastodon#40399). Their ids are not the same everywhere: pages are walked by
what each post says of its own moment. Tokens come from the account's own page for them: an application would have
to be registered at each server, and ``AuthorizesInBrowser`` has nowhere to keep what that gives.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from io import SEEK_END, BytesIO
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import Look, NetworkRules
from content_calendar.states import HoldReason
from scheduler.dialects.federated_echoes import FederatedEchoes
from scheduler.dialects.federated_replies import moment_of, replies_in
from scheduler.dialects.federated_text import comparable, measure, text_of
from scheduler.dialects.multipart import FormWithFile
from scheduler.dialects.replies import error_of, list_of, object_of, reset_of
from scheduler.network import (
    AccountAccess,
    Answer,
    CredentialField,
    DoubtError,
    Image,
    Network,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    UnavailableError,
    UnfinishedError,
    Verified,
    Video,
)
from scheduler.powers import Opened, RemotePost, RemoteReply, VideoLimits
from scheduler.wire import Call, Reply, carry_out

_AGENT = "Resuena"
_REQUEST_ID = "x-request-id"
_LENGTH, _LINK, _IMAGES, _ALT, _VIDEO = 500, 23, 4, 1500, 99 << 20
_LIMITS = {
    "max_characters": "statuses",
    "characters_reserved_per_url": "statuses",
    "max_media_attachments": "statuses",
    "description_limit": "media_attachments",
    "image_size_limit": "media_attachments",
    "video_size_limit": "media_attachments",
}
_LARGEST_LIMIT = 1 << 40
# Quotes came with this version of the API (Mastodon 4.5); older servers would leave the quote out in silence.
_QUOTES_SINCE = 7
_PAGE, _MOST_PAGES, _MOST_SOURCES = 40, 5, 40
# Servers clear away what was uploaded and not used for a day.
_MEDIA_LIFE = timedelta(hours=20)
# The server is done with an upload; 202 and 206 say that it still works on it.
_DONE = 200
_BETWEEN_POLLS_S, _MOST_POLLS, _LOOK_AGAIN = 1.0, 30, timedelta(seconds=20)
_SERVER = re.compile(r"(?:https://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?)/?", re.ASCII | re.IGNORECASE)
_POST_LINK = re.compile(
    r"https?://(?P<host>[\w.-]+(?::\d{1,5})?)/@(?P<handle>\w[\w.-]*(?:@[\w.-]+)?)/(?P<id>\d{1,20})/?(?:[?#].*)?",
    re.ASCII,
)
_FIGURES = {
    "favourites_count": "likes", "reblogs_count": "reposts", "replies_count": "replies", "quotes_count": "quotes",
}  # fmt: skip
_LOOK = Look(paper="#fff #191b22", ink="#17191f #f3f3f6", quiet="#535a70 #a4a9bd", line="#d9dbe6 #35384a",
             accent="#4d3fc0 #aaa5ff", corners="10px", face="8px")  # fmt: skip


class Mastodon(FederatedEchoes):
    """Takes a key that makes a repeat harmless while it lives; its accounts can be read, and are read first."""

    slug: ClassVar[str] = "mastodon"
    name: ClassVar[str] = "Mastodon"
    protection: ClassVar[Protection] = Protection.REPLAY
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("server", secret=False),
        CredentialField("access_token"),
    )
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="mastodon",
        max_length=_LENGTH,
        measure=partial(measure, link_length=_LINK),
        unit="graphemes",
        max_images=_IMAGES, max_alt_length=_ALT, link_length=_LINK, look=_LOOK,
        source="https://docs.joinmastodon.org/user/posting/#text",
    )  # fmt: skip
    # A quote is refused, before anything is sent, where the server is too old for it.
    kinds: ClassVar[frozenset[PostKind]] = frozenset(PostKind)
    takes_video: ClassVar[bool] = True
    pace: ClassVar[Pace] = Pace(most=300, within=timedelta(hours=3))
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.OTHER_SERVER
    key_life: ClassVar[timedelta] = timedelta(minutes=55)
    flight: ClassVar[timedelta] = timedelta(seconds=120)
    read_lag: ClassVar[timedelta] = timedelta(seconds=60)

    def new_key(self) -> str:
        """Return a random UUID: the Idempotency-Key."""
        return str(uuid4())

    def needs_preparing(self, outgoing: Outgoing) -> bool:
        """Return whether there is something to upload, or a link to find on the account's server."""
        return bool(outgoing.images or outgoing.video or outgoing.target)

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Upload the pictures or the video with their texts, and find the post that is reposted or quoted.

        What an earlier try uploaded is used again. Raises UnfinishedError while the server still works on it.
        """
        api = _Api(access)
        video, earlier, prepared = outgoing.video, outgoing.prepared, dict(outgoing.prepared)
        media: list[Image | Video] = [*outgoing.images, *([video] if video else [])]
        of = ",".join(one.sha256 for one in media)
        if outgoing.target:
            if outgoing.kind is PostKind.QUOTE and self.limits(access).get("api_version", 0) < _QUOTES_SINCE:
                raise RefusedError(Answer(raw="this server knows no quotes"), hold=HoldReason.CONTENT)
            prepared["target_id"] = earlier.get("target_id") or api.resolve(outgoing.target)
        if media and (earlier.get("of") != of or datetime.fromisoformat(earlier["until"]) <= clock.now()):
            if video and video.size > (most := self.limits(access).get("video_size_limit", _LARGEST_LIMIT)):
                raise RefusedError(Answer(raw=f"a video may have {most} bytes"), hold=HoldReason.MATERIAL)
            ready = [api.upload(medium) for medium in media]
            prepared |= {
                "of": of,
                "until": (clock.now() + _MEDIA_LIFE).isoformat(),
                "media_ids": ",".join(media_id for media_id, _ in ready),
                "working": ",".join(media_id for media_id, is_ready in ready if not is_ready),
            }
        api.wait_for(prepared)
        return prepared

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Publish the part; a repost needs no key, since a server keeps one repost of a post for an account."""
        if outgoing.kind is PostKind.REPOST:
            route = f"/api/v1/statuses/{outgoing.prepared['target_id']}/reblog"
            return _receipt(*_Api(access).publish(route, {"visibility": "public"}, outgoing))
        asked: dict[str, object] = {
            "status": outgoing.text,
            "visibility": "public",
            "language": outgoing.language,
            "media_ids": [each for each in outgoing.prepared.get("media_ids", "").split(",") if each],
            "in_reply_to_id": outgoing.before[-1].remote_id if outgoing.before else None,
            "quoted_status_id": outgoing.prepared.get("target_id"),
        }
        asked = {name: value for name, value in asked.items() if value}
        return _receipt(*_Api(access).publish("/api/v1/statuses", asked, outgoing))

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:
        """Return the account's own posts since then that say the same, or repost the same.

        What a post says is taken from its HTML, and where that differs from its source: a server may take
        signs out of the text, and what only looks absent would go out twice.
        """
        api = _Api(access)
        if outgoing.kind is PostKind.REPOST:
            own = api.own_posts(access.remote_id, since, reblogs=True)
            return [_receipt(post) for post in own if _reposts(post, outgoing)]
        wanted, found, asked = comparable(outgoing.text), [], 0
        answers = outgoing.before[-1].remote_id if outgoing.before else None
        for post in api.own_posts(access.remote_id, since, reblogs=False):
            if answers is not None and post.get("in_reply_to_id") != answers:
                continue
            if comparable(text_of(str(post["content"]))) != wanted:
                asked += 1
                if asked > _MOST_SOURCES:
                    raise UnavailableError(Answer(raw="the account has more posts than are compared"))
                if comparable(str(api.post(post["id"], "/source").get("text", ""))) != wanted:
                    continue
            found.append(_receipt(post))
        return found

    def read_link(self, url: str) -> RemotePost | None:
        """Return the post that a link ``https://server/@name/123`` leads to; the id tells the moment."""
        found = _POST_LINK.fullmatch(url.strip())
        if found is None:
            return None
        handle = found["handle"] if "@" in found["handle"] else f"{found['handle']}@{found['host']}"
        address = f"https://{found['host']}/@{found['handle']}/{found['id']}"
        return RemotePost(found["id"], handle, address, moment_of(found["id"]))

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return likes, reposts, replies and, where the server counts them, quotes; a post that is gone has none."""
        api, told = _Api(access), {}
        for remote_id in remote_ids:
            post = api.post(remote_id)
            if post:
                told[remote_id] = {
                    metric: post[name]
                    for name, metric in _FIGURES.items()
                    if isinstance(post.get(name), int) and post[name] >= 0
                }
        return told

    def read_replies(self, access: AccountAccess, remote_id: str) -> Sequence[RemoteReply]:
        """Return what the account's server knows below a post of it, for all to read."""
        api = _Api(access)
        return replies_in(api.post(remote_id, "/context"), api.post(remote_id))

    def limits(self, access: AccountAccess) -> Mapping[str, int]:
        """Return what the account's server allows, and the version of its API, by the server's own names."""
        said = _Api(access).instance()
        configuration = said.get("configuration") or {}
        told = {name: (configuration.get(group) or {}).get(name) for name, group in _LIMITS.items()}
        told["max_characters"] = told["max_characters"] or said.get(
            "max_toot_chars"
        )  # what cousins of it say
        told["api_version"] = (said.get("api_versions") or {}).get("mastodon")
        return {name: n for name, n in told.items() if type(n) is int and 0 < n <= _LARGEST_LIMIT}

    def rules_within(self, limits: Mapping[str, int]) -> NetworkRules:
        """Return the rules of an account whose server told these limits; without any, Mastodon's own."""
        link = limits.get("characters_reserved_per_url", _LINK)
        return replace(
            self.rules,
            max_length=limits.get("max_characters", _LENGTH),
            measure=partial(measure, link_length=link),
            max_images=limits.get("max_media_attachments", _IMAGES),
            max_alt_length=limits.get("description_limit", _ALT),
            link_length=link,
        )

    def video_limits(self, limits: Mapping[str, int]) -> VideoLimits:
        """Return what the account's server takes; where it told nothing, what Mastodon's own code does."""
        return VideoLimits(limits.get("video_size_limit", _VIDEO))

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return the token with its server, and the account that it opens; raise RefusedError when none."""
        api = _Api(access)
        account = api.own_account()
        domain = str(api.instance().get("domain") or urlsplit(api.server).netloc)
        secrets = {**access.secrets, "server": api.server}
        return Opened(secrets, None, str(account["id"]), f"{account['username']}@{domain}")


class _Api:
    """The calls, with the account's token, to the account's server."""

    def __init__(self, access: AccountAccess) -> None:
        said = _SERVER.fullmatch(access.secrets.get("server", "").strip())
        if said is None and not access.base_url:
            raise RefusedError(Answer(raw="the server's address is not one"), hold=HoldReason.ACCESS)
        self.server = f"https://{said[1].lower()}" if said else access.base_url
        self._base = access.base_url or self.server
        # Only a test's own address may be a private one.
        self._public_only = not access.base_url
        self._headers = {
            "Authorization": f"Bearer {access.secrets.get('access_token', '')}",
            "User-Agent": _AGENT,
        }

    def publish(self, route: str, asked: object, outgoing: Outgoing) -> tuple[Mapping[str, Any], str]:
        """Make the one call that publishes; return the post and the request's id."""
        reply = self._call("POST", route, outgoing.may_send, json=asked, key=outgoing.client_key)
        _judge(reply)
        return object_of(reply, DoubtError), reply.headers.get(_REQUEST_ID, "")

    def upload(self, medium: Image | Video) -> tuple[str, bool]:
        """Upload a picture or a video with its text; return its id, and whether the server is done with it."""
        with medium.open() if isinstance(medium, Video) else BytesIO(medium.read()) as file:
            size = file.seek(0, SEEK_END)
            file.seek(0)
            fields = {"description": medium.alt_text} if medium.alt_text else {}
            form = FormWithFile(fields, "file", file, size, medium.media_type)
            reply = self._ask("POST", "/api/v2/media", HoldReason.MATERIAL, body=form)
        return str(object_of(reply)["id"]), reply.status == _DONE

    def wait_for(self, prepared: dict[str, str]) -> None:
        """Wait until the server is done with what was uploaded; raise UnfinishedError when that takes long."""
        polls = 0
        while working := prepared.get("working", ""):
            first, _, others = working.partition(",")
            reply = self._ask("GET", f"/api/v1/media/{first}", HoldReason.MATERIAL)
            if reply.status == _DONE:
                prepared["working"] = others
                continue
            polls += 1
            if polls >= _MOST_POLLS:
                raise UnfinishedError(prepared=dict(prepared), retry_at=clock.now() + _LOOK_AGAIN)
            clock.rest(_BETWEEN_POLLS_S)

    def resolve(self, link: str) -> str:
        """Return this server's own id of the post behind a link; raise RefusedError when it knows none."""
        told = _POST_LINK.fullmatch(link)
        if told is not None and told["host"] == urlsplit(self._base).netloc:
            return str(
                object_of(self._ask("GET", f"/api/v1/statuses/{told['id']}", HoldReason.CONTENT))["id"]
            )
        params = {"q": link, "type": "statuses", "resolve": "true", "limit": "5"}
        answer = self._ask("GET", "/api/v2/search", HoldReason.ACCESS, params=params)
        for post in object_of(answer).get("statuses", ()):
            if link in {post.get("url"), post.get("uri")}:
                return str(post["id"])
        raise RefusedError(answer.answer(_REQUEST_ID), hold=HoldReason.CONTENT)

    def own_posts(self, account_id: str, since: datetime, *, reblogs: bool) -> Iterator[Mapping[str, Any]]:
        """Yield the account's own posts since then, the newest first."""
        account_id = account_id or str(self.own_account()["id"])
        params = {"limit": str(_PAGE), "exclude_reblogs": "false" if reblogs else "true"}
        for _ in range(_MOST_PAGES):
            route = f"/api/v1/accounts/{account_id}/statuses"
            page = list_of(self._ask("GET", route, HoldReason.ACCESS, params=params))
            for post in page:
                if datetime.fromisoformat(post["created_at"]) < since:
                    return
                yield post
            if not page:
                return
            params = {**params, "max_id": page[-1]["id"]}
        # What was not read proves nothing: this must not count as a look that found nothing.
        raise UnavailableError(Answer(raw="the account has more pages than are read"))

    def post(self, remote_id: str, of_it: str = "") -> Mapping[str, Any]:
        """Return a post, or what there is ``of_it``; empty when it is gone, or an older server tells none."""
        try:
            return object_of(self._ask("GET", f"/api/v1/statuses/{remote_id}{of_it}", HoldReason.ACCESS))
        except RefusedError as error:
            if error.answer.http_status in {404, 410}:
                return {}
            raise

    def own_account(self) -> Mapping[str, Any]:
        """Return the account that the token opens."""
        return object_of(self._ask("GET", "/api/v1/accounts/verify_credentials", HoldReason.ACCESS))

    def instance(self) -> Mapping[str, Any]:
        """Return what the server says of itself."""
        try:
            return object_of(self._ask("GET", "/api/v2/instance", HoldReason.ACCESS))
        except RefusedError:
            return object_of(self._ask("GET", "/api/v1/instance", HoldReason.ACCESS))

    def _ask(self, method: str, route: str, hold: HoldReason, **asked: Any) -> Reply:  # noqa: ANN401 -- fields of Call
        """Return the answer; what would be a doubt about a post is only a failure here."""
        try:
            reply = self._call(method, route, **asked)
            _judge(reply)
        except DoubtError as error:
            raise UnavailableError(error.answer) from error
        except RefusedError as error:
            raise RefusedError(error.answer, hold=error.hold or hold, **error.params) from error
        return reply

    def _call(
        self,
        method: str,
        route: str,
        may_send: Callable[[], bool] = lambda: True,
        *,
        key: str = "",
        **asked: Any,  # noqa: ANN401 -- fields of Call
    ) -> Reply:
        headers = {**self._headers, "Idempotency-Key": key} if key else self._headers
        call = Call(method, self._base + route, headers=headers, public_only=self._public_only, **asked)
        return carry_out(call, may_send)


def _judge(reply: Reply) -> None:
    """Raise what an answer without success means; one that is not the server's own word is a doubt."""
    if 200 <= reply.status < 300:  # noqa: PLR2004 -- what HTTP calls success
        return
    answer = reply.answer(_REQUEST_ID)
    said = error_of(reply)
    if said is None or not 400 <= reply.status < 500 or reply.status == 408:  # noqa: PLR2004 -- HTTP again
        raise DoubtError(answer, status=reply.status)
    if reply.status == 429:  # noqa: PLR2004 -- too many requests
        raise UnavailableError(answer, retry_at=reset_of(reply), status=reply.status)
    hold = HoldReason.ACCESS if reply.status == 401 else None  # noqa: PLR2004 -- unauthorised
    if reply.status == 403:  # noqa: PLR2004 -- forbidden
        hold = HoldReason.ACCESS if "scope" in said else HoldReason.ACCOUNT
    raise RefusedError(answer, hold=hold, status=reply.status)


def _receipt(post: Mapping[str, Any], request_id: str = "") -> Receipt:
    address = str(post.get("url") or post.get("uri") or "")
    if post.get("reblog"):  # its own address is a document for machines
        address = f"{post['account']['url']}/{post['id']}"
    return Receipt(str(post["id"]), address, datetime.fromisoformat(post["created_at"]), request_id)


def _reposts(post: Mapping[str, Any], outgoing: Outgoing) -> bool:
    original = post.get("reblog") or {"id": ""}
    named = {original["id"], original.get("url"), original.get("uri")}
    return not named.isdisjoint({outgoing.prepared.get("target_id", "-"), outgoing.target})


NETWORK: Network = Mastodon()
