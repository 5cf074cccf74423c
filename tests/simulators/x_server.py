"""X as far as Resuena uses it: a real HTTP server on loopback, with faults that a test asks for over HTTP.

What it reproduces: weighted length, the duplicate's refusal, rate limit told from usage cap, faults before and
after the write, delayed application, media, t.co, snowflakes, tokens good for one use. As X's pages say it:
https://docs.x.com/resources/fundamentals/counting-characters, https://docs.x.com/x-api/fundamentals/rate-limits,
https://docs.x.com/x-api/media/quickstart/best-practices. It also runs as a process of its own:

    python -m tests.simulators.x_server --port 0 --seed 7 --faults lost_answer=0.05,/2/users:5xx_before=0.1

prints its address as one line of JSON. ``POST /_control/posts`` lists what is out and what was asked.
"""

import argparse
import json
import random
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.simulators.x_faults import BEFORE, LATE, WRITES, FaultPlan, read_rates
from tests.simulators.x_routes import NOT_FOUND, ROUTES, UNAUTHORIZED, Asked, Route
from tests.simulators.x_state import DUPLICATE, FORBIDDEN, Answer, State, problem, weight
from tests.simulators.x_tokens import BAD_TOKEN

__all__ = ["XServer", "running", "weight"]

SETTINGS = (
    "hidden",
    "lag",
    "refuses_equal",
    "allows_replies",
    "allows_quotes",
    "polls",
    "video_fails",
    "check_after_secs",
    "delay",
    "reset",
)
REFUSALS: dict[str, Answer] = {
    "400": problem(400, "One or more parameters to your request was invalid.", title="Invalid Request"),
    "401": UNAUTHORIZED,
    "402": problem(402, "Your credits are depleted.", title="CreditsDepleted"),
    "403": FORBIDDEN,
    "404": NOT_FOUND,
    "duplicate": DUPLICATE,
    "usage_cap": problem(
        429,
        "Usage cap exceeded: Monthly product cap",
        "https://api.x.com/2/problems/usage-capped",
        "UsageCapExceeded",
    ),
    "rate_limit": problem(429, "Too Many Requests", title="Too Many Requests"),
    "429": problem(429, "Too Many Requests", title="Too Many Requests"),
    "day_limit": problem(429, "Too Many Requests", title="Too Many Requests"),
    "5xx_before": problem(503, "Service Unavailable", title="Service Unavailable"),
    "5xx_after": problem(500, "Internal Server Error"),
    "invalid_grant": BAD_TOKEN,
}
NOTHING: Answer = (0, {})
# Status, body, headers; a status of 0 means to hang up.
Told = tuple[int, dict[str, Any] | bytes, dict[str, str]]


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
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, dict(self.headers), body)
        state = self.server.state
        with state.lock:
            state.settle(state.now())
            if asked.path.startswith("/_control/"):
                told: Told = 200, self.control(asked.path.rpartition("/")[2], body), {}
            elif asked.path == "/i/oauth2/authorize":
                told = self.authorize(asked)
            else:
                state.seen.append(f"{asked.method} {asked.path}")
                told = self.route(asked)
        if state.latency:
            time.sleep(state.latency * random.random())  # noqa: S311 -- how long an answer takes is no secret
        if told[0]:
            self.answer(*told)
        else:
            self.close_connection = True

    def route(self, asked: Asked) -> Told:
        """Answer a request of the API; a status of 0 means to hang up."""
        state = self.server.state
        match = next(
            (
                (on, act, found.groups())
                for method, path, on, act in ROUTES
                if method == asked.method and (found := re.fullmatch(path, asked.path))
            ),
            None,
        )
        if match is None:
            return *NOT_FOUND, {}
        on, act, in_path = match
        asked = replace(asked, user=self.user(), found=in_path)
        if not asked.user and on != "/2/oauth2/token":
            return *UNAUTHORIZED, {}
        state.asked[on, asked.what()] += 1
        # The promise of a network: what is older than its client waited and a request may fly is not applied.
        stamp = re.search(r'oauth_timestamp="(\d+)"', self.headers.get("Authorization", ""))
        if stamp and time.time() > int(stamp[1]) + state.patience:
            return *NOTHING, {}
        return self.meet(self.fault(on, asked), act, asked, limited=on in WRITES)

    def user(self) -> str:
        """Whose keys or token the request bears."""
        said = self.headers.get("Authorization", "")
        if said.startswith("Bearer "):
            return self.server.state.tokens.user_of(said.removeprefix("Bearer "), self.server.state.now())
        user = re.search(r'oauth_token="(\d+)-', said)
        return user[1] if user else ""

    def fault(self, on: str, asked: Asked) -> str:
        state = self.server.state
        waiting = state.faults.get(on)
        kind = waiting.popleft() if waiting else state.plan.draw(on, asked.what())
        if kind:
            state.met[kind] += 1
        return kind

    def meet(self, kind: str, act: Route, asked: Asked, *, limited: bool) -> Told:
        """Let a request meet its fault, if any."""
        state = self.server.state
        if kind in LATE:
            state.pending.append(
                (state.now() + state.delay if state.delay else float("inf"), lambda: act(state, asked))
            )
            return *NOTHING, {}
        if kind in BEFORE:
            return self.refuse(kind)
        status, said = act(state, asked)
        headers = self.limits() if limited else {}
        spoiled: dict[str, tuple[int, dict[str, Any] | bytes]] = {
            "lost_answer": NOTHING,
            "bad_json": (status, b'{"data": {"id"'),
            "no_id": (status, {"data": {}}),
            "errors_only": (
                status,
                {"errors": [{"title": "Not Found Error", "detail": "Could not find it."}]},
            ),
            "5xx_after": REFUSALS["5xx_after"],
        }
        return *spoiled.get(kind, (status, said)), headers

    def refuse(self, kind: str) -> Told:
        if kind == "lost_request":
            return *NOTHING, {}
        if kind == "html":
            return 403, b"<html>blocked</html>", {"Content-Type": "text/html"}
        if kind == "redirect":
            return 307, b"", {"Location": f"http://{self.headers['Host']}{self.path}"}
        return *REFUSALS[kind], self.limits(kind)

    def limits(self, kind: str = "") -> dict[str, str]:
        """The headers of a write: of the last fifteen minutes, of the app's day and of the user's."""
        now, reset = int(self.server.state.now()), self.server.state.reset
        left = "0" if kind == "rate_limit" else "97"
        left_today = "0" if kind == "day_limit" else "9876"
        return {
            "x-rate-limit-limit": "100",
            "x-rate-limit-remaining": left,
            "x-rate-limit-reset": str(int(now + reset)),
            "x-app-limit-24hour-limit": "10000",
            "x-app-limit-24hour-remaining": "9876",
            "x-app-limit-24hour-reset": str(now + 40_000),
            "x-user-limit-24hour-limit": "10000",
            "x-user-limit-24hour-remaining": left_today,
            "x-user-limit-24hour-reset": str(now + 30_000),
        }

    def authorize(self, asked: Asked) -> Told:
        """The page that asks the person, who says yes at once."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.target).query).items()}
        back = self.server.state.tokens.authorize(query, self.server.state.now())
        return (302, {}, {"Location": back}) if back else (*problem(400, "Something went wrong"), {})

    def control(self, what: str, body: bytes) -> dict[str, Any]:
        state = self.server.state
        asked = json.loads(body) if body else {}
        if what == "fault":
            kinds = [asked["kind"]] * int(asked.get("times", 1))
            state.faults.setdefault(asked.get("on", "/2/tweets"), deque()).extend(kinds)
        elif what == "plan":
            state.plan = FaultPlan(int(asked.get("seed", 0)), read_rates(asked.get("faults", "")))
        elif what == "set":
            for name in SETTINGS:
                setattr(state, name, asked.get(name, getattr(state, name)))
        elif what == "user":
            state.user(asked["id"]).update(asked)
        elif what == "metrics":
            state.posts[int(asked["id"])].metrics.update(asked["metrics"])
        elif what == "older":
            return {"id": str(state.older(int(asked["id"]), asked["days"]))}
        elif what == "consenting":
            state.tokens.consenting = asked["user"]
        elif what == "settle":
            state.settle()
        return self.told() if what == "posts" else {}

    def told(self) -> dict[str, Any]:
        state = self.server.state
        return {
            "posts": [
                {
                    "id": str(post.id),
                    "user": post.user,
                    "text": post.text,
                    "media": post.media,
                    "reply_to": post.reply_to,
                    "repost_of": post.repost_of,
                    "requests": state.asked["/2/tweets", f"{post.user}/{post.text}"],
                }
                for post in state.posts.values()
            ],
            "alt_texts": state.alt_texts,
            "seen": state.seen,
            # How often each write was asked for, whatever came of it, by account and text.
            "asked": [{"on": on, "what": what, "times": times} for (on, what), times in state.asked.items()],
            "faults": dict(state.met),
            "pending": len(state.pending),
            "families": state.tokens.told(),
        }

    def answer(self, status: int, said: dict[str, Any] | bytes, headers: dict[str, str]) -> None:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "x-transaction-id": f"{len(self.server.state.seen):016x}",
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, state: State, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.state = state

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- the interface of socketserver
        """A client that was killed has hung up: that is no fault of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@dataclass(frozen=True)
class XServer:
    """A running simulator, in whichever process, spoken to by HTTP."""

    url: str

    def _control(self, what: str, **asked: object) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/_control/{what}", json=asked, timeout=30)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said

    def fault(self, kind: str, *, on: str = "/2/tweets", times: int = 1) -> None:
        """Let the next requests to ``on`` meet a fault."""
        self._control("fault", kind=kind, on=on, times=times)

    def plan(self, seed: int, faults: str) -> None:
        """Let faults be drawn from now on: ``lost_answer=0.05,/2/users:5xx_before=0.1``; "" for none."""
        self._control("plan", seed=seed, faults=faults)

    def set(self, **values: object) -> None:
        """Set ``hidden``, ``refuses_equal`` and the other settings of the state."""
        self._control("set", **values)

    def user(self, number: str, **values: str) -> None:
        """Say who a user is: ``username``, ``subscription_type``, ``verified_type``."""
        self._control("user", id=number, **values)

    def metrics(self, remote_id: str, **metrics: int) -> None:
        """Say how a post was received."""
        self._control("metrics", id=remote_id, metrics=metrics)

    def older(self, remote_id: str, *, days: int) -> str:
        """Let a post be older than it is; return the id that it has then."""
        return str(self._control("older", id=remote_id, days=days)["id"])

    def consenting(self, user: str) -> None:
        """Say who allows an app next."""
        self._control("consenting", user=user)

    def settle(self) -> None:
        """Let what was delayed be applied now."""
        self._control("settle")

    def posts(self) -> list[dict[str, Any]]:
        """Every post that is out."""
        posts: list[dict[str, Any]] = self.told()["posts"]
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
        yield XServer(f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    """Serve until the process is stopped."""
    parser = argparse.ArgumentParser(description="A simulated X on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", default="", help="kind=rate or route:kind=rate, with commas between")
    parser.add_argument("--delay", type=float, default=2, help="seconds that a delayed write waits")
    parser.add_argument("--reset", type=float, default=2, help="seconds that a rate limit lasts")
    parser.add_argument("--lag", type=float, default=0, help="seconds that a post may be unreadable")
    parser.add_argument("--latency", type=float, default=0, help="seconds that an answer may take")
    parser.add_argument("--patience", type=float, default=float("inf"), help="oldest request that is applied")
    given = parser.parse_args()
    state = State(plan=FaultPlan(given.seed, read_rates(given.faults)), delay=given.delay, reset=given.reset)
    state.lag, state.latency, state.patience = given.lag, given.latency, given.patience
    server = Server(state, given.port)
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_address[1]}", "seed": given.seed}), flush=True)  # noqa: T201 -- whoever started it reads this line
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
