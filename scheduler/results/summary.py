"""A span's facts to figures: totals, lines by whatever one asks, the best and the weakest. Pure.

Every sum is of what is known; beside it stands of how many. A median says more than a mean here: one post that
went round the country would hide a hundred that nobody saw.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

import numpy as np
import numpy.typing as npt

from scheduler.results.facts import Facts, Out

Numbers = npt.NDArray[np.float64]
Keys = npt.NDArray[np.int64]
_NONE: Final = -1
HOURS_A_BLOCK: Final = 3
# Fewer than these publications of an account tell nothing of what is usual on it.
_ENOUGH: Final = 5
_BEST: Final = 5


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
    lag: timedelta | None


@dataclass(frozen=True)
class Ranked:
    """A post with how it did: ``times`` what is usual on the same accounts."""

    post_id: int
    times: float
    engagements: int
    publications: int
    bodies: int
    at: datetime


@dataclass(frozen=True)
class Summary:
    """What a span came to, at one age of what went out."""

    window: str
    total: Line
    on_time: int
    by_theme: Sequence[Line]
    by_campaign: Sequence[Line]
    by_network: Sequence[Line]
    by_account: Sequence[Line]
    by_region: Sequence[Line]
    by_weekday: Sequence[Line]
    by_hour: Sequence[Line]
    by_kind: Sequence[Line]
    by_media: Sequence[Line]
    best: Sequence[Ranked]
    weakest: Sequence[Ranked]


class _Table:
    """The publications as columns, and each post's echoes."""

    def __init__(self, facts: Facts, zone: tzinfo) -> None:
        rows = facts.publications
        self.facts = facts
        self.size = len(rows)
        self.post = np.fromiter((row.post_id for row in rows), np.int64, self.size)
        self.account = np.fromiter((row.account_id for row in rows), np.int64, self.size)
        self.engagements = _figures(row.engagements for row in rows)
        self.views = _figures(row.views for row in rows)
        known = facts.followers
        self.followers = np.fromiter((known.get(row.account_id, 0) for row in rows), np.float64, self.size)
        self.local = _local(rows, zone)
        self.first: dict[int, datetime] = {}
        for row in rows:
            self.first.setdefault(row.post_id, row.at)
        heard = [echo for echo in facts.echoes if echo.post_id in self.first]
        self.echo_post = np.array([echo.post_id for echo in heard], dtype=np.int64)
        self.echo_body = np.array([echo.body_id for echo in heard], dtype=np.int64)
        # Negative where a site's clock is wrong: then it says nothing.
        self.echo_lag = np.array(
            [(echo.at - self.first[echo.post_id]).total_seconds() for echo in heard], dtype=np.float64
        )

    def line(self, key: object, chosen: npt.NDArray[np.bool_] | slice) -> Line:
        """Return the figures of the chosen publications, and of the echoes of their posts."""
        engagements, views, followers = self.engagements[chosen], self.views[chosen], self.followers[chosen]
        told = ~np.isnan(engagements)
        measured = int(told.sum())
        posts = np.unique(self.post[chosen])
        of_known = told & (followers > 0)
        reached = float(followers[of_known].sum())
        taken_up = np.isin(self.echo_post, posts)
        lags = self.echo_lag[taken_up & (self.echo_lag >= 0)]
        return Line(
            key,
            len(engagements),
            len(posts),
            measured,
            int(engagements[told].sum()) if measured else None,
            float(np.median(engagements[told])) if measured else None,
            _sum(views),
            float(engagements[of_known].sum()) / reached * 1000 if reached else None,
            int(taken_up.sum()),
            len(np.unique(self.echo_body[taken_up])),
            timedelta(seconds=float(np.median(lags))) if len(lags) else None,
        )

    def by(self, keys: Keys, names: Callable[[int], object] = lambda key: key) -> list[Line]:
        """Return a line for each key, in the order of the keys; what has none is left out."""
        return [self.line(names(key), keys == key) for key in np.unique(keys).tolist() if key != _NONE]


def summary(facts: Facts, zone: tzinfo) -> Summary:
    """Return what the span came to; ``zone`` tells which weekday and hour it was."""
    table = _Table(facts, zone)
    networks = sorted({one.network for one in facts.accounts.values()})
    of_post = {post_id: post.theme_id for post_id, post in facts.posts.items()}
    kinds = sorted({post.kind for post in facts.posts.values()})
    kind_of = {post_id: kinds.index(post.kind) for post_id, post in facts.posts.items()}
    region = {one.id: one.region_id for one in facts.accounts.values()}
    best, weakest = _ranked(table)
    return Summary(
        facts.window,
        table.line("", slice(None)),
        sum(row.on_time for row in facts.publications),
        _most(table.by(_keyed(table.post, of_post))),
        _most(_campaigns(table)),
        _most(
            table.by(
                _keyed(
                    table.account, {one.id: networks.index(one.network) for one in facts.accounts.values()}
                ),
                networks.__getitem__,
            )
        ),
        _most(table.by(table.account)),
        _most(table.by(_keyed(table.account, region))),
        table.by(table.local // 24),
        table.by(table.local % 24 // HOURS_A_BLOCK, lambda block: block * HOURS_A_BLOCK),
        _most(table.by(_keyed(table.post, kind_of), kinds.__getitem__)),
        table.by(_keyed(table.post, {key: int(post.has_media) for key, post in facts.posts.items()}), bool),
        best,
        weakest,
    )


def _most(lines: list[Line]) -> list[Line]:
    """Return the lines with most engagements first; those without figures last, by what went out."""
    return sorted(lines, key=lambda line: (-(line.engagements or 0), -line.publications, str(line.key)))


def _campaigns(table: _Table) -> list[Line]:
    """Return a line for each campaign; a post of two campaigns counts in both."""
    posts: dict[int, list[int]] = {}
    for post_id, campaigns in table.facts.campaigns.items():
        for campaign_id in campaigns:
            posts.setdefault(campaign_id, []).append(post_id)
    return [table.line(key, np.isin(table.post, some)) for key, some in sorted(posts.items())]


def _ranked(table: _Table) -> tuple[list[Ranked], list[Ranked]]:
    """Return the posts that did best and weakest against what is usual on the accounts they went out on.

    What is usual is the account's median in the span. Where an account has too few publications with figures, or
    nobody ever reacts there, it tells nothing.
    """
    usual: dict[int, float] = {}
    told = ~np.isnan(table.engagements)
    for account_id in np.unique(table.account).tolist():
        figures = table.engagements[(table.account == account_id) & told]
        if len(figures) >= _ENOUGH and (middle := float(np.median(figures))) > 0:
            usual[account_id] = middle
    # Once a body and post: of each pair there is one echo.
    bodies = dict(
        zip(*(some.tolist() for some in np.unique(table.echo_post, return_counts=True)), strict=True)
    )
    got: dict[int, list[float]] = {}
    for post_id, account_id, value in zip(
        table.post.tolist(), table.account.tolist(), table.engagements.tolist(), strict=True
    ):
        if account_id in usual and value == value:  # noqa: PLR0124 -- what is not known is not equal to itself
            sums = got.setdefault(post_id, [0.0, 0.0, 0.0])
            sums[0], sums[1], sums[2] = sums[0] + value, sums[1] + usual[account_id], sums[2] + 1
    ranked = [
        Ranked(
            post_id,
            value / expected,
            int(value),
            int(count),
            bodies.get(post_id, 0),
            table.first[post_id],
        )
        for post_id, (value, expected, count) in got.items()
    ]
    ranked.sort(key=lambda one: (-one.times, -one.engagements, one.post_id))
    most = min(_BEST, len(ranked) // 2)
    return ranked[:most], ranked[len(ranked) - most :][::-1]


def _keyed(ids: Keys, keys: Mapping[int, int | None]) -> Keys:
    """Return the key of each id; -1 for what has none."""
    different, place = np.unique(ids, return_inverse=True)
    found = [keys.get(one) for one in different.tolist()]
    return np.array([_NONE if key is None else key for key in found], dtype=np.int64)[place]


def _figures(values: Iterable[int | None]) -> Numbers:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _sum(values: Numbers) -> int | None:
    told = values[~np.isnan(values)]
    return int(told.sum()) if len(told) else None


def _local(rows: Sequence[Out], zone: tzinfo) -> Keys:
    """Return the hour of the week of each publication, 0 on Monday at midnight where ``zone`` is."""
    known: dict[int, int] = {}
    hours = []
    for row in rows:
        # Offsets are of quarters of an hour; to ask a zone of each would take longer than all the rest.
        quarter = int(row.at.timestamp()) // 900
        if quarter not in known:
            there = row.at.astimezone(zone)
            known[quarter] = there.weekday() * 24 + there.hour
        hours.append(known[quarter])
    return np.array(hours, dtype=np.int64)
