"""One bounded request to a feed: never into private addresses, never too long, never too much.

The name is resolved once, every address is judged, and the connection goes to the address that was
judged (so a name that changes its mind in between wins nothing). Redirects are followed by hand and each
is judged again. Proxy variables, cookies and stored passwords play no part.
"""

import contextlib
import http.client
import queue
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urljoin

import urllib3
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

from content_calendar import clock
from scheduler.alarms import ALARMS
from scheduler.listening.addresses import FetchPolicy, is_forbidden
from scheduler.listening.aside import ASIDE
from scheduler.listening.fetch_errors import (
    AddressForbiddenError,
    BadUrlError,
    FetchError,
    StatusError,
    TooLargeError,
    TooManyRedirectsError,
    TooSlowError,
    UnreachableError,
)
from scheduler.listening.unpacking import Unpacking

Resolve = Callable[[str, int], Sequence[str]]

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CHUNK = 64 * 1024
_LONGEST_URL = 2048
_ADDRESSES_TRIED = 3
_LONGEST_WAIT = timedelta(hours=24)
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much one fetch may take. ``total`` covers redirects too."""

    connect: timedelta = timedelta(seconds=5)
    read: timedelta = timedelta(seconds=10)
    total: timedelta = timedelta(seconds=20)
    wire_bytes: int = 2 * 1024 * 1024
    body_bytes: int = 5 * 1024 * 1024
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer of 200, or of 304 when ``not_modified``. Header names are in lower case.

    ``moved_to`` is the address that the site asks to use from now on, by nothing but permanent redirects;
    never one that gives up https.
    """

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)
    final_url: str
    moved_to: str | None
    not_modified: bool


class Deadline:
    """The moment, by the monotonic clock, when the whole fetch must be over."""

    def __init__(self, total: timedelta) -> None:
        self.total = total
        self._end = clock.monotonic() + total.total_seconds()

    def left(self) -> float:
        """Return the seconds that are left; raises ``TooSlowError`` when there are none."""
        left = self._end - clock.monotonic()
        if left <= 0:
            raise TooSlowError(seconds=int(self.total.total_seconds()))
        return left

    def passed(self) -> bool:
        """Return whether it is over."""
        return clock.monotonic() >= self._end


def resolve_name(host: str, port: int) -> list[str]:
    """Return every address of a host by the system's resolver. Raises ``OSError`` when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    policy: FetchPolicy,
    etag: str | None = None,
    last_modified: str | None = None,
    limits: Limits = Limits(),
    resolve: Resolve = resolve_name,
) -> Fetched:
    """Return what the address answers: its body, or that nothing changed since ``etag``/``last_modified``.

    Both validators are sent back exactly as the site gave them. Raises a subclass of ``FetchError``
    for everything else, and nothing but that.
    """
    deadline = Deadline(limits.total)
    headers = _request_headers(policy, etag, last_modified)
    asked, moved_to, only_permanent = url, None, True
    for _ in range(limits.redirects + 1):
        target = checked(asked, policy)
        with exchange(target, headers, policy, limits, deadline, resolve) as answer:
            location = answer.headers.get("Location") if answer.status in _REDIRECTS else None
            if location is None:
                return _accept(answer, target, moved_to, limits, deadline)
            status = answer.status
        following = _follow(target, location)
        only_permanent = only_permanent and status in _PERMANENT and not _gives_up_tls(target.url, following)
        moved_to = following if only_permanent else moved_to
        asked = following
    raise TooManyRedirectsError(limit=limits.redirects)


def _request_headers(policy: FetchPolicy, etag: str | None, last_modified: str | None) -> dict[str, str]:
    headers = {
        "User-Agent": f"Resuena/1 (+{policy.contact})" if policy.contact else "Resuena/1",
        "Accept": _ACCEPT,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    # What a site sent once may hold anything; a line break would start a header of its choosing.
    if etag and etag.isprintable():
        headers["If-None-Match"] = etag
    if last_modified and last_modified.isprintable():
        headers["If-Modified-Since"] = last_modified
    return headers


def checked(url: str, policy: FetchPolicy) -> Url:
    """Return the address in its parts; raise BadUrlError for one that nobody should ask."""
    text = url.strip()
    if len(text) > _LONGEST_URL or "\\" in text or any(ord(char) < ord(" ") for char in text):
        raise BadUrlError(reason="form")
    try:
        target = parse_url(text.replace(" ", "%20"))
    except urllib3.exceptions.LocationParseError:
        raise BadUrlError(reason="form") from None
    if target.scheme not in _PORTS:
        raise BadUrlError(reason="scheme")
    if target.auth is not None:
        raise BadUrlError(reason="credentials")
    if not target.host:
        raise BadUrlError(reason="form")
    host, port = _host(target), _port(target)
    if port not in _PORTS.values() and not policy.allows(host, port):
        raise BadUrlError(reason="port")
    return target._replace(fragment=None)


def _host(target: Url) -> str:
    return (target.host or "").strip("[]").lower()


def _port(target: Url) -> int:
    return target.port if target.port is not None else _PORTS[str(target.scheme)]


def _follow(target: Url, location: str) -> str:
    # Header bytes arrive as Latin-1; an address with accents in it was meant as UTF-8.
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    return urljoin(target.url, location.strip())


def _gives_up_tls(before: str, after: str) -> bool:
    return before.startswith("https:") and not after.startswith("https:")


def _addresses(host: str, port: int, policy: FetchPolicy, deadline: Deadline, resolve: Resolve) -> list[str]:
    found = _resolve_in_time(host, port, deadline, resolve)
    if not found:
        raise UnreachableError(host=host, reason="name")
    # One bad address condemns the name: which of them a connection would use is the attacker's choice.
    if not policy.allows(host, port) and any(is_forbidden(address) for address in found):
        raise AddressForbiddenError(host=host)
    return found[:_ADDRESSES_TRIED]


def _resolve_in_time(host: str, port: int, deadline: Deadline, resolve: Resolve) -> list[str]:
    # The system's resolver takes no time limit, so it runs beside us and is left behind when late.
    said: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            said.put(list(resolve(host, port)))
        except (OSError, UnicodeError):
            said.put(None)

    ASIDE.do(ask)
    try:
        return said.get(timeout=deadline.left()) or []
    except queue.Empty:
        raise TooSlowError(seconds=int(deadline.total.total_seconds())) from None


@cache
def _trust() -> ssl.SSLContext:
    trust = ssl.create_default_context()
    trust.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return trust


def _connection(address: str, target: Url, timeout: float) -> HTTPConnection:
    host, port = _host(target), _port(target)
    if target.scheme == "http":
        return HTTPConnection(address, port, timeout=timeout)
    return HTTPSConnection(address, port, timeout=timeout, server_hostname=host, ssl_context=_trust())


def _connect(addresses: Sequence[str], target: Url, limits: Limits, deadline: Deadline) -> HTTPConnection:
    for nth, address in enumerate(addresses, start=1):
        # Half of what is left: the TCP handshake and the TLS handshake may take this long each.
        connection = _connection(address, target, min(limits.connect.total_seconds(), deadline.left() / 2))
        try:
            connection.connect()
        except (OSError, urllib3.exceptions.HTTPError):
            connection.close()
            if nth == len(addresses):
                raise
        else:
            return connection
    raise UnreachableError(host=_host(target), reason="name")


@contextlib.contextmanager
def exchange(
    target: Url,
    headers: dict[str, str],
    policy: FetchPolicy,
    limits: Limits,
    deadline: Deadline,
    resolve: Resolve,
    body: bytes | None = None,
) -> Iterator[BaseHTTPResponse]:
    """Ask once, with ``body`` by POST, and give the answer as it begins; redirects are answers too."""
    host, port = _host(target), _port(target)
    addresses = _addresses(host, port, policy, deadline, resolve)
    with _told_as_ours(host, deadline), contextlib.ExitStack() as stack:
        connection = stack.enter_context(contextlib.closing(_connect(addresses, target, limits, deadline)))
        # Set on the connection too: it gives its own time-out to the socket before it reads.
        connection.timeout = min(limits.read.total_seconds(), deadline.left())
        connection.sock.settimeout(connection.timeout)
        stack.enter_context(_cut_at(deadline, connection.sock))
        connection.request(
            "GET" if body is None else "POST",
            target.request_uri,
            body=body,
            headers={"Host": target.netloc or host, **headers},
            preload_content=False,
            decode_content=False,
        )
        answer = connection.getresponse()
        stack.enter_context(contextlib.closing(answer))
        yield answer


@contextlib.contextmanager
def _cut_at(deadline: Deadline, sock: socket.socket) -> Iterator[None]:
    # A time-out counts from the last byte, so a byte now and then would hold us for ever; a shutdown
    # from outside ends whichever read is waiting.
    def cut() -> None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    alarm = ALARMS.after(deadline.left(), cut)
    try:
        yield
    finally:
        alarm.cancel()


@contextlib.contextmanager
def _told_as_ours(host: str, deadline: Deadline) -> Iterator[None]:
    try:
        yield
    except FetchError:
        raise
    except (OSError, ValueError, http.client.HTTPException, urllib3.exceptions.HTTPError) as error:
        timed_out = isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError) and not isinstance(
            error,
            urllib3.exceptions.NewConnectionError,  # a connection refused counts as a time-out there
        )
        if timed_out or deadline.passed():
            raise TooSlowError(seconds=int(deadline.total.total_seconds())) from error
        raise UnreachableError(host=host, reason=_reason(error)) from error


def _reason(error: BaseException) -> str:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError | urllib3.exceptions.SSLError):
            return "certificate"
        if isinstance(seen, http.client.IncompleteRead | urllib3.exceptions.IncompleteRead):
            return "cut"
        if isinstance(seen, http.client.HTTPException | ValueError):
            return "protocol"
        seen = seen.__cause__ or seen.__context__
    return "connection"


def _accept(
    answer: BaseHTTPResponse, target: Url, moved_to: str | None, limits: Limits, deadline: Deadline
) -> Fetched:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    not_modified = answer.status == http.HTTPStatus.NOT_MODIFIED
    if not not_modified and answer.status != http.HTTPStatus.OK:
        raise StatusError(
            status=answer.status, host=_host(target), retry_after=retry_after(answer.status, headers)
        )
    body = b"" if not_modified else _body(answer, headers, _host(target), limits, deadline)
    return Fetched(answer.status, headers, body, target.url, moved_to, not_modified)


def retry_after(status: int, headers: dict[str, str]) -> timedelta | None:
    """Return how long a site asks to be left alone, at most a day; None when it does not."""
    if status not in (http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.SERVICE_UNAVAILABLE):
        return None
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), _LONGEST_WAIT)
    try:
        moment: datetime = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - clock.now(), timedelta()), _LONGEST_WAIT)


def _body(
    answer: BaseHTTPResponse, headers: dict[str, str], host: str, limits: Limits, deadline: Deadline
) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:18]) > limits.wire_bytes:
        raise TooLargeError(limit=limits.wire_bytes, measure="wire")
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise UnreachableError(host=host, reason="encoding")
    unpack = Unpacking(limits.body_bytes, gzipped="gzip" in encoding)
    wire = 0
    # Not .stream(): for chunked answers it reads each size line whole, however long the line is.
    while chunk := answer.read(_CHUNK, decode_content=False):
        deadline.left()
        wire += len(chunk)
        if wire > limits.wire_bytes:
            raise TooLargeError(limit=limits.wire_bytes, measure="wire")
        unpack.add(chunk)
    # A connection cut at the deadline can look like a body that simply ended.
    deadline.left()
    if not unpack.whole():
        raise UnreachableError(host=host, reason="cut")
    return bytes(unpack.body)
