"""A whole installation as ``make run`` starts it: pages and worker, each a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A machine that does ten things at once gives RESUENA_TEST_READY_SECONDS more.
READY_SECONDS = int(os.environ.get("RESUENA_TEST_READY_SECONDS", "240"))
STOP_SECONDS = 40


@dataclass(frozen=True)
class Installation:
    """Where it is, how to enter, and what it printed."""

    address: str
    email: str
    password: str
    log: Path
    entries: dict[str, str]
    """The first password of each person that it made, by their e-mail."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(happened: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Wait for something that another process does; fail with ``what`` when it does not."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, f"it did not happen in {seconds} s: {what}"
        time.sleep(0.2)  # another process: there is nothing to wait on


@contextmanager
def running(data: Path, database_url: str, *, demo: bool = False, **settings: str) -> Iterator[Installation]:
    """Start an installation on that database, with the demonstration's data or without; stop it in good order."""
    port = free_port()
    log = data / "log.txt"
    data.mkdir(parents=True, exist_ok=True)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RESUENA_")},
        "RESUENA_DATA": str(data),
        "RESUENA_DATABASE_URL": database_url.replace("+psycopg", ""),
        "RESUENA_PORT": str(port),
        "RESUENA_WEB_WORKERS": "1",
        # The second factor has tests of its own; a story would need a telephone in every hand.
        "RESUENA_SECOND_FACTOR": "later",
        **settings,
    }
    with log.open("w") as written:
        process = subprocess.Popen(  # noqa: S603 -- our own program
            [sys.executable, "-m", "webapp.cli", "run", *(["--demo"] if demo else [])],
            cwd=ROOT,
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(
            lambda: process.poll() is not None or "Para salir" in log.read_text(),
            f"ready; {log.read_text()[-2000:]}",
            READY_SECONDS,
        )
        assert process.poll() is None, log.read_text()
        lines = (data / "primera-entrada.txt").read_text().splitlines()
        entries = dict(zip(lines[::2], lines[1::2], strict=True))
        yield Installation(f"http://127.0.0.1:{port}", lines[0], lines[1], log, entries)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
