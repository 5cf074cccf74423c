"""A wire that can be cut: forwards each call to a real server, and loses the call or its answer when told to.

No real server loses an answer after the write; this stands between. One call a connection, as ours are made.
"""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

_SECONDS = 20.0


class Cut(StrEnum):
    """What is lost: the request, before the server sees it, or the answer, after the server did it."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass
class CutWire:
    """The wire: ``url`` is its address; ``cuts`` are what the next calls that begin with those words lose."""

    url: str
    upstream: tuple[str, int]
    cuts: list[tuple[bytes, Cut]] = field(default_factory=list)
    lost: list[Cut] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut(self, beginning: str, what: Cut) -> None:
        """Lose this of the next call whose first line begins so, such as ``POST /api``."""
        with self._lock:
            self.cuts.append((beginning.encode(), what))

    def take(self, request: bytes) -> Cut | None:
        """What this call loses; it was the next one that it fits."""
        with self._lock:
            for told in self.cuts:
                if request.startswith(told[0]):
                    self.cuts.remove(told)
                    self.lost.append(told[1])
                    return told[1]
        return None


@contextmanager
def cutting(host: str, port: int) -> Iterator[CutWire]:
    """Run a wire to that server, on loopback."""

    class Forward(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(_SECONDS)
            _forward(wire, self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Forward) as server:
        wire = CutWire(f"http://127.0.0.1:{server.server_address[1]}", (host, port))
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield wire
        finally:
            server.shutdown()
            thread.join()


def _forward(wire: CutWire, client: socket.socket) -> None:
    request = _request(client)
    what = wire.take(request) if request else Cut.REQUEST
    if what is Cut.REQUEST:
        return
    # The server closes once it has answered, which is how the end of the answer is known.
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    with socket.create_connection(wire.upstream, _SECONDS) as server:
        server.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
        answer = b"".join(iter(lambda: server.recv(65536), b""))
    if what is None:
        client.sendall(answer)


def _request(client: socket.socket) -> bytes:
    """Return one whole request; its length is told, since ours are never chunked."""
    read = b""
    while b"\r\n\r\n" not in read:
        piece = client.recv(65536)
        if not piece:
            return read
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        piece = client.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body
