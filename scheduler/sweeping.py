"""The nightly sweep of the files of materials, as the worker does it."""

from assets import sweep
from assets.storage import DiskStorage
from scheduler.worker import Worker


def tick(worker: Worker) -> int:
    """Sweep unless somebody did within a day; return how many files were removed."""
    swept = sweep.sweep_nightly(worker.database, DiskStorage(worker.settings.data / "materials"))
    return swept.removed if swept else 0
