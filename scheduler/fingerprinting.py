"""Fingerprints of the pictures that have none yet: those kept before there were any, and new versions."""

from assets import fingerprints
from assets.storage import DiskStorage, Shelf
from scheduler.worker import Worker

# Each starts a child process: a few at a time, so that a great many new ones slow nobody down.
_MOST = 5


def tick(worker: Worker) -> int:
    """Look at a few pictures; return how many. No transaction is open meanwhile."""
    storage = DiskStorage(worker.settings.data / "materials")
    with worker.database.reading() as session:
        waiting = fingerprints.unread(session, _MOST)
    for asset_id, sha256 in waiting:
        bits = fingerprints.look_at(storage, Shelf.SERVED, sha256)
        with worker.database.transaction() as session:
            fingerprints.remember(session, asset_id, sha256, bits)
    return len(waiting)
