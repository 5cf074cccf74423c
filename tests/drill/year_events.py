"""What happens in a simulated year, drawn from a seed before it begins."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from scheduler.crash_points import POINTS

YEAR = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


class What(StrEnum):
    """The kinds of events."""

    PLANNING = "planning"
    PERSON = "person"
    WORKER_STOPS = "worker_stops"
    WORKER_STARTS = "worker_starts"
    NETWORK_FALLS = "network_falls"
    NETWORK_RISES = "network_rises"
    CLOCK_JUMPS = "clock_jumps"
    BACKUP = "backup"
    RESTORE = "restore"


@dataclass(frozen=True, order=True)
class Event:
    """Something that happens at a moment, by the true clock."""

    at: datetime
    what: What = field(compare=False)
    told: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Span:
    """From when, and how many days."""

    begins: datetime = YEAR
    days: int = 365

    def on(self, day: int, **later: float) -> datetime:
        """Return a moment of a day, the first being 0."""
        return self.begins + timedelta(days=day, **later)


def events(seed: int, span: Span, networks: list[str]) -> list[Event]:
    """Everything that happens, in its order."""
    chance = random.Random(seed)  # noqa: S311 -- a year that can be lived again, no secret
    drawn = [*_routine(span), *_outages(chance, span), *_network_outages(chance, span, networks)]
    drawn += [*_jumps(chance, span), *_restore(span)]
    return sorted(drawn)


def _routine(span: Span) -> Iterator[Event]:
    for day in range(span.days):
        at = span.on(day)
        if day == 0 or at.weekday() == 6:
            yield Event(at + timedelta(hours=2), What.PLANNING)
        yield Event(at + timedelta(hours=16), What.PERSON)


def _outages(chance: random.Random, span: Span) -> Iterator[Event]:
    """Deaths of the worker: a few minutes, some hours, and once a month or two days."""
    days = span.days
    longest = (days // 2 + 5, timedelta(days=30) if days > 200 else timedelta(days=2))
    taken = set(range(longest[0] - 1, longest[0] + longest[1].days + 2)) | _restoring(span)
    spans = [longest]
    for day in range(5, days - 4, 8):
        if day not in taken:
            minutes = chance.choice((2, 3, 4, 12, 45, 180, 400))
            spans.append((day, timedelta(minutes=minutes)))
    for day, lasting in spans:
        at = span.on(day, minutes=chance.randrange(14 * 60, 23 * 60))
        yield Event(at, What.WORKER_STOPS, chance.choice(POINTS))
        yield Event(at + lasting, What.WORKER_STARTS)


def _network_outages(chance: random.Random, span: Span, networks: list[str]) -> Iterator[Event]:
    for day in range(3, span.days - 1, 6):
        name, at = chance.choice(networks), span.on(day, hours=chance.randrange(13, 22))
        yield Event(at, What.NETWORK_FALLS, (name, chance.choice(("refused", "silent"))))
        yield Event(at + timedelta(minutes=chance.randrange(10, 300)), What.NETWORK_RISES, name)


def _jumps(chance: random.Random, span: Span) -> Iterator[Event]:
    """Clocks that are set wrong for a while: forwards and back, by hours or a day."""
    for day in range(9, span.days - 2, 20):
        if day in _restoring(span):
            continue
        by = timedelta(minutes=chance.choice((-180, -90, -5, 5, 90, 180, 1440)))
        at = span.on(day, hours=chance.randrange(13, 22))
        yield Event(at, What.CLOCK_JUMPS, by)
        yield Event(at + timedelta(minutes=chance.randrange(5, 50)), What.CLOCK_JUMPS, -by)


def _restoring(span: Span) -> set[int]:
    """The days of the backup that comes back: a Tuesday and the two after it, so that no plan is forgotten."""
    tuesday = next(day for day in range(span.days // 3, span.days) if span.on(day).weekday() == 1)
    return {tuesday, tuesday + 1, tuesday + 2}


def _restore(span: Span) -> Iterator[Event]:
    tuesday = min(_restoring(span))
    yield Event(span.on(tuesday, hours=17, minutes=7), What.BACKUP)
    yield Event(span.on(tuesday + 2, hours=19, minutes=7), What.RESTORE)
