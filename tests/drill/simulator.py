"""A network of the drill as a process of its own: ``python -m tests.drill.simulator --seed 1 --faults a=0.05``.

It prints its address, and keeps its promises even when it is tormented: no request is applied later than
``flight`` after its client gave up, no post is unreadable for longer than ``lag``. The engine's proof rests on
both, so a simulator that broke them would prove nothing.
"""

import argparse
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

NOT_APPLIED = ("lost_request", "5xx_before", "rate_limit")
APPLIED = ("lost_answer", "5xx_after", "cut_answer")
FAULTS = (*NOT_APPLIED, "delayed", *APPLIED)
# Of the span a promise allows, this much is used at most: threads wake late on a busy machine.
KEPT = 0.7


@dataclass
class Post:
    id: str
    account: str
    network: str
    mark: str
    key: str
    before: list[str]
    at: float
    visible_at: float

    def told(self) -> dict[str, Any]:
        return {**vars(self), "url": f"https://red.example/{self.id}"}


@dataclass
class Simulated:
    """What the network knows. Every method is called with the lock held."""

    chance: random.Random
    rates: Mapping[str, float]
    flight: float
    read: float
    lag: float
    latency: float
    posts: list[Post] = field(default_factory=list)
    of_account: dict[str, list[Post]] = field(default_factory=dict)
    containers: dict[str, dict[str, Any]] = field(default_factory=dict)
    pending: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=dict)
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    now: Callable[[], float] = time.time

    def fate(self) -> str:
        drawn = self.chance.random()
        for name, rate in self.rates.items():
            if drawn < rate:
                self.met[name] = self.met.get(name, 0) + 1
                return name
            drawn -= rate
        return ""

    def settle(self) -> None:
        now = self.now()
        due = [one for one in self.pending if one[0] <= now]
        self.pending = [one for one in self.pending if one[0] > now]
        for at, asked in sorted(due, key=lambda one: one[0]):
            # As of then, however late somebody asks: a promise is not kept by who happens to look.
            self.apply(asked, at)

    def apply(self, asked: dict[str, Any], now: float) -> tuple[int, dict[str, Any]]:
        """Publish at the moment ``now``, or say why not; each kind protects in its own way."""
        kind, mine = asked["protection"], self.of_account.setdefault(asked["account"], [])
        if kind in {"replay", "two_phase"}:
            key = asked.get("container", asked["key"])
            life = asked["key_life"] or float("inf")
            if earlier := next((p for p in mine if p.key == key and p.at > now - life), None):
                return 201, earlier.told()
            asked = asked | {"key": key}
        if kind == "refuses_equal" and any(post.mark == asked["mark"] for post in mine):
            return 403, {"detail": "duplicate content"}
        made = Post(
            f"{len(self.posts) + 1}",
            asked["account"],
            asked["network"],
            asked["mark"],
            asked["key"],
            asked.get("before", []),
            now,
            now + self.chance.uniform(0, self.lag * KEPT),
        )
        self.posts.append(made)
        mine.append(made)
        return 201, made.told()

    def publish(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Meet a fate, and be applied or not; status 0 is no answer at all, -1 half of one."""
        self.calls += 1
        self.settle()
        if self.now() > asked["sent"] + self.read + self.flight * KEPT:
            return 0, {}
        fate = self.fate()
        if fate == "lost_request":
            return 0, {}
        if fate == "5xx_before":
            return 503, {}
        if fate == "rate_limit":
            return 429, {"reset": self.now() + self.chance.uniform(0, self.flight)}
        if fate == "delayed":
            self.pending.append((self.now() + self.chance.uniform(0, self.flight * KEPT), asked))
            return 0, {}
        done = self.apply(asked, self.now())
        return {"lost_answer": (0, {}), "5xx_after": (500, {}), "cut_answer": (-1, {})}.get(fate, done)

    def read_back(self, query: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        self.settle()
        now, since = self.now(), float(query["since"][0])
        return [
            post.told()
            for post in self.of_account.get(query["account"][0], [])
            if post.at >= since and post.visible_at <= now and post.mark == query["mark"][0]
        ]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        net, path = self.server.net, urlsplit(self.path)
        with net.lock:
            if path.path == "/_admin":
                net.settle()
                self.answer(
                    200, {"posts": [post.told() for post in net.posts], "met": net.met, "calls": net.calls}
                )
            elif net.chance.random() < net.rates.get("5xx_before", 0):
                self.answer(503, {})
            else:
                self.answer(200, {"posts": net.read_back(parse_qs(path.query))})

    def do_POST(self) -> None:
        net = self.server.net
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/containers":
            with net.lock:
                name = f"c{len(net.containers) + 1}"
                net.containers[name] = asked
            return self.answer(201, {"id": name})
        # Part of the time before it is applied, part after: a worker that dies meanwhile dies in either.
        time.sleep(net.latency * random.random() / 2)  # noqa: S311 -- a delay, no secret
        with net.lock:
            status, said = net.publish(asked)
        time.sleep(net.latency * random.random() / 2)  # noqa: S311 -- as above
        return self.answer(status, said)

    def answer(self, status: int, said: dict[str, Any]) -> None:
        if status == 0:
            self.close_connection = True
            return
        body = json.dumps(said).encode()
        try:
            self.send_response(abs(status) if status > 0 else 201)
            self.send_header("Content-Length", str(len(body) + (40 if status < 0 else 0)))
            if "reset" in said:
                self.send_header("x-reset", str(said["reset"]))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # its client was killed, or gave up
            self.close_connection = True
        if status < 0:
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, net: Simulated) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.net = net

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients are killed here all the time."""


def rates(said: str) -> dict[str, float]:
    """Read ``lost_answer=0.05,delayed=0.02``."""
    pairs = (pair.split("=") for pair in said.split(",") if pair)
    found = {name: float(rate) for name, rate in pairs}
    if unknown := set(found) - set(FAULTS):
        raise ValueError(f"no such fault: {unknown}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=rates, default={})
    for span, default in (("--flight", 120.0), ("--read", 30.0), ("--lag", 60.0), ("--latency", 0.0)):
        parser.add_argument(span, type=float, default=default, help="seconds")
    said = parser.parse_args()
    net = Simulated(
        random.Random(said.seed),  # noqa: S311 -- faults that can be drawn again, no secret
        said.faults,
        said.flight,
        said.read,
        said.lag,
        said.latency,
    )
    server = Server(net)
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{server.server_address[1]}"}) + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
