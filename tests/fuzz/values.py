"""Hostile values, drawn from a generator that a seed starts: the same seed asks the same."""

import random
from typing import Any

from tests.webapp.test_inputs import NASTY

WORDS = (
    *NASTY,
    "", " ", "\n", "\r\nX-Otra: 1", "null", "None", "NaN", "Infinity", "-Infinity", "1e400", "0x10", "1_000",
    "true", "on", "\ud800", "\udfff", "é" * 300, "🏳️‍🌈" * 50, "\u202e\u200b\ufeff", "\x7f\x01\x1b[31m", "ẞİı",
    "../../etc/passwd", "..%2f..%2f", "/etc/passwd", "C:\\x", "file:///etc/passwd", "http://127.0.0.1:1/",
    "javascript:alert(1)", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "%s%n%x",
    "' OR '1'='1", "1; DROP TABLE post", "\\", "$(id)", "`id`", "a@b", "a@b.mx", "@", "#PlanDAI", "=1+1", "+1",
    "0000-00-00", "2026-02-30", "0001-01-01", "9999-12-31", "10000-01-01", "2026-11-23", "2026-13",
    "2026-11-23T25:61", "0001-01-01T00:00", "9999-12-31T23:59", "2026-11-23T10:00", "23:59", "24:00", "-00:01",
    "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "0.1", "1,5", "٣", "1" * 400, "2026-6", "2026-0", "2026-7", "9999-9", "0-0", "América/Nada", "es-MX",
    "x" * 70_000,
)  # fmt: skip
HEADERS = {
    "Accept-Language": ("es", "en;q=", "*" * 3000, "zz-ZZ;q=9", "é"),
    "If-Match": ("*", '"x"', "W/", '"' * 300, "1"),
    "If-None-Match": ("*", 'W/"x"', '"', ","),
    "If-Modified-Since": ("ayer", "Thu, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"),
    "Range": ("bytes=0-", "bytes=-1", "bytes=9999999999999-", "bytes=5-2", "lines=1-2", "bytes=0-0,1-1,2-2"),
    "Idempotency-Key": ("a", "", "é", "k" * 300),
    "Referer": ("http://[", "javascript:x", "/"),
    "Origin": ("null", "http://malo.example", "http://["),
    "Sec-Fetch-Site": ("cross-site", "same-origin", "x"),
    "HX-Request": ("true", "\\"),
    "User-Agent": ("", "x" * 5000, "\x01"),
    "Authorization": ("Bearer", "Bearer ", "Bearer res_x", "Bearer rsn_" + "a" * 43, "Basic Og==", "x"),
    "Cookie": ("resuena=", "idioma=zz; tema=x", "resuena=" + "a" * 5000, "formas=x.y.z", ";;;=;"),
    "Accept": ("application/json", "*/*;q=2", "text/html;level=", "x" * 2000),
    "Content-Encoding": ("gzip", "x"),
    "X-Forwarded-For": ("1.2.3.4", "'", "x" * 1000),
    "X-HTTP-Method-Override": ("DELETE",),
}


def nasty(rng: random.Random) -> str:
    """Return one hostile word."""
    return rng.choice(WORDS)


def nested(depth: int) -> Any:  # noqa: ANN401 -- any JSON value
    """Return a list within lists."""
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


def any_json(rng: random.Random, depth: int = 0) -> Any:  # noqa: ANN401 -- any JSON value
    """Return a JSON value that nobody expects."""
    kind = rng.randrange(9 if depth < 3 else 7)
    if kind < 3:
        return nasty(rng)
    simple = (None, True, rng.choice((0, -1, 2**63, 10**30, 1.5, -0.0, 1e308)), "2026-11-23T10:00:00Z")
    if kind < 7:
        return simple[kind - 3]
    if kind == 7:
        return [any_json(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {nasty(rng)[:40]: any_json(rng, depth + 1) for _ in range(rng.randrange(4))}
