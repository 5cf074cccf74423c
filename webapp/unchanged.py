"""A page answered again as it was, for as long as nothing at all was written to the database.

What a page says follows from the request, the database and the hour. The same browser (its cookies) that asks for the
same address within the same minute, while the database has not changed by one byte, gets the same page; only the
nonce and the request's number are new each time. So there is no list of what makes a page stale, and nobody ever gets
the page of somebody else: whoever's session ended, whose rights changed, who was written to, changed the database.

SQLite tells whether any other connection committed by ``PRAGMA data_version``
(https://www.sqlite.org/pragma.html#pragma_data_version), asked over a connection that never writes; PostgreSQL by
``pg_current_snapshot()``, which names every transaction whose writes can be seen.
"""

import logging
import os
import secrets
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import g, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from content_calendar.clock import monotonic, now
from content_calendar.db import Database
from webapp import request_log
from webapp.session import viewer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ASKING: Final = "resuena.unchanged"
# Of one process: some sixty pages of a full bimester.
_MOST_BYTES: Final = 8 << 20
_SAYS: Final = ("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_HOST", "wsgi.url_scheme", "SCRIPT_NAME")
_log = logging.getLogger("webapp.requests")

V = TypeVar("V", bound=Callable[..., object])


@dataclass
class _Asking:
    """What a view says of its page while it is made: its nonce, if it may be kept, and what the log tells of it."""

    nonce: str = ""
    told: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: object
    minute: int
    headers: list[tuple[str, str]]
    pieces: list[bytes]
    policy: list[str]
    told: dict[str, object]
    size: int


class Stamp:
    """Tells a database that was written to from one that was not: two stamps are equal only if nothing was."""

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, threading.Lock()
        self._pid = 0
        self._file: sqlite3.Connection | None = None

    def read(self) -> object:
        """Return the stamp, None where there is none; raises what the database raises when it cannot be asked."""
        if not self._database.is_sqlite:
            with self._database.engine.connect() as connection:
                return connection.execute(text("SELECT pg_current_snapshot()::text")).scalar_one()
        if self._database.url.database in {None, "", ":memory:"}:
            return None  # nobody else sees what is in it
        with self._lock:
            return self._asked().execute("PRAGMA data_version").fetchone()[0]

    def _asked(self) -> sqlite3.Connection:
        if self._file is None or self._pid != os.getpid():  # a connection is of the process that opened it
            path = str(self._database.url.database)
            self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._pid = os.getpid()
        return self._file


def unchanged(view: V) -> V:
    """Mark a view whose page follows from the request, the database and the minute alone."""

    @wraps(view)
    def marked(**named: object) -> object:
        page = view(**named)
        asking: _Asking | None = request.environ.get(_ASKING)
        if asking is not None and isinstance(page, str):
            who = viewer().person
            asking.nonce = g.get("nonce", "")
            asking.told = {
                "method": "GET",
                "route": request.url_rule.rule if request.url_rule else "",
                "status": 200,
                "person": who.ref if who else "",
            }
        return page

    return marked  # type: ignore[return-value] # it takes and returns what the view does


class Unchanged:
    """WSGI around the application; pages that no view marked pass through it."""

    def __init__(self, inner: "WSGIApplication", database: Database, *, logs: bool) -> None:
        self._inner, self._stamp, self._logs = inner, Stamp(database), logs
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()
        self._marked: set[str] = set()
        self._held = 0

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer as before where nothing was written since, otherwise let the application answer."""
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_AUTHORIZATION" in environ:
            return self._inner(environ, start)
        key = (
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            *(environ.get(name, "") for name in _SAYS),
        )
        begun = monotonic()
        # Read before the page is made: what is written meanwhile makes the next stamp another one.
        stamp: object = None
        if key in self._kept or environ["PATH_INFO"] in self._marked:
            stamp = self._read()
        kept = self._kept.get(key)
        if kept is not None and stamp is not None and kept.stamp == stamp and kept.minute == _minute():
            return self._again(kept, environ, start, begun)
        return self._anew(key, stamp, environ, start)

    def _read(self) -> object:
        try:
            return self._stamp.read()
        except (sqlite3.Error, SQLAlchemyError, OSError) as error:
            # The application asks the database too, and has the page for when it does not answer.
            _log.warning("the database does not say whether it was written to: %s", error)
            return None

    def _again(
        self, kept: _Kept, environ: "WSGIEnvironment", start: "StartResponse", begun: float
    ) -> Iterable[bytes]:
        nonce, number = secrets.token_urlsafe(16), request_log.number_of(environ.get("HTTP_X_REQUEST_ID", ""))
        body = nonce.encode().join(kept.pieces)
        headers = [
            *kept.headers,
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", nonce.join(kept.policy)),
            (request_log.HEADER, number),
        ]
        if self._logs:
            more = {"request": number, "ms": round((monotonic() - begun) * 1000, 1)}
            _log.info("request", extra=kept.told | more)
        start("200 OK", headers)
        return [body]

    def _anew(
        self, key: tuple[object, ...], stamp: object, environ: "WSGIEnvironment", start: "StartResponse"
    ) -> Iterable[bytes]:
        asking, minute = _Asking(), _minute()
        environ[_ASKING] = asking
        said: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401 -- WSGI's own
            said[:] = [status, headers]
            return start(status, headers, *more)

        answer = self._inner(environ, note)
        if not asking.nonce:
            return answer
        self._marked.add(str(key[0]))
        whole = b"".join(answer)
        if (close := getattr(answer, "close", None)) is not None:
            close()
        names = {name.lower() for name, _ in said[1]}
        # What gives the browser a cookie is not the same twice.
        if stamp is not None and said[0].startswith("200") and "set-cookie" not in names:
            self._keep(key, stamp, minute, asking, said[1], whole)
        return [whole]

    def _keep(
        self,
        key: tuple[object, ...],
        stamp: object,
        minute: int,
        asking: _Asking,
        headers: list[tuple[str, str]],
        body: bytes,
    ) -> None:
        anew = {"content-length", "content-security-policy", request_log.HEADER.lower()}
        policy = next((value for name, value in headers if name.lower() == "content-security-policy"), "")
        kept = _Kept(
            stamp,
            minute,
            [(name, value) for name, value in headers if name.lower() not in anew],
            body.split(asking.nonce.encode()),
            policy.split(asking.nonce),
            asking.told,
            len(body),
        )
        with self._lock:
            before = self._kept.pop(key, None)
            self._held += kept.size - (before.size if before else 0)
            self._kept[key] = kept
            while self._held > _MOST_BYTES:
                self._held -= self._kept.popitem(last=False)[1].size


def _minute() -> int:
    return int(now().timestamp() // 60)
