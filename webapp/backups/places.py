"""Where the backups lie, and whether that is a place that survives the server."""

from collections.abc import Collection
from pathlib import Path

from content_calendar.settings import Settings
from webapp.backups import naming


def names(settings: Settings) -> Collection[str]:
    """Return the names of the backups in their folder."""
    return {
        one.name for one in settings.backups.glob("resuena-*.age") if naming.made_at(one.name) is not None
    }


def same_disk(settings: Settings) -> bool:
    """Return whether the backups would be lost with the data."""
    return _device(settings.backups) == _device(settings.data)


def _device(folder: Path) -> int:
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    return there.stat().st_dev
