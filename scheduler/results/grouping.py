"""A span's facts as columns, and the figures of any grouping of its publications. Pure.

Every sum is of what is known; beside it stands of how many. A median says more than a mean here: one post that
went round the country would hide a hundred that nobody saw.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from typing import Final

import numpy as np

from scheduler.models import ReplicationKind
from scheduler.results.facts import Facts, Flags, Numbers
from scheduler.results.tallying import KINDS, UNKNOWN, Ints, moment

NONE: Final = -1
_MICROSECONDS: Final = 1_000_000
_SMALL: Final = 1 << 16
_HOUR: Final = 3600 * _MICROSECONDS
_DAY: Final = 24 * _HOUR
_THURSDAY: Final = 3


@dataclass(frozen=True)
class Line:
    """Figures of some of the span. ``key`` says of what: an id, a network, a weekday (0 is Monday), an hour."""

    key: object
    publications: int
    posts: int
    measured: int
    engagements: int | None
    median: float | None
    views: int | None
    # Engagements for each thousand followers of those accounts whose followers are known.
    per_thousand: float | None
    echoes: int
    bodies: int
    # The median from the first time that a post went out; told of all of it, of themes and of campaigns.
    lag: timedelta | None
    kinds: Mapping[ReplicationKind, int] = field(default_factory=dict)


class Table:
    """The publications as columns, and each post's echoes."""

    def __init__(self, facts: Facts, zone: tzinfo) -> None:
        out, echoes = facts.out, facts.echoes
        self.facts = facts
        self.out = out
        self.posts, self.place = np.unique(out.post, return_inverse=True)
        self._accounts, self.account = np.unique(out.account, return_inverse=True)
        followers = self.of_accounts({one.id: one.followers for one in facts.accounts.values()})
        self.followers = np.maximum(followers, 0).astype(np.float64)
        self.local = local_hours(out.at, zone)
        self.bodies, body = np.unique(echoes.body, return_inverse=True)
        where = np.searchsorted(self.posts, echoes.post)
        # Posts x bodies: whether, and after how many seconds.
        shape = (len(self.posts), len(self.bodies))
        self.taken: Flags = np.zeros(shape, dtype=bool)
        self.taken[where, body] = True
        self.lags: Numbers = np.full(shape, np.nan)
        self.lags[where, body] = np.where(echoes.lag == UNKNOWN, np.nan, echoes.lag / _MICROSECONDS)
        flat = np.bincount(where * len(KINDS) + echoes.kind, minlength=len(self.posts) * len(KINDS))
        self.kinds: Ints = flat.reshape(-1, len(KINDS))
        # Once sorted, every grouping finds its medians without sorting figures again.
        told = np.flatnonzero(~np.isnan(out.engagements))
        self.told = told[np.argsort(out.engagements[told], kind="stable")]

    @property
    def accounts(self) -> Sequence[int]:
        """Return the accounts that something went out on, in the order that ``account`` counts them in."""
        found: list[int] = self._accounts.tolist()
        return found

    @property
    def echoes_of_post(self) -> Ints:
        """Return how many bodies took each post up."""
        many: Ints = self.taken.sum(axis=1).astype(np.int64)
        return many

    @property
    def first_in_span(self) -> Ints:
        """Return when each post first went out in the span: they stand in that order."""
        firsts: Ints = self.out.at[np.unique(self.place, return_index=True)[1]]
        return firsts

    def of_posts(self, keys: Mapping[int, int | None]) -> Ints:
        """Return of each publication the key of its post; -1 for what has none."""
        return _keys(self.posts, keys)[self.place]

    def of_accounts(self, keys: Mapping[int, int | None]) -> Ints:
        """Return of each publication the key of its account; -1 for what has none."""
        return _keys(self._accounts, keys)[self.account]

    def total(self) -> Line:
        """Return the figures of all of it."""
        lines = self.by(np.zeros(len(self.out.post), dtype=np.int64), lambda _: "", lags=True)
        return lines[0] if lines else Line("", 0, 0, 0, None, None, None, None, 0, 0, None)

    def by(
        self,
        keys: Ints,
        names: Callable[[int], object] = lambda key: key,
        *,
        rows: Ints | None = None,
        lags: bool = False,
    ) -> list[Line]:
        """Return a line for each key, in the order of the keys; what has none is left out.

        ``keys`` are of the publications, or of those that ``rows`` lists, where one may stand in several lines. How
        long bodies took is told only where it is asked for.
        """
        chosen = keys != NONE
        rows = np.flatnonzero(chosen) if rows is None else rows[chosen]
        different, group = numbered(keys[chosen])
        size = len(different)
        engagements, views = self.out.engagements[rows], self.out.views[rows]
        counts = np.bincount(group, minlength=size)
        sums, measured = _sums(engagements, group, size)
        seen, shown = _sums(views, group, size)
        followers = np.where(np.isnan(engagements), 0, self.followers[rows])
        reached = np.bincount(group, weights=followers, minlength=size)
        won, _ = _sums(np.where(followers > 0, engagements, np.nan), group, size)
        medians = self.medians(group, size, rows)
        taken = self._taken(group, size, rows, lags=lags)
        return [
            Line(
                names(key), int(counts[n]), taken[n][0], int(measured[n]),
                int(sums[n]) if measured[n] else None, medians[n], int(seen[n]) if shown[n] else None,
                float(won[n] / reached[n] * 1000) if reached[n] else None, *taken[n][1:],
            )
            for n, key in enumerate(different.tolist())
        ]  # fmt: skip

    def medians(self, group: Ints, size: int, rows: Ints) -> list[float | None]:
        """Return the median of what is known of each group's engagements; None where nothing is."""
        values = self.out.engagements[rows]
        if len(rows) == len(self.out.post) and np.array_equal(rows, np.arange(len(rows))):
            order = self.told
        else:
            told = np.flatnonzero(~np.isnan(values))
            order = told[np.argsort(values[told], kind="stable")]
        # Few groups: sorted by their number in no time, and stable, so that figures stay in order within each.
        order = order[np.argsort(group[order].astype(np.int16), kind="stable")]
        sorted_values = values[order]
        many = np.bincount(group[order], minlength=size)
        start = np.cumsum(many) - many
        return [
            float(sorted_values[at + (n - 1) // 2] + sorted_values[at + n // 2]) / 2 if n else None
            for at, n in zip(start.tolist(), many.tolist(), strict=True)
        ]

    def _taken(
        self, group: Ints, size: int, rows: Ints, *, lags: bool
    ) -> list[tuple[int, int, int, timedelta | None, Mapping[ReplicationKind, int]]]:
        """Return of each group: its posts, and what bodies made of those."""
        member = np.zeros((size, len(self.posts)), dtype=bool)
        member[group, self.place[rows]] = True
        of, post = np.nonzero(member)
        starts = np.flatnonzero(np.diff(of, prepend=-1))
        if not len(starts):
            return []
        posts = member.sum(axis=1).tolist()
        bodies = np.logical_or.reduceat(self.taken[post], starts, axis=0).sum(axis=1).tolist()
        kinds = np.add.reduceat(self.kinds[post], starts, axis=0)
        return [
            (
                posts[n], int(kinds[n].sum()), bodies[n],
                middle_lag(self.lags[member[n]]) if lags else None, counts_of(kinds[n]),
            )
            for n in range(size)
        ]  # fmt: skip


def counts_of(kinds: Ints) -> dict[ReplicationKind, int]:
    """Return how often each form of taking up was seen; those that were not are left out."""
    return {kind: int(count) for kind, count in zip(KINDS, kinds.tolist(), strict=True) if count}


def middle_lag(lags: Numbers) -> timedelta | None:
    """Return the median of so many seconds; None where nothing tells."""
    told = lags[~np.isnan(lags)]
    return timedelta(seconds=float(np.median(told))) if len(told) else None


def _keys(ids: Ints, keys: Mapping[int, int | None]) -> Ints:
    found = [keys.get(one) for one in ids.tolist()]
    return np.array([NONE if key is None else key for key in found], dtype=np.int64)


def numbered(keys: Ints) -> tuple[Ints, Ints]:
    """Return the different keys in order, and of each key its place among them; small ones need no sorting."""
    if len(keys) and int(keys.max()) < _SMALL:
        many = np.bincount(keys)
        different = np.flatnonzero(many)
        place = np.zeros(len(many), dtype=np.int64)
        place[different] = np.arange(len(different))
        return different, place[keys]
    different, group = np.unique(keys, return_inverse=True)
    return different, group


def _sums(values: Numbers, group: Ints, size: int) -> tuple[Numbers, Ints]:
    """Return the sum of what is known of each group, and of how many it is."""
    told = ~np.isnan(values)
    return (
        np.bincount(group, weights=np.where(told, values, 0.0), minlength=size).astype(np.float64),
        np.bincount(group, weights=told, minlength=size).astype(np.int64),
    )


def local_hours(at: Ints, zone: tzinfo) -> Ints:
    """Return the hour of the week of each moment, 0 on Monday at midnight where ``zone`` is."""
    days, place = np.unique(at // _DAY, return_inverse=True)
    # A zone is asked of a day's ends and not of each moment, unless its clocks change on that day.
    ends = [(_offset(day * _DAY, zone), _offset((day + 1) * _DAY, zone)) for day in days.tolist()]
    offsets = np.array([begin for begin, _ in ends], dtype=np.int64)[place]
    for n in np.flatnonzero(np.array([begin != end for begin, end in ends], dtype=bool)[place]).tolist():
        offsets[n] = _offset(int(at[n]), zone)
    local = at + offsets
    # The first of January 1970 was a Thursday.
    hours: Ints = (local // _DAY + _THURSDAY) % 7 * 24 + local % _DAY // _HOUR
    return hours


def _offset(at: int, zone: tzinfo) -> int:
    """Return how far the zone's clocks are ahead at that moment, in microseconds."""
    there = moment(at).astimezone(zone).utcoffset()
    return 0 if there is None else there // timedelta(microseconds=1)
