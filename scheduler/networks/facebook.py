"""A Facebook Page, through Meta's Graph API with the Page's own token.

A post takes no key (https://developers.facebook.com/docs/pages-api/posts), so a doubt is settled by reading what the
Page published; an equal text right after another is refused with code 506, which is a signal and no proof. Pictures
are uploaded unpublished, each with ``alt_text_custom``, and attached to the post
(https://developers.facebook.com/docs/graph-api/reference/page/photos). A video goes up in parts and is out with the
last call of its upload; its id is known before, so that a doubt is settled by asking about that one
(https://developers.facebook.com/docs/graph-api/video-uploads). Videos have no alternative text there.

Neither threads nor reposts exist for a Page, and no documented field quotes another's post; who shared a post is not
told (``sharedposts`` names nobody), so replications are not read. Nobody without keys may ask whose a name is
(https://developers.facebook.com/docs/features-reference/page-public-content-access).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from secrets import token_hex
from typing import Any, ClassVar

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import Look, NetworkRules
from content_calendar.states import HoldReason
from content_calendar.text_rules import characters
from scheduler.dialects.graph import Graph, insights_in, summed
from scheduler.dialects.multipart import FormWithFile
from scheduler.dialects.page_login import PageLogin, graph_at
from scheduler.dialects.page_videos import Page, found_video, listed_videos, out_though_refused
from scheduler.dialects.replies import count_in, moment_said
from scheduler.dialects.same_text import same_text
from scheduler.dialects.shown_media import ours_among
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
from scheduler.powers import Permission, PictureLimits, RemotePost, RemoteReply, VideoLimits

_API, _VIDEO_API = "https://graph.facebook.com", "https://graph-video.facebook.com"
_PAGE, _MOST_PAGES = "100", 5
# Uploaded and not shown, a picture is kept for about a day.
_MEDIA_LIFE = timedelta(hours=20)
# With the last call's own time-outs it stays well under the lease of a claimed publication.
_LONGEST_S, _SOON = 50.0, timedelta(seconds=5)
# They recommend less than 4 MB: https://developers.facebook.com/docs/graph-api/photo-uploads
_PICTURES = PictureLimits(most_bytes=4 << 20)
# They take 10 GB and four hours, more than one should send from here; the shapes are theirs.
_VIDEOS = VideoLimits(1 << 30, 1_000, 240 * 60_000, (9, 16), (16, 9))
# https://developers.facebook.com/docs/graph-api/reference/story-attachment
_SHOWN = "attachments{media_type,target{id},subattachments{media_type,target{id}}}"
_COUNTS = "reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count)"
# What was called impressions until November 2025:
# https://developers.facebook.com/blog/post/2025/08/15/page-insights-api-updates/
_INSIGHTS = {
    "post_media_view": "views",
    "post_total_media_view_unique": "reach",
    "post_clicks": "link_clicks",
}
_HOSTS = r"https?://(?:(?:www|m|web|mbasic|[a-z]{2}-[a-z]{2})\.)?facebook\.com"
_NAMED = re.compile(
    _HOSTS
    + r"/(?P<handle>[\w.-]{1,100})/(?:posts|videos)/(?:[^/?#]+/)?(?P<id>\d{1,25}|pfbid\w{10,120})/?(?:[?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_NUMBERED = re.compile(
    _HOSTS + r"/(?:permalink|story)\.php\?(?=(?:.*&)?story_fbid=(?P<id>\d{1,25}|pfbid\w{10,120})(?:&|#|$))"
    r"(?=(?:.*&)?id=(?P<handle>\d{1,25})(?:&|#|$)).*",
    re.ASCII | re.IGNORECASE,
)
_CLIP = re.compile(
    _HOSTS + r"/(?:reel/|watch/?\?(?:.*&)?v=)(?P<id>\d{1,25})(?:[/&?#].*)?", re.ASCII | re.IGNORECASE
)
_LOOK = Look(paper="#fff #242526", ink="#050505 #e4e6eb", quiet="#5b5f66 #b0b3b8", line="#dadde1 #3e4042",
             accent="#0a58c4 #6aaeff", corners="8px")  # fmt: skip


class Facebook(PageLogin):
    """Takes no key; the Page is read, by text, or by the id of the video that was uploaded before."""

    slug: ClassVar[str] = "facebook"
    name: ClassVar[str] = "Facebook"
    protection: ClassVar[Protection] = Protection.READABLE
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = (CredentialField("access_token"),)
    # https://developers.facebook.com/docs/permissions
    permissions: ClassVar[Sequence[Permission]] = (
        Permission("pages_show_list", "permission_find_page"),
        Permission("pages_manage_posts", "permission_publish"),
        Permission("pages_read_engagement", "permission_look_for_posts"),
        Permission("pages_read_user_content", "permission_read_comments"),
        Permission("read_insights", "permission_read_figures"),
    )
    dialog_host, api_host, page_fields = "https://www.facebook.com", _API, "username"
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="facebook", max_length=63_206, measure=characters, unit="characters", max_images=10, look=_LOOK,
        source="https://developers.facebook.com/docs/pages-api/posts",
    )  # fmt: skip
    kinds: ClassVar[frozenset[PostKind]] = frozenset({PostKind.POST})
    takes_video: ClassVar[bool] = True
    # The limit grows with who uses the Page (4,800 calls a day for each); the spacing is ours.
    pace: ClassVar[Pace] = Pace(timedelta(seconds=5))
    # Nothing public forbids equal texts of several Pages.
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = timedelta(seconds=120)
    read_lag: ClassVar[timedelta] = timedelta(seconds=60)
    follower_mills: ClassVar[int] = 0
    followers_source: ClassVar[str] = "https://developers.facebook.com/docs/graph-api/reference/page"

    def new_key(self) -> str:
        """Return a random key: Facebook takes none, so it is only ours."""
        return token_hex(12)

    def needs_preparing(self, outgoing: Outgoing) -> bool:
        """Return whether there are pictures or a video to upload."""
        return bool(outgoing.images or outgoing.video)

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Upload pictures with their alternative texts, or all of a video but the last call.

        What an earlier try uploaded is used again. Raises RefusedError, UnavailableError; UnfinishedError when a
        video takes long.
        """
        video, earlier = outgoing.video, outgoing.prepared
        of = ",".join(one.sha256 for one in (*outgoing.images, *([video] if video else ())))
        if earlier.get("of") != of or datetime.fromisoformat(earlier["until"]) <= clock.now():
            earlier = {"of": of, "until": (clock.now() + _MEDIA_LIFE).isoformat()}
        uploads = _Uploads(access)
        if video is not None:
            if outgoing.images:
                raise RefusedError(Answer(raw="a video and pictures"), hold=HoldReason.MATERIAL)
            return uploads.video(video, dict(earlier))
        if "media_ids" in earlier:
            return earlier
        return {**earlier, "media_ids": ",".join(uploads.picture(each) for each in outgoing.images)}

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Publish the post with its pictures, or end the upload of its video."""
        page_id, prepared = _page_id(access), outgoing.prepared
        if outgoing.video is not None:
            asked: dict[str, object] = {
                "upload_phase": "finish",
                "upload_session_id": prepared["session"],
                "description": outgoing.text,
                "published": True,
            }
            graph = replace(_video_graph(access), may_send=outgoing.may_send)
            try:
                said, request_id = graph.publish(f"/{page_id}/videos", asked)
            except RefusedError as refusal:
                return out_though_refused(_graph(access), _page(page_id), prepared["video_id"], refusal)
            if said.get("success") is not True:
                raise DoubtError(Answer(request_id=request_id, raw="no success was told"))
            return Receipt(prepared["video_id"], _video_url(page_id, prepared["video_id"]), None, request_id)
        media = [{"media_fbid": one} for one in prepared.get("media_ids", "").split(",") if one]
        asked = {"message": outgoing.text, "published": True, **({"attached_media": media} if media else {})}
        graph = replace(_graph(access), may_send=outgoing.may_send)
        said, request_id = graph.publish(f"/{page_id}/feed", asked)
        if not said.get("id"):
            raise DoubtError(Answer(request_id=request_id, raw="no id was told"))
        return replace(_receipt(page_id, {"id": said["id"]}), request_id=request_id)

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:
        """Return what the Page published since then that says and shows the same; of a video, that very one if out.

        Raises RefusedError when only a person can tell whether what says the same is this part.
        """
        page_id, graph = _page_id(access), _graph(access)
        if outgoing.video is not None:
            if video_id := outgoing.prepared.get("video_id", ""):
                return found_video(graph, _page(page_id), video_id)
            return listed_videos(graph, _page(page_id), outgoing.text, since)
        asked = {
            "fields": f"id,message,created_time,{_SHOWN}",
            "since": str(int(since.timestamp())),
            "limit": _PAGE,
        }
        equal = [
            (_receipt(page_id, post), _pictures(post))
            for post in graph.pages(f"/{page_id}/published_posts", asked, _MOST_PAGES)
            # They may not keep to ``since``, and tell whole seconds.
            if (at := moment_said(post.get("created_time"))) is not None
            and at >= since.replace(microsecond=0)
            and same_text(str(post.get("message", "")), outgoing.text)
        ]
        return ours_among(equal, outgoing)

    def read_link(self, url: str) -> RemotePost | None:
        """Return the post or video that a link of facebook.com leads to; the newer ids in it are opaque."""
        found = _NAMED.fullmatch(url.strip()) or _NUMBERED.fullmatch(url.strip())
        if found is not None:
            handle, number = found["handle"], found["id"]
            if found.re is _NAMED and "/videos/" in url:
                return _remote_video(number, handle)
            remote_id = f"{handle}_{number}" if handle.isdecimal() and number.isdecimal() else number
            address = f"https://www.facebook.com/{handle}/posts/{number}"
            return RemotePost(remote_id, handle, address, None, address)
        clip = _CLIP.fullmatch(url.strip())
        return _remote_video(clip["id"], "") if clip is not None else None

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return reactions, comments, shares and what the Page is told of views; a post that is gone has none."""
        graph, told = _graph(access), {}
        for remote_id in dict.fromkeys(remote_ids):
            # Only posts, not videos, count their shares.
            is_post = "_" in remote_id
            post = graph.find(HoldReason.ACCESS, f"/{remote_id}", _COUNTS + (",shares" if is_post else ""))
            if post is None:
                continue
            counts = {"likes": summed(post, "reactions"), "replies": summed(post, "comments")}
            counts["reposts"] = count_in(post.get("shares") or {}, "count")
            told[remote_id] = {name: value for name, value in counts.items() if value is not None}
            if is_post:
                told[remote_id] |= _insights(graph, remote_id)
        return told

    def read_replies(self, access: AccountAccess, remote_id: str) -> Sequence[RemoteReply]:
        """Return the comments below a post of the Page, and the answers to them."""
        asked = {
            "fields": "id,message,created_time,permalink_url,from,parent{id,permalink_url}",
            "filter": "stream",
            "limit": _PAGE,
        }
        page_id = _page_id(access)
        comments = _graph(access).pages(f"/{remote_id}/comments", asked, _MOST_PAGES)
        return [reply for comment in comments if (reply := _reply(comment, page_id)) is not None]

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many follow the Page."""
        route, params = f"/{_page_id(access)}", {"fields": "followers_count"}
        return count_in(_graph(access).ask(HoldReason.ACCESS, "GET", route, params=params), "followers_count")

    def picture_limits(self, limits: Mapping[str, int]) -> PictureLimits:  # noqa: ARG002 -- the contract
        """Return what Facebook recommends: larger ones come out worse."""
        return _PICTURES

    def video_limits(self, limits: Mapping[str, int]) -> VideoLimits:  # noqa: ARG002 -- the contract
        """Return what Facebook takes of a Page, and no more than one should send from here."""
        return _VIDEOS

    def account_of(self, page: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return the Page's id and its name in addresses; one without such a name is called by its id."""
        return str(page["id"]), str(page.get("username") or page["id"])


class _Uploads:
    """What is uploaded before anything shows it."""

    def __init__(self, access: AccountAccess) -> None:
        self._graph, self._page_id = _graph(access), _page_id(access)
        self._ask = partial(_video_graph(access).ask, HoldReason.MATERIAL, "POST", f"/{self._page_id}/videos")

    def picture(self, image: Image) -> str:
        """Upload a picture, unpublished, with its alternative text; return its id."""
        content = image.read()
        fields = {"published": "false", **({"alt_text_custom": image.alt_text} if image.alt_text else {})}
        form = FormWithFile(fields, "source", BytesIO(content), len(content), image.media_type)
        said = self._graph.ask(HoldReason.MATERIAL, "POST", f"/{self._page_id}/photos", body=form)
        return str(said["id"])

    def video(self, video: Video, done: dict[str, str]) -> Mapping[str, str]:
        """Upload a video, going on from what is ``done``; what the network forgot is begun anew."""
        if "session" in done:
            try:
                return self._rest_of(video, done)
            except RefusedError as error:
                if error.hold is not HoldReason.MATERIAL:
                    raise
        said = self._ask(json={"upload_phase": "start", "file_size": video.size})
        done |= {"session": str(said["upload_session_id"]), "video_id": str(said["video_id"])}
        return self._rest_of(video, done | _offsets(said))

    def _rest_of(self, video: Video, done: dict[str, str]) -> Mapping[str, str]:
        ends = clock.monotonic() + _LONGEST_S
        with video.open() as file:
            while (start := int(done["start"])) < (end := int(done["end"])):
                if clock.monotonic() > ends:
                    raise UnfinishedError(prepared=dict(done), retry_at=clock.now() + _SOON)
                file.seek(start)
                part = file.read(end - start)
                asked = {"upload_phase": "transfer", "upload_session_id": done["session"]}
                fields = {**asked, "start_offset": done["start"]}
                form = FormWithFile(
                    fields, "video_file_chunk", BytesIO(part), len(part), "application/octet-stream"
                )
                try:
                    done |= _offsets(self._ask(body=form))
                except UnavailableError as error:
                    raise UnfinishedError(
                        error.answer, prepared=dict(done), retry_at=error.retry_at
                    ) from error
        return done


def _offsets(said: Mapping[str, Any]) -> dict[str, str]:
    """Return which part of the file is wanted next; none when both are the same."""
    return {"start": str(int(said["start_offset"])), "end": str(int(said["end_offset"]))}


def _graph(access: AccountAccess) -> Graph:
    return graph_at(_API, access)


def _video_graph(access: AccountAccess) -> Graph:
    return graph_at(_VIDEO_API, access)


def _page_id(access: AccountAccess) -> str:
    """Return the Page's id; where the directory has none, the token's owner is the Page."""
    if access.remote_id:
        return access.remote_id
    return str(_graph(access).ask(HoldReason.ACCESS, "GET", "/me", params={"fields": "id"})["id"])


def _pictures(post: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of the pictures that a post shows: one is attached itself, several stand below an album."""
    rows = (post.get("attachments") or {}).get("data") or ()
    several = [(row.get("subattachments") or {}).get("data") or [row] for row in rows]
    photos = [one for each in several for one in each if one.get("media_type") == "photo"]
    return frozenset(str((one.get("target") or {}).get("id", "")) for one in photos)


def _receipt(page_id: str, post: Mapping[str, Any]) -> Receipt:
    remote_id = str(post["id"])
    address = f"https://www.facebook.com/{page_id}/posts/{remote_id.rpartition('_')[2]}"
    return Receipt(remote_id, address, moment_said(post["created_time"]) if "created_time" in post else None)


def _page(page_id: str) -> Page:
    return Page(page_id, partial(_video_url, page_id))


def _video_url(page: str, video_id: str) -> str:
    return f"https://www.facebook.com/{page}/videos/{video_id}"


def _remote_video(video_id: str, handle: str) -> RemotePost:
    lasting = f"https://www.facebook.com/watch/?v={video_id}"
    return RemotePost(video_id, handle, _video_url(handle, video_id) if handle else lasting, None, lasting)


def _insights(graph: Graph, remote_id: str) -> Iterator[tuple[str, int]]:
    """Yield what insights tell; a metric that they gave up, or that a small Page has not, is missing."""
    for metric, name in _INSIGHTS.items():
        params = {"metric": metric, "period": "lifetime"}
        try:
            page = graph.ask(None, "GET", f"/{remote_id}/insights", params=params)
        except RefusedError as error:
            if error.hold is not None:
                raise
            continue
        if metric in (found := insights_in(page)):
            yield name, found[metric]


def _reply(comment: Mapping[str, Any], page_id: str) -> RemoteReply | None:
    """Return a comment; None for one that has no address or moment of its own."""
    link, at = str(comment.get("permalink_url", "")), moment_said(comment.get("created_time"))
    if not link or at is None:
        return None
    author = comment.get("from") or {}
    return RemoteReply(
        link,
        link,
        str((comment.get("parent") or {}).get("permalink_url", "")),
        str(author.get("name", "")),
        str(comment.get("message", "")),
        at.astimezone(UTC),
        own=str(author.get("id")) == page_id,
    )


NETWORK: Network = Facebook()
