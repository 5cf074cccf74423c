"""What a summary is made from, read in a constant number of queries whatever was published; plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Text, and_, bindparam, cast, func, literal_column, select
from sqlalchemy.orm import Session

from content_calendar.bulk import Prepared
from content_calendar.db import Moment
from content_calendar.models.directory import Account, Owner, Region
from content_calendar.models.people import AuditEvent
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, PostVersion, post_campaign
from content_calendar.models.publications import Publication
from scheduler.models import Reading, Replication
from scheduler.results.models import Followers, Result

# As a comparison of two columns, not of one Boolean literal: only so does an index serve it on SQLite.
_OUT = (
    literal_column("publication.state") == literal_column("'published'"),
    Publication.published_at >= bindparam("begin", type_=Moment),
    Publication.published_at < bindparam("end", type_=Moment),
)
# What counts as taken up; what is doubtful waits for a person and is told apart.
_COUNTED = literal_column("replication.stage").in_(
    [literal_column("'seen'"), literal_column("'declared'"), literal_column("'confirmed'")]
)
_POSTS_OUT = select(Publication.post_id).where(*_OUT)
_AT_AGE = and_(Result.publication_id == Publication.id, Result.window == bindparam("window"))

_PUBLICATIONS = Prepared(
    select(
        Publication.post_id,
        Publication.account_id,
        Publication.published_at,
        Publication.published_at <= Publication.late_after,
        Result.views,
        Result.engagements,
        Result.clicks,
    )
    .outerjoin(Result, _AT_AGE)
    .where(*_OUT)
    .order_by(Publication.published_at, Publication.id)
)
_POSTS = Prepared(
    # The content as it is stored: of each, two values are wanted and not the whole.
    select(Post.id, Post.ref, Post.title, Post.theme_id, Theme.title, cast(PostVersion.content, Text))
    .outerjoin(Theme, Theme.id == Post.theme_id)
    .join(PostVersion, PostVersion.id == Post.version_id)
    .where(Post.id.in_(_POSTS_OUT))
)
_CAMPAIGNS = Prepared(
    select(post_campaign.c.post_id, Campaign.id, Campaign.name)
    .join(Campaign, Campaign.id == post_campaign.c.campaign_id)
    .where(post_campaign.c.post_id.in_(_POSTS_OUT))
)
_ACCOUNTS = Prepared(
    select(Account.id, Account.network, Account.handle, Owner.short_name, Region.id, Region.name)
    .join(Owner, Owner.id == Account.owner_id)
    .outerjoin(Region, Region.id == Owner.region_id)
    .where(Account.id.in_(select(Publication.account_id).where(*_OUT)))
)
_ECHOES = Prepared(
    select(Replication.post_id, Replication.body_id, func.min(Replication.occurred_at).label("at"))
    .where(Replication.post_id.in_(_POSTS_OUT), _COUNTED)
    .group_by(Replication.post_id, Replication.body_id)
)
_LAST_DAY = (
    select(Followers.account_id, func.max(Followers.on).label("on"))
    .where(Followers.on <= bindparam("until"))
    .group_by(Followers.account_id)
    .subquery()
)
_FOLLOWERS = Prepared(
    select(Followers.account_id, Followers.value).join(
        _LAST_DAY, and_(_LAST_DAY.c.account_id == Followers.account_id, _LAST_DAY.c.on == Followers.on)
    )
)


class Out(NamedTuple):
    """One publication that went out; a figure that is not known yet, or never will be, is None."""

    post_id: int
    account_id: int
    at: datetime
    on_time: bool
    views: int | None
    engagements: int | None
    clicks: int | None


class PostRow(NamedTuple):
    """A post that went out in the span."""

    id: int
    ref: str
    title: str
    theme_id: int | None
    theme: str | None
    kind: str
    has_media: bool


class AccountRow(NamedTuple):
    """An account that something went out on."""

    id: int
    network: str
    handle: str
    owner: str
    region_id: int | None
    region: str | None


class EchoRow(NamedTuple):
    """A body took a post up, for the first time at ``at``."""

    post_id: int
    body_id: int
    at: datetime


@dataclass(frozen=True)
class Facts:
    """All of a span: what went out with its figures at one age, on what, and who took it up."""

    window: str
    publications: Sequence[Out]
    posts: Mapping[int, PostRow]
    # Of each post, the campaigns that it is of.
    campaigns: Mapping[int, Sequence[int]]
    campaign_names: Mapping[int, str]
    accounts: Mapping[int, AccountRow]
    followers: Mapping[int, int]
    echoes: Sequence[EchoRow]


def read(session: Session, begin: datetime, end: datetime, window: str) -> Facts:
    """Return the facts of what went out from ``begin`` until before ``end``, figures at the age ``window``.

    Six queries, whatever was published.
    """
    connection = session.connection()
    span: dict[str, Any] = {"begin": begin, "end": end}
    campaigns: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for post_id, campaign_id, name in _CAMPAIGNS(connection, span):
        campaigns.setdefault(post_id, []).append(campaign_id)
        names[campaign_id] = name
    until: date = end.date()
    return Facts(
        window,
        [Out._make(row) for row in _PUBLICATIONS(connection, span | {"window": window})],
        {row[0]: _post(*row) for row in _POSTS(connection, span)},
        campaigns,
        names,
        {row[0]: AccountRow._make(row) for row in _ACCOUNTS(connection, span)},
        {row[0]: row[1] for row in _FOLLOWERS(connection, {"until": until})},
        [EchoRow._make(row) for row in _ECHOES(connection, span)],
    )


def _post(
    post_id: int, ref: str, title: str, theme_id: int | None, theme: str | None, content: str
) -> PostRow:
    said = orjson.loads(content)
    if not title:
        title = (said.get("parts") or [""])[0].partition("\n")[0][:90]
    return PostRow(post_id, ref, title, theme_id, theme, said.get("kind", "post"), bool(said.get("media")))


class Totals(NamedTuple):
    """A whole span in one line; sums are None where nothing tells them."""

    posts: int
    publications: int
    measured: int
    engagements: int | None
    views: int | None


_TOTALS = Prepared(
    select(
        func.count(func.distinct(Publication.post_id)).label("posts"),
        func.count().label("publications"),
        func.count(Result.engagements).label("measured"),
        func.sum(Result.engagements).label("engagements"),
        func.sum(Result.views).label("views"),
    )
    .select_from(Publication)
    .outerjoin(Result, _AT_AGE)
    .where(*_OUT)
)
_STAMP = Prepared(
    select(
        select(func.count()).select_from(Publication).where(*_OUT).scalar_subquery(),
        select(func.max(Reading.id)).scalar_subquery(),
        select(func.max(Replication.id)).scalar_subquery(),
        select(func.max(Followers.id)).scalar_subquery(),
        # Whatever a person decided.
        select(func.max(AuditEvent.id)).scalar_subquery(),
    )
)


def totals(session: Session, begin: datetime, end: datetime, window: str) -> Totals:
    """Return a span in one line, to compare another with."""
    [row] = _TOTALS(session.connection(), {"begin": begin, "end": end, "window": window})
    return Totals(*(None if value is None else int(value) for value in row))  # type: ignore[arg-type]  # counts are never null


def stamp(session: Session, begin: datetime, end: datetime) -> tuple[int | None, ...]:
    """Return what changes when a summary of the span may have changed; cheap, whatever was published."""
    [row] = _STAMP(session.connection(), {"begin": begin, "end": end})
    return row
