"""Many hostile requests, one after another, inside this process: whatever is asked, the answer is no fault.

A request's own transaction is dropped at its end, so that each is asked of the same rows and ``n`` of a seed can be
asked alone; a share is asked by a liaison whose transactions stay, and then no row of another body has changed.
"""

import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Table, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from content_calendar import people
from content_calendar.db import Base
from tests.fuzz.asking import Asked, Known, learn, make
from tests.fuzz.tally import SAYS_EVERY, Tally
from tests.fuzz.world import DAY, World, let_nothing_stay
from webapp import security
from webapp.by_token import Pace

# A person would take it for broken.
LONGEST_SECONDS = 10.0
SERVER_FAULT = 500
# /salud says so on purpose: no worker runs here.
HONEST = frozenset({("/salud", 503)})
TRACES = (b"Traceback (most recent call last)", b"sqlalchemy.exc", b"sqlite3.")
RUNS = (b"<script>alert(1)</script>", b'"><img src=x onerror=alert(1)>')


class Faults(logging.Handler):
    """Keeps what was logged with an exception: the page says only a reference."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Remember the innermost line of ours, and what was raised."""
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            lines = [
                f"{one.filename.rpartition('/')[2]}:{one.lineno}"
                for one in traceback.extract_tb(error.__traceback__)
                if "site-packages" not in one.filename
            ]
            self.last = f"{type(error).__name__}: {str(error)[:200]!r} at {' < '.join(reversed(lines[-3:]))}"
        else:
            self.last = record.getMessage()[:300]


@contextmanager
def listening() -> Iterator[Faults]:
    """Hear what the pages log, and nothing else of it."""
    log, faults = logging.getLogger("webapp"), Faults()
    level, log.propagate = log.level, False
    log.addHandler(faults)
    try:
        yield faults
    finally:
        log.removeHandler(faults)
        log.setLevel(level)
        log.propagate = True


def ask(world: World, asked: Asked, faults: Faults, tally: Tally) -> None:
    """Ask once, read the whole answer, and note what came of it."""
    faults.last = ""
    try:
        environ = EnvironBuilder(
            path=asked.path,
            method=asked.method,
            headers=Headers(asked.headers),
            data=asked.body or None,
            content_type=asked.kind or None,
        ).get_environ()
    except (ValueError, UnicodeError):
        tally.answers["not sendable"] += 1
        return
    if asked.who and "Cookie" not in asked.headers:
        environ["HTTP_COOKIE"] = f"resuena={world.tokens[asked.who]}"
    began = time.thread_time()
    what = f"#{asked.n} {asked.who or 'nobody'} {asked.method} {ascii(asked.path)[:200]}"
    try:
        chunks, status, headers = run_wsgi_app(world.app.wsgi_app, environ, buffered=True)
        body = b"".join(chunks)
    except Exception as error:  # noqa: BLE001 -- whatever gets out of the application is the fault looked for
        tally.faults.append(f"{what}: got out: {type(error).__name__}: {error}")
        return
    # Of this thread's work: what else the machine does meanwhile is no fault of the answer.
    seconds = time.thread_time() - began
    tally.took(seconds, what)
    code = int(status[:3])
    tally.answers[str(code)] += 1
    for wrong in _wrongs(asked, code, body, headers.get("Content-Type", ""), seconds):
        tally.faults.append(f"{what}: {wrong} {faults.last}")


def _wrongs(asked: Asked, code: int, body: bytes, kind: str, seconds: float) -> Iterator[str]:
    if code >= SERVER_FAULT and (asked.path.partition("?")[0], code) not in HONEST:
        yield f"answered {code}"
    if any(one in body for one in TRACES):
        yield "tells how it is made"
    if kind.startswith("text/html") and any(one in body for one in RUNS):
        yield "says back what would run"
    if seconds > LONGEST_SECONDS:
        yield f"took {seconds:.1f} s"


def run(world: World, count: int, seed: int, *, first: int = 0) -> Tally:
    """Ask ``count`` requests of a seed, from the ``first``; a tenth more of them as a liaison who may write."""
    known, tally = learn(world), Tally("requests", says_every=SAYS_EVERY)
    with pytest.MonkeyPatch.context() as patched, listening() as faults:
        patched.setattr(security, "_PACE", Pace(burst=10**9))
        with pytest.MonkeyPatch.context() as dropping:
            let_nothing_stay(dropping)
            for n in range(first, first + count):
                ask(world, make(known, seed, n), faults, tally)
        _as_a_liaison(world, known, seed, first + count, count // 10, faults, tally)
    return tally


def _as_a_liaison(
    world: World, known: Known, seed: int, first: int, count: int, faults: Faults, tally: Tally
) -> None:
    name = known.people[1]
    with world.database.reading() as session:
        me = people.find_by_email(session, f"{name}@ejemplo.mx")
        assert me
        (body_id,) = people.rights(session, me.id, DAY.date()).bodies()
        before = of_others(session, body_id)
    for n in range(first, first + count):
        made = make(known, seed, n)
        ask(world, Asked(n, name, made.method, made.path, made.headers, made.body, made.kind), faults, tally)
    with world.database.reading() as session:
        after = of_others(session, body_id)
    tally.faults.extend(f"a liaison changed {one}" for one in changed(before, after))


Rows = dict[str, frozenset[tuple[object, ...]]]


def of_others(session: Session, body_id: int) -> Rows:
    """Return every row that is of another body, by table: what a liaison may not change."""
    found: Rows = {}
    for table in Base.metadata.sorted_tables:
        column = "body_id" if "body_id" in table.c else "owner_id" if "owner_id" in table.c else ""
        if column:
            found[table.name] = _rows(session, table, column, body_id)
    return found


def _rows(session: Session, table: Table, column: str, body_id: int) -> frozenset[tuple[object, ...]]:
    asked = select(table).where(table.c[column].is_not(None), table.c[column] != body_id)
    return frozenset(tuple(repr(value) for value in row) for row in session.execute(asked))


def changed(before: Rows, after: Rows) -> Iterator[str]:
    """Yield the tables of which a row was changed, taken away or added, with the row."""
    for name, rows in before.items():
        for row in sorted(rows ^ after[name], key=str)[:3]:
            yield f"{name}: {row!r}"[:400]
