"""What an examination finds: one sentence each, with how bad it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """ok: nothing to do. info: good to know. warning: it works, and less well. error: something does not work."""

    OK = "ok"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Area(StrEnum):
    """The part of the installation that a finding is about, in the order in which they are told."""

    SETTINGS = "settings"
    DATABASE = "database"
    CLOCK = "clock"
    STORAGE = "storage"
    MAIL = "mail"
    WORK = "work"
    ACCOUNTS = "accounts"
    FEEDS = "feeds"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``code`` with ``params`` is a sentence that says what it is and what to do."""

    area: Area
    level: Level
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
