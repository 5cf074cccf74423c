"""What the simulated LinkedIn knows: pages, who may post in their names, posts, media. No HTTP here.

Simulated, not verified live. What it does is what these pages say:
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api,
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format.
That an equal post is refused with the name of the first is as seen in Arisamiga/Linkedin-RSS#5.
"""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_UNITS, MOST_ALT = 3000, 4086
# A sign that means something where it stands alone; what follows it is cut off in silence.
_LITTLE = re.compile(
    r"\\(?P<plain>.)|\{hashtag\|\\#\|(?P<tag>(?:\\.|[^\\}])+)\}|(?P<text>[^\\|{}@\[\]()<>#*_~])", re.DOTALL
)
PARENT = re.compile(r"urn:li:(?:share|ugcPost):\d+")


@dataclass
class Page:
    """An organisation's page; ``roles`` are those of people by their tokens."""

    number: str
    vanity_name: str
    followers: int = 0
    roles: dict[str, str] = field(default_factory=dict)


@dataclass
class Post:
    urn: str
    author: str
    text: str
    made_ms: int
    content: dict[str, Any] | None = None
    parent: str = ""
    state: str = "PUBLISHED"
    figures: dict[str, int] = field(default_factory=dict)
    social: dict[str, int] = field(default_factory=dict)


@dataclass
class Medium:
    urn: str
    owner: str
    size: int = 0
    parts: list[int] = field(default_factory=list)
    received: dict[int, str] = field(default_factory=dict)
    state: str = "WAITING_UPLOAD"
    looks: int = 0
    token: str = ""


class RefusedError(Exception):
    """A refusal in LinkedIn's words."""

    def __init__(self, status: int, message: str, code: str = "", **details: object) -> None:
        super().__init__(message)
        self.said = (
            status,
            {"message": message, "status": status, **({"code": code} if code else {}), **details},
        )


@dataclass
class Pages:
    """Pages, posts and media."""

    pages: dict[str, Page] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    media: dict[str, Medium] = field(default_factory=dict)
    # Posts of others that may be shared.
    others: set[str] = field(default_factory=set)
    # How many looks a video takes, and whether it fails; whether own posts are readable.
    looks: int = 1
    video_fails: bool = False
    hidden: bool = False
    # Posts that the list gives no moment.
    undated: set[str] = field(default_factory=set)
    refuses_equal: bool = True
    _counted: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def number(self, now_ms: int) -> int:
        """A number of LinkedIn's: its moment, and a count."""
        return now_ms << 22 | next(self._counted) % (1 << 22)

    def create(self, asked: dict[str, Any], token: str, now_ms: int) -> Post:
        """Publish, or raise RefusedError."""
        needed = {"author", "commentary", "visibility", "distribution", "lifecycleState"}
        if missing := sorted(needed - set(asked)):
            raise RefusedError(422, f"ERROR :: /{missing[0]} :: field is required but not found")
        unknown = set(asked) - needed - {"content", "reshareContext", "isReshareDisabledByAuthor"}
        if unknown:
            raise RefusedError(422, f"ERROR :: /{min(unknown)} :: unrecognized field found but not allowed")
        author = str(asked["author"])
        self.may_post(author, token)
        content, parent = asked.get("content"), str((asked.get("reshareContext") or {}).get("parent", ""))
        self._check_shown(author, content, parent)
        text = read_little(str(asked["commentary"]))
        if len(text.encode("utf-16-le")) // 2 > MOST_UNITS:
            raise RefusedError(400, "Commentary exceeds the maximum length", "FIELD_LENGTH_TOO_LONG")
        like = (author, text, json.dumps(content, sort_keys=True), parent)
        for post in self.posts.values() if self.refuses_equal else ():
            if like == (post.author, post.text, json.dumps(post.content, sort_keys=True), post.parent):
                raise duplicate_of(post.urn)
        made = Post(f"urn:li:share:{self.number(now_ms)}", author, text, now_ms, content, parent)
        self.posts[made.urn] = made
        return made

    def may_post(self, author: str, token: str) -> Page:
        """The page of that name; raise RefusedError where the token may not act for it."""
        page = self.pages.get(author.removeprefix("urn:li:organization:"))
        if page is None or token not in page.roles:
            said = f"Organization permissions must be used when using organization as author: {author}"
            raise RefusedError(403, said, "ACCESS_DENIED", serviceErrorCode=100)
        return page

    def _check_shown(self, author: str, content: dict[str, Any] | None, parent: str) -> None:
        if parent and not PARENT.fullmatch(parent):
            raise RefusedError(422, f"ERROR :: /reshareContext/parent :: '{parent}' is invalid")
        if parent and (parent not in self.posts and parent not in self.others):
            raise RefusedError(404, f"Could not find entity {parent}", "NOT_FOUND")
        if content is None:
            return
        if parent:
            raise RefusedError(422, "content is not allowed in a reshare")
        shown = [content["media"]] if "media" in content else content["multiImage"]["images"]
        if "multiImage" in content and not 2 <= len(shown) <= 20:
            raise RefusedError(422, "MultiImage must have between 2 and 20 images")
        for one in shown:
            medium = self.media.get(str(one["id"]))
            if medium is None or medium.owner != author:
                raise RefusedError(400, f"{one['id']} is not owned by {author}")
            if medium.state != "AVAILABLE":
                raise RefusedError(400, f"{one['id']} is not available: {medium.state}")
            if len(one.get("altText", "")) > MOST_ALT:
                raise RefusedError(400, "altText exceeds the maximum length", "FIELD_LENGTH_TOO_LONG")


def duplicate_of(urn: str) -> RefusedError:
    """How an equal post is refused."""
    return RefusedError(
        422,
        f"com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of {urn}",
        errorDetailType="com.linkedin.common.error.BadRequest",
        errorDetails={
            "inputErrors": [
                {"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}
            ]
        },
    )


def read_little(commentary: str) -> str:
    """What people see of a text in the little format, which ends at the first sign that is not escaped."""
    pieces, place = [], 0
    while place < len(commentary) and (found := _LITTLE.match(commentary, place)):
        tag = found["tag"]
        pieces.append(f"#{read_little(tag)}" if tag else found["plain"] or found["text"])
        place = found.end()
    return "".join(pieces)


def as_little(text: str) -> str:
    """How LinkedIn gives a text back."""
    escaped = re.sub(r"[\\|{}@\[\]()<>#*_~]", r"\\\g<0>", text)
    return re.sub(r"\\#([^\W_]+)", r"{hashtag|\\#|\1}", escaped)
