"""What the simulated Threads knows: accounts, containers, posts. No HTTP of its own but to fetch what it is told to.

Simulated, not verified live. What it does is what these pages say:
https://developers.facebook.com/docs/threads/reference/publishing, .../docs/threads/posts,
.../docs/threads/troubleshooting (statuses of a container), .../docs/threads/overview (limits). What a second publishing
of the same container is answered is not documented: here it is refused.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests

from content_calendar.links import links
from scheduler.dialects.emoji_bytes import length

MOST_TEXT, MOST_ALT, MOST_LINKS, MOST_SHOWN, MOST_BYTES = 500, 1000, 5, 20, 8 << 20
CONTAINER_LIFE_S, FIRST_MS = 86_400, 1314220021721
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class RefusedError(Exception):
    """A refusal in the API's words."""

    def __init__(self, message: str, code: int = 100, subcode: int = 0, status: int = 400) -> None:
        super().__init__(message)
        error: dict[str, Any] = {
            "message": message, "type": "OAuthException", "code": code, "is_transient": False, "fbtrace_id": "huella",
        }  # fmt: skip
        self.said = status, {"error": error | ({"error_subcode": subcode} if subcode else {})}


@dataclass
class User:
    number: str
    username: str
    token: str
    followers: int = 0
    permissions: set[str] = field(default_factory=set)


@dataclass
class Container:
    number: str
    user: str
    asked: dict[str, Any]
    made: float
    status: str = "IN_PROGRESS"
    error: str = ""
    looks: int = 0


@dataclass
class Post:
    number: str
    user: str
    text: str
    made: float
    kind: str
    reply_to: str = ""
    quoted: str = ""
    reposted: str = ""
    shown: list[str] = field(default_factory=list)
    alt_texts: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    code: str = ""

    @property
    def at(self) -> str:
        return datetime.fromtimestamp(self.made, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


@dataclass
class World:
    """Everything there is."""

    users: dict[str, User] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    # How many looks a container takes; how many posts an account may publish a day; whether posts are listed.
    looks: int = 1
    most_a_day: int = 250
    hidden: bool = False
    fetched: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(18_000_000_000_000_001))

    def contain(self, user: User, asked: dict[str, Any], now: float) -> Container:
        """Make a container, or raise RefusedError."""
        kind, text = asked.get("media_type"), str(asked.get("text", ""))
        if kind not in {"TEXT", "IMAGE", "VIDEO", "CAROUSEL"}:
            raise RefusedError("Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}")
        if length(text) > MOST_TEXT:
            raise RefusedError("Param text must be at most 500 characters long.")
        if len(links(text)) > MOST_LINKS:
            raise RefusedError("THREADS_API__LINK_LIMIT_EXCEEDED")
        if len(str(asked.get("alt_text", ""))) > MOST_ALT:
            raise RefusedError("Param alt_text must be at most 1000 characters long.")
        for name in ("reply_to_id", "quote_post_id"):
            if name in asked and asked[name] not in self.posts:
                raise RefusedError("The requested resource does not exist", 24, 4279009)
        made = Container(self.number(), user.number, asked, now)
        self.containers[made.number] = made
        self._fill(made, kind)
        return made

    def number(self) -> str:
        return str(next(self._numbers))

    def _fill(self, made: Container, kind: str) -> None:
        if kind == "CAROUSEL":
            children = str(made.asked.get("children", "")).split(",")
            ready = [one for one in children if one in self.containers and self._is_item(one, made.user)]
            if not 2 <= len(children) <= MOST_SHOWN or len(ready) != len(children):
                raise RefusedError("Param children must be 2 to 20 containers that are finished")
        elif kind != "TEXT":
            made.error = self._fetch(
                str(made.asked.get("image_url" if kind == "IMAGE" else "video_url", "")), kind
            )

    def _is_item(self, number: str, user: str) -> bool:
        item = self.containers[number]
        return item.user == user and item.asked.get("is_carousel_item") is True and item.status == "FINISHED"

    def _fetch(self, url: str, kind: str) -> str:
        """What is wrong with what is fetched; nothing, when all is well."""
        self.fetched.append(url)
        try:
            answer = requests.get(url, timeout=10)
        except requests.RequestException:
            return "FAILED_DOWNLOADING_VIDEO"
        media_type = answer.headers.get("Content-Type", "")
        if answer.status_code != 200 or not answer.content:
            return "FAILED_DOWNLOADING_VIDEO"
        if kind == "IMAGE":
            good = media_type in {"image/jpeg", "image/png"} and len(answer.content) <= MOST_BYTES
            return "" if good else "UNKNOWN"
        return "" if media_type in {"video/mp4", "video/quicktime"} else "FAILED_PROCESSING_VIDEO"

    def look(self, number: str, now: float) -> Container:
        """A container as it is now."""
        found = self.containers[number]
        found.looks += 1
        if found.status == "IN_PROGRESS" and found.looks >= self.looks:
            found.status = "ERROR" if found.error else "FINISHED"
        if found.status in {"IN_PROGRESS", "FINISHED"} and now > found.made + CONTAINER_LIFE_S:
            found.status = "EXPIRED"
        return found

    def publish(self, user: User, number: str, now: float) -> Post:
        """Let people see a container, or raise RefusedError."""
        found = self.containers.get(number)
        if found is None or found.user != user.number or found.status not in {"FINISHED", "PUBLISHED"}:
            raise RefusedError("The requested resource does not exist", 24, 4279009)
        if found.status == "PUBLISHED":
            raise RefusedError("This container was published already")
        asked = found.asked
        if self.used(user, now, replies="reply_to_id" in asked) >= self.most_a_day:
            raise RefusedError("Application request limit reached", 4, 2207042, 403)
        found.status = "PUBLISHED"
        children = str(asked.get("children", "")).split(",") if asked.get("children") else []
        items = [self.containers[one].asked for one in children] or [asked]
        kinds = {"TEXT": "TEXT_POST", "CAROUSEL": "CAROUSEL_ALBUM"}
        post = Post(
            self.number(), user.number, str(asked.get("text", "")), now,
            kinds.get(asked["media_type"], asked["media_type"]),
            asked.get("reply_to_id", ""), asked.get("quote_post_id", ""),
            shown=[str(one.get("image_url") or one.get("video_url")) for one in items if one["media_type"] != "TEXT"],
            alt_texts=[one["alt_text"] for one in items if one.get("alt_text")],
        )  # fmt: skip
        return self._out(post)

    def repost(self, user: User, target: str, now: float) -> Post:
        """Share a post of anybody's, once."""
        if target not in self.posts:
            raise RefusedError("The requested resource does not exist", 24, 4279009)
        if any(post.reposted == target and post.user == user.number for post in self.posts.values()):
            raise RefusedError("This post was reposted already")
        return self._out(Post(self.number(), user.number, "", now, "REPOST_FACADE", reposted=target))

    def _out(self, post: Post) -> Post:
        value, code = (int(post.made * 1000) - FIRST_MS) << 23 | int(post.number) % (1 << 23), ""
        while value:
            code, value = _DIGITS[value & 63] + code, value >> 6
        post.code = code
        self.posts[post.number] = post
        return post

    def used(self, user: User, now: float, *, replies: bool) -> int:
        """How many an account has published within a day."""
        return sum(
            post.user == user.number and bool(post.reply_to) is replies and post.made > now - 86_400
            for post in self.posts.values()
        )

    def permalink(self, post: Post) -> str:
        """Where people see a post."""
        name = next(one.username for one in self.users.values() if one.number == post.user)
        return f"https://www.threads.com/@{name}/post/{post.code}"

    def below(self, number: str) -> list[Post]:
        """What answers a post, at every depth."""
        found: list[Post] = []
        for post in sorted(self.posts.values(), key=lambda one: one.made):
            if post.reply_to and (
                post.reply_to == number or any(post.reply_to == one.number for one in found)
            ):
                found.append(post)
        return found
