"""Ask for one page as often as it comes, over a few lines that stay open; as little work as can be on this side."""

import selectors
import socket
import time
from dataclasses import dataclass

_PIECE = 1 << 18


@dataclass
class _Line:
    wire: socket.socket
    waits: int = 0
    head: bytes = b""


def answers_a_second(port: int, path: str, cookie: str, lines: int, seconds: float) -> float:
    """Return how many whole answers came; raises RuntimeError when one is not a page."""
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Language: es\r\nCookie: {cookie}\r\n\r\n".encode()
    chooser, buffer, count = selectors.DefaultSelector(), bytearray(_PIECE), 0
    for _ in range(lines):
        line = _Line(socket.create_connection(("127.0.0.1", port)))
        line.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.wire.sendall(asked)
        chooser.register(line.wire, selectors.EVENT_READ, line)
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for key, _ in chooser.select(1):
            if _is_whole(key.data, buffer):
                count += 1
                key.data.wire.sendall(asked)
    took = time.perf_counter() - begun
    for key in list(chooser.get_map().values()):
        key.data.wire.close()
    chooser.close()
    return count / took


def _is_whole(line: _Line, buffer: bytearray) -> bool:
    got = line.wire.recv_into(buffer)
    if not got:
        raise RuntimeError("the line was cut")
    if line.waits:
        line.waits -= got
        return line.waits == 0
    line.head += buffer[:got]
    head, found, rest = line.head.partition(b"\r\n\r\n")
    if not found:
        return False
    words = head.lower()
    if not words.startswith(b"http/1.1 200") or b"content-length: " not in words:
        raise RuntimeError(words.decode())
    line.waits = int(words.partition(b"content-length: ")[2].partition(b"\r\n")[0]) - len(rest)
    line.head = b""
    return line.waits == 0
