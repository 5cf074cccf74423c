"""YouTube's Data API v3 as far as Resuena uses it, simulated: not verified against YouTube itself.

It behaves as these pages say: a session opened by POST whose address comes in ``Location``, taken in segments of
multiples of 256 KiB that are answered by 308 with ``Range``, and asked for its state by ``Content-Range: bytes */N``
(https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol); a private video that is looked
through (``uploadStatus``) and shown by ``videos.update``, which replaces all of the part that it names
(https://developers.google.com/youtube/v3/docs/videos, .../videos/update); titles of 100 characters and descriptions of
5,000 bytes without angle brackets; figures as texts of digits; projects that were not audited, whose videos stay
private (.../videos); errors with ``errors[].reason`` (.../errors); comments (.../commentThreads, .../comments); OAuth 2
with refresh tokens that stay good (https://developers.google.com/identity/protocols/oauth2/web-server#offline).
"""

import base64
import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

from content_calendar import clock
from tests.simulators.api_server import Asked, Server, Told, serving
from tests.simulators.counterpart import Fault

UPLOADS, VIDEOS = "/upload/youtube/v3/videos", "/youtube/v3/videos"
STEP = 256 * 1024
APP = {"client_id": "ficha-de-google", "client_secret": "secreto-de-google"}
LIFE_S = 3599


def error(status: int, reason: str, message: str = "") -> Told:
    """A refusal in Google's words."""
    listed = [{"message": message or reason, "domain": "youtube", "reason": reason}]
    return Told(status, {"error": {"code": status, "message": message or reason, "errors": listed}})


UNAUTHORIZED = error(401, "authError", "Invalid Credentials")


@dataclass
class Video:
    """One video, whole or still going up."""

    id: str
    channel: str
    title: str
    description: str
    size: int
    said: Mapping[str, Any]
    privacy: str = "private"
    got: int = 0
    looks: int = 0
    upload_status: str = ""
    public_at: str = ""
    figures: dict[str, str] = field(default_factory=dict)
    threads: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return self.got == self.size


@dataclass
class YouTube:
    """Its channels by their tokens, its videos, and what a test sets."""

    # How many looks find a video not looked through yet; whether it turns out useless; whether the project is audited.
    polls: int = 1
    fails: bool = False
    audited: bool = True
    long_uploads: str = "allowed"
    subscribers: str | None = "1430"
    channels: dict[str, dict[str, str]] = field(default_factory=dict)
    sessions: dict[str, Video] = field(default_factory=dict)
    videos: dict[str, Video] = field(default_factory=dict)
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    # Answers that come instead of the next ones to a method and path.
    instead: dict[str, list[Told]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def channel(self, handle: str) -> tuple[str, str]:
        """A new channel; return its number and a token that opens it."""
        number = f"UC{next(self.numbers):022d}"
        self.channels[number] = {"id": number, "handle": handle}
        return number, self.token(number)

    def token(self, number: str) -> str:
        made = f"ya29.{token_urlsafe(12)}"
        self.channels[made] = self.channels[number]
        return made

    def publishes(self, asked: Asked) -> bool:
        return (asked.method, asked.path) == ("PUT", VIDEOS)

    def refusal(self, fault: Fault) -> Told:
        return {
            Fault.BUSY: error(403, "rateLimitExceeded", "Rate Limit Exceeded"),
            Fault.REVOKED: UNAUTHORIZED,
        }.get(fault, error(500, "backendError", "Backend Error"))

    def answer(self, asked: Asked) -> Told:
        waiting = self.instead.get(f"{asked.method} {asked.path}")
        if waiting:
            return waiting.pop(0)
        if asked.path in {"/o/oauth2/v2/auth", "/token"}:
            return self._authorize(asked) if asked.method == "GET" else self._token(asked)
        own = self.channels.get(asked.headers.get("Authorization", "").removeprefix("Bearer "))
        if own is None or own["id"] == asked.headers.get("Authorization", "").removeprefix("Bearer "):
            return UNAUTHORIZED
        acts: Mapping[tuple[str, str], Callable[[Asked, Mapping[str, str]], Told]] = {
            ("POST", UPLOADS): self._begin,
            ("PUT", UPLOADS): self._take,
            ("PUT", VIDEOS): self._update,
            ("GET", VIDEOS): self._list,
            ("GET", "/youtube/v3/channels"): self._channels,
            ("GET", "/youtube/v3/commentThreads"): self._threads,
            ("GET", "/youtube/v3/comments"): self._comments,
        }
        act = acts.get((asked.method, asked.path))
        return act(asked, own) if act else error(404, "notFound")

    # Uploads

    def _begin(self, asked: Asked, own: Mapping[str, str]) -> Told:
        said = asked.json()
        title, about = said["snippet"].get("title", ""), said["snippet"].get("description", "")
        if not title or len(title) > 100 or set("<>") & set(title):
            return error(400, "invalidTitle", "The request metadata specifies an invalid video title.")
        if len(about.encode()) > 5000 or set("<>") & set(about):
            return error(400, "invalidDescription")
        size = int(asked.headers["X-Upload-Content-Length"])
        made = Video(
            token_urlsafe(8)[:11], own["id"], title, about, size, said, said["status"]["privacyStatus"]
        )
        session = token_urlsafe(16)
        self.sessions[session] = made
        where = f"http://{asked.headers['Host']}{UPLOADS}?uploadType=resumable&upload_id={session}"
        return Told(200, None, {"Location": where})

    def _take(self, asked: Asked, _: Mapping[str, str]) -> Told:
        made = self.sessions.get(asked.query.get("upload_id", ""))
        if made is None:
            return Told(404, None)
        span = asked.headers.get("Content-Range", "")
        if found := re.fullmatch(rf"bytes (\d+)-(\d+)/{made.size}", span):
            start, last = int(found[1]), int(found[2])
            is_last = last + 1 == made.size
            if start != made.got or (len(asked.body) % STEP and not is_last):
                return error(400, "badRequest", "Invalid request.  The range is wrong.")
            made.got += len(asked.body)
        elif span != f"bytes */{made.size}":
            return error(400, "badRequest", "Failed to parse Content-Range header.")
        if not made.is_whole:
            return Told(308, None, {"Range": f"bytes=0-{made.got - 1}"} if made.got else {})
        self.videos[made.id] = made
        return Told(200, self._shown(made, "snippet,status"))

    # Videos

    def _update(self, asked: Asked, own: Mapping[str, str]) -> Told:
        said = asked.json()
        found = self.videos.get(said.get("id", ""))
        if found is None or found.channel != own["id"]:
            return error(404, "videoNotFound")
        if "selfDeclaredMadeForKids" not in said["status"]:
            return error(400, "invalidRequestMetadata")
        if self.audited and found.privacy != (now := said["status"]["privacyStatus"]):
            found.privacy = now
            found.public_at = clock.now().isoformat() if now == "public" else ""
        # The whole part is replaced.
        found.said = {**found.said, "status": said["status"]}
        return Told(200, self._shown(found, asked.query["part"]))

    def _list(self, asked: Asked, own: Mapping[str, str]) -> Told:
        found = [self.videos[one] for one in asked.query["id"].split(",") if one in self.videos]
        seen = [one for one in found if one.privacy == "public" or one.channel == own["id"]]
        return Told(200, {"items": [self._shown(one, asked.query["part"]) for one in seen]})

    def _shown(self, video: Video, parts: str) -> dict[str, Any]:
        video.looks += "status" in parts
        working = video.looks <= self.polls
        settled = "failed" if self.fails else "processed"
        told: dict[str, Any] = {"kind": "youtube#video", "id": video.id}
        if "snippet" in parts:
            told["snippet"] = {
                "title": video.title, "description": video.description, "channelId": video.channel,
                "publishedAt": video.public_at or clock.now().isoformat(),
            }  # fmt: skip
        if "status" in parts:
            status = video.upload_status or ("uploaded" if working else settled)
            told["status"] = {**video.said["status"], "uploadStatus": status, "privacyStatus": video.privacy}
        if "statistics" in parts:
            told["statistics"] = video.figures
        return told

    # Channels and comments

    def _channels(self, asked: Asked, own: Mapping[str, str]) -> Told:
        told: dict[str, Any] = {"id": own["id"], "snippet": {"customUrl": f"@{own['handle']}"}}
        told["status"] = {"longUploadsStatus": self.long_uploads}
        hidden = self.subscribers is None
        told["statistics"] = {"hiddenSubscriberCount": hidden}
        told["statistics"] |= {} if hidden else {"subscriberCount": self.subscribers}
        kept = {name: told[name] for name in ("id", *asked.query["part"].split(",")) if name in told}
        return Told(200, {"items": [kept]})

    def _threads(self, asked: Asked, _: Mapping[str, str]) -> Told:
        found = self.videos.get(asked.query["videoId"])
        if found is None:
            return error(404, "videoNotFound")
        # Five answers of a thread are told with it; the others have to be asked for.
        shown = [{**one, "replies": {"comments": one["replies"]["comments"][:5]}} for one in found.threads]
        return Told(200, {"items": shown})

    def _comments(self, asked: Asked, _: Mapping[str, str]) -> Told:
        threads = [thread for video in self.videos.values() for thread in video.threads]
        found = [one for one in threads if one["id"] == asked.query["parentId"]]
        return Told(200, {"items": [answer for one in found for answer in one["replies"]["comments"]]})

    # OAuth 2

    def _authorize(self, asked: Asked) -> Told:
        """The page that asks the person, who says yes at once for the channel that came first."""
        query = asked.query
        wanted = {"access_type": "offline", "response_type": "code", "code_challenge_method": "S256"}
        if query.get("client_id") != APP["client_id"] or any(
            query.get(name) != it for name, it in wanted.items()
        ):
            return Told(400, {"error": "invalid_request"})
        code = token_urlsafe(8)
        self.codes[code] = (query["code_challenge"], query["redirect_uri"], next(iter(self.channels)))
        return Told(302, None, {"Location": f"{query['redirect_uri']}?state={query['state']}&code={code}"})

    def _token(self, asked: Asked) -> Told:
        form = asked.form()
        basic = asked.headers.get("Authorization", "").removeprefix("Basic ")
        if base64.b64decode(basic).decode() != ":".join(APP.values()):
            return Told(401, {"error": "invalid_client"})
        said: dict[str, Any] = {"token_type": "Bearer", "expires_in": LIFE_S, "scope": "youtube.force-ssl"}
        if form["grant_type"] == "refresh_token":
            number = self.refresh.get(form["refresh_token"])
            if number is None:
                return Told(
                    400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
                )
            return Told(200, {**said, "access_token": self.token(number)})
        challenge, back, number = self.codes.pop(form["code"], ("", "", ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not challenge or (proof, form["redirect_uri"]) != (challenge, back):
            return Told(400, {"error": "invalid_grant"})
        made = f"1//{token_urlsafe(8)}"
        self.refresh[made] = number
        return Told(200, {**said, "access_token": self.token(number), "refresh_token": made})


@contextmanager
def running() -> Iterator[tuple[Server, YouTube]]:
    """Run a simulated YouTube without channels."""
    simulated = YouTube()
    with serving(simulated) as server:
        yield server, simulated
