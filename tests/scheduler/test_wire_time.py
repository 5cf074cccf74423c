"""An answer that trickles ends when its time is over: it holds no sender for ever."""

import gc
import gzip
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread, Timer
from threading import enumerate as enumerate_threads

import pytest

from content_calendar import clock
from scheduler import line_limits, wire
from scheduler.network import DoubtError, UnavailableError
from scheduler.wire import Call, Reply, carry_out

_READ = timedelta(seconds=0.4)
_PAUSE = 0.05
_LASTS = 1.6  # seconds that the server trickles; the control waits for as long
_DESCRIPTORS = Path("/proc/self/fd")
_OK = b"HTTP/1.1 200 OK\r\n"

# What comes at once, and what is then repeated in bytes that keep each read's own time-out from ending.
TRICKLES = {
    "headers": (_OK, b"X-A: b\r\n"),
    "endless header": (_OK + b"X-A: ", b"b"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body of a length": (_OK + b"Content-Length: 100000\r\n\r\n", b"a"),
    "chunks": (_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "body until the end": (_OK + b"\r\n", b"a"),
}


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "READ", _READ)


def _trickle(listening: socket.socket, first: bytes, then: bytes, over: Event) -> None:
    connection, _ = listening.accept()
    until = clock.monotonic() + _LASTS
    with connection:
        connection.recv(65536)
        try:
            connection.sendall(first)
            while clock.monotonic() < until and not over.wait(_PAUSE):
                connection.sendall(then)
            # What is left unread when it closes would break the line, instead of ending it.
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(1)
            while connection.recv(65536):
                pass
        except OSError:
            return


@contextmanager
def trickling(first: bytes, then: bytes) -> Iterator[str]:
    """Run a server that answers one call that slowly; yield its address."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_trickle, args=(listening, first, then, over), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        over.set()
        thread.join()


def answer_whole(whole: bytes) -> Reply:
    """Return what is made of an answer that comes at once."""
    with trickling(whole, b"") as url:
        return carry_out(Call("GET", url))


@pytest.mark.parametrize("kind", TRICKLES)
def test_an_answer_that_trickles_is_a_doubt_when_its_time_is_over(kind: str) -> None:
    with trickling(*TRICKLES[kind]) as url:
        began = clock.monotonic()
        with pytest.raises(DoubtError):
            carry_out(Call("POST", url, json={"text": "Hola"}))
        assert clock.monotonic() - began < _READ.total_seconds() + 0.8


def test_control_with_a_limit_for_each_read_only_the_server_decides_how_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line_limits.LineLimit, "allow", lambda *_: None)
    with trickling(*TRICKLES["body until the end"]) as url:
        began = clock.monotonic()
        carry_out(Call("POST", url, json={"text": "Hola"}))
        assert clock.monotonic() - began >= _LASTS


def test_a_greeting_that_does_not_end_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "CONNECT", timedelta(seconds=0.3))
    # A TLS record of 16 KB whose bytes come one by one.
    with trickling(b"\x16\x03\x03\x40\x00\x02", b"\x00") as url:
        began = clock.monotonic()
        with pytest.raises(UnavailableError):
            carry_out(Call("POST", url.replace("http:", "https:"), json={"text": "Hola"}))
        assert clock.monotonic() - began < 1.2


def test_an_upload_gets_the_time_that_it_needs() -> None:
    # With 100 bytes more the trickle ends by itself before the line is cut.
    with trickling(*TRICKLES["body until the end"]) as url:
        assert carry_out(Call("POST", url, body=b"a" * 100, slowest=10)).body.startswith(b"aa")


def test_a_packed_answer_is_unpacked() -> None:
    packed = gzip.compress(b'{"id":"1"}')
    head = _OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    assert answer_whole(head + packed).json() == {"id": "1"}


def test_a_packed_answer_that_is_too_large_unpacked_is_a_doubt() -> None:
    packed = gzip.compress(b"a" * (5 * 1024 * 1024))
    head = _OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with pytest.raises(DoubtError):
        answer_whole(head + packed)


def test_an_answer_in_time_leaves_no_timer_and_no_descriptor() -> None:
    before = len(list(_DESCRIPTORS.iterdir()))
    assert answer_whole(_OK + b"Content-Length: 2\r\n\r\nok").body == b"ok"
    assert not [one for one in enumerate_threads() if isinstance(one, Timer)]
    gc.collect()
    assert len(list(_DESCRIPTORS.iterdir())) <= before
