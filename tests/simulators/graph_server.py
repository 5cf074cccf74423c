"""Meta's Graph API as far as Resuena uses it: a real HTTP server on loopback. Simulated, not verified live.

What it reproduces, and where it is written down:

- errors (https://developers.facebook.com/docs/graph-api/guides/error-handling), and fields that do not exist;
- limits and their header (https://developers.facebook.com/docs/graph-api/overview/rate-limiting);
- pages of lists, whose ``next`` bears the token (https://developers.facebook.com/docs/graph-api/results);
- the login by code, the long token and those of pages
  (https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived).

The routes of each network stand in a file of their own.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.simulators.graph_state import DEAD_TOKEN, FAULTS, NOT_THERE, NOTHING, Answer, State, error
from tests.simulators.x_routes import Asked as Form

VERSION = re.compile(r"/v\d+\.\d+")


@dataclass(frozen=True)
class Asked:
    """A request, read: what it asks for in its address and in its body, and whose token it bears."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Mapping[str, Any]
    files: Mapping[str, bytes]
    token: str
    base: str
    found: tuple[str, ...] = field(default=())


Route = Callable[[State, Asked], Answer]


@dataclass(frozen=True)
class Routes:
    """What a network answers to; ``publishes`` tells which of its requests people see something of."""

    rows: Sequence[tuple[str, str, Route]]
    publishes: Callable[[Asked], bool]


def top_fields(said: str) -> list[str]:
    """The names of the fields that are asked for, without what is asked of them."""
    names, depth, name = [], 0, ""
    for sign in said + ",":
        if sign in "({":
            depth += 1
        elif sign in ")}":
            depth -= 1
        elif sign == "," and not depth:
            names.append(name.partition(".")[0])
            name = ""
        elif not depth:
            name += sign
    return [one for one in names if one]


def node(kind: str, whole: Mapping[str, Any], asked: Asked) -> Answer:
    """The fields of a node that were asked for; one that it does not have is an error."""
    names = top_fields(asked.query.get("fields", "id"))
    if wrong := [name for name in names if name not in whole]:
        return error(100, f"(#100) Tried accessing nonexisting field ({wrong[0]}) on node type ({kind})")
    return 200, {"id": whole["id"], **{name: whole[name] for name in names if whole[name] is not None}}


def page_of(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> Answer:
    """One page of a list; the address of the next bears the token, as theirs does."""
    limit, start = int(asked.query.get("limit", "25")), int(asked.query.get("after", "0"))
    said: dict[str, Any] = {"data": list(rows[start : start + limit])}
    if start + limit < len(rows):
        more = {**asked.query, "after": str(start + limit), "access_token": asked.token}
        said["paging"] = {
            "cursors": {"after": str(start + limit)},
            "next": f"https://graph.facebook.com{asked.path}?{urlencode(more)}",
        }
    return 200, said


def _me(state: State, asked: Asked) -> Answer:
    page = state.page_of(asked.token)
    if page is None:
        return node("User", {"id": "77", "name": "Una persona"}, asked)
    return node("Page", _page(page.id, state), asked)


def _page(page_id: str, state: State) -> dict[str, Any]:
    page = state.pages[page_id]
    account = {"id": page.account[0], "username": page.account[1]} if page.account else None
    return {
        "id": page.id,
        "name": f"Página {page.username}",
        "username": page.username or None,
        "access_token": page.token,
        "followers_count": page.followers,
        "instagram_business_account": account,
    }


def _accounts(state: State, asked: Asked) -> Answer:
    if state.page_of(asked.token) is not None:
        return error(100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)")
    rows = [_page(page_id, state) for page_id in state.people[asked.token]]
    names = top_fields(asked.query["fields"])
    return page_of(asked, [{name: row[name] for name in names if row[name] is not None} for row in rows])


def _page_node(state: State, asked: Asked) -> Answer:
    page_id = asked.found[0]
    return node("Page", _page(page_id, state), asked) if page_id in state.pages else NOT_THERE


def _token(state: State, asked: Asked) -> Answer:
    said = {**asked.query, **asked.body}
    if state.apps.get(said.get("client_id", "")) != said.get("client_secret"):
        return error(1, "Error validating client secret.")
    if said.get("grant_type") == "fb_exchange_token":
        pages = state.short.get(said["fb_exchange_token"])
        if pages is None:
            return DEAD_TOKEN
        token, lasts = f"EAAlarga{state.number()}", 5_183_944
        state.people[token] = pages
    else:
        redirect, client = state.codes.pop(said.get("code", ""), ("", ""))
        if (redirect, client) != (said.get("redirect_uri"), said["client_id"]):
            return error(100, "This authorization code has been used.", subcode=36009)
        token, lasts = f"EAAcorta{state.number()}", 5_000
        state.short[token] = state.people[token] = list(state.consenting)
    return 200, {"access_token": token, "token_type": "bearer", "expires_in": lasts}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.take()

    def do_POST(self) -> None:
        self.take()

    def take(self) -> None:
        asked, state = self.read(), self.server.state
        if asked.path == "/dialog/oauth":
            self.allow(asked)
            return
        with state.lock:
            state.seen.append(f"{asked.method} {asked.path}")
            state.addresses.append(self.path)
            status, said = self.route(asked)
        if not status:
            self.close_connection = True
            return
        self.answer(status, said)

    def read(self) -> Asked:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind, where = self.headers.get("Content-Type", ""), urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(where.query).items()}
        said: dict[str, Any] = {}
        files: dict[str, bytes] = {}
        if kind.startswith("application/json"):
            said = json.loads(body)
        elif kind.startswith("multipart/form-data"):
            for name, value in Form("POST", "", dict(self.headers), body).parts().items():
                if name in {"source", "video_file_chunk"}:
                    files[name] = value
                else:
                    said[name] = value.decode()
        elif body:
            said = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        path = VERSION.sub("", where.path, count=1)
        return Asked(self.command, path, query, said, files, token, f"http://{self.headers['Host']}")

    def route(self, asked: Asked) -> Answer:
        state = self.server.state
        if asked.path == "/oauth/access_token":
            return _token(state, asked)
        if state.page_of(asked.token) is None and asked.token not in state.people:
            return DEAD_TOKEN
        for method, pattern, act in self.server.rows:
            if method == asked.method and (match := re.fullmatch(pattern, asked.path)):
                ready = Asked(**{**asked.__dict__, "found": match.groups()})
                fault = state.faults.popleft() if state.faults and self.server.publishes(ready) else ""
                return self.meet(fault, act, ready)
        return NOT_THERE

    def meet(self, fault: str, act: Route, asked: Asked) -> Answer:
        """Let a request meet its fault, if any."""
        state = self.server.state
        if fault == "lost_request":
            return NOTHING
        if fault == "delayed":
            state.pending.append(lambda: act(state, asked))
            return NOTHING
        if fault == "strange":
            return 200, b"<html>ok</html>"
        if fault in FAULTS and fault != "error_after":
            return FAULTS[fault]
        told = act(state, asked)
        return {"lost_answer": NOTHING, "error_after": FAULTS["error_after"], "no_id": (200, b"{}")}.get(
            fault, told
        )

    def allow(self, asked: Asked) -> None:
        """The page that asks the person, who says yes at once."""
        state = self.server.state
        code = f"codigo{state.number()}"
        state.codes[code] = (asked.query["redirect_uri"], asked.query["client_id"])
        state.scopes = asked.query["scope"].split(",")
        back = urlencode({"state": asked.query["state"], "code": code})
        self.send_response(302)
        self.send_header("Location", f"{asked.query['redirect_uri']}?{back}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, status: int, said: dict[str, Any] | bytes) -> None:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        usage = {"type": "pages", "call_count": 100, "total_cputime": 1, "total_time": 1}
        usage["estimated_time_to_regain_access"] = self.server.state.regain_minutes
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "X-Business-Use-Case-Usage": json.dumps({"1000000001": [usage]}),
            "x-fb-trace-id": f"T{len(self.server.state.seen)}",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, state: State, routes: Routes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.state = state
        self.rows = [
            *routes.rows,
            ("GET", "/me", _me),
            ("GET", "/me/accounts", _accounts),
            ("GET", r"/(\d+)", _page_node),
        ]
        self.publishes = routes.publishes

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- the interface of socketserver
        """A client that was killed has hung up, and that is no fault of ours."""


@dataclass(frozen=True)
class GraphServer:
    """A running simulator, and what it knows."""

    url: str
    state: State

    def fail(self, *faults: str) -> None:
        """Let the next requests that publish meet these."""
        with self.state.lock:
            self.state.faults.extend(faults)

    def texts(self, owner: str) -> list[str]:
        """What is out, in the order of coming out."""
        with self.state.lock:
            return [post.text for post in self.state.posts.values() if post.owner == owner]


@contextmanager
def running(routes: Routes, now: Callable[[], float] = time.time) -> Iterator[GraphServer]:
    """Run the simulator in a thread of this process."""
    server = Server(State(now=now), routes)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield GraphServer(f"http://127.0.0.1:{server.server_address[1]}", server.state)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
