"""The names of the backups: they tell when each was made, and what among other files is ours."""

from collections.abc import Iterable
from datetime import UTC, datetime

NAME = "resuena-%Y%m%dT%H%M%SZ.zip.age"
PATTERN = "resuena-*.zip.age"


def made_at(name: str) -> datetime | None:
    """Return when the backup of that name was made, None when it is no name of ours."""
    try:
        return datetime.strptime(name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def moments(names: Iterable[str]) -> dict[datetime, str]:
    """Return those of the names that are backups', by when they were made."""
    return {at: name for name in names if (at := made_at(name)) is not None}
