"""What a person should see before it happens: an account that speaks twice in an hour, or too often in a day. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

# From the fifth on people stop following a public body; a starting value, no source says a number for Mexico.
MOST_A_DAY = 4


class ClashKind(StrEnum):
    """What is wrong with the moment."""

    SAME_HOUR = "same_hour"
    CROWDED = "crowded"


@dataclass(frozen=True, slots=True)
class Saying:
    """A post that goes out to an account; ``account`` is any name of it that no other has."""

    post_ref: str
    account: str
    at: datetime
    local: datetime


@dataclass(frozen=True, slots=True)
class Clash:
    """Posts of one account that are in each other's way, in order of time.

    ``hour`` is the wall hour of the first of them, None where the whole day is too full.
    """

    kind: ClashKind
    account: str
    day: date
    hour: int | None
    post_refs: tuple[str, ...]


def clashes(sayings: Iterable[Saying], most: int = MOST_A_DAY) -> list[Clash]:
    """Return every clash, in order of days: two posts in one clock hour, more than ``most`` in one day."""
    hours: dict[tuple[str, datetime], list[Saying]] = {}
    days: dict[tuple[str, date], list[Saying]] = {}
    for one in sorted(sayings, key=lambda one: (one.at, one.post_ref)):
        hours.setdefault((one.account, one.at.replace(minute=0, second=0, microsecond=0)), []).append(one)
        days.setdefault((one.account, one.local.date()), []).append(one)
    found = [_clash(ClashKind.SAME_HOUR, some) for some in hours.values() if _posts(some) > 1]
    found += [_clash(ClashKind.CROWDED, some) for some in days.values() if _posts(some) > most]
    return sorted(found, key=lambda one: (one.day, -1 if one.hour is None else one.hour, one.account))


def clashes_of(post_ref: str, at: datetime, local: datetime, accounts: Collection[str],
               others: Iterable[Saying], most: int = MOST_A_DAY) -> list[Clash]:  # fmt: skip
    """Return what a post would clash with at a moment, whatever moment it has now."""
    rest = [one for one in others if one.post_ref != post_ref]
    there = [Saying(post_ref, account, at, local) for account in sorted(accounts)]
    return [one for one in clashes([*rest, *there], most) if post_ref in one.post_refs]


def clashes_when_moved(
    moved: Sequence[Saying], before: Iterable[Saying], others: Iterable[Saying], most: int = MOST_A_DAY
) -> list[Clash]:
    """Return what several posts would clash with at new moments, among themselves too; old clashes are left out.

    ``moved`` says them where they would be, ``before`` all that was said where they were, ``others`` all that is said
    where they would be; what ``others`` holds of the moved posts themselves does not count.
    """
    refs = {one.post_ref for one in moved}
    known = {_same(one) for one in clashes(before, most)}
    rest = [one for one in others if one.post_ref not in refs]
    return [
        one
        for one in clashes([*rest, *moved], most)
        if refs.intersection(one.post_refs) and _same(one) not in known
    ]


def _same(one: Clash) -> tuple[ClashKind, str, frozenset[str]]:
    return one.kind, one.account, frozenset(one.post_refs)


def empty_spans(spans: Sequence[tuple[date, date]], days: Collection[date]) -> list[tuple[date, date]]:
    """Return the spans, both ends in them, on which nothing stands."""
    return [(first, last) for first, last in spans if not any(first <= day <= last for day in days)]


def _posts(some: Sequence[Saying]) -> int:
    return len({one.post_ref for one in some})


def _clash(kind: ClashKind, some: Sequence[Saying]) -> Clash:
    first = some[0]
    hour = first.local.hour if kind is ClashKind.SAME_HOUR else None
    refs = tuple(dict.fromkeys(one.post_ref for one in some))
    return Clash(kind, first.account, first.local.date(), hour, refs)
