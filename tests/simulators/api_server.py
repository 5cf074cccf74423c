"""A simulated API on loopback, over real HTTP, whose publishing calls meet the faults that a test asks for.

Each network's simulator says what is asked of it, which call publishes, and how it refuses in its own words.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from tests.simulators.counterpart import Fault


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def form(self) -> dict[str, str]:
        """The fields of a form in the address' manner."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def json(self) -> Any:  # noqa: ANN401 -- any JSON value
        """The body as JSON; an empty object where there is none."""
        return json.loads(self.body or b"{}")

    def parts(self) -> dict[str, bytes]:
        """The fields of a form with files (RFC 7578)."""
        kind = f"Content-Type: {self.headers.get('Content-Type', '')}\r\n\r\n".encode()
        read = message_from_bytes(kind + self.body, policy=HTTP)
        return {
            str(part.get_param("name", header="content-disposition")): bytes(
                part.get_payload(decode=True) or b""
            )
            for part in read.iter_parts()
        }


@dataclass(frozen=True)
class Told:
    """One answer; a status of 0 means to hang up."""

    status: int
    said: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        if isinstance(self.said, bytes):
            return self.said
        return b"" if self.said is None else json.dumps(self.said).encode()


NOTHING = Told(0)
# As a hotel's door to the net answers, or a firewall's.
STRANGE = Told(200, b"<html>Bienvenida a la red del hotel</html>", {"Content-Type": "text/html"})


class Simulated(Protocol):
    """What a network's simulator tells the server that carries it."""

    def answer(self, asked: Asked) -> Told:
        """Do what is asked, and answer."""

    def publishes(self, asked: Asked) -> bool:
        """Whether people see something after this call."""

    def refusal(self, fault: Fault) -> Told:
        """How the network says that it did nothing, or knows not whether it did."""


@dataclass
class Server:
    """A simulator with its address, the faults that await calls, and what was asked of it."""

    simulated: Simulated
    url: str = ""
    faults: deque[Fault] = field(default_factory=deque)
    pending: list[Callable[[], object]] = field(default_factory=list)
    seen: list[Asked] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def fail(self, *faults: Fault) -> None:
        """Let the next calls that publish meet these, one each."""
        with self.lock:
            self.faults.extend(faults)

    def settle(self) -> None:
        """Let what was delayed be applied now."""
        with self.lock:
            due, self.pending = self.pending, []
            for apply in due:
                apply()

    def take(self, asked: Asked) -> Told:
        with self.lock:
            self.seen.append(asked)
            fault = self.faults.popleft() if self.faults and self.simulated.publishes(asked) else None
            return self.simulated.answer(asked) if fault is None else self._meet(fault, asked)

    def _meet(self, fault: Fault, asked: Asked) -> Told:
        match fault:
            case Fault.LOST_REQUEST:
                return NOTHING
            case Fault.LOST_ANSWER:
                self.simulated.answer(asked)
                return NOTHING
            case Fault.DELAYED:
                self.pending.append(lambda: self.simulated.answer(asked))
                return NOTHING
            case Fault.STRANGE:
                return STRANGE
            case Fault.ERROR_AFTER:
                self.simulated.answer(asked)
        return self.simulated.refusal(fault)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Http"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = self.server.of.take(Asked(self.command, self.path, dict(self.headers), body))
        if not told.status:
            self.close_connection = True
            return
        said = told.body()
        self.send_response(told.status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(said)),
            **told.headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = do_PUT = _take  # noqa: N815 -- the interface of http.server


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, of: Server) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.of = of

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- the interface of socketserver
        """A client that was killed has hung up: that is no fault of ours."""


@contextmanager
def serving(simulated: Simulated) -> Iterator[Server]:
    """Run a simulator in a thread of this process."""
    server = Server(simulated)
    http = _Http(server)
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
