"""Where the backups lie, and whether that is a place that survives the server."""

from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryFile

from content_calendar.settings import Settings
from webapp.backups import naming


def names(settings: Settings) -> Collection[str]:
    """Return the names of the backups in their folder."""
    return {
        one.name for one in settings.backups.glob("resuena-*.age") if naming.made_at(one.name) is not None
    }


def unwritable(settings: Settings) -> str:
    """Return why no backup can be written in their folder, in the system's words; empty when one can."""
    try:
        settings.backups.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryFile(dir=settings.backups):
            return ""
    except OSError as error:
        return error.strerror or type(error).__name__


def same_disk(settings: Settings) -> bool:
    """Return whether the backups would be lost with the data."""
    return _device(settings.backups) == _device(settings.data)


def _device(folder: Path) -> int:
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    return there.stat().st_dev
