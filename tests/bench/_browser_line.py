"""One browser's line to a server on this machine: HTTP/1.1 kept open, cookies kept, as little work as can be."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

_PATIENCE = 60.0


class LostError(Exception):
    """The line was cut before the answer was whole."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    type: str
    location: str
    body: bytes


class Line:
    """A line that is opened when it is first needed, and once more when the server has closed it meanwhile."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self._port, self._cookies = port, cookies
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Ask, and wait for the whole answer. Raises LostError, OSError or TimeoutError."""
        path = path.partition("#")[0]
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}", "Accept-Language: es"]
        if self._cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self._cookies.items()))
        if method != "GET":
            head.append(f"Content-Length: {len(body)}")
        head += [f"{name}: {value}" for name, value in headers.items()]
        sent = "\r\n".join([*head, "", ""]).encode() + body
        async with asyncio.timeout(_PATIENCE):
            fresh = self._writer is None
            try:
                return await self._exchange(sent)
            except (LostError, ConnectionError):
                self.close()
                if fresh:
                    raise
                # What a server closes while it is idle nobody has answered, and a browser asks again.
                return await self._exchange(sent)

    async def _exchange(self, sent: bytes) -> Answer:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        self._writer.write(sent)
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            status = int(lines[0].split(" ", 2)[1])
            said: dict[str, str] = {}
            for line in lines[1:]:
                name, _, value = line.partition(": ")
                name = name.lower()
                if name == "set-cookie":
                    kept, _, what = value.partition(";")[0].partition("=")
                    self._cookies[kept] = what
                else:
                    said[name] = value
            body = await self._body(said)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise LostError from error
        return Answer(status, said.get("content-type", ""), said.get("location", ""), body)

    async def _body(self, said: Mapping[str, str]) -> bytes:
        if self._reader is None:
            raise LostError
        if said.get("transfer-encoding") == "chunked":
            pieces = []
            while size := int((await self._reader.readline()).strip() or b"0", 16):
                pieces.append(await self._reader.readexactly(size))
                await self._reader.readexactly(2)
            await self._reader.readexactly(2)
            return b"".join(pieces)
        return await self._reader.readexactly(int(said.get("content-length", "0")))

    def close(self) -> None:
        """Leave."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
