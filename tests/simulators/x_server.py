"""X as far as Resuena uses it: a real HTTP server on loopback, with faults that a test asks for over HTTP.

What it reproduces is listed in the design's page on counterparts: weighted length, the duplicate's refusal,
rate limit told from usage cap, faults before and after the write, delayed application, t.co, snowflakes.
"""

import html
import itertools
import json
import re
import threading
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

SNOWFLAKE_EPOCH_MS = 1288834974657
URL = re.compile(r"https?://[^\s]+")
MEDIA_LIFE_S = 86_400


def weight(text: str) -> int:
    """The length as X counts it, without the finer points of emoji."""
    plain = URL.sub("", text)
    ones = sum(
        1 if ord(c) <= 0x10FF or 0x2000 <= ord(c) <= 0x200D or 0x2010 <= ord(c) <= 0x201F else 2
        for c in plain
    )
    return ones + 23 * len(URL.findall(text))


def problem(
    status: int, detail: str, kind: str = "about:blank", title: str = ""
) -> tuple[int, dict[str, Any]]:
    return status, {"detail": detail, "type": kind, "title": title or "Error", "status": status}


DUPLICATE = problem(403, "You are not allowed to create a Tweet with duplicate content.", title="Forbidden")
REFUSALS: dict[str, tuple[int, dict[str, Any], dict[str, str]]] = {
    "400": (
        *problem(400, "One or more parameters to your request was invalid.", title="Invalid Request"),
        {},
    ),
    "401": (*problem(401, "Unauthorized", title="Unauthorized"), {}),
    "402": (*problem(402, "Your credits are depleted.", title="CreditsDepleted"), {}),
    "403": (*problem(403, "You are not permitted to perform this action.", title="Forbidden"), {}),
    "usage_cap": (
        *problem(
            429,
            "Usage cap exceeded: Monthly product cap",
            "https://api.x.com/2/problems/usage-capped",
            "UsageCapExceeded",
        ),
        {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "97"},
    ),
}


@dataclass
class Post:
    id: int
    user: str
    text: str
    media: list[str]


@dataclass
class State:
    """What the simulated X knows; ``now`` gives seconds since 1970."""

    now: Callable[[], float] = time.time
    posts: list[Post] = field(default_factory=list)
    pending: list[tuple[str, str, list[str]]] = field(default_factory=list)
    faults: dict[str, deque[str]] = field(default_factory=dict)
    alt_texts: dict[str, str] = field(default_factory=dict)
    media: dict[str, int] = field(default_factory=dict)
    hidden: bool = False
    refuses_equal: bool = True
    seen: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    sequence: Iterator[int] = field(default_factory=itertools.count)

    def snowflake(self) -> int:
        return (int(self.now() * 1000) - SNOWFLAKE_EPOCH_MS << 22) | (next(self.sequence) & 0x3FFFFF)

    def create(self, user: str, text: str, media: list[str]) -> tuple[int, dict[str, Any]]:
        if weight(unicodedata.normalize("NFC", text)) > 280:
            return problem(400, "Your Tweet text is too long.", title="Invalid Request")
        if any(each not in self.media for each in media):
            return problem(400, "Your media IDs are invalid.", title="Invalid Request")
        if self.refuses_equal and any(post.user == user and post.text == text for post in self.posts):
            return DUPLICATE
        made = Post(self.snowflake(), user, text, media)
        self.posts.append(made)
        return 201, {"data": {"id": str(made.id), "text": text, "edit_history_post_ids": [str(made.id)]}}

    def shown(self, post: Post) -> dict[str, Any]:
        """A post as the timeline tells it: links shortened, characters escaped."""
        links = []
        text = post.text
        for n, link in enumerate(URL.findall(text)):
            short = f"https://t.co/{post.id % 10**6}{n}"
            text = text.replace(link, short, 1)
            links.append({"url": short, "expanded_url": link, "start": 0, "end": 1})
        if post.media:
            short = f"https://t.co/m{post.id % 10**6}"
            text += f" {short}"
            links.append({"url": short, "expanded_url": f"https://x.com/ensayo/status/{post.id}/photo/1"})
        return {"id": str(post.id), "text": html.escape(text, quote=False), "entities": {"urls": links}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.route()

    def do_POST(self) -> None:
        self.route()

    def route(self) -> None:
        state = self.server.state
        path = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with state.lock:
            if path.path.startswith("/_control/"):
                return self.answer(200, self.control(path.path.rpartition("/")[2], body))
            state.seen.append(f"{self.command} {path.path}")
            user = re.search(r'oauth_token="(\d+)-', self.headers.get("Authorization", ""))
            if user is None:
                return self.answer(*REFUSALS["401"])
            act = {
                ("POST", "/2/tweets"): self.tweet,
                ("POST", "/2/media/upload"): self.upload,
                ("POST", "/2/media/metadata"): self.metadata,
            }.get((self.command, path.path))
            timeline = re.fullmatch(r"/2/users/(\d+)/tweets", path.path)
            if act is not None:
                status, said = self.fault(path.path) or act(user[1], body)
            elif timeline and self.command == "GET":
                status, said = self.fault("/2/users") or self.timeline(timeline[1], parse_qs(path.query))
            else:
                status, said = problem(404, "Not Found")
        if status:
            self.answer(status, said)
        return None

    def control(self, what: str, body: bytes) -> dict[str, Any]:
        state = self.server.state
        asked = json.loads(body) if body else {}
        if what == "fault":
            kinds = [asked["kind"]] * int(asked.get("times", 1))
            state.faults.setdefault(asked.get("on", "/2/tweets"), deque()).extend(kinds)
        elif what == "set":
            state.hidden = asked.get("hidden", state.hidden)
            state.refuses_equal = asked.get("refuses_equal", state.refuses_equal)
        elif what == "settle":
            for late in state.pending:
                state.create(*late)
            state.pending.clear()
        return {
            "posts": [
                {"id": str(p.id), "user": p.user, "text": p.text, "media": p.media} for p in state.posts
            ],
            "alt_texts": state.alt_texts,
            "seen": state.seen,
        }

    def fault(self, on: str) -> tuple[int, dict[str, Any]] | None:
        """What goes wrong with this request before it is applied, if anything; 0 means no answer at all."""
        waiting = self.server.state.faults.get(on)
        if not waiting or waiting[0] in {"lost_answer", "5xx_after", "bad_json", "delayed", "no_id"}:
            return None
        kind = waiting.popleft()
        if kind == "lost_request":
            return self.hang_up()
        if kind == "5xx_before":
            return problem(503, "Service Unavailable", title="Service Unavailable")
        self.refuse(kind)
        return 0, {}

    def refuse(self, kind: str) -> None:
        if kind == "html":
            self.raw(403, b"<html>blocked</html>", "text/html")
        elif kind == "redirect":
            self.raw(307, b"", "text/plain", {"Location": f"http://{self.headers['Host']}/2/tweets"})
        elif kind == "rate_limit":
            reset = str(int(self.server.state.now()) + 90)
            headers = {
                "x-rate-limit-limit": "100",
                "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": reset,
            }
            self.raw(429, json.dumps(problem(429, "Too Many Requests")[1]).encode(), headers=headers)
        else:
            status, said, headers = REFUSALS[kind]
            self.raw(status, json.dumps(said).encode(), headers=headers)

    def after(self, on: str, made: tuple[int, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
        """What goes wrong once it was applied."""
        waiting = self.server.state.faults.get(on)
        kind = waiting.popleft() if waiting else ""
        if kind == "lost_answer":
            return self.hang_up()
        if kind == "5xx_after":
            return problem(500, "Internal Server Error")
        if kind == "bad_json":
            self.raw(201, b'{"data": {"id"')
            return 0, {}
        if kind == "no_id":
            return 201, {"data": {}}
        return made

    def tweet(self, user: str, body: bytes) -> tuple[int, dict[str, Any]]:
        asked = json.loads(body)
        media = asked.get("media", {}).get("media_ids", [])
        waiting = self.server.state.faults.get("/2/tweets")
        if waiting and waiting[0] == "delayed":
            waiting.popleft()
            self.server.state.pending.append((user, asked["text"], media))
            return self.hang_up()
        return self.after("/2/tweets", self.server.state.create(user, asked["text"], media))

    def upload(self, _user: str, body: bytes) -> tuple[int, dict[str, Any]]:
        kind = Message()
        kind["Content-Type"] = self.headers["Content-Type"]
        boundary = str(kind.get_param("boundary")).encode()
        parts = {
            name[1].decode(): part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
            for part in body.split(b"--" + boundary)
            if (name := re.search(rb' name="(\w+)"', part))
        }
        if parts.get("media_category") != b"tweet_image" or not parts.get("media"):
            return problem(400, "media and media_category are required")
        media_id = str(self.server.state.snowflake())
        self.server.state.media[media_id] = len(parts["media"])
        return 200, {
            "data": {"id": media_id, "size": len(parts["media"]), "expires_after_secs": MEDIA_LIFE_S}
        }

    def metadata(self, _user: str, body: bytes) -> tuple[int, dict[str, Any]]:
        asked = json.loads(body)
        if asked["id"] not in self.server.state.media:
            return problem(400, "unknown media")
        self.server.state.alt_texts[asked["id"]] = asked["metadata"]["alt_text"]["text"]
        return 200, {"data": {"id": asked["id"]}}

    def timeline(self, user: str, query: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        state = self.server.state
        since = int(query.get("since_id", ["0"])[0])
        start = int(query.get("pagination_token", ["0"])[0])
        size = int(query.get("max_results", ["10"])[0])
        mine = [
            state.shown(post)
            for post in reversed(state.posts)
            if post.user == user and post.id > since and not state.hidden
        ]
        page = mine[start : start + size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if start + size < len(mine):
            meta["next_token"] = str(start + size)
        return 200, {"data": page, "meta": meta} if page else {"meta": meta}

    def hang_up(self) -> tuple[int, dict[str, Any]]:
        self.close_connection = True
        return 0, {}

    def answer(self, status: int, said: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self.raw(status, json.dumps(said).encode(), headers=headers)

    def raw(
        self, status: int, body: bytes, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "x-transaction-id": f"{len(self.server.state.seen):016x}",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: State) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.state = state


@dataclass(frozen=True)
class XServer:
    """A running simulator, spoken to by HTTP as any process would."""

    url: str
    state: State

    def _control(self, what: str, **asked: object) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/_control/{what}", json=asked, timeout=10)
        said: dict[str, Any] = answer.json()
        return said

    def fault(self, kind: str, *, on: str = "/2/tweets", times: int = 1) -> None:
        """Let the next requests to ``on`` meet a fault."""
        self._control("fault", kind=kind, on=on, times=times)

    def set(self, **values: bool) -> None:
        """``hidden``: the timeline lags; ``refuses_equal``: equal texts are refused."""
        self._control("set", **values)

    def settle(self) -> None:
        """Let what was delayed be applied now."""
        self._control("settle")

    def posts(self) -> list[dict[str, Any]]:
        """Every post that is out."""
        posts: list[dict[str, Any]] = self._control("posts")["posts"]
        return posts

    def told(self) -> dict[str, Any]:
        """Everything it knows."""
        return self._control("posts")


@contextmanager
def running(now: Callable[[], float] = time.time) -> Iterator[XServer]:
    """Run the simulator in a thread of this process."""
    server = Server(State(now=now))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield XServer(f"http://127.0.0.1:{server.server_address[1]}", server.state)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
