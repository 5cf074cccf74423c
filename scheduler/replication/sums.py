"""The ledger in plain values: what is known of posts x bodies, and its sums however they are grouped. Pure.

A step that is not told here is not known. Not known is never no, and never zero.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from statistics import quantiles
from typing import TypeVar

from scheduler.models import ReplicationKind

_NONE: frozenset[int] = frozenset()
K = TypeVar("K", bound=Hashable)


class Step(StrEnum):
    """How far a post came with a body, from the first step to the last."""

    OFFERED = "offered"
    SEEN = "seen"
    DOWNLOADED = "downloaded"
    PUBLISHED = "published"
    VERIFIED = "verified"


STEPS = tuple(Step)


@dataclass(frozen=True)
class OutPost:
    """A post that went out in a span: when first of all, and how many of its publications there kept their hour."""

    id: int
    ref: str
    title: str
    theme_id: int | None
    first_at: datetime
    publications: int
    on_time: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The first time a body took a post up: ``lag`` is None where nobody knows when, or a clock is wrong."""

    ref: str
    kind: ReplicationKind
    at: datetime
    lag: timedelta | None
    # Whether ``at`` is when it happened, and not only when it was found.
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of a post with a body. ``doubtful`` counts what waits for a person; ``ref`` is one of them."""

    steps: frozenset[Step] = frozenset()
    taken: Taken | None = None
    doubtful: int = 0
    ref: str = ""

    @property
    def farthest(self) -> Step | None:
        """Return the last step that is known; None when none is."""
        return next((step for step in reversed(STEPS) if step in self.steps), None)


_UNKNOWN = Cell()
# By their bits, the first step the lowest: a few sets for very many cells.
SETS = [frozenset(step for n, step in enumerate(STEPS) if bits >> n & 1) for bits in range(1 << len(STEPS))]
_OFFERED = Cell(SETS[1])


@dataclass(frozen=True)
class Lags:
    """How long it took: of so many, a quarter at most ``lower``, half ``middle``, three quarters ``upper``."""

    count: int
    lower: timedelta
    middle: timedelta
    upper: timedelta


@dataclass(frozen=True)
class Totals:
    """What some posts came to with some bodies. A step without a count is not known; none has a count of zero."""

    posts: int = 0
    bodies: int = 0
    steps: Mapping[Step, int] = field(default_factory=dict)
    kinds: Mapping[ReplicationKind, int] = field(default_factory=dict)
    doubtful: int = 0
    lags: Lags | None = None

    def at(self, step: Step) -> int | None:
        """Return how many pairs are known to have come so far; None when none is known."""
        return self.steps.get(step)


@dataclass(frozen=True)
class Ledger:
    """Posts x bodies. ``cells`` holds the pairs of which more is known than that they were offered."""

    posts: Sequence[OutPost]
    body_ids: frozenset[int]
    offered: Mapping[int, frozenset[int]]
    cells: Mapping[tuple[int, int], Cell]

    def cell(self, post_id: int, body_id: int) -> Cell:
        """Return what is known of the pair."""
        found = self.cells.get((post_id, body_id))
        if found is None:
            return _OFFERED if body_id in self.offered.get(post_id, _NONE) else _UNKNOWN
        return found

    def total(self) -> Totals:
        """Return what all of it came to."""
        return _joined(self._of_bodies.values()).totals(len(self.posts))

    def by_body(self) -> Mapping[int, Totals]:
        """Return what each body made of the posts; each body is there."""
        return {body: tally.totals(len(self.posts)) for body, tally in self._of_bodies.items()}

    def by_post(self) -> Mapping[int, Totals]:
        """Return what became of each post; each post is there."""
        return {post_id: tally.totals(1) for post_id, tally in self._of_posts.items()}

    def by_region(self, region_of: Mapping[int, int | None]) -> Mapping[int | None, Totals]:
        """Return what the bodies of each region made of the posts; None holds the bodies of no region."""
        grouped: defaultdict[int | None, list[_Tally]] = defaultdict(list)
        for body, tally in self._of_bodies.items():
            grouped[region_of.get(body)].append(tally)
        return {key: _joined(some).totals(len(self.posts)) for key, some in grouped.items()}

    def by_week(self, zone: tzinfo) -> Mapping[date, Totals]:
        """Return what became of the posts of each week, by its Monday in that zone, the first week first."""
        weeks = self.by_group(lambda post: monday(post.first_at, zone))
        return {week: weeks[week] for week in sorted(weeks)}

    def by_group(self, key_of: Callable[[OutPost], K]) -> Mapping[K, Totals]:
        """Return what became of the posts of each group."""
        grouped: defaultdict[K, list[_Tally]] = defaultdict(list)
        for post in self.posts:
            grouped[key_of(post)].append(self._of_posts[post.id])
        return {key: _joined(some).totals(len(some)) for key, some in grouped.items()}

    def by_body_and(self, key_of: Callable[[OutPost], K]) -> Mapping[tuple[int, K], Totals]:
        """Return what each body made of the posts of each group; every body and group is there."""
        keys = {post.id: key_of(post) for post in self.posts}
        posts = Counter(keys.values())
        tallies = {(body, key): _Tally() for body in self.body_ids for key in posts}
        for post_id, offered in self.offered.items():
            for body in offered:
                tallies[body, keys[post_id]].offered += 1
        for (post_id, body), cell in self.cells.items():
            tallies[body, keys[post_id]].add(body, cell)
        return {key: tally.totals(posts[key[1]]) for key, tally in tallies.items()}

    @cached_property
    def _of_bodies(self) -> Mapping[int, "_Tally"]:
        offered = Counter(body for some in self.offered.values() for body in some)
        tallies = {body: _Tally(offered[body]) for body in self.body_ids}
        for (_, body), cell in self.cells.items():
            tallies[body].add(body, cell)
        return tallies

    @cached_property
    def _of_posts(self) -> Mapping[int, "_Tally"]:
        tallies = {post.id: _Tally(len(self.offered.get(post.id, _NONE))) for post in self.posts}
        for (post_id, body), cell in self.cells.items():
            tallies[post_id].add(body, cell)
        return tallies


@dataclass
class _Tally:
    """What is being summed up."""

    offered: int = 0
    doubtful: int = 0
    steps: Counter[frozenset[Step]] = field(default_factory=Counter)
    kinds: Counter[ReplicationKind] = field(default_factory=Counter)
    lags: list[timedelta] = field(default_factory=list)
    bodies: set[int] = field(default_factory=set)

    def add(self, body: int, cell: Cell) -> None:
        """Count a pair in."""
        self.steps[cell.steps] += 1
        self.doubtful += cell.doubtful
        if cell.taken is not None:
            self.bodies.add(body)
            self.kinds[cell.taken.kind] += 1
            if cell.taken.lag is not None:
                self.lags.append(cell.taken.lag)

    def totals(self, posts: int) -> Totals:
        """Return the sum, of so many posts."""
        counts: Counter[Step] = Counter()
        for steps, count in self.steps.items():
            for step in steps:
                counts[step] += count
        counts[Step.OFFERED] = self.offered
        known = {step: counts[step] for step in STEPS if counts[step]}
        return Totals(posts, len(self.bodies), known, self.kinds, self.doubtful, lags_of(self.lags))


def _joined(tallies: Iterable[_Tally]) -> _Tally:
    """Return the sum of sums."""
    found = _Tally()
    for one in tallies:
        found.offered += one.offered
        found.doubtful += one.doubtful
        found.steps.update(one.steps)
        found.kinds.update(one.kinds)
        found.lags += one.lags
        found.bodies |= one.bodies
    return found


def monday(at: datetime, zone: tzinfo) -> date:
    """Return the Monday of the week of a moment, in that zone."""
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def lags_of(lags: Iterable[timedelta]) -> Lags | None:
    """Return the median and the quartiles; None when there is nothing."""
    known = sorted(lag.total_seconds() for lag in lags)
    if not known:
        return None
    cuts = quantiles(known, n=4, method="inclusive") if len(known) > 1 else known * 3
    lower, middle, upper = (timedelta(seconds=cut) for cut in cuts)
    return Lags(len(known), lower, middle, upper)
