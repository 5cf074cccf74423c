"""Threads, through its API: what goes out is put into a container first, and the container is published once.

https://developers.facebook.com/docs/threads/reference/publishing. Pictures and videos are fetched by the network from
an address of ours. A container that was not published ends after a day; its status says whether it was, so after a
doubt that is asked before anything else, and the post is looked for among the account's own. An account reposts a post
once: before a repost, its own reposts are read.

Posts are shared and quoted by an id that no link tells: the account's own posts are looked through for it, and another
account's where the application may look at profiles. Of the tags of a text the first is the topic; the others are text,
so more than one is no fault.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, ClassVar
from urllib.parse import quote

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import Look, NetworkRules
from content_calendar.states import HoldReason
from scheduler.dialects import emoji_bytes
from scheduler.dialects.fetched_containers import (
    Containers,
    content_of,
    id_in,
    is_published,
    shows_alike,
    state_of,
)
from scheduler.dialects.graph import ContainerState, Graph, insights_in, is_gone
from scheduler.dialects.lasting_tokens import LastingTokens
from scheduler.dialects.replies import count_in, moment_said
from scheduler.dialects.same_text import same_text
from scheduler.dialects.shortcodes import moment_of
from scheduler.network import (
    AccountAccess,
    Answer,
    CredentialField,
    DoubtError,
    Network,
    NetworkError,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    TargetMissingError,
    UnavailableError,
    Verified,
)
from scheduler.powers import Permission, PictureLimits, RemotePost, RemoteReply, VideoLimits

_HOST, _VERSION, _SITE = "https://graph.threads.net", "/v1.0", "https://www.threads.com"
# A container lives a day; what is about to end is made again.
_CONTAINER_LIFE, _FULL_FOR = timedelta(hours=22), timedelta(hours=1)
_PAGE, _MOST_PAGES, _DEAD_TOKEN = "100", 5, 190
# Reposts are looked for this far back before another one.
_REPOSTED_WITHIN = timedelta(days=2)
_NOTHING: Mapping[str, str] = {}
_FIELDS = "id,permalink,shortcode,text,timestamp,media_type,reposted_post,quoted_post"
_REPLY_FIELDS = f"{_FIELDS},replied_to,root_post"
_CONVERSATION = "id,text,username,permalink,shortcode,timestamp,is_reply_owned_by_me,replied_to"
# https://developers.facebook.com/docs/threads/insights
_FIGURES = {
    "views": "views", "likes": "likes", "replies": "replies", "reposts": "reposts", "quotes": "quotes",
    "shares": "shares",
}  # fmt: skip
# https://developers.facebook.com/docs/threads/overview: pictures that are wider or narrower are made to fit there.
_PICTURES = PictureLimits(8 << 20, narrowest=(1, 10), widest=(10, 1))
_VIDEOS = VideoLimits(1 << 30, 1, 300_000, (1, 100), (10, 1), most_width=1920)
_LINK = re.compile(
    r"https?://(?:www\.)?threads\.(?:net|com)/(?:@(?P<handle>[\w.]{1,30})/post|t)/(?P<code>[\w-]{6,20})/?(?:[?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_LOOK = Look(paper="#fff #101010", ink="#0a0a0a #f3f5f7", quiet="#5c5c5c #a0a0a0", line="#dedede #2d2d2d",
             accent="#0a5cb8 #6fb0ff", corners="12px")  # fmt: skip


class Threads(LastingTokens):
    """Publishes a container once, and says whether it is published."""

    slug: ClassVar[str] = "threads"
    name: ClassVar[str] = "Threads"
    protection: ClassVar[Protection] = Protection.TWO_PHASE
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (CredentialField("access_token"),)
    # https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions
    permissions: ClassVar[Sequence[Permission]] = (
        Permission("threads_basic", "permission_know_account"),
        Permission("threads_content_publish", "permission_publish"),
        Permission("threads_read_replies", "permission_read_comments"),
        Permission("threads_manage_insights", "permission_read_figures"),
    )
    page, page_path = "https://threads.net", "/oauth/authorize"
    api_host, grants = _HOST, "th"
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="threads", max_length=500, measure=emoji_bytes.length, unit="characters", max_images=20,
        max_alt_length=1000, max_links=5, look=_LOOK,
        source="https://developers.facebook.com/docs/threads/reference/publishing",
    )  # fmt: skip
    kinds: ClassVar[frozenset[PostKind]] = frozenset(PostKind)
    takes_video: ClassVar[bool] = True
    # 250 posts a day, which is asked of the account itself; spread evenly, a second post would wait six minutes.
    pace: ClassVar[Pace] = Pace(timedelta(seconds=5))
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = _CONTAINER_LIFE
    flight: ClassVar[timedelta] = timedelta(seconds=120)
    read_lag: ClassVar[timedelta] = timedelta(seconds=60)
    follower_mills: ClassVar[int] = 0
    followers_source: ClassVar[str] = "https://developers.facebook.com/docs/threads/insights"

    def new_key(self) -> str:
        """Return a random key: Threads takes none, its container is the key."""
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:  # noqa: ARG002 -- the contract
        """Return True: everything goes into a container, or is looked for first."""
        return True

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Find what is shared or quoted, and make the container; return their ids.

        A container of an earlier try is used again. Raises UnfinishedError while the network still works on it.
        """
        prepared = dict(outgoing.prepared)
        if outgoing.target:
            prepared["target_id"] = prepared.get("target_id") or _resolve(access, outgoing.target)
        if outgoing.kind is PostKind.REPOST:
            return prepared
        of = content_of(outgoing)
        if prepared.get("of") != of or self._ended_unpublished(access, outgoing):
            _leave_room(access, reply=bool(outgoing.before))
            ours = {"of": of, "until": (clock.now() + _CONTAINER_LIFE).isoformat()}
            prepared = {name: value for name, value in prepared.items() if name == "target_id"} | ours
        return Containers(_graph(access), f"/{_whose(access)}/threads", outgoing, prepared).ready()

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Publish the container, unless it is published already; or repost, unless that is out already."""
        if outgoing.kind is PostKind.REPOST:
            return self._repost(access, outgoing)
        state = state_of(_graph(access), outgoing.prepared["container"])
        if state is ContainerState.PUBLISHED:
            return self._published(access, outgoing)
        if state in {ContainerState.FAILED, ContainerState.EXPIRED, None}:
            raise UnavailableError(Answer(raw=f"the container is {state or 'gone'}"))
        try:
            asked = {"creation_id": outgoing.prepared["container"]}
            said, request_id = _graph(access, outgoing).publish(f"/{_whose(access)}/threads_publish", asked)
        except RefusedError:
            if is_published(_graph(access), outgoing.prepared["container"]):
                return self._published(access, outgoing)
            raise
        return _receipt_of(access, id_in(said, DoubtError), request_id)

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:
        """Return the account's own posts since then that say the same in the same place, or repost the same.

        Raises RefusedError when only a person can tell: a post without words says the same as any other.
        """
        if outgoing.target and "target_id" not in outgoing.prepared:
            target = {"target_id": _resolve(access, outgoing.target)}
            outgoing = replace(outgoing, prepared={**outgoing.prepared, **target})
        if outgoing.kind is PostKind.REPOST:
            own = _own(access, "threads", _FIELDS, since)
            return [_receipt(post) for post in own if _names(post, "reposted_post", outgoing)]
        container = outgoing.prepared.get("container", "")
        state = state_of(_graph(access), container) if container else None
        if state is ContainerState.WORKING:
            raise UnavailableError(Answer(raw="the container is worked on"))
        if state in {ContainerState.READY, ContainerState.FAILED, ContainerState.EXPIRED}:
            # It was never published: an equal post is another's.
            return []
        where, fields = ("replies", _REPLY_FIELDS) if outgoing.before else ("threads", _FIELDS)
        found = [
            _receipt(post)
            for post in _own(access, where, fields, since)
            if _in_its_place(post, outgoing) and same_text(str(post.get("text") or ""), outgoing.text)
            if shows_alike(post, outgoing)
        ]
        if not outgoing.text.strip() and len(found) > (state is ContainerState.PUBLISHED):
            raise RefusedError(Answer(raw="a post without words may be another"), hold=HoldReason.UNCONFIRMED)
        if state is ContainerState.PUBLISHED and not found:
            # It is out, so that what was not found proves nothing.
            raise UnavailableError(Answer(raw="it is published, and not among the account's posts yet"))
        return found

    def compose_link(self, text: str) -> str:
        """Return the address of the composer with the text in it."""
        # https://developers.facebook.com/docs/threads/threads-web-intents
        return f"{_SITE}/intent/post?text={quote(text, safe='')}"

    def read_link(self, url: str) -> RemotePost | None:
        """Return the post that a link of threads.com or threads.net leads to; its code tells the moment."""
        found = _LINK.fullmatch(url.strip())
        if found is None:
            return None
        code, handle = found["code"], found["handle"] or ""
        permalink = f"{_SITE}/t/{code}"
        address = f"{_SITE}/@{handle}/post/{code}" if handle else permalink
        return RemotePost(code, handle, address, moment_of(code), permalink)

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return the figures of own posts; a repost has none, and what is gone neither."""
        graph, told = _graph(access), {}
        for remote_id in remote_ids:
            if not remote_id.isdecimal():
                continue
            try:
                params = {"metric": ",".join(_FIGURES)}
                page = graph.ask(HoldReason.ACCESS, "GET", f"/{remote_id}/insights", params=params)
            except RefusedError as error:
                if is_gone(error):
                    continue
                raise
            told[remote_id] = {_FIGURES[name]: n for name, n in insights_in(page).items() if name in _FIGURES}
        return told

    def read_replies(self, access: AccountAccess, remote_id: str) -> Sequence[RemoteReply]:
        """Return what stands below the account's post, at every depth."""
        params = {"fields": _CONVERSATION, "limit": _PAGE, "reverse": "false"}
        try:
            found = list(_graph(access).pages(f"/{remote_id}/conversation", params, _MOST_PAGES))
        except RefusedError as error:
            if is_gone(error):
                return ()
            raise
        links = {str(one.get("id")): _permalink(one) for one in found}
        return [told for one in found if (told := _reply(one, links)) is not None]

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many follow the account."""
        params = {"metric": "followers_count"}
        route = f"/{_whose(access)}/threads_insights"
        page = _graph(access).ask(HoldReason.ACCESS, "GET", route, params=params)
        return count_in(insights_in(page), "followers_count")

    def picture_limits(self, limits: Mapping[str, int]) -> PictureLimits:  # noqa: ARG002 -- the contract
        """Return what every account takes."""
        return _PICTURES

    def video_limits(self, limits: Mapping[str, int]) -> VideoLimits:  # noqa: ARG002 -- the contract
        """Return what every account takes."""
        return _VIDEOS

    def whose(self, access: AccountAccess) -> tuple[str, str]:
        """Return the id and the name of the account that the token opens."""
        said = _graph(access).ask(HoldReason.ACCESS, "GET", "/me", params={"fields": "id,username"})
        if not said.get("id"):
            raise UnavailableError(Answer(raw="no account was named"))
        return str(said["id"]), str(said.get("username", ""))

    def _published(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Return the one post that a published container became."""
        try:
            found = self.find(access, outgoing, _made(outgoing))
        except NetworkError as error:
            raise DoubtError(error.answer) from error
        if len(found) != 1:
            raise DoubtError(Answer(raw=f"the container is published, and {len(found)} posts say the same"))
        return found[0]

    def _ended_unpublished(self, access: AccountAccess, outgoing: Outgoing) -> bool:
        """Return whether what is prepared lives no more, and never was published."""
        prepared = outgoing.prepared
        if datetime.fromisoformat(prepared["until"]) > clock.now():
            return False
        container = prepared.get("container", "")
        state = state_of(_graph(access), container) if container else ContainerState.EXPIRED
        if state is None and self.find(access, outgoing, _made(outgoing)):
            equal = Answer(raw="the container is gone, and a post says the same")
            raise RefusedError(equal, hold=HoldReason.UNCONFIRMED)
        return state is not ContainerState.PUBLISHED

    def _repost(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        for earlier in self.find(access, outgoing, clock.now() - _REPOSTED_WITHIN):
            return earlier
        route = f"/{outgoing.prepared['target_id']}/repost"
        said, request_id = _graph(access, outgoing).publish(route, {})
        return _receipt_of(access, id_in(said, DoubtError), request_id)


def _graph(access: AccountAccess, outgoing: Outgoing | None = None) -> Graph:
    host, token = (access.base_url or _HOST) + _VERSION, access.secrets.get("access_token", "")
    return Graph(host, token, outgoing.may_send) if outgoing else Graph(host, token)


def _whose(access: AccountAccess) -> str:
    return access.remote_id or "me"


def _leave_room(access: AccountAccess, *, reply: bool) -> None:
    """Raise UnavailableError where the account has published as much as it may within a day."""
    route = f"/{_whose(access)}/threads_publishing_limit"
    before = "reply_" if reply else ""
    asked = f"{before}quota_usage,{before}config"
    page = _graph(access).ask(HoldReason.ACCESS, "GET", route, params={"fields": asked})
    for one in page.get("data") or ():
        most = count_in(one.get(f"{before}config") or {}, "quota_total")
        used = count_in(one, f"{before}quota_usage")
        if most and used is not None and used >= most:
            full = Answer(raw=f"{used} of {most} in a day")
            raise UnavailableError(full, retry_at=clock.now() + _FULL_FOR)


def _resolve(access: AccountAccess, link: str) -> str:
    """Return the id of the post behind a link."""
    told = Threads().read_link(link)
    if told is None:
        raise TargetMissingError(
            Answer(raw="the target is no link to a post of Threads"), hold=HoldReason.CONTENT
        )
    since = (told.published_at or clock.now() - _REPOSTED_WITHIN) - timedelta(minutes=5)
    until = str(int((since + timedelta(minutes=10)).timestamp()))
    if told.handle.casefold() in {"", access.handle.removeprefix("@").casefold()}:
        posts = _own(access, "threads", _FIELDS, since, {"until": until} if told.published_at else {})
    else:
        params = {"username": told.handle, "fields": _FIELDS, "limit": _PAGE}
        posts = _graph(access).pages("/profile_posts", params, _MOST_PAGES)
    try:
        for post in posts:
            if post.get("shortcode") == told.remote_id:
                return str(post["id"])
    except RefusedError as error:
        if error.params.get("code") == _DEAD_TOKEN:
            raise
    raise TargetMissingError(
        Answer(raw="no post with that link is told to this application"), hold=HoldReason.CONTENT
    )


def _own(
    access: AccountAccess, where: str, fields: str, since: datetime, more: Mapping[str, str] = _NOTHING
) -> Iterator[Mapping[str, Any]]:
    """Yield the account's own posts, or its replies, since then."""
    params = {"fields": fields, "limit": _PAGE, "since": str(int(since.timestamp())), **more}
    for post in _graph(access).pages(f"/{_whose(access)}/{where}", params, _MOST_PAGES):
        at = moment_said(post.get("timestamp"))
        if at is not None and at >= since.replace(microsecond=0):
            yield post


def _made(outgoing: Outgoing) -> datetime:
    return datetime.fromisoformat(outgoing.prepared["until"]) - _CONTAINER_LIFE


def _names(post: Mapping[str, Any], field: str, outgoing: Outgoing) -> bool:
    named = post.get(field)
    found = named.get("id") if isinstance(named, dict) else named
    return str(found) == outgoing.prepared.get("target_id", "-")


def _in_its_place(post: Mapping[str, Any], outgoing: Outgoing) -> bool:
    """Return whether a post stands where the part would: below the one before, or with the one that it quotes."""
    if outgoing.before:
        return str((post.get("replied_to") or {}).get("id")) == outgoing.before[-1].remote_id
    return outgoing.kind is not PostKind.QUOTE or _names(post, "quoted_post", outgoing)


def _receipt(post: Mapping[str, Any], request_id: str = "") -> Receipt:
    address = str(post.get("permalink") or _permalink(post))
    return Receipt(str(post["id"]), address, moment_said(post.get("timestamp")), request_id)


def _receipt_of(access: AccountAccess, remote_id: str, request_id: str) -> Receipt:
    """Return the receipt of what is out; where its address is not told now, that of the account."""
    try:
        post = _graph(access).find(HoldReason.ACCESS, f"/{remote_id}", "id,permalink,timestamp")
    except NetworkError:
        post = None
    if not post or not post.get("permalink"):
        return Receipt(remote_id, f"{_SITE}/@{access.handle.removeprefix('@')}", None, request_id)
    return _receipt(post, request_id)


def _permalink(post: Mapping[str, Any]) -> str:
    return f"{_SITE}/t/{post['shortcode']}" if post.get("shortcode") else str(post.get("permalink") or "")


def _reply(one: Mapping[str, Any], links: Mapping[str, str]) -> RemoteReply | None:
    at, link = moment_said(one.get("timestamp")), _permalink(one)
    if at is None or not link:
        return None
    return RemoteReply(
        link,
        str(one.get("permalink") or link),
        links.get(str((one.get("replied_to") or {}).get("id")), ""),
        str(one.get("username") or ""),
        str(one.get("text") or ""),
        at,
        own=one.get("is_reply_owned_by_me") is True,
    )


NETWORK: Network = Threads()
