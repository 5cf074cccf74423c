"""A site of many feeds over TLS, in a process of its own: 100 ms away, with validators, and a few news when asked.

``/feed/<n>`` is a feed of 30 notes; ``/news/<r>`` gives one new note to each feed whose number leaves ``r``
when divided by 20, that is to 5 % of any number of them in a row; ``/old/<r>`` takes it away again.
Each connection has one request, as from strangers who come once an hour.
"""

import asyncio
import hashlib
import sys
from http import HTTPStatus
from pathlib import Path

from tests.bench._measure import say, told
from tests.simulators.certificates import authority_and_context

ONE_IN = 20
NOTES = 30
HOST = "localhost"
_AWAY_SECONDS = 0.1
_WAITING = 1024
_WORDS = "El instituto informa sobre el derecho de acceso a la información y la protección de datos. " * 28


class Site:
    """The feeds, and how many notes each has got since the beginning."""

    def __init__(self) -> None:
        self._news = [0] * ONE_IN
        self._kept: dict[tuple[int, int], tuple[bytes, str]] = {}

    def tell_news(self, remainder: int, notes: int = 1) -> None:
        self._news[remainder % ONE_IN] += notes

    def feed(self, n: int) -> tuple[bytes, str]:
        """Return a feed's bytes and its ETag."""
        newest = self._news[n % ONE_IN]
        if (n, newest) not in self._kept:
            body = _rss(n, newest)
            self._kept[n, newest] = body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        return self._kept[n, newest]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and close."""
        try:
            asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            kind, number = asked[0].split(" ")[1].strip("/").split("/")
            if kind == "feed":
                await asyncio.sleep(_AWAY_SECONDS)
                writer.write(self._said_of(int(number), asked))
            else:
                self.tell_news(int(number), 1 if kind == "news" else -1)
                writer.write(_said(HTTPStatus.NO_CONTENT, b"", ""))
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except (OSError, asyncio.IncompleteReadError):
            return  # whoever asked went away

    def _said_of(self, n: int, asked: list[str]) -> bytes:
        body, tag = self.feed(n)
        sent = [line.partition(":")[2].strip() for line in asked if line.lower().startswith("if-none-match:")]
        return _said(HTTPStatus.NOT_MODIFIED, b"", tag) if sent == [tag] else _said(HTTPStatus.OK, body, tag)


def _said(status: HTTPStatus, body: bytes, tag: str) -> bytes:
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", "Connection: close"]
    if tag:
        lines.append(f"ETag: {tag}")
    if status is HTTPStatus.OK:
        lines += ["Content-Type: application/rss+xml", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _rss(n: int, newest: int) -> bytes:
    items = "".join(
        f"<item><title>Boletín {i} del cuerpo {n}</title><guid>g-{n}-{i}</guid>"
        f"<link>https://cuerpo{n}.example/notas/{i}</link>"
        f"<pubDate>Mon, 02 Nov 2026 10:{i % 60:02d}:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{_WORDS}&lt;b&gt;{i}&lt;/b&gt;&lt;/p&gt;</description></item>"
        for i in range(newest + NOTES, newest, -1)
    )
    return f"<rss version='2.0'><channel><title>Cuerpo {n}</title>{items}</channel></rss>".encode()


async def serve(feeds: int, folder: Path) -> None:
    """Serve until the input is closed."""
    site = Site()
    for n in range(feeds):
        site.feed(n)
    authority, context = authority_and_context(folder, HOST)
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0, ssl=context, backlog=_WAITING)
    say({"port": server.sockets[0].getsockname()[1], "authority": str(authority)})
    await asyncio.to_thread(sys.stdin.read)
    server.close()


def main() -> None:
    asyncio.run(serve(told()["feeds"], Path(told()["folder"])))
    say({})


if __name__ == "__main__":
    main()
