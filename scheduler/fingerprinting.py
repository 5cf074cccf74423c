"""Fingerprints of the pictures that have none yet: those kept before there were any, and new versions."""

from assets import fingerprints, resembling
from assets.object_storage import chosen
from assets.pictures import PicturesBusyError
from assets.storage import Shelf
from content_calendar import clock
from scheduler.replication import picture_matching
from scheduler.worker import Worker

# Each starts a child process: a few at a time, so that a great many new ones slow nobody down.
_MOST = 5


def tick(worker: Worker) -> int:
    """Look at a few pictures; return how many. No transaction is open meanwhile."""
    storage = chosen(worker.settings)
    with worker.database.reading() as session:
        waiting = fingerprints.unread(session, _MOST)
    for count, (asset_id, sha256) in enumerate(waiting):
        try:
            bits = fingerprints.look_at(storage, Shelf.SERVED, sha256)
        except PicturesBusyError:
            return count  # the next tick looks again
        with worker.database.transaction() as session:
            fingerprints.remember(session, asset_id, sha256, bits)
    return len(waiting) + look_at_unseen(worker)


def look_at_unseen(worker: Worker) -> int:
    """Keep how a few pictures look that have no look yet; return how many. No transaction is open meanwhile."""
    storage = chosen(worker.settings)
    with worker.database.reading() as session:
        waiting = resembling.unseen(session, _MOST)
    for count, (asset_id, sha256) in enumerate(waiting):
        try:
            seen = resembling.look_of(storage, sha256)
        except PicturesBusyError:
            return count  # the next tick looks again
        with worker.database.transaction() as session:
            resembling.remember(session, asset_id, sha256, seen)
            # What was compared without it is compared again.
            picture_matching.ask_again(session, clock.now() - picture_matching.OUT_FOR)
    return len(waiting)
