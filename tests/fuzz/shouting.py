"""Bytes that are no HTTP, or nearly, sent over a socket to the real web server: it goes on answering everybody else."""

import os
import random
import socket
import subprocess
import sys
import time

from content_calendar import clock
from tests.fuzz.mutating import spoiled
from tests.fuzz.tally import Tally
from tests.fuzz.world import World

START_SECONDS, ANSWER_SECONDS = 300, 5.0
_HEAD = b"GET /entrar HTTP/1.1\r\nHost: localhost\r\n"
SHOUTS = (
    _HEAD + b"Connection: close\r\n\r\n",
    _HEAD + b"Content-Length: -1\r\n\r\n",
    _HEAD + b"Content-Length: 99999999999999999999\r\n\r\nx",
    _HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    _HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    _HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
    _HEAD + b"Cookie: resuena=" + b"a" * 100_000 + b"\r\n\r\n",
    _HEAD + b"X: a\0b\r\n\r\n",
    _HEAD + b"\xff\xfe: x\r\n\r\n",
    _HEAD + b"X: 1\r\n" * 5000 + b"\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: [::\r\n\r\n",
    b"GET http://malo.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET //malo.example/%00%ff%c0%af HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /\r\n",
    b"FOO /entrar HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST /entrar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc",
    (
        b"POST /entrar HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=\r\n"
        b"Content-Length: 4\r\n\r\n--\r\n"
    ),
    b"POST /api/v1/posts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{{{",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"",
)


def run(world: World, count: int, seed: int, *, first: int = 0) -> Tally:
    """Shout ``count`` times of a seed, from the ``first``, at a server of its own; it must answer well to the end."""
    tally = Tally("shouts")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RESUENA_")},
        "RESUENA_DATA": str(world.settings.data),
        "RESUENA_PORT": str(port),
        "RESUENA_WEB_WORKERS": "1",
    }
    with subprocess.Popen([sys.executable, "-m", "webapp.cli", "web"], env=environment) as server:
        try:
            _wait(server, port)
            for n in range(first, first + count):
                rng = random.Random(f"shouts:{seed}:{n}")  # noqa: S311 -- to be had again, not to be secret
                said = rng.choice(SHOUTS)
                _note(tally, n, said, _shout(port, said if rng.random() < 0.5 else spoiled(rng, said)))
            if b" 200 " not in _shout(port, SHOUTS[0])[:20]:
                tally.faults.append("in the end the door does not open any more")
            if server.poll() is not None:
                tally.faults.append(f"the server ended with {server.returncode}")
        finally:
            server.terminate()
            server.wait(30)
    return tally


def _note(tally: Tally, n: int, said: bytes, answer: bytes) -> None:
    first = answer.partition(b"\r\n")[0]
    code = first.split(b" ")[1].decode("ascii", "replace") if first.count(b" ") else "no answer"
    tally.answers[code] += 1
    # 501 and 505 say that a method or a version is not known.
    if code.startswith("5") and code not in {"501", "505"}:
        tally.faults.append(f"#{n} {said[:80]!r}: {first!r}")
    if b"Traceback" in answer:
        tally.faults.append(f"#{n} {said[:80]!r}: tells how it is made")


def _shout(port: int, said: bytes) -> bytes:
    found = b""
    try:
        with socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS) as line:
            line.settimeout(ANSWER_SECONDS)
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            while chunk := line.recv(65_536):
                found += chunk
    except OSError:
        return found
    return found


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    until = clock.monotonic() + START_SECONDS
    while clock.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)  # another process: there is nothing to wait on
        else:
            return
    msg = "the web server did not start"
    raise AssertionError(msg)
