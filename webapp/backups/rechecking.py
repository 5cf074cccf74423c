"""Looking again at copies of materials that were good when they were made: disks forget.

Each copy has its night, one in ``NIGHTS``, by the first letters of its name. The server cannot open it (it has half of
the key), so its sealed bytes are held against the hash they had when it was proved. One that went bad is made anew from
the material; where that is gone too, nothing but telling is left.
"""

import hashlib
import logging
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assets.storage import FileMissingError, Shelf, Storage
from webapp.backups import copies
from webapp.backups.archive import BackupUnreadableError

NIGHTS = 32
_log = logging.getLogger(__name__)


@dataclass
class Rechecked:
    """How many copies had their night, and those that were bad: made anew, or lost."""

    looked_at: int = 0
    remade: list[Path] = field(default_factory=list)
    lost: list[Path] = field(default_factory=list)


def recheck(storage: Storage, backups: Path, recipient: str, on: date) -> Rechecked:
    """Look at the copies whose night it is, of every key's; make those anew that are not what they were."""
    told, own = Rechecked(), copies.folder_of(backups, recipient)
    for folder in copies.folders(backups):
        sums = copies.sums_of(folder)
        for path, shelf, sha256 in copies.in_folder(folder):
            if not is_its_night(sha256, on):
                continue
            told.looked_at += 1
            known, found = sums.get(path.relative_to(folder).as_posix()), _hash(path)
            if found is not None and found == known:
                continue
            remade = folder == own and _remake(storage, shelf, sha256, folder, recipient)
            # Of one from before hashes were kept nothing is known: it is made anew, and that was no fault of it.
            if found is None or known is not None:
                (told.remade if remade else told.lost).append(path)
        copies.tidy_sums(folder)
    return told


def is_its_night(sha256: str, on: date) -> bool:
    """Return whether a copy is looked at on that day."""
    return int(sha256[:4], 16) % NIGHTS == on.toordinal() % NIGHTS


def _hash(path: Path) -> str | None:
    """Return the hash of a file, None when the disk does not give it back."""
    try:
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None


def _remake(storage: Storage, shelf: Shelf, sha256: str, folder: Path, recipient: str) -> bool:
    try:
        copies.copy_one(storage, shelf, sha256, folder, recipient)
    except (OSError, FileMissingError, BackupUnreadableError) as error:
        _log.warning("a copy cannot be made anew: %s", type(error).__name__)
        return False
    return True
