"""When what we publish does best, from our own figures, and how sure one may be of it.

A post's score is the logarithm of its engagements beside what is usual on the accounts it went out on, so that a
large account says no more than a small one; one score a post, since the same post on ten accounts is not ten pieces
of evidence. The cells of weekday x hours are then drawn towards the mean of all by how little each one knows (an
empirical Bayes estimate: variance within cells by the cells, variance among them by moments). Where the cells differ
no more than chance makes them differ, no hour is better than another, and that is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from math import exp, sqrt
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from scheduler.results.facts import Numbers
from scheduler.results.grouping import local_hours, numbered
from scheduler.results.tallying import Ints
from scheduler.results.totalling import Outings, outings

HOURS_A_BLOCK: Final = 3
_BLOCKS: Final = 24 // HOURS_A_BLOCK
# Half a year: what was usual before says little of now.
LOOKED_BACK: Final = timedelta(days=183)
LEAST_POSTS: Final = 30
_LEAST_IN_CELL: Final = 4
_LEAST_CELLS: Final = 3
_LEAST_OF_ACCOUNT: Final = 5
_SHOWN: Final = 3
# Four of five times the true value lies within: a normal distribution's 10 and 90 %.
_WITHIN: Final = 1.2816


@dataclass(frozen=True)
class Cell:
    """A weekday (0 is Monday) and the hour a block begins at: ``times`` what is usual, likely from low to high."""

    weekday: int
    hour: int
    posts: int
    times: float
    low: float
    high: float


@dataclass(frozen=True)
class Hours:
    """What is known of the hours, of so many posts with figures. Without ``enough``, nothing may be said.

    ``differ`` is false where the hours differ no more than chance would make them; ``best`` are those of which it is
    likely that they do better than usual, the surest first. ``cells`` are all that have enough posts.
    """

    posts: int
    enough: bool
    differ: bool
    best: Sequence[Cell]
    cells: Sequence[Cell]


_NOTHING: Final = Hours(0, enough=False, differ=False, best=(), cells=())


def hours_of(session: Session, until: datetime, *, zone: tzinfo) -> Hours:
    """Return what the half year before ``until`` says of the hours in ``zone``, at the usual age; five queries."""
    return suggested(outings(session, (until - LOOKED_BACK, until)), zone)


def suggested(out: Outings, zone: tzinfo) -> Hours:
    """Return what these publications say of the hours in ``zone``. Pure."""
    scores, at = _scores(out)
    if not len(scores):
        return _NOTHING
    local = local_hours(at, zone)
    keys = local // 24 * _BLOCKS + local % 24 // HOURS_A_BLOCK
    _, group = np.unique(keys, return_inverse=True)
    many = np.bincount(group)
    full = np.flatnonzero(many >= _LEAST_IN_CELL)
    enough = len(scores) >= LEAST_POSTS and len(full) >= _LEAST_CELLS
    if not enough:
        return Hours(len(scores), enough=False, differ=False, best=(), cells=())
    cells, differ = _cells(scores, keys, np.isin(group, full))
    better = [one for one in cells if one.low > 1] if differ else []
    best = sorted(better, key=lambda one: (-one.low, one.weekday, one.hour))[:_SHOWN]
    return Hours(len(scores), enough=True, differ=differ, best=best, cells=cells)


def _scores(out: Outings) -> tuple[Numbers, Ints]:
    """Return the score of each post that has one, and when it first went out."""
    accounts, account = numbered(out.account)
    many = np.bincount(account, minlength=len(accounts))
    ends = np.cumsum(many)
    # Few accounts: small numbers are sorted by their digits, in no time.
    ordered = out.engagements[np.argsort(account.astype(np.int16), kind="stable")]
    # Half a reaction more on both sides: nobody's reaction has no logarithm.
    usual = np.full(len(accounts), np.nan)
    for n in np.flatnonzero(many >= _LEAST_OF_ACCOUNT).tolist():
        usual[n] = np.log(np.median(ordered[ends[n] - many[n] : ends[n]]) + 0.5)
    score = np.log(out.engagements + 0.5) - usual[account]
    known = np.flatnonzero(~np.isnan(score))
    # The publications of a post stand together.
    first = np.flatnonzero(np.diff(out.post[known], prepend=-1))
    if not len(first):
        return np.empty(0), np.empty(0, np.int64)
    counts = np.diff(first, append=len(known))
    return np.add.reduceat(score[known], first) / counts, out.at[known][first]


def _cells(
    scores: Numbers, keys: Ints, within: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[list[Cell], bool]:
    """Return the cells, each drawn towards the mean, and whether they differ by more than chance."""
    different, group = np.unique(keys[within], return_inverse=True)
    some = scores[within]
    many = np.bincount(group).astype(float)
    means = np.bincount(group, weights=some) / many
    inner = float(((some - means[group]) ** 2).sum() / max(len(some) - len(different), 1))
    mean = float(some.mean())
    # Moments of an unbalanced one-way layout: what the cells' means differ beyond what chance explains.
    between = float((many * (means - mean) ** 2).sum()) - (len(different) - 1) * inner
    among = max(between / float(len(some) - (many**2).sum() / len(some)), 0.0)
    cells = []
    for key, count, middle in zip(different.tolist(), many.tolist(), means.tolist(), strict=True):
        weight = count * among / (count * among + inner) if among else 0.0
        drawn = weight * (middle - mean)
        spread = _WITHIN * sqrt(among * (1 - weight)) if among else 0.0
        cells.append(
            Cell(
                key // _BLOCKS, key % _BLOCKS * HOURS_A_BLOCK, int(count), exp(drawn), exp(drawn - spread),
                exp(drawn + spread),
            )
        )  # fmt: skip
    return cells, among > 0
