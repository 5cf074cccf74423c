"""One HTTP call to a network: bounded, never redirected, and sure of whether anything was written.

Whether a call may have had an effect is not read from an exception's type: the connection itself notes the
moment before its first byte goes to the socket. What fails before it certainly did nothing; what fails after
it is a doubt. The same moment is the last at which a worker that slept too long is stopped, and from it on
the whole exchange has READ, besides what an upload needs: it is cut then, however slowly an answer trickles.
"""

import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from math import inf
from socket import socket
from typing import Any

import orjson
import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from content_calendar.clock import monotonic
from scheduler.dialects.multipart import FormWithFile
from scheduler.line_limits import LineLimit
from scheduler.listening.addresses import is_forbidden
from scheduler.network import Answer, DoubtError, NetworkError, NotSentError, UnavailableError
from scheduler.retries import CONNECT, READ

_LARGEST_BODY = 4 * 1024 * 1024
_CHUNK = 64 * 1024
_RAW = 900
# Slower than this, in bytes a second, nobody uploads: with 2 MB a part lasts half a minute.
_SLOWEST_UPLOAD = 64 * 1024
_HIDDEN = "[...]"
# It writes down each address that is asked, and warns of odd headers with it: some networks want the key in it.
logging.getLogger("urllib3").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    hidden: str = field(default="", repr=False)

    def json(self) -> Any:  # noqa: ANN401 -- any JSON value
        """Return the body as JSON; raises ValueError when it is none."""
        return orjson.loads(self.body)

    def answer(self, request_id_header: str = "") -> Answer:
        """Return what the log keeps of it."""
        said = self.body if self.hidden else self.body[:_RAW]
        told = _without(self.hidden, said.decode("utf-8", "replace"))[:_RAW]
        return Answer(self.status, self.headers.get(request_id_header, ""), told)


@dataclass(frozen=True)
class Call:
    """What is asked: ``json``, or ``form`` with ``files``, or a ``body``, or nothing.

    A ``body`` is bytes as they are, their type in ``headers``, or a form that is read in pieces.

    ``public_only``: the address was given by a person, and must not lead into a private network.
    ``hidden`` is a key that stands in the address: nothing that is raised or kept of the call says it.
    ``slowest``: bytes a second; an upload that is slower is cut.
    ``within``: the seconds that all of it may take, connecting too; zero leaves CONNECT and READ as they are.
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
    hidden: str = field(default="", repr=False)
    slowest: int = _SLOWEST_UPLOAD
    within: float = 0.0


def _always() -> bool:
    return True


def carry_out(call: Call, may_send: Callable[[], bool] = _always) -> Reply:
    """Make one call over a fresh connection; return the whole answer, whatever its status.

    Raises NotSentError when ``may_send`` answers no right before the first byte is written,
    UnavailableError when it failed before that byte, DoubtError when it failed after. The address is
    judged where it was connected to: a name that leads elsewhere the next time gains nothing.
    """
    exchange = _Exchange(
        call.public_only, may_send, call.slowest, ends=monotonic() + call.within if call.within else inf
    )
    token = _current.set(exchange)
    try:
        return replace(_exchange(call), hidden=call.hidden)
    except NetworkError:
        raise
    except Exception as error:  # noqa: BLE001 -- none is lost: each becomes what it means for a post
        answer = Answer(raw=_without(call.hidden, f"{type(error).__name__}: {error}")[:_RAW])
        # What is told of an exception tells its cause as well, and that one names the address.
        cause = None if call.hidden else error
        if exchange.wrote:
            raise DoubtError(answer) from cause
        raise UnavailableError(answer) from cause
    finally:
        exchange.limit.end()
        _current.reset(token)


def _without(hidden: str, said: str) -> str:
    return said.replace(hidden, _HIDDEN) if hidden else said


@dataclass
class _Exchange:
    """What the guarded connection knows of the call it carries. ``upload`` is how many bytes its body has."""

    public_only: bool
    may_send: Callable[[], bool]
    slowest: int
    upload: int = 0
    wrote: bool = False
    limit: LineLimit = field(default_factory=LineLimit)
    ends: float = inf

    def left(self, most: float) -> float:
        """Return the seconds that are left, at most so many; never none, which would mean no bound."""
        return max(0.05, min(most, self.ends - monotonic()))

    def connected(self, sock: socket) -> None:
        """Bound what comes before the first byte: greeting each other, in TLS."""
        self.limit.hold(sock, self.left(CONNECT.total_seconds()))

    def before_writing(self, peer: str) -> None:
        """Let the first byte be written, or raise what forbids it; from then on the exchange's time runs."""
        if self.public_only and is_forbidden(peer):
            raise UnavailableError(Answer(raw="the address is not a public one"))
        if self.wrote:
            return
        if not self.may_send():
            raise NotSentError
        self.limit.allow(self.left(READ.total_seconds() + self.upload / self.slowest))
        if self.limit.cut:
            raise UnavailableError(Answer(raw="the greeting took too long"))
        self.wrote = True


_current: ContextVar[_Exchange] = ContextVar("current")


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
            timeout=(
                _current.get().left(CONNECT.total_seconds()),
                _current.get().left(READ.total_seconds()),
            ),
            allow_redirects=False,
            stream=True,
        ) as response:
            return Reply(response.status_code, response.headers, _read(response))


def _headers(call: Call) -> dict[str, str]:
    # A form says itself what it is; bytes are what their caller's header says.
    kind = {"Content-Type": call.body.media_type} if isinstance(call.body, FormWithFile) else {}
    return {**(call.headers or {}), **kind}


def _read(response: requests.Response) -> bytes:
    """Return the body, unpacked; one that is too large or takes too long is an answer that was lost."""
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise DoubtError(Answer(response.status_code, raw="the answer was too long"))
    if _current.get().limit.cut:
        # What a cut line leaves may look whole: headers without the last ones, a body without a length.
        raise DoubtError(Answer(response.status_code, raw="the answer took too long"))
    return bytes(body)


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket:
        """Bound the line's time from the beginning."""
        sock = super()._new_conn()
        _current.get().connected(sock)
        return sock

    def send(self, data: Any) -> None:  # noqa: ANN401 -- the interface of http.client
        """Ask before the first byte, once connected."""
        if self.sock is None:
            self.connect()
        _current.get().before_writing(self.sock.getpeername()[0])
        super().send(data)


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket:
        """Bound the line's time from the beginning."""
        sock = super()._new_conn()
        _current.get().connected(sock)
        return sock

    def send(self, data: Any) -> None:  # noqa: ANN401 -- the interface of http.client
        """Ask before the first byte, once connected."""
        if self.sock is None:
            self.connect()
        _current.get().before_writing(self.sock.getpeername()[0])
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

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 -- the interface of requests
        """Tell the connection how much is uploaded."""
        _current.get().upload = int(request.headers.get("Content-Length") or 0)
        return super().send(request, *args, **kwargs)
