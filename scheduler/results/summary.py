"""What a span came to: totals, lines by whatever one asks, the best and the weakest, beside other spans.

``summary_of(session, bimester, cut_off, …) -> Bimester`` is the one source of a bimester's figures: the screen, the
reports, the API and the open data all call it. Its name and what it returns stay.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.bimesters import BIMESTERS_A_YEAR, bimester_after, bimester_span
from scheduler.models import ReplicationKind
from scheduler.results import facts as facts_of
from scheduler.results.facts import Facts
from scheduler.results.grouping import Line, Table, counts_of, middle_lag
from scheduler.results.tallying import KINDS, USUAL_AGE, Ints, moment
from scheduler.results.totalling import Totals, totals

HOURS_A_BLOCK: Final = 3
# Fewer than these publications of an account tell nothing of what is usual on it.
_ENOUGH: Final = 5
_BEST: Final = 5
# A post was taken up by at least so many bodies, and by fewer than the next.
TAKEN_UP_BY: Final = (0, 1, 4, 11)


@dataclass(frozen=True)
class BodyLine:
    """What one body made of the posts of the span."""

    body_id: int
    echoes: int
    lag: timedelta | None
    kinds: dict[ReplicationKind, int]


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
    doubtful: int
    by_theme: Sequence[Line]
    by_campaign: Sequence[Line]
    by_network: Sequence[Line]
    by_account: Sequence[Line]
    by_region: Sequence[Line]
    by_weekday: Sequence[Line]
    by_hour: Sequence[Line]
    by_kind: Sequence[Line]
    by_media: Sequence[Line]
    # By how many bodies took the post up: keys are of TAKEN_UP_BY.
    by_taken_up: Sequence[Line]
    # Only bodies that took something up.
    by_body: Sequence[BodyLine]
    best: Sequence[Ranked]
    weakest: Sequence[Ranked]


@dataclass(frozen=True)
class Change:
    """A figure of an earlier span, and how much more it is now in percent; None where either is not known."""

    then: int | None
    percent: int | None


@dataclass(frozen=True)
class Compared:
    """The same figures of an earlier bimester."""

    year: int
    number: int
    engagements: Change
    publications: Change
    views: Change
    echoes: Change


@dataclass(frozen=True)
class Bimester:
    """A bimester's figures as of ``cut_off``, with the facts behind them, beside the one before and last year's same.

    ``begin`` and ``end`` are moments; the end is not in it.
    """

    year: int
    number: int
    begin: datetime
    end: datetime
    cut_off: datetime | None
    summary: Summary
    facts: Facts
    compared: Sequence[Compared]

    @property
    def over(self) -> bool:
        """Return whether the bimester had ended: a part of it is not compared with a whole one."""
        return (self.cut_off or clock.now()) >= self.end

    @property
    def waiting(self) -> int:
        """Return how many publications have no figure at this age, yet or for ever."""
        return self.summary.total.publications - self.summary.total.measured


def bimester_moments(year: int, number: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the moments, in UTC, at which a bimester begins and ends in ``zone``; the end is not in it."""
    first, last = bimester_span(year, number)
    return (
        datetime.combine(first, time(), zone).astimezone(UTC),
        datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC),
    )


def summary_of(
    session: Session,
    bimester: tuple[int, int],
    cut_off: datetime | None,
    *,
    zone: tzinfo,
    window: str = USUAL_AGE,
    bodies: Collection[int] | None = None,
) -> Bimester:
    """Return the figures of a bimester (year, number) in ``zone``, at the age ``window``.

    With ``cut_off`` only what went out, was read and was seen by then counts; what people decided since about what
    was seen by then stands as decided. With ``bodies``, echoes of these alone. As many queries whatever was published.
    """
    span = bimester_moments(*bimester, zone)
    found = facts_of.read(session, span, window, bodies=bodies, cut_off=cut_off)
    told = summary(found, zone)
    compared = [
        _compared(
            told.total,
            earlier,
            totals(session, bimester_moments(*earlier, zone), window, bodies=bodies, cut_off=cut_off),
            over=(cut_off or clock.now()) >= span[1],
        )
        for earlier in (bimester_after(*bimester, -1), bimester_after(*bimester, -BIMESTERS_A_YEAR))
    ]
    return Bimester(*bimester, *span, cut_off, told, found, compared)


def _compared(now: Line, earlier: tuple[int, int], then: Totals, *, over: bool) -> Compared:
    def change(of: int | None, before: int | None) -> Change:
        # A part of a bimester is not less than a whole one: it is not comparable.
        return Change(
            before, round(100 * (of - before) / before) if over and of is not None and before else None
        )

    return Compared(
        *earlier,
        change(now.engagements, then.engagements),
        change(now.publications, then.publications or None),
        change(now.views, then.views),
        # Where nothing went out nothing could be taken up: that is not a zero to compare with.
        change(now.echoes, then.echoes if then.publications else None),
    )


def summary(facts: Facts, zone: tzinfo) -> Summary:
    """Return what the span came to; ``zone`` tells which weekday and hour it was. Pure."""
    table = Table(facts, zone)
    posts, accounts, out = facts.posts, facts.accounts.values(), facts.out
    networks = sorted({one.network for one in accounts})
    kinds = sorted({post.kind for post in posts.values()})
    by_post: dict[str, dict[int, int | None]] = {
        "theme": {one: post.theme_id for one, post in posts.items()},
        "kind": {one: kinds.index(post.kind) for one, post in posts.items()},
        "media": {one: int(post.has_media) for one, post in posts.items()},
    }
    of_network = {one.id: networks.index(one.network) for one in accounts}
    best, weakest = _ranked(table)
    taken_up = np.searchsorted(TAKEN_UP_BY, table.echoes_of_post, side="right") - 1
    return Summary(
        facts.window,
        table.total(),
        int(out.on_time.sum()),
        len(facts.echoes.doubtful),
        _most(table.by(table.of_posts(by_post["theme"]), lags=True)),
        _most(_campaigns(table)),
        _most(table.by(table.of_accounts(of_network), networks.__getitem__)),
        _most(table.by(table.account, table.accounts.__getitem__)),
        _most(table.by(table.of_accounts({one.id: one.region_id for one in accounts}))),
        table.by(table.local // 24),
        table.by(table.local % 24 // HOURS_A_BLOCK, lambda block: block * HOURS_A_BLOCK),
        _most(table.by(table.of_posts(by_post["kind"]), kinds.__getitem__)),
        table.by(table.of_posts(by_post["media"]), bool),
        table.by(taken_up[table.place], TAKEN_UP_BY.__getitem__),
        _bodies(table),
        best,
        weakest,
    )


def _most(lines: list[Line]) -> list[Line]:
    """Return the lines with most engagements first; those without figures last, by what went out."""
    return sorted(lines, key=lambda line: (-(line.engagements or 0), -line.publications, str(line.key)))


def _campaigns(table: Table) -> list[Line]:
    """Return a line for each campaign; a post of two campaigns counts in both."""
    posts: dict[int, list[int]] = {}
    for post_id, campaigns in table.facts.campaigns.items():
        for campaign_id in campaigns:
            posts.setdefault(campaign_id, []).append(post_id)
    rows = {key: np.flatnonzero(np.isin(table.out.post, some)) for key, some in sorted(posts.items())}
    if not rows:
        return []
    keys: Ints = np.repeat(np.array(list(rows)), [len(some) for some in rows.values()])
    return table.by(keys, rows=np.concatenate(list(rows.values())), lags=True)


def _bodies(table: Table) -> list[BodyLine]:
    """Return a line for each body that took something up."""
    body = np.searchsorted(table.bodies, table.facts.echoes.body)
    flat = np.bincount(body * len(KINDS) + table.facts.echoes.kind, minlength=len(table.bodies) * len(KINDS))
    kinds = flat.reshape(-1, len(KINDS))
    many = kinds.sum(axis=1).tolist()
    return [
        BodyLine(key, many[n], middle_lag(table.lags[:, n]), counts_of(kinds[n]))
        for n, key in enumerate(table.bodies.tolist())
    ]


def _ranked(table: Table) -> tuple[list[Ranked], list[Ranked]]:
    """Return the posts that did best and weakest against what is usual on the accounts they went out on.

    What is usual is the account's median in the span. Where an account has too few publications with figures, or
    nobody ever reacts there, it tells nothing.
    """
    out = table.out
    account, size = table.account, len(table.accounts)
    told = ~np.isnan(out.engagements)
    medians = np.array([one or 0.0 for one in table.medians(account, size, np.arange(len(account)))])
    measured = np.bincount(account, weights=told, minlength=size)
    usual = np.where(measured >= _ENOUGH, medians, 0.0)[account]
    counted = told & (usual > 0)
    place, many = table.place[counted], len(table.posts)
    value = np.bincount(place, weights=out.engagements[counted], minlength=many)
    expected = np.bincount(place, weights=usual[counted], minlength=many)
    count = np.bincount(place, minlength=many)
    posts = np.flatnonzero(count)
    times = value[posts] / expected[posts]
    order = posts[np.lexsort((table.posts[posts], -value[posts], -times))]
    bodies, firsts = table.echoes_of_post, table.first_in_span
    ranked = [
        Ranked(
            int(table.posts[n]), float(value[n] / expected[n]), int(value[n]), int(count[n]), int(bodies[n]),
            moment(int(firsts[n])),
        )
        for n in (*order[:_BEST].tolist(), *order[-_BEST:].tolist())
    ]  # fmt: skip
    most = min(_BEST, len(order) // 2)
    return ranked[:most], ranked[len(ranked) - most :][::-1]
