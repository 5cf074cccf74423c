"""Restoring a sealed backup into an empty place: its rows, its keys, and the materials that lie beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from assets.object_storage import chosen
from content_calendar.db import Database
from content_calendar.settings import Settings
from webapp.backups import archive, copies, envelope
from webapp.backups.archive import Report
from webapp.backups.copies import Brought


@dataclass(frozen=True)
class Restored:
    """What came back."""

    report: Report
    materials: Brought


def is_sealed(file: Path) -> bool:
    """Return whether a file is sealed; a plain backup needs no key."""
    with file.open("rb") as opened:
        return opened.read(len(envelope.MAGIC)) == envelope.MAGIC


def restore_sealed(
    database: Database,
    settings: Settings,
    file: Path,
    secret: str,
    *,
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Restored:
    """Put a sealed backup back; afterwards nothing past due leaves before it was looked up.

    The materials come first: rows never name a file that is not there yet. Raises RecoveryKeyInvalidError,
    RecoveryKeyWrongError, BackupUnreadableError, or DatabaseNotEmptyError unless ``replace``.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    # Without a name: what is not sealed any more leaves nothing behind when it is cut off.
    with TemporaryFile(dir=settings.data) as plain:
        with file.open("rb") as sealed:
            envelope.open_sealed(sealed, plain, secret)
        plain.seek(0)
        if not replace:
            archive.require_empty(database)
        brought = copies.bring_back(file.parent, secret, chosen(settings), progress)
        return Restored(archive.restore(database, settings.data, plain, replace=replace), brought)
