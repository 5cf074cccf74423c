"""A second place for the backups: a bucket of any S3-compatible service.

That something is not in the folder is never why it leaves the bucket: a new server begins with an empty folder, and
the bucket may be all that is left. What was removed here by the rule is written down, and removed there by that list.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
from obstore.store import ObjectStore

from assets.object_storage import store_of
from content_calendar.backups import Keeping, NoBackupBucketError, kept
from content_calendar.settings import Settings
from webapp.backups import copies, naming

_REMOVED = ".removed"
_CHANGED = ".changed"


def owe(settings: Settings, gone: Iterable[Path]) -> None:
    """Write down that these files of the folder are about to be removed, so that the bucket's copies follow."""
    names = [_name(settings, path) for path in gone]
    if names and settings.backup_storage:
        with _list(settings).open("a", encoding="utf-8") as removed:
            removed.writelines(f"{name}\n" for name in names)


def send_again(settings: Settings, changed: Iterable[Path]) -> None:
    """Write down that these files are others than they were: their size may well be the same."""
    names = [_name(settings, path) for path in changed]
    if names and settings.backup_storage:
        with (settings.backups / _CHANGED).open("a", encoding="utf-8") as waiting:
            waiting.writelines(f"{name}\n" for name in names)


def mirror(settings: Settings) -> int:
    """Send what the bucket lacks, remove what this folder's rule removed; return how many files were sent."""
    store = _store(settings)
    there = _listing(store)
    here = {_name(settings, path): path for path in _ours(settings.backups)}
    waiting, sent = settings.backups / _CHANGED, 0
    changed = set(waiting.read_text(encoding="utf-8").splitlines()) if waiting.exists() else set()
    # Copies before what speaks of them: the folders of materials come first in the alphabet.
    for name, path in sorted(here.items()):
        if path.exists() and (name in changed or there.get(name) != path.stat().st_size):
            obstore.put(store, name, path)
            sent += 1
    waiting.unlink(missing_ok=True)
    _forget(settings, store, set(there) - set(here), here)
    return sent


def _forget(settings: Settings, store: ObjectStore, only_there: set[str], here: Iterable[str]) -> None:
    """Remove what is owed, and another server's backups once they are older than any that stays."""
    owed = _owed(settings) - set(here)
    known = naming.moments({*only_there, *here})
    oldest = _oldest(settings, known)
    over = {at for at, name in known.items() if name in owed or at < oldest}
    gone = {known[at] for at in over} & only_there
    others = set(naming.moments(only_there)) - over
    materials = owed - set(known.values())
    # A backup that this folder does not know may need a copy that none of this folder's does.
    if not others:
        gone |= materials & only_there
    for name in sorted(gone):
        obstore.delete(store, name)
    _keep_owing(settings, sorted(materials) if others else ())


def _oldest(settings: Settings, known: Collection[datetime]) -> datetime:
    """Return before when none needs to stay: a whole span of the rule ago, and before all that it keeps."""
    if not known:
        return datetime.max.replace(tzinfo=UTC)
    keeping = Keeping(*settings.backup_keep)
    span = timedelta(days=keeping.days + 7 * keeping.weeks + 31 * keeping.months)
    return min(max(known) - span, *kept(known, keeping, settings.zone))


def _owed(settings: Settings) -> set[str]:
    path = _list(settings)
    names = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {name for name in names if naming.made_at(name) is not None or copies.is_copy(name)}


def _keep_owing(settings: Settings, names: Sequence[str]) -> None:
    path = _list(settings)
    if names:
        path.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    else:
        path.unlink(missing_ok=True)


def _list(settings: Settings) -> Path:
    return settings.backups / _REMOVED


def _ours(folder: Path) -> Iterator[Path]:
    yield from copies.every(folder)
    yield from (path for path in folder.glob(naming.PATTERN) if naming.made_at(path.name) is not None)


def _name(settings: Settings, path: Path) -> str:
    return path.relative_to(settings.backups).as_posix()


def fetch(settings: Settings, folder: Path) -> int:
    """Bring everything of the bucket into a folder; return how many files. What is there whole is not asked again."""
    store, brought = _store(settings), 0
    for name, size in sorted(_listing(store).items()):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            continue
        if path.exists() and path.stat().st_size == size:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        with draft.open("wb") as out:
            for piece in obstore.get(store, name).stream():
                out.write(piece)
        draft.replace(path)
        brought += 1
    return brought


def _store(settings: Settings) -> ObjectStore:
    if not settings.backup_storage:
        raise NoBackupBucketError
    return store_of(settings, settings.backup_storage)


def _listing(store: ObjectStore) -> dict[str, int]:
    return {one["path"]: one["size"] for some in obstore.list(store) for one in some}
