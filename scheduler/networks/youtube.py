"""YouTube, through its Data API v3 (https://developers.google.com/youtube/v3/docs): one video at a time.

A video is uploaded as private, which nobody sees, and made public by one ``videos.update``: a second one changes
nothing. So creating is harmless and publishing happens once. What a doubtful upload can leave is a private video that
nobody looks at; a public double it cannot leave. The upload's session tells what became of it when it is asked again.

The first line is the title, the rest the description. ``containsSyntheticMedia`` and a licence other than YouTube's own
are not stated, since nothing of that was approved; ``selfDeclaredMadeForKids`` has to be said by law and is said no:
what is made for children is declared in YouTube itself. Videos bear no alternative text there.

An upload costs 100 units of the 10,000 a day that a project has, and making it public 50 (since 4 December 2025:
https://developers.google.com/youtube/v3/revision_history; 1,600 before), so that a project publishes some sixty videos
a day, whatever their accounts. A spent quota is refused without any effect and waits for midnight in California.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, ClassVar

from content_calendar import clock
from content_calendar.content import PostKind
from content_calendar.rules import Look, MediaNeed, NetworkRules
from content_calendar.states import HoldReason
from scheduler.dialects.google_calls import GoogleApi, items_of, judge
from scheduler.dialects.replies import moment_said, object_of
from scheduler.dialects.resumable_uploads import Session, SessionOverError, session_of
from scheduler.dialects.token_exchange import PermissionPage
from scheduler.network import (
    AccountAccess,
    Answer,
    CredentialField,
    DoubtError,
    MayNotPublishError,
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
from scheduler.powers import Opened, Permission, RemotePost, RemoteReply, VideoLimits

_HOST = "https://www.googleapis.com"
_VIDEOS, _UPLOADS = "/youtube/v3/videos", "/upload/youtube/v3/videos"
_TITLE, _DESCRIPTION = 100, 5000
# "Education": what an outreach commission's videos are; there is none for public bodies.
_CATEGORY = "27"
# https://support.google.com/youtube/answer/71673: 256 GB or 12 hours; 15 minutes until a channel is verified.
_LARGEST, _LONG_MS, _SHORT_MS = 256 << 30, 12 * 3_600_000, 15 * 60_000
# How long YouTube is given to look through a video before it is made public all the same.
_PATIENCE, _LOOK_AGAIN, _BETWEEN_LOOKS_S, _MOST_LOOKS = timedelta(minutes=10), timedelta(seconds=30), 2.0, 10
_PAGE, _IDS = 100, 50
_FIGURES = {"viewCount": "views", "likeCount": "likes", "commentCount": "replies"}
_LINK = re.compile(
    r"https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:[^#\s]*&)?v=|shorts/|live/|embed/)|youtu\.be/)"
    r"(?P<id>[A-Za-z0-9_-]{11})(?:[?&/#].*)?",
    re.ASCII,
)
_LOOK = Look(paper="#fff #0f0f0f", ink="#0f0f0f #f1f1f1", quiet="#565656 #aaaaaa", line="#dedede #3a3a3a",
             accent="#b3001b #ff8a80", corners="12px")  # fmt: skip


def _bytes(text: str) -> int:
    return len(text.encode())


class YouTube(PermissionPage):
    """Uploads in private, and publishes once by making it public."""

    slug: ClassVar[str] = "youtube"
    name: ClassVar[str] = "YouTube"
    protection: ClassVar[Protection] = Protection.TWO_PHASE
    automatic: ClassVar[bool] = True
    needs_connection: ClassVar[bool] = True
    credential_fields: ClassVar[Sequence[CredentialField]] = ()
    # One that covers all that is done, and that no smaller one does:
    # https://developers.google.com/youtube/v3/docs/videos/update#authorization
    permissions: ClassVar[Sequence[Permission]] = (
        Permission("https://www.googleapis.com/auth/youtube.force-ssl", "permission_manage_videos"),
    )
    beforehand: ClassVar[str] = "beforehand_audit"
    page_host, page_path = "https://accounts.google.com", "/o/oauth2/v2/auth"
    token_host, token_path = "https://oauth2.googleapis.com", "/token"
    renews_again_source: ClassVar[str] = (
        "https://developers.google.com/identity/protocols/oauth2/web-server#offline"
    )
    rules: ClassVar[NetworkRules] = NetworkRules(
        network="youtube",
        max_length=_DESCRIPTION,
        measure=_bytes,
        unit="bytes",
        max_images=0, max_title=_TITLE, needs=MediaNeed.VIDEO, shows_alt=False, look=_LOOK,
        forbidden_characters=frozenset("<>"),
        source="https://developers.google.com/youtube/v3/docs/videos#snippet.description",
    )  # fmt: skip
    kinds: ClassVar[frozenset[PostKind]] = frozenset({PostKind.POST})
    takes_video: ClassVar[bool] = True
    pace: ClassVar[Pace] = Pace(timedelta(minutes=1))
    identical_window: ClassVar[timedelta] = timedelta(0)
    verified: ClassVar[Verified] = Verified.SIMULATED
    key_life: ClassVar[timedelta] = timedelta(0)
    flight: ClassVar[timedelta] = timedelta(seconds=120)
    read_lag: ClassVar[timedelta] = timedelta(seconds=60)
    follower_mills: ClassVar[int] = 0
    followers_source: ClassVar[str] = "https://developers.google.com/youtube/v3/docs/channels/list"

    def new_key(self) -> str:
        """Return a random key: YouTube takes none, so it is only ours."""
        return token_hex(12)

    def authorize_url(
        self, app: Mapping[str, str], redirect_uri: str, state: str, challenge: str, base_url: str = ""
    ) -> str:
        """Return the address of Google's page; it gives what renews the access only to who asks for it so."""
        page = super().authorize_url(app, redirect_uri, state, challenge, base_url)
        return f"{page}&access_type=offline&prompt=consent"

    def needs_preparing(self, outgoing: Outgoing) -> bool:  # noqa: ARG002 -- the contract
        """Return yes: there is always a video to upload."""
        return True

    def prepare(self, access: AccountAccess, outgoing: Outgoing) -> Mapping[str, str]:
        """Upload the video as private; return its id. Raises UnfinishedError while it goes up or is looked through."""
        if outgoing.video is None:
            raise RefusedError(Answer(raw="there is no video"), hold=HoldReason.MATERIAL)
        api, done = _Api.of(access), dict(outgoing.prepared)
        if done.get("of") != outgoing.video.sha256:
            done = {"of": outgoing.video.sha256}
        if "video_id" not in done:
            made = _uploaded(api, outgoing, outgoing.video, done)
            done = {"of": done["of"], "video_id": str(made["id"]), "up_at": clock.now().isoformat()}
        api.wait_for(done)
        return done

    def publish(self, access: AccountAccess, outgoing: Outgoing) -> Receipt:
        """Make the video public; that it is already changes nothing, and what a person set at YouTube stays."""
        video_id, api = outgoing.prepared["video_id"], _Api.of(access, outgoing.may_send)
        stands = api.video(video_id, "status").get("status") or {}
        if stands.get("privacyStatus") == "public":
            return Receipt(video_id, _address(video_id))
        if stands.get("privacyStatus") != "private":
            # We uploaded it as private: somebody has changed it since, or it is gone.
            raise RefusedError(Answer(raw="the video is not as we left it"), hold=HoldReason.UNCONFIRMED)
        # The whole part is replaced by what is sent, so that all of it has to be said again.
        kept = {name: stands.get(name, value) for name, value in _STATUS.items()}
        body = {"id": video_id, "status": {**kept, "privacyStatus": "public"}}
        reply = api.call("PUT", _VIDEOS, params={"part": "status"}, json=body)
        said = object_of(reply, DoubtError)
        if said.get("id") != video_id or not isinstance(said.get("status"), dict):
            raise DoubtError(reply.answer())
        if said["status"].get("privacyStatus") != "public":
            raise MayNotPublishError(reply.answer())
        return Receipt(video_id, _address(video_id), clock.now())

    def find(self, access: AccountAccess, outgoing: Outgoing, since: datetime) -> Sequence[Receipt]:  # noqa: ARG002 -- an id needs no span
        """Return the video if it is public; raise RefusedError without an id, as a restored backup leaves it.

        What was uploaded is then known to nobody here: that it cannot be seen does not say that it is not out.
        """
        video_id = outgoing.prepared.get("video_id", "")
        if not video_id:
            raise RefusedError(Answer(raw="no upload is known of it"), hold=HoldReason.UNCONFIRMED)
        found = _Api.of(access).video(video_id, "snippet,status")
        if (found.get("status") or {}).get("privacyStatus") != "public":
            return []
        # Of a video that was private it is the moment at which it became public.
        return [
            Receipt(
                video_id, _address(video_id), moment_said((found.get("snippet") or {}).get("publishedAt"))
            )
        ]

    def read_link(self, url: str) -> RemotePost | None:
        """Return the video that a link leads to, in any of its spellings; none names the channel."""
        found = _LINK.fullmatch(url.strip())
        if found is None:
            return None
        address = _address(found["id"])
        return RemotePost(found["id"], "", address, None, address)

    def readings(self, access: AccountAccess, remote_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return views, likes and comments; what the channel hides is missing."""
        api, told = _Api.of(access), {}
        asked = list(dict.fromkeys(remote_ids))
        for start in range(0, len(asked), _IDS):
            params = {"part": "statistics", "id": ",".join(asked[start : start + _IDS])}
            for one in items_of(api.ask("GET", _VIDEOS, params=params)):
                figures = one.get("statistics") or {}
                counts = {metric: _count(figures.get(name)) for name, metric in _FIGURES.items()}
                told[str(one["id"])] = {metric: n for metric, n in counts.items() if n is not None}
        return told

    def read_replies(self, access: AccountAccess, remote_id: str) -> Sequence[RemoteReply]:
        """Return the comments below a video and their answers; nothing where comments are off."""
        api = _Api.of(access)
        params = {
            "part": "snippet,replies",
            "videoId": remote_id,
            "maxResults": str(_PAGE),
            "textFormat": "plainText",
        }
        found: list[RemoteReply] = []
        try:
            for thread in api.pages("/youtube/v3/commentThreads", params):
                top = thread["snippet"]["topLevelComment"]
                found.append(_reply(access, remote_id, top, ""))
                answers = (thread.get("replies") or {}).get("comments") or []
                if int(thread["snippet"].get("totalReplyCount", 0)) > len(answers):
                    more = {**params, "part": "snippet", "parentId": str(top["id"])}
                    del more["videoId"]
                    answers = list(api.pages("/youtube/v3/comments", more))
                found += [
                    _reply(access, remote_id, one, _comment_address(remote_id, top["id"])) for one in answers
                ]
        except RefusedError as error:
            if error.answer.http_status == 404 or "commentsDisabled" in error.answer.raw:  # noqa: PLR2004 -- not found
                return []
            raise
        return found

    def followers(self, access: AccountAccess) -> int | None:
        """Return how many subscribe, rounded as YouTube does; None when the channel hides it."""
        said = _Api.of(access).channel("statistics").get("statistics") or {}
        return None if said.get("hiddenSubscriberCount") else _count(said.get("subscriberCount"))

    def limits(self, access: AccountAccess) -> Mapping[str, int]:
        """Ask whether the channel may upload long videos."""
        status = _Api.of(access).channel("status").get("status") or {}
        return {"longest_ms": _LONG_MS if status.get("longUploadsStatus") == "allowed" else _SHORT_MS}

    def rules_within(self, limits: Mapping[str, int]) -> NetworkRules:  # noqa: ARG002 -- the contract
        """Return the rules: of texts every channel may write the same."""
        return self.rules

    def video_limits(self, limits: Mapping[str, int]) -> VideoLimits:
        """Return what the channel may upload."""
        return VideoLimits(_LARGEST, 0, limits.get("longest_ms", _SHORT_MS))

    def check_keys(self, access: AccountAccess) -> Opened:
        """Return which channel the permission opens; raise RefusedError when it opens none."""
        found = _Api.of(access).channel("id,snippet")
        number = str(found["id"])
        handle = str((found.get("snippet") or {}).get("customUrl") or number).removeprefix("@")
        return Opened(access.secrets, None, number, access.handle if access.handle == number else handle)


_STATUS: Mapping[str, object] = {
    "license": "youtube", "embeddable": True, "publicStatsViewable": True, "selfDeclaredMadeForKids": False,
}  # fmt: skip


def _uploaded(api: "_Api", outgoing: Outgoing, video: Video, done: dict[str, str]) -> Mapping[str, Any]:
    """Upload what is missing of the video; return it as YouTube tells it."""
    if "session" in done:
        try:
            return api.session(done["session"], video).finish(done, begun=True)
        except SessionOverError:
            del done["session"]
    done["session"] = api.begin(outgoing, video)
    try:
        return api.session(done["session"], video).finish(done, begun=False)
    except SessionOverError:
        # It was opened a moment ago: another is opened at the next try.
        left = {name: value for name, value in done.items() if name != "session"}
        raise UnfinishedError(prepared=left) from None


class _Api(GoogleApi):
    """The calls, with the channel's token."""

    @classmethod
    def of(cls, access: AccountAccess, may_send: Callable[[], bool] = lambda: True) -> "_Api":
        """Return the calls of this access."""
        return cls(access.base_url or _HOST, access.secrets.get("access_token", ""), may_send)

    def channel(self, parts: str) -> Mapping[str, Any]:
        """Return the channel that the token opens; raise RefusedError when it opens none."""
        said = self.ask("GET", "/youtube/v3/channels", params={"part": parts, "mine": "true"})
        found = next(iter(items_of(said)), None)
        if found is None or not found.get("id"):
            raise RefusedError(Answer(raw="the permission opens no channel"), hold=HoldReason.ACCESS)
        return found

    def video(self, video_id: str, parts: str) -> Mapping[str, Any]:
        """Return a video; empty when there is none."""
        said = self.ask("GET", _VIDEOS, params={"part": parts, "id": video_id})
        return next(iter(items_of(said)), {})

    def begin(self, outgoing: Outgoing, video: Video) -> str:
        """Open an upload of a private video with this text; return the address of its session."""
        title, _, rest = outgoing.text.strip().partition("\n")
        snippet = {
            "title": title.rstrip(),
            "description": rest.strip(),
            "categoryId": _CATEGORY,
            "defaultLanguage": outgoing.language,
        }
        body = {"snippet": snippet, "status": {**_STATUS, "privacyStatus": "private"}}
        headers = {"X-Upload-Content-Length": str(video.size), "X-Upload-Content-Type": video.media_type}
        params = {"uploadType": "resumable", "part": "snippet,status"}
        try:
            reply = self.call("POST", _UPLOADS, headers, params=params, json=body)
        except DoubtError as error:
            raise UnavailableError(error.answer) from error
        return session_of(reply, self.host)

    def session(self, uri: str, video: Video) -> Session:
        """Return an upload that was opened."""
        return Session(uri, self.headers, video, judge)

    def wait_for(self, done: Mapping[str, str]) -> None:
        """Wait until YouTube has looked through a video, but not for ever; raise UnfinishedError meanwhile."""
        patient_until = datetime.fromisoformat(done["up_at"]) + _PATIENCE
        for _ in range(_MOST_LOOKS):
            said = str((self._looked_at(done).get("status") or {}).get("uploadStatus", ""))
            if said in {"failed", "rejected", "deleted"}:
                raise RefusedError(Answer(raw=f"YouTube says of the video: {said}"), hold=HoldReason.MATERIAL)
            if said == "processed" or clock.now() > patient_until:
                return
            clock.rest(_BETWEEN_LOOKS_S)
        raise UnfinishedError(prepared=dict(done), retry_at=clock.now() + _LOOK_AGAIN)

    def _looked_at(self, done: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            return self.video(done["video_id"], "status")
        except UnavailableError as error:
            raise UnfinishedError(error.answer, prepared=dict(done), retry_at=error.retry_at) from error


def _count(said: object) -> int | None:
    return int(said) if isinstance(said, str) and said.isdecimal() and len(said) < 19 else None  # noqa: PLR2004 -- what a column holds


def _reply(access: AccountAccess, video_id: str, comment: Mapping[str, Any], answers: str) -> RemoteReply:
    said, link = comment["snippet"], _comment_address(video_id, comment["id"])
    author = str((said.get("authorChannelId") or {}).get("value", ""))
    return RemoteReply(
        link,
        link,
        answers,
        str(said.get("authorDisplayName", "")).removeprefix("@"),
        str(said.get("textOriginal") or said.get("textDisplay") or ""),
        moment_said(said["publishedAt"]) or clock.now(),
        bool(author) and author == access.remote_id,
    )


def _address(video_id: str) -> str:
    return f"https://www.youtube.com/watch?v={video_id}"


def _comment_address(video_id: str, comment_id: object) -> str:
    return f"{_address(video_id)}&lc={comment_id}"


NETWORK: Network = YouTube()
