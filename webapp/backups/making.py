"""Making the backup that waits: ``python -m webapp.backups.making``, a process of its own beside the worker.

The rows and the keys of one moment go into one sealed file, the materials into copies beside it. Before it has its
name the file is opened again from the disk and restored on trial into an empty database: one that has a name is good.
"""

import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from types import FrameType
from typing import IO, Self

from sqlalchemy import text

from assets.object_storage import chosen
from content_calendar import backups, clock, jobs, key_rotation
from content_calendar import settings as settings_module
from content_calendar.backups import Keeping, NoRecoveryKeyError
from content_calendar.db import Database
from content_calendar.errors import ResuenaError
from content_calendar.jobs import Claimed
from content_calendar.models.backups import BackupRun, RunStage
from content_calendar.sending import Said
from content_calendar.settings import Settings
from content_calendar.vault import Vault
from webapp.backups import archive, bucket, copies, envelope, naming, rechecking
from webapp.backups.archive import BackupUnreadableError, Report
from webapp.database import make_at_once

_log = logging.getLogger(__name__)
_NICENESS = 10
_WORKER = "backups"
_PART = ".part"
_BEGUN, _SEALED, _CHECKED = 5, 40, 70
_TRIES = 3
_HELD_EVERY_SECONDS = 60
_TRIAL = "backup-trial-"


class LostError(Exception):
    """Somebody else makes it now."""


class ToldToStopError(BaseException):
    """The worker beside which it is made stops."""


@dataclass(frozen=True)
class Made:
    """A backup under its name."""

    file: Path
    report: Report
    copied: copies.Copied


def make_waiting(database: Database, settings: Settings) -> bool:
    """Make the one that waits; return whether there was one. What goes wrong is kept for a person to read."""
    with database.transaction() as session:
        claimed = jobs.claim(session, backups.JOB, _WORKER)
        if claimed is None:
            return False
        run_id = backups.begin(session, str(claimed.payload.get("by", ""))).id
    try:
        with _Hold(database, claimed) as hold:
            made = make(database, settings, hold.tell)
        _note(database, settings, claimed, run_id, made)
    except LostError:
        _log.info("backup job %s is in other hands", claimed.id)
    except ToldToStopError:
        # Else nobody could make one until the lease is over, not even who is about to upgrade and asks for it.
        with database.transaction() as session:
            jobs.hand_on(session, claimed)
        raise
    except Exception as error:  # noqa: BLE001 -- whatever goes wrong is told to a person, and tried again in an hour
        _log.exception("the backup failed")
        said = _said(error)
        with database.transaction() as session:
            backups.fail(session, run_id, said)
            jobs.give_up(session, claimed, said, for_good=True)
    else:
        _look_again(database, settings)
        _send(database, settings, run_id)
    return True


class _Hold:
    """Holds the job while it is worked on: a trial of a large backup lasts longer than a lease."""

    def __init__(self, database: Database, claimed: Claimed) -> None:
        self._database, self._claimed = database, claimed
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, progress: int) -> None:
        """Write down how far it is, in percent; raise LostError when somebody else has it."""
        if not self._write(progress):
            raise LostError

    def _keep(self) -> None:
        while not self._over.wait(_HELD_EVERY_SECONDS):
            self._write(None)

    def _write(self, progress: int | None) -> bool:
        with self._database.transaction() as session:
            return jobs.keep(session, self._claimed, progress)


def make(database: Database, settings: Settings, tell: Callable[[int], None] = lambda _: None) -> Made:
    """Make one now and return it, checked; raise NoRecoveryKeyError, BackupUnreadableError or OSError."""
    with database.reading() as session:
        key = backups.current_key(session)
    if key is None:
        raise NoRecoveryKeyError
    folder = settings.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear(settings)
    at = clock.now().astimezone(UTC)
    file = folder / at.strftime(naming.NAME)
    draft = file.with_suffix(_PART)
    tell(_BEGUN)
    try:
        with draft.open("w+b") as sealed:
            written = _seal(database, settings, key.recipient, sealed)
            tell(_SEALED)
            _check(settings.data, sealed, written)
        tell(_CHECKED)
        # The copies first: a backup under its name has everything that it speaks of.
        copied = copies.copy_new(chosen(settings), folder, key.recipient)
        draft.replace(file)
        _sync(folder)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return Made(file, changed(written.report, size=file.stat().st_size), copied)


@dataclass(frozen=True)
class _Written:
    """What a sealed file holds, the names of its vault's keys, and a key that opens it until this process ends."""

    report: Report
    keys: Collection[str]
    once: str


def _seal(database: Database, settings: Settings, recipient: str, sealed: IO[bytes]) -> _Written:
    """Write the sealed file; return what it holds. Raise BackupUnreadableError when the keys change all the time."""
    once, its_half = envelope.make_key()
    vault = Vault(settings.data)
    for _try in range(_TRIES):
        # Rows are of one moment and keys are read after them: a rotation in between would leave rows without theirs.
        known = vault.key_names()
        # Without a name: what is not sealed yet leaves nothing behind when it is cut off.
        with TemporaryFile(dir=settings.data) as plain:
            report = archive.write(database, plain, keys=settings.data)
            if vault.key_names() != known:
                continue
            plain.seek(0)
            envelope.seal(plain, sealed, recipient, its_half)
        sealed.flush()
        os.fsync(sealed.fileno())
        return _Written(report, known, once)
    raise BackupUnreadableError(why=archive.KEYS)


def _check(data: Path, sealed: IO[bytes], written: _Written) -> None:
    """Open what lies on the disk and restore it on trial; raise BackupUnreadableError unless all of it is there."""
    sealed.seek(0)
    with TemporaryFile(dir=data) as plain, TemporaryDirectory(dir=data, prefix=_TRIAL) as place:
        envelope.open_sealed(sealed, plain, written.once)
        plain.seek(0)
        trial = Database(f"sqlite:///{place}/trial.db", pool_size=1)
        try:
            make_at_once(trial)
            found = archive.restore(trial, Path(place), plain)
            with trial.reading() as session:
                locked = key_rotation.unopened(session, Vault(Path(place)), written.keys)
            with trial.engine.connect() as connection:
                said = connection.execute(text("PRAGMA integrity_check(1)")).scalar_one()
                orphans = connection.execute(text("PRAGMA foreign_key_check")).first()
        finally:
            trial.dispose()
    if found.rows != written.report.rows or said != "ok" or orphans is not None or locked:
        raise BackupUnreadableError(
            why=f"{found.rows}/{written.report.rows} {said} {' '.join(locked)}".strip()
        )


def _note(database: Database, settings: Settings, claimed: Claimed, run_id: int, made: Made) -> None:
    gone = forget_old(settings)
    with database.transaction() as session:
        run = session.get_one(BackupRun, run_id)
        run.stage, run.ended_at, run.name = RunStage.DONE, clock.now(), made.file.name
        run.size, run.rows = made.report.size, made.report.rows
        run.materials, run.copied = made.copied.files, made.copied.new
        backups.forget_names(session, gone)
        jobs.end(session, claimed)


def _look_again(database: Database, settings: Settings) -> None:
    """Look at the older copies whose night it is, and tell what was bad; the backup is good without it."""
    with database.reading() as session:
        key = backups.current_key(session)
    if key is None:
        return
    on = clock.now().astimezone(UTC).date()
    try:
        told = rechecking.recheck(chosen(settings), settings.backups, key.recipient, on)
        bucket.send_again(settings, told.remade)
    except OSError:
        _log.exception("the copies were not looked at again")
        return
    _log.info("copies looked at again: %s of %s", told.looked_at, rechecking.NIGHTS)
    if told.remade or told.lost:
        with database.transaction() as session:
            backups.note_bad_copies(session, remade=len(told.remade), lost=len(told.lost))


def _send(database: Database, settings: Settings, run_id: int) -> None:
    """Bring the bucket up to date; one that is down is told, and is no reason to make the backup again."""
    if not settings.backup_storage:
        return
    try:
        bucket.mirror(settings)
    except Exception as error:  # noqa: BLE001 -- whatever goes wrong is told to a person; the next night sends it too
        _log.exception("the backup did not reach the bucket")
        with database.transaction() as session:
            backups.note_unsent(session, run_id, Said("backup_unsent", {"why": type(error).__name__}))


def forget_old(settings: Settings) -> list[str]:
    """Remove the backups that need not stay, and the copies that only they had seen; return the names removed."""
    found = naming.moments(file.name for file in settings.backups.glob(naming.PATTERN))
    staying = backups.kept(found, Keeping(*settings.backup_keep), settings.zone)
    gone = [settings.backups / name for at, name in found.items() if at not in staying]
    unseen = copies.over(settings.backups, min(staying)) if staying else []
    bucket.owe(settings, (*gone, *unseen))
    for file in (*gone, *unseen):
        file.unlink(missing_ok=True)
    return [file.name for file in gone]


def _clear(settings: Settings) -> None:
    """Remove what a process that was killed left half done; only one makes backups at a time."""
    for place in settings.data.glob(f"{_TRIAL}*"):
        shutil.rmtree(place, ignore_errors=True)
    for draft in settings.backups.glob(f"resuena-*{_PART}"):
        # Only below names of our own: the folder may hold somebody else's files too.
        if naming.made_at(f"{draft.stem}.age") is not None:
            draft.unlink(missing_ok=True)
    copies.clear(settings.backups)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _said(error: Exception) -> Said:
    if isinstance(error, ResuenaError):
        return Said(error.code, error.params)
    if isinstance(error, OSError) and error.errno is not None:
        return Said("backup_disk", {"why": os.strerror(error.errno)})
    return Said("backup_failed", {"why": type(error).__name__})


def main() -> int:
    """Make what waits and end; return the exit status."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, stop)
    # What publishes comes first, also on a small machine.
    os.nice(_NICENESS)
    logging.basicConfig(level=logging.INFO)
    settings = settings_module.read(os.environ)
    database = Database(settings.database)
    try:
        make_waiting(database, settings)
    except ToldToStopError:
        _log.info("the backup waits for the next worker")
    database.dispose()
    return 0


def stop(_signal: int, _frame: FrameType | None) -> None:
    """Hear SIGTERM: what is being made is handed on."""
    raise ToldToStopError


if __name__ == "__main__":
    sys.exit(main())
