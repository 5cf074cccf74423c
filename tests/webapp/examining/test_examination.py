"""The examination: each thing that can be wrong is told, with what to do, and nothing is told of what is well."""

import json
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete

from content_calendar import backups, clock, logs
from content_calendar.db import Database
from content_calendar.epoch import installation
from content_calendar.models.backups import BackupKey
from content_calendar.sending import Said
from content_calendar.settings import Settings, read
from scheduler import heartbeat
from tests.simulators.mail_server import running
from tests.webapp.conftest import Browser
from webapp.cli import main
from webapp.database import migrate
from webapp.examining.examination import examine
from webapp.examining.findings import Level
from webapp.sentences import SENTENCES

KEY = "k" * 40
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def installed(tmp_path: Path, sqlite_template: Path) -> Settings:
    data = tmp_path / "data"
    (data / "keys").mkdir(parents=True, mode=0o700)
    data.chmod(0o700)
    settings = read(
        {
            "RESUENA_DATA": str(data),
            "RESUENA_PUBLIC_URL": "http://resuena.example.mx",
            "RESUENA_BACKUP_STORAGE": "s3://respaldos",
        }
    )
    (data / "resuena.db").write_bytes(sqlite_template.read_bytes())
    database = Database(settings.database)
    with database.transaction() as session:
        heartbeat.beat(session, "w1", clock.now())
        backups.adopt_key(session, "age1", "").shown_at = clock.now()
    database.dispose()
    return settings


def wrong(settings: Settings, *, far: bool = False) -> dict[str, Level]:
    found = examine(settings, far=far)
    for one in found:
        assert "%(" not in SENTENCES[one.code] % dict(one.params)
    return {one.code: one.level for one in found if one.level in {Level.WARNING, Level.ERROR}}


def test_of_an_installation_that_is_well_nothing_is_wrong(installed: Settings) -> None:
    assert wrong(installed) == {}


def test_a_folder_that_cannot_be_written_is_told(installed: Settings) -> None:
    file = installed.data / "un archivo"
    file.write_text("")
    # The backups' folder stands in it, where nobody chose another.
    assert wrong(replace(installed, data=file, database_url=installed.database)) == {
        "data_not_writable": Level.ERROR, "backups_unwritable": Level.ERROR,
    }  # fmt: skip


def test_keys_that_others_can_read_are_told(installed: Settings) -> None:
    key = installed.data / "keys" / "vault.key"
    key.write_text("llave")
    key.chmod(0o644)
    assert wrong(installed) == {}  # nobody else comes into the folder
    installed.data.chmod(0o755)
    assert wrong(installed)["keys_open"] is Level.ERROR


def test_a_disk_that_is_nearly_full_is_told_before_it_is_full(
    installed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for free, level in ((5 << 30, None), ((5 << 30) - 1, Level.WARNING), ((500 << 20) - 1, Level.ERROR)):
        monkeypatch.setattr("shutil.disk_usage", lambda _folder, free=free: type("U", (), {"free": free}))
        assert wrong(installed).get("disk_low") is level


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"public_url": ""}, "public_url_missing"),
        ({"public_url": "https://resuena.example.mx"}, "cookies_without_https"),
        ({"database_url": "postgresql://nadie@127.0.0.1:1/nada"}, "database_unreachable"),
        ({"storage": "s3://nada", "storage_endpoint": "http://127.0.0.1:1"}, "storage_silent"),
    ],
)
def test_what_does_not_answer_or_is_missing_is_told(
    installed: Settings, change: dict[str, str], code: str
) -> None:
    assert code in wrong(replace(installed, **change))  # type: ignore[arg-type] # texts, all of them


def test_a_database_of_another_version_or_damaged_is_told(installed: Settings) -> None:
    database = Database(installed.database)
    migrate(database, "0007", lose=True)
    database.dispose()
    assert wrong(installed) == {"database_not_migrated": Level.ERROR}
    database = Database(installed.database)
    migrate(database)
    database.dispose()
    file = installed.data / "resuena.db"
    with sqlite3.connect(file) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'person'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with file.open("r+b") as opened:
        opened.seek((root - 1) * size)
        opened.write(b"\xff" * 64)
    assert wrong(installed)["database_damaged"] is Level.ERROR


def test_a_silent_worker_is_told(installed: Settings) -> None:
    database = Database(installed.database)
    with database.transaction() as session:
        heartbeat.farewell(session, "w1")
    database.dispose()
    assert SENTENCES["worker_absent"].startswith("Ningún publicador")  # not what is said of a publication
    assert wrong(installed) == {"worker_absent": Level.ERROR}


def test_the_mail_server_is_asked_only_when_one_has_time(installed: Settings) -> None:
    away = replace(installed, mail_host="127.0.0.1", mail_port=1, mail_tls="none")
    assert wrong(away) == {}
    assert list(wrong(away, far=True).values()) == [Level.ERROR]
    with running() as server:
        there = replace(away, mail_port=server.port)
        assert wrong(there, far=True) == {}


def test_the_command_ends_with_one_when_something_does_not_work(
    installed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESUENA_DATA", str(installed.data))
    monkeypatch.setenv("RESUENA_PUBLIC_URL", installed.public_url)
    well = CliRunner().invoke(main, ["doctor"])
    assert (well.exit_code, "MAL" in well.output) == (0, False)
    database = Database(installed.database)
    with database.transaction() as session:
        heartbeat.farewell(session, "w1")
    database.dispose()
    ill = CliRunner().invoke(main, ["doctor", "--json"])
    assert ill.exit_code == 1
    told = [json.loads(line) for line in ill.output.splitlines()]
    assert [one["code"] for one in told if one["level"] == "error"] == ["worker_absent"]


@on_sqlite
def test_an_administrator_sees_it_on_a_page_and_nobody_else(
    app: Flask, client_as: Callable[..., Browser]
) -> None:
    page = client_as("admin", "ada").get("/sistema/revision")
    assert page.status_code == 200
    assert "resuena doctor" in page.get_data(as_text=True)
    assert client_as("editor", "eva").get("/sistema/revision").status_code == 403
    assert app.test_client().get("/sistema/revision").status_code == 302


def test_the_numbers_are_told_to_whoever_has_the_key(database: Database, tmp_path: Path) -> None:
    from webapp.app import create_app  # noqa: PLC0415 -- the tests of the command above need it not

    (tmp_path / "d").mkdir()
    with database.transaction() as session:
        heartbeat.beat(session, "w1", clock.now())
    app = create_app(read({"RESUENA_DATA": str(tmp_path / "d"), "RESUENA_METRICS_KEY": KEY}), database)
    asked = app.test_client()
    for wrong_key in ({}, {"Authorization": "Bearer otra"}):
        assert asked.get("/metricas", headers=wrong_key).status_code == 403
    told = asked.get("/metricas", headers={"Authorization": f"Bearer {KEY}"}).get_data(as_text=True)
    assert "resuena_workers_alive 1.0" in told
    assert 'resuena_publications{state="published"} 0.0' in told
    assert 'resuena_lateness_seconds_bucket{le="+Inf"} 0.0' in told


@on_sqlite
def test_without_a_key_there_are_no_numbers_and_alive_is_all_that_is_told(app: Flask) -> None:
    asked = app.test_client()
    assert asked.get("/metricas", headers={"Authorization": "Bearer "}).status_code == 403
    assert asked.get("/vivo").get_data(as_text=True) == "vivo\n"


@on_sqlite
def test_a_request_has_a_number_that_its_log_tells(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.extensions["resuena.settings"] = replace(app.extensions["resuena.settings"], log="json")
    caplog.handler.setFormatter(logs.JsonLines())
    asked = app.test_client()
    with caplog.at_level(logging.INFO, "webapp.requests"):
        given = asked.get("/r/un-enlace-secreto", headers={"X-Request-ID": "de-un-proxy-1"})
        forged = asked.get("/vivo", headers={"X-Request-ID": "x y"})
    assert given.headers["X-Request-ID"] == "de-un-proxy-1"
    assert forged.headers["X-Request-ID"] not in {"", "x y"}
    first, second = (json.loads(line) for line in caplog.text.splitlines())
    assert (first["request"], first["route"], first["status"]) == ("de-un-proxy-1", "/r/<token>", 404)
    assert second["request"] == forged.headers["X-Request-ID"]
    assert "un-enlace-secreto" not in caplog.text


def test_a_line_of_the_log_is_one_line_whatever_it_says_and_tells_what_it_is_about() -> None:
    form = logs.JsonLines()

    def line(message: str) -> str:
        return form.format(logging.LogRecord("x", logging.INFO, "", 1, message, None, None))

    with logs.about(publication="abc"):
        said = line('roto\n{"level": "forjado"}')
    assert len(said.splitlines()) == 1
    assert json.loads(said)["publication"] == "abc"
    assert "publication" not in json.loads(line("después"))


def test_the_lateness_of_the_last_hour_is_a_histogram(database: Database, tmp_path: Path) -> None:
    from tests.scheduler.scene import Engine, Time, account, planned, worker  # noqa: PLC0415 -- heavy
    from webapp.examining.figures import exposition  # noqa: PLC0415 -- with it

    with Time().ruling() as time:
        with database.transaction() as session:
            to = account(session, "rehearsal")
            planned(session, to, time.at + timedelta(seconds=10), "Lo que se aprobó")
        time.pass_by(seconds=17)
        engine = Engine(worker(database, tmp_path))
        engine.tick()
        engine.close()
        with database.reading() as session:
            told = exposition(session, "1").decode()
    assert 'resuena_lateness_seconds_bucket{le="5"} 0.0' in told
    assert 'resuena_lateness_seconds_bucket{le="10"} 1.0' in told
    assert 'resuena_attempts_last_hour{outcome="done"} 1.0' in told


def test_without_a_key_a_good_backup_or_another_disk_somebody_is_told_what_to_do(installed: Settings) -> None:
    assert wrong(replace(installed, backup_storage="")) == {"backups_beside": Level.WARNING}
    no_folder = installed.data / "not-a-folder"
    no_folder.write_bytes(b"")
    assert wrong(replace(installed, backup_folder=str(no_folder)))["backups_unwritable"] is Level.ERROR
    database = Database(installed.database)
    with database.transaction() as session:
        backups.fail(session, backups.begin(session, "").id, Said("backup_interrupted"))
    assert wrong(installed) == {"backups_failing": Level.ERROR}
    with database.transaction() as session:
        installation(session).created_at = clock.now() - timedelta(days=3)
    assert wrong(installed) == {"backups_missing": Level.ERROR}
    with database.transaction() as session:
        backups.adopt_key(session, "age2", "")
    assert wrong(installed)["backup_key_unseen"] is Level.WARNING
    with database.transaction() as session:
        session.execute(delete(BackupKey))
    assert wrong(installed) == {"backups_unkeyed": Level.WARNING}
    database.dispose()
