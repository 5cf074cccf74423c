"""A second place for the backups: a bucket of any S3-compatible service, made the same as their folder."""

from pathlib import Path

import obstore
from obstore.store import ObjectStore

from assets.object_storage import store_of
from content_calendar.backups import NoBackupBucketError
from content_calendar.settings import Settings


def mirror(settings: Settings) -> int:
    """Send what the bucket lacks and remove what the folder no longer has; return how many files were sent."""
    store, folder = _store(settings), settings.backups
    there = _listing(store)
    here = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.age")}
    sent = 0
    # Copies before what speaks of them: the folders of materials come first in the alphabet.
    for name, path in sorted(here.items()):
        if there.get(name) != path.stat().st_size:
            obstore.put(store, name, path)
            sent += 1
    for name in sorted(set(there) - set(here)):
        obstore.delete(store, name)
    return sent


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
