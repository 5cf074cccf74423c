"""The directory's pages and the wire: who the bodies are, which accounts are theirs, what they publish."""

from webapp.directory import (
    accounts,
    alikes,
    authorizing,
    bodies,
    certifying,
    channels,
    connecting,
    deputies,
    history,
    official,
    proposing,
    proving,
    registering,
    silences,
    wire,
)
from webapp.directory.doors import blueprint

__all__ = [
    "accounts",
    "alikes",
    "authorizing",
    "blueprint",
    "bodies",
    "certifying",
    "channels",
    "connecting",
    "deputies",
    "history",
    "official",
    "proposing",
    "proving",
    "registering",
    "silences",
    "wire",
]
