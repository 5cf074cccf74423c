"""How far each post came with each body, read from the database: offered, seen, downloaded, published, verified.

As many queries whatever there is. A step that is not told is not known: never no, and never zero.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from assets import uptake
from content_calendar.models.directory import Account
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, PostVersion, post_campaign
from content_calendar.models.publications import Publication
from content_calendar.posts import content_of
from content_calendar.states import PublicationState
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.replication.sums import (
    SETS,
    STEPS,
    Cell,
    Lags,
    Ledger,
    OutPost,
    Step,
    Taken,
    Totals,
    lags_of,
    monday,
)

__all__ = [
    "COUNTED",
    "STEPS",
    "Cell",
    "Lags",
    "Ledger",
    "OutPost",
    "Span",
    "Step",
    "Taken",
    "Totals",
    "first_out",
    "lags_of_all",
    "monday",
    "of_posts",
    "posts_out",
    "read",
]
# What counts as taken up; what is doubtful waits for a person and is told apart.
COUNTED = (ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED)
_LONGEST_TITLE = 90


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


def posts_out(session: Session, span: Span) -> Sequence[OutPost]:
    """Return the posts that went out in the span, the first to go out there first; one query."""
    inside = aliased(Publication)
    first = (
        select(Publication.post_id, func.min(Publication.published_at).label("at"))
        .where(
            Publication.state == PublicationState.PUBLISHED,
            # Of the posts of the span alone, however many years there are.
            Publication.post_id.in_(
                select(inside.post_id).where(
                    inside.state == PublicationState.PUBLISHED,
                    inside.published_at >= span.start,
                    inside.published_at < span.end,
                )
            ),
        )
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
    reaches = uptake.reaches(session, first_at.keys(), bodies)
    offered = {post_id: reach.offered & bodies for post_id, reach in reaches.items()}
    known: dict[tuple[int, int], _Known] = {}
    for post_id, reach in reaches.items():
        for body_id in reach.seen & bodies:
            known[post_id, body_id] = _Known(3 | (4 if body_id in reach.downloaded else 0))
    rows = session.execute(
        select(
            Replication.post_id, Replication.body_id, Replication.ref, Replication.kind, Replication.stage,
            Replication.occurred_at, Replication.dated,
        )
        .where(
            Replication.post_id.in_(first_at),
            Replication.body_id.in_(bodies),
            Replication.stage != ReplicationStage.REJECTED,
            *([] if kind is None else [Replication.kind == kind]),
        )
        .order_by(Replication.occurred_at, Replication.id)
    )  # fmt: skip
    for post_id, body_id, ref, form, stage, at, dated in rows:
        one = known.get((post_id, body_id))
        if one is None:
            one = known[post_id, body_id] = _Known(int(body_id in offered[post_id]))
        if stage not in COUNTED:
            one.doubtful, one.ref = one.doubtful + 1, one.ref or ref
            continue
        one.bits |= 24 if stage is ReplicationStage.CONFIRMED else 8
        lag = at - first_at[post_id] if dated and at >= first_at[post_id] else None
        if one.taken is None:
            one.taken = Taken(ref, form, at, lag, dated)
        elif one.taken.lag is None and lag is not None:
            # What nobody knows the moment of came first only as far as it was found first.
            one.taken = replace(one.taken, at=at, lag=lag, dated=True)
    cells = {key: Cell(SETS[one.bits], one.taken, one.doubtful, one.ref) for key, one in known.items()}
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
        .where(Replication.post_id.in_(first_at), Replication.stage.in_(COUNTED), Replication.dated)
        .group_by(Replication.post_id, Replication.body_id)
    )
    lags = (at - first_at[post_id] for post_id, at in rows)
    return lags_of(lag for lag in lags if lag >= timedelta(0))
