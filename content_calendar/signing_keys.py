"""Keys that live in the data folder, outside the database and its backups."""

import os
import secrets
from pathlib import Path

from content_calendar.settings import Settings


def secret_key(data: Path) -> str:
    """Return the key that signs forms, made at the first start and kept for the owner's eyes only."""
    path = data / "keys" / "forms.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def signing_key(settings: Settings) -> str:
    """Return the key that signs what leaves and comes back: the one that was given, or the one that is kept."""
    return settings.secret_key or secret_key(settings.data)
