"""One HTTP call to a network: bounded, never redirected, and sure of whether anything was written.

Whether a call may have had an effect is not read from an exception's type: the connection itself notes the
moment before its first byte goes to the socket. What fails before it certainly did nothing; what fails after
it is a doubt. The same moment is the last at which a worker that slept too long is stopped.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import orjson
import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from content_calendar import clock
from scheduler.addresses import is_forbidden
from scheduler.multipart import FormWithFile
from scheduler.network import Answer, DoubtError, NetworkError, NotSentError, UnavailableError
from scheduler.retries import CONNECT, READ

_LARGEST_BODY = 4 * 1024 * 1024
_CHUNK = 64 * 1024
_RAW = 900

_before_writing: ContextVar[Callable[[str], None]] = ContextVar("before_writing")


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 -- any JSON value
        """Return the body as JSON; raises ValueError when it is none."""
        return orjson.loads(self.body)

    def answer(self, request_id_header: str = "") -> Answer:
        """Return what the log keeps of it."""
        said = self.body[:_RAW].decode("utf-8", "replace")
        return Answer(self.status, self.headers.get(request_id_header, ""), said)


@dataclass(frozen=True)
class Call:
    """What is asked: ``json``, or ``form`` with ``files``, or a ``body``, or nothing.

    A ``body`` is bytes as they are, their type in ``headers``, or a form that is read in pieces.

    ``public_only``: the address was given by a person, and must not lead into a private network.
    """

    method: str
    url: str
    params: Mapping[str, str] | None = None
    json: object = None
    form: Mapping[str, str] | None = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None
    body: FormWithFile | bytes | None = None
    headers: Mapping[str, str] | None = None
    auth: Any = None  # what requests takes: the networks' libraries make it
    public_only: bool = False


def _always() -> bool:
    return True


def carry_out(call: Call, may_send: Callable[[], bool] = _always) -> Reply:
    """Make one call over a fresh connection; return the whole answer, whatever its status.

    Raises NotSentError when ``may_send`` answers no right before the first byte is written,
    UnavailableError when it failed before that byte, DoubtError when it failed after. The address is
    judged where it was connected to: a name that leads elsewhere the next time gains nothing.
    """
    wrote = False

    def before_writing(peer: str) -> None:
        nonlocal wrote
        if call.public_only and is_forbidden(peer):
            raise UnavailableError(Answer(raw="the address is not a public one"))
        if not wrote and not may_send():
            raise NotSentError
        wrote = True

    token = _before_writing.set(before_writing)
    try:
        return _exchange(call)
    except NetworkError:
        raise
    except Exception as error:
        answer = Answer(raw=f"{type(error).__name__}: {error}"[:_RAW])
        if wrote:
            raise DoubtError(answer) from error
        raise UnavailableError(answer) from error
    finally:
        _before_writing.reset(token)


def _exchange(call: Call) -> Reply:
    with requests.Session() as session:
        # A proxy named by the environment would be asked over connections that are not guarded.
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, GuardedAdapter())
        with session.request(
            call.method,
            call.url,
            params=call.params,
            json=call.json,
            data=call.form if call.body is None else call.body,
            files=call.files,
            headers=_headers(call),
            auth=call.auth,
            timeout=(CONNECT.total_seconds(), READ.total_seconds()),
            allow_redirects=False,
            stream=True,
        ) as response:
            return Reply(response.status_code, response.headers, _read(response))


def _headers(call: Call) -> dict[str, str]:
    # A form says itself what it is; bytes are what their caller's header says.
    kind = {"Content-Type": call.body.media_type} if isinstance(call.body, FormWithFile) else {}
    return {**(call.headers or {}), **kind}


def _read(response: requests.Response) -> bytes:
    """Return the body; one that is too large or trickles in for too long is an answer that was lost."""
    body, until = bytearray(), clock.monotonic() + READ.total_seconds()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > _LARGEST_BODY or clock.monotonic() > until:
            raise DoubtError(Answer(response.status_code, raw="the answer was too long"))
    return bytes(body)


class _Connection(HTTPConnection):
    def send(self, data: Any) -> None:  # noqa: ANN401 -- the interface of http.client
        """Ask before the first byte, once connected."""
        if self.sock is None:
            self.connect()
        _before_writing.get()(self.sock.getpeername()[0])
        super().send(data)


class _SecureConnection(HTTPSConnection):
    def send(self, data: Any) -> None:  # noqa: ANN401 -- the interface of http.client
        """Ask before the first byte, once connected."""
        if self.sock is None:
            self.connect()
        _before_writing.get()(self.sock.getpeername()[0])
        super().send(data)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class GuardedAdapter(HTTPAdapter):
    """Connections that ask before they write, and never try again by themselves."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- the interface of requests
        """Let the pools be made of guarded connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
