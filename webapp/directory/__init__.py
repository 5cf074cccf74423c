"""The directory's pages and the wire: who the bodies are, which accounts are theirs, what they publish."""

from webapp.directory import (
    accounts,
    authorizing,
    bodies,
    broken,
    channels,
    connecting,
    deputies,
    finding,
    official,
    pasting,
    registering,
    silences,
    sweep_answers,
    sweep_board,
    sweep_form,
    wire,
)
from webapp.directory.doors import blueprint

__all__ = [
    "accounts",
    "authorizing",
    "blueprint",
    "bodies",
    "broken",
    "channels",
    "connecting",
    "deputies",
    "finding",
    "official",
    "pasting",
    "registering",
    "silences",
    "sweep_answers",
    "sweep_board",
    "sweep_form",
    "wire",
]
