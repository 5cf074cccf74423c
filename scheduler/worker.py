"""What a worker works with: its database, its name, its vault, the material it sends."""

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import BinaryIO

from assets.object_storage import chosen
from assets.storage import Shelf
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.epoch import EpochFile
from content_calendar.settings import Settings
from content_calendar.vault import Vault


@dataclass(frozen=True)
class Worker:
    """One worker. ``read_material`` returns the bytes of a material by their SHA-256; it may open it instead."""

    database: Database
    name: str
    settings: Settings
    vault: Vault
    epoch_file: EpochFile
    read_material: Callable[[str], bytes]
    open_material: Callable[[str], BinaryIO]
    size_of_material: Callable[[str], int]
    started_at: datetime


def new_worker(database: Database, settings: Settings) -> Worker:
    """Return a worker of this process, under a name that nobody else has."""
    storage = chosen(settings)

    def read_material(sha256: str) -> bytes:
        with storage.open(Shelf.SERVED, sha256) as file:
            return file.read()

    def size_of_material(sha256: str) -> int:
        with storage.open(Shelf.SERVED, sha256) as file:
            return file.seek(0, os.SEEK_END)

    return Worker(
        database,
        f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}",
        settings,
        Vault(settings.data),
        EpochFile(settings.data),
        read_material,
        partial(storage.open, Shelf.SERVED),
        size_of_material,
        clock.now(),
    )
