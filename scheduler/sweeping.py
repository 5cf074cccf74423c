"""The nightly sweep of the files of materials, as the worker does it."""

from assets import sweep
from assets.object_storage import chosen
from scheduler.worker import Worker


def tick(worker: Worker) -> int:
    """Sweep unless somebody did within a day; return how many files were removed."""
    swept = sweep.sweep_nightly(worker.database, chosen(worker.settings))
    return swept.removed if swept else 0
