"""The server is lost: ``python -m tests.drill.disaster N [--database postgresql]`` tells what came back, as figures.

Publications go out over HTTP to a network's server that would take the same text twice. In the middle a backup is made;
work goes on; then database, keys and materials are gone. What is restored into an empty place has forgotten everything
that went out since the backup, and a worker begins on it. ``--control`` puts it back as a plain copy, without the epoch
that tells: all of that goes out twice, and the control fails when it does not.
"""

import argparse
import hashlib
import io
import shutil
import sys
import tempfile
import time as wall
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import func, inspect, select, text

from assets.object_storage import chosen
from assets.storage import Shelf
from content_calendar import backups, catch_up
from content_calendar.db import Database
from content_calendar.epoch import Epoch, installation
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler import heartbeat
from tests.drill.__main__ import fresh
from tests.scheduler.scene import Engine, Time, account, planned, worker
from tests.simulators.x_server import XServer, running
from webapp.backups import envelope, making
from webapp.backups.restoring import restore_sealed

_EVERY = timedelta(seconds=20)
_ACCOUNTS = 10
_MATERIAL = b"un cartel " * 20_000
_LATER = timedelta(hours=1)


@dataclass(frozen=True)
class Recovered:
    """What a drill found: counts, and seconds by the wall's clock."""

    publications: int
    sent_after_backup: int
    twice: int
    published: int
    waiting: int
    rows: int
    materials: int
    backup_seconds: float
    restore_seconds: float
    integrity: str

    def line(self) -> str:
        """Return it as the drill's last line."""
        return (
            f"publications {self.publications} · out after the backup {self.sent_after_backup} · "
            f"sent twice {self.twice} · published {self.published} · waiting {self.waiting} · rows {self.rows} · "
            f"materials {self.materials} · backup {self.backup_seconds / 60:.2f} min · "
            f"restore {self.restore_seconds / 60:.2f} min · integrity {self.integrity}"
        )


def run(database: Database, folder: Path, publications: int, *, forgetful: bool = False) -> Recovered:
    """Lose everything in the middle of ``publications`` and recover; ``forgetful`` restores as a plain copy would."""
    with Time().ruling() as time, running(time.seconds) as server:
        server.set(refuses_equal=False)  # else the network itself would hide a second sending
        before = _engine(database, folder / "before", server)
        settings = replace(
            before.worker.settings, database_url=database.url.render_as_string(hide_password=False)
        )
        secret = _plant(before, time, publications)
        _pass(before, time, publications // 3)
        began = wall.perf_counter()
        made = making.make(database, settings)
        backup_seconds, out = wall.perf_counter() - began, len(server.posts())
        _pass(before, time, publications // 3)
        sent_after = len(server.posts()) - out
        before.close()
        _lose(database, settings.data)

        began = wall.perf_counter()
        emptied = replace(settings, data=folder / "after")
        with patch.object(catch_up, "restored", _as_if_nothing) if forgetful else patch.dict({}):
            told = restore_sealed(database, emptied, made.file, secret)
        restore_seconds = wall.perf_counter() - began
        assert told.report.rows == made.report.rows
        integrity = _integrity(database)
        _finish(_engine(database, emptied.data, server), time, publications)
        said = Counter(post["text"] for post in server.posts())
    states = _states(database)
    published = states.pop(PublicationState.PUBLISHED, 0)
    return Recovered(
        publications, sent_after, sum(count - 1 for count in said.values()), published, sum(states.values()),
        told.report.rows, told.materials.files, backup_seconds, restore_seconds, integrity,
    )  # fmt: skip


def _engine(database: Database, data: Path, server: XServer) -> Engine:
    data.mkdir(parents=True, exist_ok=True)
    engine = Engine(worker(database, data, x=server.url))
    engine.tick()
    return engine


def _plant(engine: Engine, time: Time, publications: int) -> str:
    """Plan everything, put a material, make the recovery key; return it."""
    secret, recipient = envelope.make_key()
    with engine.worker.database.transaction() as session:
        accounts = [account(session, "x", engine.worker) for _ in range(min(_ACCOUNTS, publications))]
        for n in range(publications):
            # The last third comes due once everything was looked up: by then it goes on by itself.
            due = time.at + _EVERY * (n + 1) + (_LATER if n >= publications // 3 * 2 else timedelta(0))
            planned(session, accounts[n % len(accounts)], due, _text(n))
        backups.adopt_key(session, recipient, "")
    chosen(engine.worker.settings).put(Shelf.ORIGINALS, io.BytesIO(_MATERIAL))
    return secret


def _text(n: int) -> str:
    """Return a text that shares no word with the others: what is alike waits for a person."""
    digest = hashlib.sha256(str(n).encode()).hexdigest()
    return " ".join(digest[at : at + 8] for at in range(0, 48, 8))


def _pass(engine: Engine, time: Time, how_many: int) -> None:
    for _ in range(how_many):
        time.pass_by(seconds=_EVERY.total_seconds())
        _work(engine)


def _work(engine: Engine) -> None:
    engine.tick()
    engine.look()
    with engine.worker.database.transaction() as session:
        heartbeat.beat(session, engine.worker.name, engine.worker.started_at)


def _finish(engine: Engine, time: Time, publications: int) -> None:
    """Work on until everything had its hour, and every doubt was looked up."""
    until = time.at + _LATER + _EVERY * (publications // 3 + 3)
    while time.at < until:
        time.pass_by(seconds=60)
        _work(engine)
    engine.close()


def _lose(database: Database, data: Path) -> None:
    """The disk is gone; what was kept elsewhere, the backups, is not."""
    kept = data / "backups"
    for path in data.iterdir():
        if path != kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    database.dispose()
    if database.is_sqlite:
        live = str(database.url.database)
        for left in (live, f"{live}-wal", f"{live}-shm"):
            Path(left).unlink(missing_ok=True)
        return
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def _integrity(database: Database) -> str:
    if database.is_sqlite:
        with database.engine.connect() as connection:
            orphan = connection.execute(text("PRAGMA foreign_key_check")).first()
            said = connection.execute(text("PRAGMA integrity_check(1)")).scalar_one()
        return "ok" if said == "ok" and orphan is None else f"{said} {orphan}"
    # PostgreSQL checks every reference as it is written; that the tables are there is left to see.
    return "ok" if inspect(database.engine).has_table("publication") else "no tables"


def _states(database: Database) -> dict[PublicationState, int]:
    with database.reading() as session:
        return dict(
            session.execute(select(Publication.state, func.count()).group_by(Publication.state)).all()
        )


def _as_if_nothing(session: object, **_when: object) -> Epoch:
    """What a plain copy does that is put back: the epoch is that of the file, and nothing is doubted."""
    return Epoch.read(installation(session).epoch)  # type: ignore[arg-type] # the session of the restore


def main() -> int:
    """Drill once; fail when anything was sent twice, lost, or not whole; the control, when nothing was sent twice."""
    parser = argparse.ArgumentParser()
    parser.add_argument("publications", type=int)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--control", action="store_true", help="put back a plain copy")
    said = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="resuena-drill-", dir="/tmp") as folder,
        fresh(said.database, Path(folder)) as database,
    ):
        found = run(database, Path(folder) / "data", said.publications, forgetful=said.control)
    sys.stdout.write(f"{found.line()}\n")
    if said.control:
        return 0 if found.twice else 1
    bad = found.twice or found.integrity != "ok" or not found.sent_after_backup
    return 1 if bad or found.published + found.waiting != found.publications else 0


if __name__ == "__main__":
    sys.exit(main())
