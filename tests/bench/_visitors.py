"""Two hundred and twenty people in one light process, each with a browser's cookies, memory and one line to the server.

Their clicks are planned beforehand, at random moments that do not wait for the answers: an answer counts from the
moment when it was to be asked for, so that a server that hangs is not asked less and its slowness not left out.
"""

import asyncio
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

from tests.bench._browser_line import Answer, Line, LostError
from tests.bench._measure import percentile, say, told

# As in TPC-W, clause 5.3.1.1, a person thinks at random, ten times the average at most.
_LONGEST = 10
_PARTS = re.compile(r'(?:src|href)="(/[^"]+)"')
_SHEETS = re.compile(r"<(?:link|script|img)\b[^>]*>")
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
_SITTING = re.compile(r'name="sitting" value="([^"]*)"')
_REVIEW = re.compile(r'href="/revision/([a-z0-9]{12})"')
_HASH = re.compile(r'name="content_hash" value="([^"]+)"')
_MOST_SHOWN = 30

# What people who are signed in open, and how often of a hundred clicks.
_READS = {
    "bimester": 18, "month": 8, "week": 10, "day": 6, "list": 2, "events": 10, "post": 16, "toolbox": 10,
    "directory": 6, "results": 4, "outgoing": 4, "today": 6,
}  # fmt: skip
_STRANGERS_READ = {"portal": 5, "public_calendar": 5, "public_directory": 3, "standing": 2, "official": 2}
_WRITES = {"keep": 10, "draft": 3, "submit": 3, "upload": 2, "comment": 2, "approve": 3}
_FIXED = {
    "toolbox": "/caja", "results": "/resultados", "outgoing": "/salidas", "today": "/", "portal": "/publico",
    "public_calendar": "/publico/calendario", "public_directory": "/publico/directorio",
    "standing": "/publico/semaforo", "official": "/es-oficial",
}  # fmt: skip


@dataclass
class Told:
    """What every visit came to: of each kind of click its times in ms; what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    # What was asked for earlier than this only warms up.
    counts_from: float = 0.0

    def note(self, kind: str, since: float, answer: Answer | None, wrong: str = "") -> None:
        if since >= self.counts_from:
            self.took[kind].append((time.perf_counter() - since) * 1000)
        if answer is None or answer.status >= 400:
            self.errors.append(f"{kind}: {wrong or (answer.status if answer else '')}")


class Visitor:
    """One person in their browser."""

    def __init__(self, who: Mapping[str, Any], said: Mapping[str, Any], found: Told, number: int) -> None:
        self.said, self.found = said, found
        self.line = Line(said["port"], {"resuena": who["token"]} if who["token"] else {})
        self.writes, self.role, self.shut = who["writes"], who["role"], who["shut"]
        self.chance = random.Random(number)  # noqa: S311 -- visits that can be made again, no secret
        self.kept: set[str] = set()
        self.csrf = self.sitting = ""

    async def stay(self, begins: float, ends: float) -> None:
        """Click at moments that were drawn beforehand, until the end."""
        at = begins + self.chance.uniform(0, self.said["warming"])
        while at < ends:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            await self._click(at)
            at += min(self.chance.expovariate(1 / self.said["think"]), self.said["think"] * _LONGEST)

    async def _click(self, at: float) -> None:
        if self.writes:
            kind = self._drawn(_WRITES)
            act: Callable[[float], Awaitable[None]] = getattr(self, f"_{kind}")
            await act(at)
            return
        reads = {kind: n for kind, n in _READS.items() if kind not in self.shut}
        kind = self._drawn(reads if self.role else _STRANGERS_READ)
        await self._open(kind, self._address(kind), at)

    def _drawn(self, weights: Mapping[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def _address(self, kind: str) -> str:
        if kind == "post":
            return f"/publicaciones/{self.chance.choice(self.said['refs'])}"
        if kind == "directory":
            return self.chance.choice(
                ["/directorio", f"/directorio/{self.chance.choice(self.said['slugs'])}"]
            )
        return _FIXED.get(kind) or str(self.said[kind])

    async def _ask(
        self, kind: str, at: float | None, method: str, path: str, body: bytes = b"", **headers: str
    ) -> Answer | None:
        since = time.perf_counter() if at is None else at
        try:
            answer = await self.line.ask(method, path, body, headers)
        except (LostError, OSError, TimeoutError) as error:
            self.found.note(kind, since, None, repr(error))
            return None
        self.found.note(kind, since, answer, f"{answer.status} {method} {path}")
        return answer

    async def _open(self, kind: str, path: str, at: float | None = None) -> str:
        """Open a page and, as a browser does, what it shows that is not here yet."""
        answer = await self._ask(kind, at, "GET", path)
        if answer is None or not answer.type.startswith("text/html"):
            return ""
        page = answer.body.decode()
        if found := _TOKEN.search(page):
            self.csrf = unescape(found[1])
        parts = [
            each for tag in _SHEETS.findall(page) if "preload" not in tag for each in _PARTS.findall(tag)
        ]
        for part in [each for each in dict.fromkeys(parts) if each not in self.kept][:_MOST_SHOWN]:
            self.kept.add(part)
            await self._ask(
                "static" if part.startswith("/static") else "picture", None, "GET", unescape(part)
            )
        return page

    async def _send(self, act: str, path: str, **typed: str) -> Answer | None:
        body = urlencode({"csrf_token": self.csrf, **typed}).encode()
        return await self._ask(
            act, None, "POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"}
        )

    def _typed(self) -> dict[str, str]:
        n = self.chance.getrandbits(40)
        return {
            "text": f"Pide información pública sin decir para qué la quieres: es tu derecho {n:x}. #SNTtips",
            "accounts": self.said["account"],
            "due_date": self.said["ahead"],
            "due_time": f"{self.chance.randrange(8, 20):02}:{self.chance.randrange(60):02}",
            "due_zone": "America/Mexico_City",
            "language": "es",
            "edition": "0",
            "kind": "post",
            "sitting": self.sitting,
        }

    async def _compose(self, at: float) -> None:
        page = await self._open("composer", "/publicaciones/nueva", at)
        found = _SITTING.search(page)
        self.sitting = found[1] if found else ""

    async def _keep(self, at: float) -> None:
        """Type, while the page keeps what is typed."""
        if not self.sitting:
            await self._compose(at)
        typed = self._typed() | {"step": str(int(time.time())), "turn": "1"}
        await self._send("keep", "/publicaciones/al-vuelo", **typed)
        await self._send("check", "/publicaciones/revisar-texto", **typed)

    async def _draft(self, at: float) -> None:
        await self._compose(at)
        await self._send("draft", "/publicaciones/nueva", **self._typed(), do="save")
        self.sitting = ""

    async def _submit(self, at: float) -> None:
        await self._compose(at)
        answer = await self._send("submit", "/publicaciones/nueva", **self._typed(), do="review")
        self.sitting = ""
        if answer is not None and answer.location:
            page = await self._open("post", answer.location)
            if found := _REVIEW.search(page):
                self.said["waiting"].append((found[1], self))

    async def _approve(self, at: float) -> None:
        """Say yes to what somebody else sent; who may not, or finds nothing, looks at what waits."""
        queue = self.said["waiting"]
        theirs = next((one for one in queue if one[1] is not self), None)
        if self.role != "coordinator" or theirs is None:
            await self._open("today", "/", at)
            return
        queue.remove(theirs)
        page = await self._open("review", f"/revision/{theirs[0]}", at)
        if found := _HASH.search(page):
            await self._send("approve", f"/revision/{theirs[0]}/aprobar", content_hash=unescape(found[1]))

    async def _comment(self, at: float) -> None:
        queue = self.said["waiting"]
        if not queue:
            await self._submit(at)
            return
        ref = self.chance.choice(queue)[0]
        await self._open("comments", f"/revision/{ref}/comentarios", at)
        await self._send("comment", f"/revision/{ref}/comentarios", comment="¿Y si lo decimos más corto?")

    async def _upload(self, at: float) -> None:
        """Take a small picture to the tool-box, as its page does it."""
        await self._open("uploads", "/caja/subir", at)
        answer = await self._send("upload", "/caja/subir/lote", people="none", licence="CC BY 4.0")
        if answer is None or answer.status >= 400:
            return
        batch = str(json.loads(answer.body)["batch"])
        picture = _picture(self.chance)
        answer = await self._send(
            "upload", "/caja/subir/archivos", batch=batch, filename="foto.png", size=str(len(picture))
        )
        if answer is None or answer.status >= 400:
            return
        url = str(json.loads(answer.body)["url"])
        headers = {
            "Upload-Offset": "0",
            "X-CSRFToken": self.csrf,
            "Content-Type": "application/offset+octet-stream",
        }
        await self._ask("upload", None, "PATCH", url, picture, **headers)
        await self._send("take_in", f"{url}/listo", alt_text="Un candado cerrado sobre una hoja")


def _picture(chance: random.Random) -> bytes:
    """Return a small PNG of colours that no other has."""
    from io import BytesIO  # noqa: PLC0415 -- only who uploads needs Pillow

    from PIL import Image  # noqa: PLC0415 -- same

    made = Image.frombytes("RGB", (4, 3), chance.randbytes(36)).resize((320, 240), Image.Resampling.BICUBIC)
    written = BytesIO()
    made.save(written, "PNG")
    return written.getvalue()


async def visit(said: dict[str, Any]) -> Told:
    found = Told()
    said["waiting"] = []
    begins = time.perf_counter()
    found.counts_from = begins + said["warming"]
    ends = found.counts_from + said["seconds"]
    visitors = [Visitor(who, said, found, n) for n, who in enumerate(said["people"])]
    await asyncio.gather(*(one.stay(begins, ends) for one in visitors))
    for one in visitors:
        one.line.close()
    return found


def main() -> None:
    said = told()
    said.update(json.loads(sys.stdin.readline()))
    begun = time.process_time()
    found = asyncio.run(visit(said))
    every = [ms for some in found.took.values() for ms in some]
    say(
        {
            "answers": len(every),
            "p50_ms": percentile(every, 0.5),
            "p99_ms": percentile(every, 0.99),
            "worst_ms": max(every),
            "errors": len(found.errors),
            "wrong": found.errors[:20],
            "cpu_s": time.process_time() - begun,
            "kinds": {
                kind: [len(some), *(round(percentile(some, share)) for share in (0.5, 0.99, 1.0))]
                for kind, some in sorted(found.took.items())
            },
        }
    )


if __name__ == "__main__":
    main()
