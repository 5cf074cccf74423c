"""What a row of the calendar's sheet means, as one value with one digest; and what it is compared with. Pure."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import orjson

from content_calendar.sheet_cells import Days
from content_calendar.sheet_columns import Column, plain

PART_MARK = "---"
_TITLE = 70
NOTED = (Column.ALT, Column.BODY, Column.AUDIENCE, Column.NOTES)
"""What a row may say of a post beside its content: its audience, and what it has no other place for."""


@dataclass(frozen=True)
class Values:
    """A row that was understood. ``theme_ref`` is empty for a theme that is not there yet.

    ``until`` is the last day of a theme's place, which begins on ``local``; a post has none. ``target`` is what
    a post shares, when it says nothing itself.
    """

    theme: str = ""
    theme_ref: str = ""
    local: datetime | None = None
    until: date | None = None
    zone: str = ""
    accounts: tuple[str, ...] = ()
    title: str = ""
    parts: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    noted: Mapping[str, str] = field(default_factory=dict)
    target: str = ""


def digest_of(values: Values) -> str:
    """Return the SHA-256 of what a row means: two rows that mean the same have the same."""
    return _hash(
        plain(values.theme), values.local, _zone(values), sorted(values.accounts), values.title, values.parts,
        sorted(values.campaigns), {name: said for name, said in values.noted.items() if said}, values.target,
    )  # fmt: skip


def key_of(values: Values) -> str:
    """Return the key of a row that has none: made of what it says and where, so that once more is the same."""
    said = plain(values.theme), values.local, _zone(values), sorted(values.accounts), values.parts
    return f"fila-{_hash(*said)[:32]}"


def _zone(values: Values) -> str:
    # What has no moment has nobody's clock.
    return values.zone if values.local else ""


def _hash(*said: object) -> str:
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def title_from(parts: Sequence[str]) -> str:
    """Return a title for a post that nobody gave one: its first words."""
    line = " ".join(" ".join(parts).split())
    return line if len(line) <= _TITLE else line[:_TITLE].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def parts_of(text: str) -> tuple[str, ...]:
    """Return the parts of a thread, which a line of three hyphens divides; a post has one."""
    parts: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() == PART_MARK:
            parts.append([])
        else:
            parts[-1].append(line.rstrip())
    return tuple(said for lines in parts if (said := "\n".join(lines).strip()))


@dataclass(frozen=True)
class KnownTheme:
    """A theme that stands in the plan."""

    ref: str
    title: str
    archived: bool = False


@dataclass(frozen=True)
class KnownAccount:
    """An account that a row may mean. ``usable`` is one that the commission publishes with."""

    ref: str
    network: str
    network_name: str
    handle: str
    url: str
    usable: bool
    retired: bool = False

    @property
    def said(self) -> str:
        """Return the account as the export writes it."""
        return f"{self.network_name}: @{self.handle.lstrip('@')}"


@dataclass(frozen=True)
class KnownBody:
    """A body that may answer for a post."""

    slug: str
    names: tuple[str, ...]
    dissolved_on: date | None = None


@dataclass(frozen=True)
class KnownCampaign:
    """A campaign, with the days it lasts."""

    slug: str
    name: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class KnownPost:
    """A post that a row's key names. ``base`` is the digest of the row when it was last in or out.

    ``base`` is empty where nobody knows. ``writable`` is a draft of a kind that a sheet can write.
    """

    ref: str
    digest: str
    base: str
    writable: bool


@dataclass(frozen=True)
class KnownSpan:
    """A theme's place, by its key."""

    ref: str
    theme_ref: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Known:
    """All that a sheet is read against.

    ``now`` is UTC. ``spans`` are by key. ``fits`` returns the network and the excess of a text that is too long
    for an account, or None.
    """

    year: int
    number: int
    days: Days
    zone: str
    zones: Mapping[str, str]
    now: datetime
    themes: Sequence[KnownTheme] = ()
    accounts: Sequence[KnownAccount] = ()
    bodies: Sequence[KnownBody] = ()
    campaigns: Sequence[KnownCampaign] = ()
    spans: Mapping[str, KnownSpan] = field(default_factory=dict)
    fits: Callable[[str, str], tuple[str, int] | None] = lambda _ref, _text: None
