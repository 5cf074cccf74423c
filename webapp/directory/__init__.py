"""The directory's pages and the wire: who the bodies are, which accounts are theirs, what they publish."""

from webapp.directory import (
    accounts,
    authorizing,
    bodies,
    channels,
    connecting,
    deputies,
    official,
    registering,
    silences,
)
from webapp.directory.doors import blueprint

__all__ = [
    "accounts",
    "authorizing",
    "blueprint",
    "bodies",
    "channels",
    "connecting",
    "deputies",
    "official",
    "registering",
    "silences",
]
