"""The nightly sweep of the files of materials, as the worker does it."""

from assets import sweep, uploads
from assets.object_storage import chosen
from scheduler.worker import Worker


def tick(worker: Worker) -> int:
    """Sweep unless somebody did within a day; return how many files were removed."""
    swept = sweep.sweep_nightly(worker.database, chosen(worker.settings))
    if swept:
        with worker.database.transaction() as session:
            uploads.sweep(session, uploads.Pieces(worker.settings.data / "uploads"))
    return swept.removed if swept else 0
