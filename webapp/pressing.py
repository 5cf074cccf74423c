"""Pages compressed for whoever takes them, as the last thing that is done to them.

A page says a name of random length in gzip's header: it holds forms' tokens beside what a stranger may have typed, and
without that the length would tell (BREACH; "Heal the Breach", as Django's GZipMiddleware does since 4.2,
https://docs.djangoproject.com/en/4.2/ref/middleware/#module-django.middleware.gzip). So it is compressed each time, and
outside of what keeps pages: what is kept has its nonce changed, and can be given to who takes no gzip.
"""

import gzip
import secrets
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# A shorter page gains nothing; a harder compression takes longer than it saves.
_SHORTEST: Final = 1400
_LEVEL: Final = 5
_LONGEST_NAME: Final = 100


def pressed(body: bytes) -> bytes:
    """Return a page compressed, its length a little different each time."""
    held = BytesIO()
    name = "a" * (1 + secrets.randbelow(_LONGEST_NAME))
    with gzip.GzipFile(name, "wb", _LEVEL, held, mtime=0) as packed:
        packed.write(body)
    return held.getvalue()


def takes_gzip(environ: "WSGIEnvironment") -> bool:
    """Return whether whoever asks takes what is compressed; who says nothing does not."""
    return parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""), Accept).quality("gzip") > 0


class Pressed:
    """WSGI around the application; what is no page, or comes piece by piece, passes as it is."""

    def __init__(self, inner: "WSGIApplication") -> None:
        self._inner = inner

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer with the page compressed, or as it is."""
        said: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401 -- WSGI's own
            named = Headers(headers)
            if not named.get("Content-Type", "").startswith("text/html"):
                return start(status, headers, *more)
            named["Vary"] = ", ".join(filter(None, (*named.getlist("Vary"), "Accept-Encoding")))
            if not takes_gzip(environ) or not _worth(named):
                return start(status, named.to_wsgi_list(), *more)
            said[:] = [status, named, *more]
            return None

        answer = self._inner(environ, note)
        if not said or environ["REQUEST_METHOD"] == "HEAD":
            if said:
                start(said[0], said[1].to_wsgi_list(), *said[2:])
            return answer
        try:
            body = pressed(b"".join(answer))
        finally:
            if (close := getattr(answer, "close", None)) is not None:
                close()
        status, named, *more = said
        named["Content-Encoding"], named["Content-Length"] = "gzip", str(len(body))
        start(status, named.to_wsgi_list(), *more)
        return [body]


def _worth(named: Headers) -> bool:
    """Return whether it is whole and long enough; what has no length yet is given as it comes."""
    length = named.get("Content-Length", "0")
    return "Content-Encoding" not in named and length.isdigit() and int(length) >= _SHORTEST
