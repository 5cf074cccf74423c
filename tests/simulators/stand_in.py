"""What every simulated network has alike: a real HTTP server on loopback, and faults met one by one.

A network's own simulator says what each route answers and which call publishes; here is what may befall that call.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.simulators.counterpart import Fault

# Status, body, headers; a status of 0 means to hang up.
Told = tuple[int, dict[str, Any] | bytes, dict[str, str]]
NOTHING: Told = (0, {}, {})
_BEFORE = frozenset({Fault.LOST_REQUEST, Fault.ERROR_BEFORE, Fault.BUSY, Fault.DUPLICATE, Fault.REVOKED})


@dataclass(frozen=True)
class Asked:
    """A request, read."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def token(self) -> str:
        said = {name.lower(): value for name, value in self.headers.items()}.get("authorization", "")
        return said.removeprefix("Bearer ") if said.startswith("Bearer ") else ""

    def json(self) -> dict[str, Any]:
        said = json.loads(self.body or b"{}")
        assert isinstance(said, dict)
        return said

    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class StandIn:
    """``now`` gives seconds since 1970; ``seen`` is what was asked, in its order."""

    now: Callable[[], float] = time.time
    url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)
    faults: deque[Fault] = field(default_factory=deque)
    pending: list[Callable[[], object]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Told:
        """What the network answers; applies what is asked."""
        raise NotImplementedError

    def publishes(self, asked: Asked) -> bool:
        """Whether people see something after this call."""
        raise NotImplementedError

    def words(self, fault: Fault) -> Told:
        """How the network says a fault that it says itself."""
        raise NotImplementedError

    def fail(self, *faults: Fault) -> None:
        """Let the next calls that publish meet these."""
        self.faults.extend(faults)

    def settle(self) -> None:
        """Let what was delayed be applied."""
        with self.lock:
            waiting, self.pending = self.pending, []
            for act in waiting:
                act()

    def take(self, asked: Asked) -> Told:
        """Answer a request, or let it meet its fault."""
        with self.lock:
            self.seen.append(f"{asked.method} {asked.path}")
            if not self.faults or not self.publishes(asked):
                return self.answer(asked)
            return self._meet(self.faults.popleft(), asked)

    def _meet(self, fault: Fault, asked: Asked) -> Told:
        if fault is Fault.DELAYED:
            self.pending.append(lambda: self.answer(asked))
            return NOTHING
        if fault not in _BEFORE:
            self.answer(asked)
        return NOTHING if fault in {Fault.LOST_REQUEST, Fault.LOST_ANSWER} else self.words(fault)

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Serve it in a thread of this process."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler_of(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said, headers = stand_in.take(Asked(self.command, self.path, dict(self.headers), body))
            if not status:
                self.close_connection = True
                return
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            kind = {} if isinstance(said, bytes) else {"Content-Type": "application/json"}
            for name, value in {**kind, "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self.take()

        def do_POST(self) -> None:
            self.take()

        def do_PUT(self) -> None:
            self.take()

    return Handler
