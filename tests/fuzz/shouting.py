"""Bytes that are no HTTP, or nearly, over a socket to the real web server: refused or cut off, nobody else suffers."""

import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.fuzz.tally import Tally

ANSWER_SECONDS = 20.0
PATIENCE_SECONDS = 3.0
AT_ONCE = 16
_HEAD = b"GET /entrar HTTP/1.1\r\nHost: localhost\r\n"
SOUND = _HEAD + b"Connection: close\r\n\r\n"
# What the answer begins with when there is none.
CUT_OFF = "cut off"
# Refused as HTTP. 501 and 505 tell of a method or a version that is not known; any other 5xx would be our own fault.
REFUSED = frozenset({CUT_OFF, "400", "404", "405", "408", "411", "413", "414", "417", "431", "501", "505"})
# Sound enough for a page, a redirection or a form that is refused.
HEARD = REFUSED | {"200", "302", "303", "308", "401", "403", "415", "422"}

NO_HTTP: Mapping[str, bytes] = {
    "a length below nothing": _HEAD + b"Content-Length: -1\r\n\r\n",
    "a length beyond numbers": _HEAD + b"Content-Length: 99999999999999999999\r\n\r\nx",
    "two lengths": _HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "a header with a nul": _HEAD + b"X: a\0b\r\n\r\n",
    "a header's name that is no name": _HEAD + b"\xff\xfe: x\r\n\r\n",
    "five thousand headers": _HEAD + b"X: 1\r\n" * 5000 + b"\r\n",
    "a broken fold": _HEAD + b" x\r\n: y\r\n\r\n",
    "a line without a version": b"GET /\r\n\r\n",
    "a version that never was": b"GET / HTTP/7.3\r\nHost: localhost\r\n\r\n",
    "the opening of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    "half a line": b"GE",
    "nothing": b"",
    "noise": bytes(range(256)) * 8,
}
NEARLY: Mapping[str, bytes] = {
    "length and pieces, and no piece": _HEAD
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a piece beyond numbers": _HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
    "a cookie of 100 KB": _HEAD + b"Cookie: resuena=" + b"a" * 100_000 + b"\r\n\r\n",
    "no host": b"GET /entrar HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /entrar HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a host that is none": b"GET /entrar HTTP/1.1\r\nHost: [::\r\n\r\n",
    "somebody else's address": b"GET http://malo.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "bytes that are no text": b"GET //malo.example/%00%ff%c0%af HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an address of 200 KB": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a method of nobody's": b"FOO /entrar HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a tunnel": b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "less than it promised": b"POST /entrar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc",
    "a form without an edge": (
        b"POST /entrar HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=\r\n"
        b"Content-Length: 4\r\n\r\n--\r\n"
    ),
    "JSON that is none": (
        b"POST /api/v1/posts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 3\r\n\r\n{{{"
    ),
    "a question to the server itself": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a second question glued on": SOUND + b"GET /entrar\0",
}


def shout(port: int) -> Tally:
    """Say all of it to whoever listens there, some at a time; each answer that may not be is a fault, or silence after.

    The last thing asked is a page, by somebody who does it right.
    """
    tally = Tally("shouts")
    allowed = [(name, said, REFUSED) for name, said in NO_HTTP.items()]
    allowed += [(name, said, HEARD) for name, said in NEARLY.items()]
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        answers = at_once.map(lambda one: say(port, one[1]), allowed)
        for (name, _said, may), answer in zip(allowed, answers, strict=True):
            code = code_of(answer)
            tally.answers[code] += 1
            if code not in may:
                tally.faults.append(f"{name}: {answer[:80]!r}")
            if b"Traceback" in answer:
                tally.faults.append(f"{name}: tells how it is made")
    if (code := code_of(say(port, SOUND))) != "200":
        tally.faults.append(f"afterwards a page is not opened: {code}")
    return tally


def code_of(answer: bytes) -> str:
    """Return the code of the first line of an answer, or that there was none."""
    words = answer.partition(b"\r\n")[0].split(b" ")
    return words[1].decode("ascii", "replace") if len(words) > 1 else CUT_OFF


def say(port: int, said: bytes) -> bytes:
    """Say that over a line of its own and return all that comes back; ``HUNG`` for a line left open too long."""
    found = b""
    try:
        with socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS) as line:
            line.sendall(said)
            # Whoever says no more is taken to have gone, and is not answered: so first it listens.
            line.settimeout(PATIENCE_SECONDS)
            with suppress(TimeoutError):
                found = line.recv(65_536)
            line.shutdown(socket.SHUT_WR)
            line.settimeout(ANSWER_SECONDS)
            while chunk := line.recv(65_536):
                found += chunk
    except TimeoutError:
        return found or b"- HUNG"
    except OSError:
        return found  # it hung up in the middle of what was said
    return found
