"""Told to stop while something is on its way, pages and worker end it first, and then themselves."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.states import PublicationState
from tests.scheduler.scene import account, now_of, planned, worker
from tests.simulators.x_server import running
from tests.story.installation import free_port, wait_until

ROOT = Path(__file__).parents[2]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def started(name: str, database_url: str, data: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of our programs, as a service manager starts it."""
    environment = {
        "PATH": os.environ["PATH"],
        "RESUENA_DATABASE_URL": database_url.replace("+psycopg", ""),
        "RESUENA_DATA": str(data),
        "RESUENA_WEB_WORKERS": "1",
        **more,
    }
    command = [sys.executable, "-m", "webapp.cli", name]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:  # noqa: S603 -- our own
        try:
            yield process
        finally:
            process.kill()


class Slow:
    """A door before a server that lets each call through after a while."""

    def __init__(self, address: str, seconds: float) -> None:
        self.target = urlsplit(address)
        self.seconds = seconds
        self.knocked = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass, args=(caller,), daemon=True).start()

    def _pass(self, caller: socket.socket) -> None:
        with caller:
            asked = caller.recv(65536)
            self.knocked.set()
            threading.Event().wait(self.seconds)
            place = (str(self.target.hostname), int(self.target.port or 80))
            with socket.create_connection(place) as server:
                server.sendall(asked)
                back = threading.Thread(target=_carry, args=(server, caller), daemon=True)
                back.start()
                _carry(caller, server)
                back.join()

    def close(self) -> None:
        self.listener.close()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@on_sqlite
def test_a_worker_that_is_told_to_stop_ends_the_sending_that_is_on_its_way(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with running() as network:
        door = Slow(network.url, 4)
        at = worker(database, tmp_path, x=door.url)
        with database.transaction() as session:
            to = account(session, "x", at)
            row = planned(session, to, clock.now() + timedelta(seconds=10), "Va en camino")
        with started("worker", database_url, tmp_path, RESUENA_NETWORK_URLS=f"x={door.url}") as process:
            assert door.knocked.wait(120)
            assert network.posts() == []
            process.send_signal(signal.SIGTERM)
            assert process.wait(90) == 0
        door.close()
        assert [post["text"] for post in network.posts()] == ["Va en camino"]
    assert now_of(database, row).state is PublicationState.PUBLISHED


@on_sqlite
def test_pages_that_are_told_to_stop_answer_what_is_half_asked(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    with started("web", database_url, tmp_path, RESUENA_PORT=str(port)) as process:
        wait_until(lambda: _listens(port), "the pages are served", 240)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as asking:
            asking.sendall(
                b"POST /entrar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\nConnection: close\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=ana"
            )
            threading.Event().wait(1)
            process.send_signal(signal.SIGTERM)
            threading.Event().wait(1)
            asking.sendall(b"%40snt.mx&&")
            answer = b""
            while piece := asking.recv(65536):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 400 "), answer[:200]
        assert answer.rstrip().endswith(b"</html>")
        assert process.wait(60) == 0


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as asking:
        asking.sendall(b"GET /vivo HTTP/1.0\r\n\r\n")
        return b"vivo" in asking.recv(65536)
    return False
