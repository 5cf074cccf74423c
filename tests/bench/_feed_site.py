"""A site of many feeds, in a process of its own: 20 ms away, with validators, and a few news when asked.

``/feed/<n>`` is a feed of 30 notes; ``/news/<r>`` gives one new note to each feed whose number leaves ``r``
when divided by 20, that is to 5 % of any number of them in a row.
"""

import hashlib
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.bench._measure import say, told

ONE_IN = 20
NOTES = 30
_AWAY_SECONDS = 0.02
_WORDS = "El instituto informa sobre el derecho de acceso a la información y la protección de datos. " * 28


class Site(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self._news = [0] * ONE_IN
        self._kept: dict[tuple[int, int], tuple[bytes, str]] = {}

    def tell_news(self, remainder: int) -> None:
        self._news[remainder % ONE_IN] += 1

    def feed(self, n: int) -> tuple[bytes, str]:
        """Return a feed's bytes and its ETag."""
        newest = self._news[n % ONE_IN]
        if (n, newest) not in self._kept:
            body = _rss(n, newest)
            self._kept[n, newest] = body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        return self._kept[n, newest]


def _rss(n: int, newest: int) -> bytes:
    items = "".join(
        f"<item><title>Boletín {i} del cuerpo {n}</title><guid>g-{n}-{i}</guid>"
        f"<link>https://cuerpo{n}.example/notas/{i}</link>"
        f"<pubDate>Mon, 02 Nov 2026 10:{i % 60:02d}:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{_WORDS}&lt;b&gt;{i}&lt;/b&gt;&lt;/p&gt;</description></item>"
        for i in range(newest + NOTES, newest, -1)
    )
    return f"<rss version='2.0'><channel><title>Cuerpo {n}</title>{items}</channel></rss>".encode()


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        kind, number = self.path.strip("/").split("/")
        if kind == "news":
            self.server.tell_news(int(number))
            self._say(204, b"", {})
            return
        body, tag = self.server.feed(int(number))
        time.sleep(_AWAY_SECONDS)
        if self.headers.get("If-None-Match") == tag:
            self._say(304, b"", {"ETag": tag})
        else:
            self._say(200, body, {"ETag": tag, "Content-Type": "application/rss+xml"})

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status == 200:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    site = Site()
    for n in range(told()["feeds"]):
        site.feed(n)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    say({"port": site.server_address[1]})
    sys.stdin.read()
    say({})


if __name__ == "__main__":
    main()
