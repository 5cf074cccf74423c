"""A professional account of Instagram, through Meta's Graph API with the token of the Page it hangs from.

What is published is a container: made, worked on by Instagram, and then published by its id, once
(https://developers.facebook.com/docs/instagram-platform/content-publishing). A doubt is settled by asking the
container's ``status_code``: PUBLISHED is out, and which medium it became is told by its text, never by being the
newest, since a container names none. One that ended (24 h) or failed was never published and is made anew; one that
they do not tell of may live (https://github.com/gitroomhq/postiz-app/issues/1562), and is asked for again. Instagram
fetches pictures and videos itself, from an address of ours; pictures have ``alt_text``, reels have none. How much is
left of the day is asked for (``content_publishing_limit``) and not guessed: pages of theirs say 25, 50 and 100.

There are no threads, reposts or quotes; who took a post up is not told, so replications are not read. Nobody
without keys may ask whose a name is.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import Any, ClassVar

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import Look, MediaNeed, NetworkRules
from content_calendar.states import HoldReason
from content_calendar.text_rules import characters
from scheduler.dialects.graph import (
    ContainerState,
    Graph,
    container_said,
    insights_in,
    wait_until_ready,
)
from scheduler.dialects.page_login import PageLogin, graph_at
from scheduler.dialects.replies import count_in, moment_said
from scheduler.dialects.same_text import same_text
from scheduler.dialects.shortcodes import LONGEST, moment_of, number_of
from scheduler.network import (
    AccountAccess,
    Answer,
    CredentialField,
    DoubtError,
    Image,
    Network,
    NetworkError,
    Outgoing,
    Pace,
    Protection,
    Receipt,
    RefusedError,
    UnavailableError,
    UnfinishedError,
    Verified,
)
from scheduler.powers import Permission, PictureLimits, RemotePost, RemoteReply, VideoLimits

_API = "https://graph.facebook.com"
_PAGE, _MOST_PAGES = "50", 5
_TOMORROW, _CONTAINER_LIFE, _LOOK_AGAIN = timedelta(hours=1), timedelta(hours=24), timedelta(minutes=1)
# https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
# A width beyond 320 to 1440 is scaled by Instagram, so that only the shape and the bytes are refused.
_PICTURES = PictureLimits(most_bytes=8 << 20, narrowest=(4, 5), widest=(191, 100))
_VIDEOS = VideoLimits(300 << 20, 3_000, 15 * 60_000, (1, 100), (10, 1))
# https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights
_INSIGHTS = {"views": "views", "reach": "reach", "saved": "bookmarks", "shares": "reposts"}
_LINK = re.compile(
    r"https?://(?:(?:www|m)\.)?(?:instagram\.com|instagr\.am)/(?:(?P<handle>[\w.]{1,30})/)?"
    r"(?:p|reel|reels|tv)/(?P<code>[\w-]{5,40})/?(?:[?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_LOOK = Look(paper="#fff #101012", ink="#0c0c0d #f5f5f5", quiet="#62626a #a8a8b0", line="#dbdbdf #35353a",
             accent="#a3246f #ff8fc4")  # fmt: skip


class Instagram(PageLogin):
    """Makes containers, which are published once; a doubt is settled by asking about the container."""

    slug: ClassVar[str] = "instagram"
    name: ClassVar[str] = "Instagram"
    protection: ClassVar[Protection] = Protection.TWO_PHASE
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (CredentialField("access_token"),)
    # https://developers.facebook.com/docs/permissions
    permissions: ClassVar[Sequence[Permission]] = (
        Permission("pages_show_list", "permission_find_page"),
        Permission("pages_read_engagement", "permission_through_page"),
        Permission("instagram_basic", "permission_look_for_posts"),
        Permission("instagram_content_publish", "permission_publish"),
        Permission("instagram_manage_comments", "permission_read_comments"),
        Permission("instagram_manage_insights", "permission_read_figures"),
    )
    dialog_host, api_host = "https://www.facebook.com", _API
    page_fields: ClassVar[str] = "instagram_business_account{id,username}"
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="instagram", max_length=2_200, measure=characters, unit="characters", max_images=10,
        max_alt_length=1_000, max_tags=30, max_mentions=20, needs=MediaNeed.ANY, look=_LOOK,
        source="https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media",
    )  # fmt: skip
    kinds: ClassVar[frozenset[PostKind]] = frozenset({PostKind.POST})
    takes_video: ClassVar[bool] = True
    # The day's limit is asked for before each; the spacing is ours.
    pace: ClassVar[Pace] = Pace(timedelta(seconds=10))
    # Nothing public forbids equal texts of several accounts.
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    # A container lives 24 hours.
    key_life: ClassVar[timedelta] = timedelta(hours=23)
    flight: ClassVar[timedelta] = timedelta(seconds=120)
    read_lag: ClassVar[timedelta] = timedelta(seconds=60)
    follower_mills: ClassVar[int] = 0
    followers_source: ClassVar[str] = (
        "https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user"
    )

    def new_key(self) -> str:
        """Return a random key: Instagram takes none, so it is only ours."""
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:  # noqa: ARG002 -- the contract
        """Return whether anything comes first: there is always a container to make, or to ask about."""
        return True

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Make the container, or take up the one that an earlier try made; one that is out is marked as published.

        Raises RefusedError, UnavailableError; UnfinishedError while Instagram works on it.
        """
        account = _Account(access)
        of, earlier = _digest(outgoing), outgoing.prepared
        fresh = {"of": of, "made": clock.now().isoformat()}
        kept = dict(earlier) if earlier.get("of") == of else fresh
        if "container" in kept:
            state = account.waited(kept["container"], kept)
            if state is ContainerState.READY:
                return kept
            if state is ContainerState.PUBLISHED or (
                state is None and account.listed(outgoing.text, _made(kept))
            ):
                return {**kept, "published": "yes"}
        if "container" in kept or not _may_live(kept):
            # It ended or failed: it was never published.
            kept = fresh
        account.must_have_room()
        return account.make(outgoing, kept)

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Publish the container; of one that is out already, only tell which medium it became."""
        account, prepared = _Account(access, outgoing), outgoing.prepared
        if "published" not in prepared:
            try:
                return account.publish(prepared["container"])
            except RefusedError as refusal:
                if not account.is_published(prepared["container"], refusal):
                    raise
        found = account.listed(outgoing.text, _made(prepared))
        if len(found) != 1:
            raise DoubtError(Answer(raw=f"the container is published, and {len(found)} media say the same"))
        return found[0]

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:
        """Return the medium that the part's container became; nothing while the container is not published.

        Where the container is forgotten, what says the same. Raises UnavailableError when it is out and the list
        does not show it yet, or they do not tell of one that may live: that must not count as absent.
        """
        container, account = outgoing.prepared.get("container"), _Account(access)
        state = account.state_of(container) if container else None
        if state not in {ContainerState.PUBLISHED, None}:
            return ()
        if container and state is None and _may_live(outgoing.prepared):
            raise UnavailableError(Answer(raw="the container is not told"))
        found = account.listed(outgoing.text, since)
        if state is ContainerState.PUBLISHED and not found:
            raise UnavailableError(Answer(raw="the container is published, and its medium is not listed yet"))
        return found

    def read_link(self, url: str) -> RemotePost | None:
        """Return the medium that a link of instagram.com leads to; its shortcode tells its number and its moment."""
        found = _LINK.fullmatch(url.strip())
        if found is None:
            return None
        # What follows belongs to private ones.
        code = found["code"][:LONGEST]
        lasting = f"https://www.instagram.com/p/{found['code']}/"
        return RemotePost(str(number_of(code)), found["handle"] or "", lasting, moment_of(code), lasting)

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return likes, comments and what insights tell; a medium that is gone has none."""
        graph, told = _graph(access), {}
        for remote_id in dict.fromkeys(remote_ids):
            medium = graph.find(HoldReason.ACCESS, f"/{remote_id}", "like_count,comments_count")
            if medium is None:
                continue
            # Likes are missing where the account hides them.
            counts = {"likes": count_in(medium, "like_count"), "replies": count_in(medium, "comments_count")}
            told[remote_id] = {name: value for name, value in counts.items() if value is not None}
            told[remote_id] |= _insights(graph, remote_id)
        return told

    def read_replies(self, access: AccountAccess, remote_id: str) -> Sequence[RemoteReply]:
        """Return the comments below a medium of the account, and the answers to them."""
        graph = _graph(access)
        medium = graph.find(HoldReason.ACCESS, f"/{remote_id}", "permalink")
        if medium is None:
            return ()
        asked = {"fields": "id,text,timestamp,username,replies{id,text,timestamp,username}", "limit": _PAGE}
        said = partial(_reply, str(medium["permalink"]).rstrip("/"), access.handle.removeprefix("@"))
        found: list[RemoteReply | None] = []
        for comment in graph.pages(f"/{remote_id}/comments", asked, _MOST_PAGES):
            found.append(below := said(comment, ""))
            answers = (comment.get("replies") or {}).get("data") or ()
            found += [said(one, below.link if below else "") for one in answers]
        return [one for one in found if one is not None]

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many follow the account."""
        route, params = f"/{_account_id(access)}", {"fields": "followers_count"}
        return count_in(_graph(access).ask(HoldReason.ACCESS, "GET", route, params=params), "followers_count")

    def picture_limits(self, limits: Mapping[str, int]) -> PictureLimits:  # noqa: ARG002 -- the contract
        """Return what Instagram takes."""
        return _PICTURES

    def video_limits(self, limits: Mapping[str, int]) -> VideoLimits:  # noqa: ARG002 -- the contract
        """Return what Instagram takes as a reel."""
        return _VIDEOS

    def account_of(self, page: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return the professional account that hangs from a Page; None when none does."""
        account = page.get("instagram_business_account") or {}
        return (str(account["id"]), str(account["username"])) if account.get("username") else None


class _Account:
    """What is asked of one account, and what is made and published there."""

    def __init__(self, access: AccountAccess, outgoing: Outgoing | None = None) -> None:
        self._graph = _graph(access)
        if outgoing is not None:
            self._graph = replace(self._graph, may_send=outgoing.may_send)
        self._id, self._handle = _account_id(access), access.handle.removeprefix("@")

    def must_have_room(self) -> None:
        """Raise UnavailableError when the day's limit is reached."""
        asked = {"fields": "quota_usage,config"}
        said = self._graph.ask(
            HoldReason.ACCESS, "GET", f"/{self._id}/content_publishing_limit", params=asked
        )
        row: Mapping[str, Any] = next(iter(said.get("data") or ()), {})
        used, most = count_in(row, "quota_usage"), count_in(row.get("config") or {}, "quota_total")
        if used is not None and most is not None and used >= most:
            raise UnavailableError(Answer(raw="the day's limit is reached"), retry_at=clock.now() + _TOMORROW)

    def make(self, outgoing: Outgoing, kept: dict[str, str]) -> Mapping[str, str]:
        """Make what is to be published, and wait until it may be; ``kept`` is what an earlier try made of it."""
        asked: dict[str, object] = {"caption": outgoing.text}
        if outgoing.video is not None:
            asked |= {"media_type": "REELS", "video_url": outgoing.video.link()}
        elif len(outgoing.images) == 1:
            asked |= _shown(outgoing.images[0])
        elif outgoing.images:
            if not self._may_be_used(kept.get("children", "").split(",")):
                made = [self._container(_shown(one) | {"is_carousel_item": True}) for one in outgoing.images]
                kept["children"] = ",".join(made)
            children = kept["children"].split(",")
            for child in children:
                self._must_be_ready(child, kept)
            asked |= {"media_type": "CAROUSEL", "children": children}
        else:
            raise RefusedError(Answer(raw="there is nothing to show"), hold=HoldReason.MATERIAL)
        kept |= {"made": clock.now().isoformat(), "container": self._container(asked)}
        self._must_be_ready(kept["container"], kept)
        return kept

    def publish(self, container: str) -> Receipt:
        """Publish a container; the answer names the medium, and its address is asked for afterwards."""
        said, request_id = self._graph.publish(f"/{self._id}/media_publish", {"creation_id": container})
        if not said.get("id"):
            raise DoubtError(Answer(request_id=request_id, raw="no id was told"))
        remote_id, medium = str(said["id"]), None
        try:
            medium = self._graph.find(HoldReason.ACCESS, f"/{remote_id}", "permalink,timestamp")
        except NetworkError:
            # It is out, whatever becomes of this question.
            medium = None
        return self._receipt({"id": remote_id, **(medium or {})}, request_id)

    def state_of(self, container: str) -> ContainerState | None:
        """Return how far a container has come; None when it is gone."""
        found = self._graph.find(HoldReason.ACCESS, f"/{container}", "status_code")
        if found is None:
            return None
        state = container_said(found)
        if state is None:
            raise UnavailableError(Answer(raw="a container without a status"))
        return state

    def waited(self, container: str, kept: Mapping[str, str]) -> ContainerState | None:
        """Return the same once nothing works on it; raise UnfinishedError when that takes long, or it may live."""
        state = self.state_of(container)
        if state is ContainerState.WORKING:
            return wait_until_ready(lambda: self.state_of(container), kept)
        if state is None and _may_live(kept):
            raise UnfinishedError(prepared=dict(kept), retry_at=clock.now() + _LOOK_AGAIN)
        return state

    def is_published(self, container: str, refusal: RefusedError) -> bool:
        """Return whether a container is out although its publishing was refused; raise DoubtError if it is not told."""
        try:
            state = self.state_of(container)
        except NetworkError as error:
            raise DoubtError(error.answer) from refusal
        if state is None:
            raise DoubtError(refusal.answer) from refusal
        return state is ContainerState.PUBLISHED

    def listed(self, text: str, since: datetime) -> Sequence[Receipt]:
        """Return the account's media since then that say this; raise RefusedError where there is no text to tell."""
        if not text.strip():
            raise RefusedError(Answer(raw="no text tells the medium"), hold=HoldReason.UNCONFIRMED)
        asked, found = {"fields": "id,caption,timestamp,permalink", "limit": _PAGE}, []
        for medium in self._graph.pages(f"/{self._id}/media", asked, _MOST_PAGES):
            at = moment_said(medium.get("timestamp"))
            # It is told in whole seconds.
            if at is not None and at < since.replace(microsecond=0):
                break
            if at is not None and same_text(str(medium.get("caption", "")), text):
                found.append(self._receipt(medium))
        return found

    def _container(self, asked: Mapping[str, object]) -> str:
        said = self._graph.ask(HoldReason.MATERIAL, "POST", f"/{self._id}/media", json=asked)
        return str(said["id"])

    def _may_be_used(self, children: Sequence[str]) -> bool:
        """Return whether what an earlier try made may still be shown."""
        good = {ContainerState.READY, ContainerState.WORKING, None}
        return all(child and self.state_of(child) in good for child in children)

    def _must_be_ready(self, container: str, kept: Mapping[str, str]) -> None:
        state = self.waited(container, kept)
        if state is not ContainerState.READY:
            raise RefusedError(Answer(raw=f"the container is {state}"), hold=HoldReason.MATERIAL)

    def _receipt(self, medium: Mapping[str, Any], request_id: str = "") -> Receipt:
        address = str(medium.get("permalink") or f"https://www.instagram.com/{self._handle}/")
        return Receipt(str(medium["id"]), address, moment_said(medium.get("timestamp")), request_id)


def _graph(access: AccountAccess) -> Graph:
    return graph_at(_API, access)


def _account_id(access: AccountAccess) -> str:
    """Return the account's id; where the directory has none, the token's Page tells it."""
    return access.remote_id or Instagram().open_one(access).remote_id


def _shown(image: Image) -> dict[str, object]:
    return {"image_url": image.link(), **({"alt_text": image.alt_text} if image.alt_text else {})}


def _made(prepared: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(prepared["made"])


def _may_live(prepared: Mapping[str, str]) -> bool:
    """Return whether what an earlier try made is younger than containers become."""
    return clock.now() < _made(prepared) + _CONTAINER_LIFE


def _digest(outgoing: Outgoing) -> str:
    """Return what tells containers apart: the text is in them, and each picture's own."""
    media = [(one.sha256, one.alt_text) for one in outgoing.images]
    media += [(outgoing.video.sha256, "")] if outgoing.video else []
    return hashlib.sha256(repr((outgoing.text, media)).encode()).hexdigest()


def _insights(graph: Graph, remote_id: str) -> Iterator[tuple[str, int]]:
    """Yield what insights tell; of what too few have seen, or is too new, they tell nothing."""
    try:
        page = graph.ask(None, "GET", f"/{remote_id}/insights", params={"metric": ",".join(_INSIGHTS)})
    except RefusedError:
        return
    yield from ((_INSIGHTS[name], value) for name, value in insights_in(page).items() if name in _INSIGHTS)


def _reply(medium: str, own_handle: str, comment: Mapping[str, Any], answers: str) -> RemoteReply | None:
    """Return a comment below the medium at that address; None for one without a moment."""
    at, handle = moment_said(comment.get("timestamp")), str(comment.get("username", ""))
    if at is None:
        return None
    link, own = f"{medium}/c/{comment['id']}/", handle.casefold() == own_handle.casefold()
    return RemoteReply(link, link, answers, handle, str(comment.get("text", "")), at.astimezone(UTC), own=own)


NETWORK: Network = Instagram()
