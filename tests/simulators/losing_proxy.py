"""A proxy on loopback that passes everything on to a real server, and loses what a test tells it to lose.

The fault that no server injects by itself: the write happened and its answer never came.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass(frozen=True)
class Canned:
    """What is answered instead; ``after`` tells whether the request is passed on first. Status 0: nothing.

    ``later``: the request is kept, and passed on when the proxy is told to ``settle``.
    """

    status: int = 0
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    after: bool = True
    later: bool = False


@dataclass
class LosingProxy:
    """The proxy's address, what it saw, and what it will spoil: one answer for each word, by order."""

    url: str = ""
    upstream: str = ""
    seen: list[str] = field(default_factory=list)
    _spoils: list[tuple[str, Canned]] = field(default_factory=list)
    _kept: list[Callable[[], object]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spoil(self, word: str, canned: Canned = Canned()) -> None:
        """Spoil the answer to the next request whose first line has ``word``, by default by losing it.

        The line is the method and the path: ``POST /api/v1/statuses``.
        """
        with self._lock:
            self._spoils.append((word, canned))

    def take(self, method: str, path: str) -> Canned | None:
        """What to answer to this request instead."""
        with self._lock:
            self.seen.append(path)
            found = next((one for one in self._spoils if one[0] in f"{method} {path}"), None)
            if found is not None:
                self._spoils.remove(found)
        return found[1] if found else None

    def keep(self, passing_on: Callable[[], object]) -> None:
        """Keep a request until it is settled."""
        with self._lock:
            self._kept.append(passing_on)

    def settle(self) -> None:
        """Pass on what was kept, in its order."""
        with self._lock:
            kept, self._kept = self._kept, []
        for passing_on in kept:
            passing_on()

    def count(self, word: str) -> int:
        """How many requests had this word in their path."""
        return sum(word in path for path in self.seen)


def _handler(proxy: LosingProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            canned = proxy.take(self.command, self.path)
            if canned is not None and canned.later:
                proxy.keep(partial(self._ask, body))
            elif canned is None or canned.after:
                status, headers, said = self._ask(body)
            if canned is not None:
                status, headers, said = canned.status, list(canned.headers), canned.body
            self.close_connection = True
            if not status:
                return  # the socket is closed without a word
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = _pass_on  # noqa: N815 -- the interface of http.server

        def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            target = urlsplit(proxy.upstream)
            upstream = HTTPConnection(target.hostname or "", target.port, timeout=30)
            try:
                headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
                upstream.request(self.command, self.path, body or None, headers)
                answer = upstream.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            finally:
                upstream.close()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that was killed, or gave up."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type] # the interface of socketserver


@contextmanager
def losing_proxy(upstream: str) -> Iterator[LosingProxy]:
    """Run the proxy in a thread of this process."""
    proxy = LosingProxy(upstream=upstream)
    server = _Server(("127.0.0.1", 0), _handler(proxy))
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
