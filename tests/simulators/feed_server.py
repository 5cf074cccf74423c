"""A web server on loopback that serves feeds, and every way a site can misbehave."""

import contextlib
import gzip
import hashlib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from scheduler.listening.addresses import FetchPolicy


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived."""

    path: str
    headers: Message


Page = Callable[["Answering"], None]


class Answering(BaseHTTPRequestHandler):
    server: "FeedServer"

    def do_GET(self) -> None:
        self.server.seen.append(Seen(self.path, self.headers))
        page = self.server.pages.get(self.path.partition("?")[0])
        if page is None:
            self.say(404, b"nothing here")
        else:
            page(self)

    def say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send a whole answer. A client that has hung up is no fault of ours."""
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def say_exactly(self, answer: bytes) -> None:
        """Send these bytes, whatever they are, and hang up."""
        with contextlib.suppress(OSError):
            self.wfile.write(answer)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class FeedServer(ThreadingHTTPServer):
    """Pages by path; all requests are kept in ``seen``."""

    daemon_threads = True

    def __init__(self, address: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        super().__init__((address, port), Answering)
        self.address = address
        self.port: int = self.server_address[1]
        self.tls = tls
        self.pages: dict[str, Page] = {}
        self.seen: list[Seen] = []
        self._closing = threading.Event()
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up, or refuses our certificate, is what some tests want."""

    def url(self, path: str = "/feed.xml", host: str | None = None) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{host or self.address}:{self.port}{path}"

    def policy(self, host: str | None = None) -> FetchPolicy:
        """Return a policy that an administrator of this server would write."""
        return FetchPolicy(frozenset({(host or self.address, self.port)}), contact="tests@example.org")

    def serve(self, path: str, body: bytes, *, zipped: bool = False, **headers: str) -> None:
        """Serve a feed with validators, as a good site does; header names with ``_`` for ``-``."""
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        said = {"Content-Type": "application/rss+xml", "ETag": tag, **extra}

        def page(request: Answering) -> None:
            if request.headers.get("If-None-Match") == tag:
                request.say(304, b"", {"ETag": tag})
            elif zipped:
                request.say(200, gzip.compress(body), said | {"Content-Encoding": "gzip"})
            else:
                request.say(200, body, said)

        self.pages[path] = page

    def serve_plainly(self, path: str, body: bytes, content_type: str = "text/html") -> None:
        """Serve a body without validators: every request is answered whole."""
        self.pages[path] = lambda request: request.say(200, body, {"Content-Type": content_type})

    def refuse(self, path: str, status: int, **headers: str) -> None:
        """Answer with a status and nothing else."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = lambda request: request.say(status, b"", said)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Send whoever asks on to another address."""
        self.pages[path] = lambda request: request.say(status, b"", {"Location": to})

    def drip(self, path: str, *, in_headers: bool = False, every: float = 0.05) -> None:
        """Answer one byte at a time and never end, until the client or the test gives up."""

        def page(request: Answering) -> None:
            try:
                request.wfile.write(b"HTTP/1.1 200 OK\r\n")
                if not in_headers:
                    request.wfile.write(b"\r\n")
                while not self._closing.wait(every):
                    request.wfile.write(b"a")
            except OSError:
                request.close_connection = True

        self.pages[path] = page

    def pour(self, path: str, size: int) -> None:
        """Answer with ``size`` bytes without saying how many they will be."""

        def page(request: Answering) -> None:
            block = b"x" * 65_536
            try:
                request.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                for _ in range(size // len(block)):
                    request.wfile.write(block)
            except OSError:
                pass
            request.close_connection = True

        self.pages[path] = page
