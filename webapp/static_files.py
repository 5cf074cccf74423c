"""The files of ``static/`` as browsers fetch them: what is text compressed, and the frame's sheets and scripts as one.

They are joined when first asked for, because each request of its own costs a telephone far from here
more than its bytes; text is compressed once per file and kept.
"""

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.http import http_date
from werkzeug.security import safe_join

FRAME = "css/frame.css"
"""What ``SHEETS`` are, as one file; its place keeps their relative addresses right."""
SHEETS = (
    "vendor/tabler/tabler.min.css",
    "css/theme.css",
    "css/shell.css",
    "css/pieces.css",
    "css/places.css",
    "css/formats.css",
    "css/calendar.css",
    "css/print.css",
)
FRAME_SCRIPT = "js/frame.js"
"""What ``js/page.js`` is with the modules that it imports, as one file."""
_PAGE = "js/page.js"
_IMPORT = re.compile(rb'^import "\./([a-z]+\.js)";$', re.MULTILINE)
_TEXT = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOLDER = Path(__file__).parent / "static"


@lru_cache(maxsize=256)
def _packed(names: tuple[Path, ...], _changed: tuple[int, ...]) -> tuple[bytes, bytes, str]:
    """Return the files joined, the same compressed, and their tag; kept until one of them is written again."""
    texts = [path.read_bytes() for path in names]
    if names[-1] == _FOLDER / _PAGE and len(names) > 1:
        # A block keeps a module's names to itself; what is joined is a module, and so as strict as each was.
        texts = [b"{\n%b}" % text for text in texts[:-1]] + [_IMPORT.sub(b"", texts[-1])]
    body = b"\n".join(texts)
    return body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:32]


def _parts(filename: str) -> tuple[Path, ...]:
    if filename == FRAME:
        return tuple(_FOLDER / name for name in SHEETS)
    if filename == FRAME_SCRIPT:
        page = _FOLDER / _PAGE
        return (*(page.with_name(name.decode()) for name in _IMPORT.findall(page.read_bytes())), page)
    found = safe_join(str(_FOLDER), filename)
    return (Path(found),) if found and Path(found).is_file() else ()


def text_file(filename: str) -> Response | None:
    """Return a text of ``static/``, compressed for whoever takes it; None when there is none of that name."""
    kind = _TEXT.get(Path(filename).suffix)
    parts = _parts(filename) if kind else ()
    if not parts:
        return None
    changed = tuple(path.stat().st_mtime_ns for path in parts)
    plain, packed, tag = _packed(parts, changed)
    takes = request.accept_encodings.quality("gzip") > 0
    answer = Response(packed if takes else plain, mimetype=kind)
    answer.vary.add("Accept-Encoding")
    answer.headers["Last-Modified"] = http_date(max(changed) // 10**9)
    answer.set_etag(f"{tag}-gz" if takes else tag)
    if takes:
        answer.headers["Content-Encoding"] = "gzip"
    answer.make_conditional(request)
    return answer


def install(app: Flask) -> None:
    """Serve ``static/`` so; what is no text goes as Flask serves it."""

    def static(filename: str) -> ResponseReturnValue:
        found = text_file(filename)
        return found if found is not None else app.send_static_file(filename)

    app.view_functions["static"] = static
    app.jinja_env.globals["frame_sheet"], app.jinja_env.globals["frame_script"] = FRAME, FRAME_SCRIPT
