"""Style sheets, scripts, fonts and pictures of the pages, answered before anybody is asked who they are.

A browser fetches a dozen of them with its first page: through the whole application each cost 1.4 ms. The frame's
sheets are one file and so are its scripts, because each request of its own costs a telephone far from here more than
its bytes.
"""

import gzip
import mimetypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from webapp.pressing import takes_gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PREFIX: Final = "/static/"
_TEXTS: Final = frozenset({".css", ".js", ".svg"})
FRAME: Final = "css/frame.css"
"""What ``SHEETS`` are, as one file; its place keeps their relative addresses right."""
SHEETS: Final = (
    "vendor/tabler/tabler.min.css",
    "css/theme.css",
    "css/shell.css",
    "css/pieces.css",
    "css/places.css",
    "css/formats.css",
    "css/calendar.css",
    "css/print.css",
)
_ALWAYS: Final = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cache-Control", "public, max-age=3600"),
)
FRAME_SCRIPT: Final = "js/frame.js"
"""What ``js/page.js`` is with the modules that it imports, as one file."""
_PAGE: Final = "js/page.js"
_IMPORT: Final = re.compile(rb'^import "\./([a-z]+\.js)";$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Kept:
    changed: list[tuple[int, int]]
    tag: str
    body: bytes
    headers: list[tuple[str, str]]
    # The same compressed, where it is text.
    packed: bytes = b""
    packed_headers: list[tuple[str, str]] = field(default_factory=list)


class Statics:
    """WSGI around the application; what it has no file for goes on to it.

    So does whoever asks for a part of what is no text; a text comes whole, as a server may answer
    (https://www.rfc-editor.org/rfc/rfc9110#section-14.2).
    """

    def __init__(self, inner: "WSGIApplication", folder: Path, more: Iterable[tuple[str, str]] = ()) -> None:
        self._inner = inner
        self._always = [*_ALWAYS, *more]
        # Only names that were found at the start are looked for: nothing in an address leads to another folder.
        names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        self._parts: dict[str, tuple[Path, ...]] = {name: (folder / name,) for name in names}
        self._parts[FRAME] = tuple(folder / name for name in SHEETS)
        if _PAGE in self._parts:
            self._parts[FRAME_SCRIPT] = _modules(folder / _PAGE)
        self._kept: dict[str, _Kept] = {}

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer with the file, or only that it has not changed."""
        path: str = environ.get("PATH_INFO", "")
        name = path[len(_PREFIX) :]
        if not path.startswith(_PREFIX) or name not in self._parts:
            return self._inner(environ, start)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or (
            "HTTP_RANGE" in environ and not _is_text(name)
        ):
            return self._inner(environ, start)
        file = self._file(name)
        if file.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start(_line(HTTPStatus.NOT_MODIFIED), [*self._always, ("ETag", file.tag)])
            return []
        takes = file.packed and takes_gzip(environ)
        start(_line(HTTPStatus.OK), file.packed_headers if takes else file.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [file.packed if takes else file.body]

    def _file(self, name: str) -> _Kept:
        parts = self._parts[name]
        changed = [(said.st_mtime_ns, said.st_size) for said in (path.stat() for path in parts)]
        kept = self._kept.get(name)
        if kept is None or kept.changed != changed:
            texts = [path.read_bytes() for path in parts]
            body = _one_script(texts) if name == FRAME_SCRIPT else b"\n".join(texts)
            # Weak: the compressed form is the same file, not the same bytes.
            tag = f'W/"{sha256(body).hexdigest()[:32]}"'
            kept = self._kept[name] = self._made(name, changed, tag, body)
        return kept

    def _made(self, name: str, changed: list[tuple[int, int]], tag: str, body: bytes) -> _Kept:
        same = [*self._always, ("Content-Type", _type(name)), ("ETag", tag)]
        if not _is_text(name):
            return _Kept(changed, tag, body, [*same, ("Content-Length", str(len(body)))])
        same.append(("Vary", "Accept-Encoding"))
        packed = gzip.compress(body, 9, mtime=0)
        packed_headers = [*same, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))]
        return _Kept(changed, tag, body, [*same, ("Content-Length", str(len(body)))], packed, packed_headers)


def _modules(page: Path) -> tuple[Path, ...]:
    """Return what a script imports, in that order, and at last itself."""
    return (*(page.with_name(name.decode()) for name in _IMPORT.findall(page.read_bytes())), page)


def _one_script(texts: Sequence[bytes]) -> bytes:
    # A block keeps a module's names to itself; what is joined is a module, and so as strict as each was.
    return b"\n".join([*(b"{\n%b}" % text for text in texts[:-1]), _IMPORT.sub(b"", texts[-1])])


def _line(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"


def _is_text(name: str) -> bool:
    return Path(name).suffix in _TEXTS


def _type(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("javascript") else kind
