"""What the simulated Graph API knows: pages, people's tokens, posts, media, and what was asked for."""

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

# Status and body; a status of 0 means to hang up.
Answer = tuple[int, dict[str, Any] | bytes]
NOTHING: Answer = (0, {})
LIFE_S = 24 * 3600


def error(code: int, message: str, *, subcode: int = 0, status: int = 400, transient: bool = False) -> Answer:
    """An error object as the API's guide to errors has it."""
    said: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Aq"}
    if subcode:
        said["error_subcode"] = subcode
    if transient:
        said["is_transient"] = True
    return status, {"error": said}


DEAD_TOKEN = error(190, "Error validating access token: the session is invalid.", subcode=460)
NOT_THERE = error(100, "Unsupported request. Object does not exist.", subcode=33)
FAULTS: Mapping[str, Answer] = {
    "error_before": error(2, "An unexpected error has occurred.", status=500, transient=True),
    "error_after": error(1, "An unknown error has occurred.", status=500),
    "service_400": error(2, "Service temporarily unavailable", transient=True),
    "busy": error(32, "(#32) Page request limit reached", status=403),
    "duplicate": error(506, "(#506) Duplicate status message"),
    "revoked": DEAD_TOKEN,
    "permission": error(200, "(#200) The permission pages_manage_posts is not available", status=403),
    "blocked": error(368, "The action attempted has been deemed abusive or is otherwise disallowed"),
    "wrong": error(100, "(#100) Invalid parameter"),
    "day_is_full": error(9, "The user reached the maximum number of posts", subcode=2207042),
    "html": (403, b"<html>blocked</html>"),
}


@dataclass
class Medium:
    """A picture or a video that was uploaded; ``session`` and ``got`` are a video's upload."""

    id: str
    owner: str
    made_at: float
    alt_text: str = ""
    content: bytes = b""
    session: str = ""
    size: int = 0
    used: bool = False


@dataclass
class Post:
    """What people see; ``medium`` is the id of a video that is its own post."""

    id: str
    owner: str
    text: str
    at: float
    media: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Container:
    """What is to be published; ``ready_at`` is when the network is done with it."""

    id: str
    owner: str
    asked: dict[str, Any]
    made_at: float
    ready_at: float
    failed: bool = False
    published: bool = False


@dataclass
class Page:
    """A page, the token that opens it, and the professional account that hangs from it, if any."""

    id: str
    username: str
    token: str
    followers: int = 1200
    account: tuple[str, str] | None = None


@dataclass
class State:
    """``segment`` is how much of a video is taken at once; ``works_s`` how long containers take, ``lag`` a list."""

    now: Callable[[], float] = time.time
    lock: threading.RLock = field(default_factory=threading.RLock)
    pages: dict[str, Page] = field(default_factory=dict)
    people: dict[str, list[str]] = field(default_factory=dict)
    apps: dict[str, str] = field(default_factory=lambda: {"app-1": "secreto-de-app"})
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    short: dict[str, list[str]] = field(default_factory=dict)
    consenting: list[str] = field(default_factory=list)
    media: dict[str, Medium] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    containers: dict[str, Container] = field(default_factory=dict)
    faults: deque[str] = field(default_factory=deque)
    pending: list[Callable[[], object]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    # Whole, with what they ask for.
    addresses: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    regain_minutes: int = 0
    segment: int = 1 << 20
    works_s: float = 0
    lag: float = 0
    # They do it, and promise it nowhere.
    refuses_equal: bool = False
    # Whether a list is as long as it is whatever ``since`` says; posts that it gives no moment.
    ignores_since: bool = False
    undated: set[str] = field(default_factory=set)
    # What a video says of itself instead.
    videos_told: dict[str, dict[str, Any]] = field(default_factory=dict)
    fails_containers: bool = False
    # Nodes that are said to be gone, whatever they are.
    untold: set[str] = field(default_factory=set)
    most_a_day: int = 100
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_000_000_001))

    def number(self) -> str:
        return str(next(self._numbers))

    def add_page(self, username: str, *, account: str = "") -> Page:
        """A new page; ``account`` is the name of a professional account that hangs from it."""
        number = self.number()
        page = Page(number, username, f"EAApagina{number}")
        page.account = (f"1784{number}", account) if account else None
        self.pages[page.id] = page
        return page

    def page_of(self, token: str) -> Page | None:
        return next((page for page in self.pages.values() if page.token == token), None)

    def owner_of(self, token: str) -> frozenset[str]:
        """The ids that a token opens: a page's and that of its professional account."""
        page = self.page_of(token)
        if page is None:
            return frozenset()
        return frozenset({page.id, *([page.account[0]] if page.account else [])})

    def listed(self, owner: str, since: float = 0) -> list[Post]:
        """The posts of an owner that may be read by now, the newest first."""
        ready = [
            post
            for post in self.posts.values()
            if post.owner == owner and since <= post.at <= self.now() - self.lag
        ]
        return sorted(ready, key=lambda post: -post.at)

    def settle(self) -> None:
        """Let what was delayed be applied."""
        waiting, self.pending = self.pending, []
        for act in waiting:
            act()


def said_at(moment: float) -> str:
    """A moment as the API writes it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
