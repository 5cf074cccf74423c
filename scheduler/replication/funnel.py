"""How far each post came with each body: offered, seen, downloaded, published, verified; in what form, how fast.

A step that is not told here is not known. Not known is never no, and never zero.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from statistics import quantiles
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assets import uptake
from content_calendar.models.directory import Account
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, PostVersion, post_campaign
from content_calendar.models.publications import Publication
from content_calendar.posts import content_of
from content_calendar.states import PublicationState
from scheduler.models import Replication, ReplicationKind, ReplicationStage

# What counts as taken up; what is doubtful waits for a person and is told apart.
COUNTED = (ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED)
_LONGEST_TITLE = 90
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
class Span:
    """Which posts: those that went out from ``start`` until ``end``, narrowed by what is not empty.

    With a ``kind``, only what was taken up in that form counts.
    """

    start: datetime
    end: datetime
    theme: str = ""
    campaign: str = ""
    network: str = ""
    kind: ReplicationKind | None = None


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
    """The first time a body took a post up: ``lag`` is None where a site's clock is wrong, and says nothing."""

    ref: str
    kind: ReplicationKind
    at: datetime
    lag: timedelta | None


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
_SETS = [frozenset(step for n, step in enumerate(STEPS) if bits >> n & 1) for bits in range(1 << len(STEPS))]
_OFFERED = Cell(_SETS[1])


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

    def taken_by(self, post_id: int) -> frozenset[int]:
        """Return the bodies that took the post up, as far as is known."""
        return frozenset(body for body in self.body_ids if self.cell(post_id, body).taken)

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


def posts_out(session: Session, span: Span) -> Sequence[OutPost]:
    """Return the posts that went out in the span, the first to go out there first; one query."""
    first = (
        select(Publication.post_id, func.min(Publication.published_at).label("at"))
        .where(Publication.state == PublicationState.PUBLISHED)
        .group_by(Publication.post_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Post.id, Post.ref, Post.title, Post.theme_id, first.c.at, PostVersion,
            Publication.published_at <= Publication.late_after,
        )
        .join(Publication, Publication.post_id == Post.id)
        .join(first, first.c.post_id == Post.id)
        # Its text is read only where it has no title.
        .outerjoin(PostVersion, (PostVersion.id == Post.approved_version_id) & (Post.title == ""))
        .where(*_in(span))
        .order_by(Publication.published_at, Publication.id)
    )  # fmt: skip
    found: dict[int, OutPost] = {}
    for post_id, ref, title, theme_id, first_at, version, kept in rows:
        old = found.get(post_id)
        found[post_id] = (
            replace(old, publications=old.publications + 1, on_time=old.on_time + bool(kept))
            if old
            else OutPost(
                post_id, ref, title or _begins(version) or ref, theme_id, first_at, 1, int(bool(kept))
            )
        )
    return list(found.values())


def _begins(version: PostVersion | None) -> str:
    lines = content_of(version).parts[0].splitlines() if version is not None else []
    return lines[0][:_LONGEST_TITLE] if lines else ""


def _in(span: Span) -> list[ColumnElement[bool]]:
    where = [
        Publication.state == PublicationState.PUBLISHED,
        Publication.published_at >= span.start,
        Publication.published_at < span.end,
    ]
    if span.theme:
        where.append(Post.theme_id.in_(select(Theme.id).where(Theme.ref == span.theme)))
    if span.campaign:
        tagged = select(post_campaign.c.post_id).join(Campaign, Campaign.id == post_campaign.c.campaign_id)
        where.append(Post.id.in_(tagged.where(Campaign.slug == span.campaign)))
    if span.network:
        where.append(Publication.account_id.in_(select(Account.id).where(Account.network == span.network)))
    return where


def read(session: Session, span: Span, body_ids: Collection[int]) -> Ledger:
    """Return what is known of the posts of the span with these bodies; as many queries whatever there is."""
    return of_posts(session, posts_out(session, span), body_ids, span.kind)


def of_posts(
    session: Session, posts: Sequence[OutPost], body_ids: Collection[int], kind: ReplicationKind | None = None
) -> Ledger:
    """Return what is known of these posts with these bodies; six queries."""
    bodies = frozenset(body_ids)
    first_at = {post.id: post.first_at for post in posts}
    reaches = uptake.reaches(session, first_at.keys())
    offered = {post_id: reach.offered & bodies for post_id, reach in reaches.items()}
    known: dict[tuple[int, int], _Known] = {}
    for post_id, reach in reaches.items():
        for body_id in reach.seen & bodies:
            known[post_id, body_id] = _Known(3 | (4 if body_id in reach.downloaded else 0))
    rows = session.execute(
        select(
            Replication.post_id, Replication.body_id, Replication.ref, Replication.kind, Replication.stage,
            Replication.occurred_at,
        )
        .where(
            Replication.post_id.in_(first_at),
            Replication.body_id.in_(bodies),
            Replication.stage != ReplicationStage.REJECTED,
            *([] if kind is None else [Replication.kind == kind]),
        )
        .order_by(Replication.occurred_at, Replication.id)
    )  # fmt: skip
    for post_id, body_id, ref, form, stage, at in rows:
        one = known.get((post_id, body_id))
        if one is None:
            one = known[post_id, body_id] = _Known(int(body_id in offered[post_id]))
        if stage not in COUNTED:
            one.doubtful, one.ref = one.doubtful + 1, one.ref or ref
            continue
        one.bits |= 24 if stage is ReplicationStage.CONFIRMED else 8
        if one.taken is None:
            out_at = first_at[post_id]
            one.taken = Taken(ref, form, at, at - out_at if at >= out_at else None)
    cells = {key: Cell(_SETS[one.bits], one.taken, one.doubtful, one.ref) for key, one in known.items()}
    return Ledger(posts, bodies, offered, cells)


@dataclass(slots=True)
class _Known:
    """A cell that is being filled: a bit a step, the first one lowest."""

    bits: int
    taken: Taken | None = None
    doubtful: int = 0
    ref: str = ""


def first_out(session: Session, post: Post) -> OutPost | None:
    """Return the post as one that is out, None when it is not."""
    row = session.execute(
        select(
            func.min(Publication.published_at),
            func.count(),
            func.count().filter(Publication.published_at <= Publication.late_after),
        ).where(Publication.post_id == post.id, Publication.state == PublicationState.PUBLISHED)
    ).one()
    first_at, publications, on_time = row
    if first_at is None:
        return None
    return OutPost(post.id, post.ref, post.title or post.ref, post.theme_id, first_at, publications, on_time)


def lags_of_all(session: Session, posts: Sequence[OutPost]) -> Lags | None:
    """Return how long every body took with these posts; one query."""
    first_at = {post.id: post.first_at for post in posts}
    rows = session.execute(
        select(Replication.post_id, func.min(Replication.occurred_at))
        .where(Replication.post_id.in_(first_at), Replication.stage.in_(COUNTED))
        .group_by(Replication.post_id, Replication.body_id)
    )
    lags = (at - first_at[post_id] for post_id, at in rows)
    return lags_of(lag for lag in lags if lag >= timedelta(0))
