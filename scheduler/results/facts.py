"""What a summary is made from, in columns and plain values; a constant number of queries whatever was published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import orjson
from sqlalchemy import Text, bindparam, cast, func, literal_column, select
from sqlalchemy.orm import Session

from content_calendar.bulk import Among, Prepared
from content_calendar.db import Moment
from content_calendar.models.directory import Account, Owner, Region
from content_calendar.models.people import AuditEvent
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, PostVersion, post_campaign
from content_calendar.models.publications import Publication
from scheduler.models import Reading, Replication
from scheduler.results import tallying
from scheduler.results.models import Followers
from scheduler.results.tallying import DOUBTFUL, UNKNOWN, Columns, Ints, micros

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
# When it begins and when it ends; the end is not in it.
Span = tuple[datetime, datetime]

_POSTS = Prepared(
    # The content as it is stored: of each, two values are wanted and not the whole.
    select(Post.id, Post.ref, Post.title, Post.theme_id, Theme.title, cast(PostVersion.content, Text))
    .outerjoin(Theme, Theme.id == Post.theme_id)
    .join(PostVersion, PostVersion.id == Post.version_id)
    .where(Among(Post.id))
)
_CAMPAIGNS = Prepared(
    select(post_campaign.c.post_id, Campaign.id, Campaign.name)
    .join(Campaign, Campaign.id == post_campaign.c.campaign_id)
    .where(Among(post_campaign.c.post_id))
)
_LAST_TOLD = (
    select(Followers.value)
    .where(Followers.account_id == Account.id, Followers.on <= bindparam("until"))
    .order_by(Followers.on.desc())
    .limit(1)
    .correlate(Account)
    .scalar_subquery()
)
_ACCOUNTS = Prepared(
    select(Account.id, Account.network, Account.handle, Owner.short_name, Region.id, Region.name, _LAST_TOLD)
    .join(Owner, Owner.id == Account.owner_id)
    .outerjoin(Region, Region.id == Owner.region_id)
    .where(Among(Account.id))
)


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
    """An account that something went out on, and how many followed it when that was last told."""

    id: int
    network: str
    handle: str
    owner: str
    region_id: int | None
    region: str | None
    followers: int | None


@dataclass(frozen=True)
class Out:
    """What went out in a span, a row a publication, the first to go out first; figures at one age, NaN: not known."""

    publication: Ints
    post: Ints
    account: Ints
    # Microseconds since 1970, UTC.
    at: Ints
    on_time: Flags
    views: Numbers
    engagements: Numbers
    clicks: Numbers


@dataclass(frozen=True)
class Echoes:
    """Who took up what, a row a post and body: the first time that counts. ``kind`` is an index of tallying's KINDS.

    ``lag`` is in microseconds from when the post first went out at all, -1 where that is not known. ``doubtful`` is
    the body of each match that waits for a person.
    """

    post: Ints
    body: Ints
    kind: Ints
    lag: Ints
    doubtful: Ints


@dataclass(frozen=True)
class Facts:
    """All of a span: what went out with its figures at one age, on what, and who took it up."""

    window: str
    out: Out
    echoes: Echoes
    posts: Mapping[int, PostRow]
    # Of each post, the campaigns that it is of.
    campaigns: Mapping[int, Sequence[int]]
    campaign_names: Mapping[int, str]
    accounts: Mapping[int, AccountRow]


def read(
    session: Session,
    span: Span,
    window: str,
    *,
    bodies: Collection[int] | None = None,
    cut_off: datetime | None = None,
) -> Facts:
    """Return the facts of what went out in the span (its end is not in it), figures at the age ``window``.

    With ``bodies``, echoes of these alone; with ``cut_off``, only what was known by then. Eight queries, whatever
    was published.
    """
    connection = session.connection()
    found = read_bare(session, span, window, bodies=bodies, cut_off=cut_off)
    ids = {"ids": np.unique(found.out.post).tolist()}
    campaigns: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for post_id, campaign_id, name in _CAMPAIGNS(connection, ids):
        campaigns.setdefault(post_id, []).append(campaign_id)
        names[campaign_id] = name
    until = min(span[1], cut_off or span[1]).date()
    accounts = {"ids": np.unique(found.out.account).tolist(), "until": until}
    return replace(
        found,
        posts={row[0]: _post(*row) for row in _POSTS(connection, ids)},
        campaigns=campaigns,
        campaign_names=names,
        accounts={row[0]: AccountRow._make(row) for row in _ACCOUNTS(connection, accounts)},
    )


def read_bare(
    session: Session,
    span: Span,
    window: str,
    *,
    bodies: Collection[int] | None = None,
    cut_off: datetime | None = None,
) -> Facts:
    """Return the facts as ``read`` does, without what posts, campaigns and accounts are; five queries."""
    return bare(tallying.columns(session, span, window), span, window, bodies=bodies, cut_off=cut_off)


def bare(
    found: Columns,
    span: Span,
    window: str,
    *,
    bodies: Collection[int] | None = None,
    cut_off: datetime | None = None,
) -> Facts:
    """Return of these posts the facts of what went out in the span, without what posts and accounts are. Pure."""
    out, inside = _out(found, span, cut_off)
    heard = _echoes(found, inside, bodies, cut_off)
    return Facts(window, out, heard, {}, {}, {}, {})


def _out(found: Columns, span: Span, cut_off: datetime | None) -> tuple[Out, Flags]:
    """Return what went out in the span, and which posts that were, a flag a post."""
    at = found.publications[:, 2]
    end = micros(min(span[1], cut_off or span[1]))
    chosen = np.flatnonzero((at >= micros(span[0])) & (at < end))
    chosen = chosen[np.lexsort((found.publications[chosen, 0], at[chosen]))]
    figures = found.figures[chosen]
    known = figures != UNKNOWN
    if cut_off is not None:
        known &= (figures[:, 3] <= micros(cut_off))[:, None]
    told = np.where(known, figures, np.nan)
    rows = found.publications[chosen]
    inside = np.zeros(len(found.posts), dtype=bool)
    inside[found.of_post[chosen]] = True
    out = Out(
        rows[:, 0], found.posts[found.of_post[chosen]], rows[:, 1], rows[:, 2], rows[:, 3].astype(bool),
        told[:, 0], told[:, 1], told[:, 2],
    )  # fmt: skip
    return out, inside


def _echoes(
    found: Columns, inside: Flags, bodies: Collection[int] | None, cut_off: datetime | None
) -> Echoes:
    """Return the echoes of the posts that are ``inside``, a flag a post."""
    rows, of_post = found.echoes, found.echo_of_post
    keep = inside[of_post]
    different, body = np.unique(rows[:, 0], return_inverse=True)
    if bodies is not None:
        keep &= np.isin(different, np.fromiter(bodies, np.int64, len(bodies)))[body]
    if cut_off is not None:
        keep &= rows[:, 4] <= micros(cut_off)
    counts = rows[:, 2] != DOUBTFUL
    counted = np.flatnonzero(keep & counts)
    pairs = of_post[counted] * len(different) + body[counted]
    # Negative where a site's clock is wrong, unknown where nobody knows when: then it says nothing.
    lag = np.where(rows[counted, 3] == UNKNOWN, UNKNOWN, rows[counted, 3] - found.first_at[of_post[counted]])
    lag = np.maximum(lag, UNKNOWN)
    if len(pairs) and int(np.bincount(pairs).max()) > 1:
        # Within a post they stand in the order in which they happened: of each body the first is taken, with the
        # first lag that is known.
        which, first = np.unique(pairs, return_index=True)
        known = np.flatnonzero(lag != UNKNOWN)
        told, at = np.unique(pairs[known], return_index=True)
        lags = np.full(len(which), UNKNOWN)
        lags[np.searchsorted(which, told)] = lag[known][at]
        counted, lag = counted[first], lags
    doubtful = rows[keep & ~counts, 0]
    return Echoes(found.posts[of_post[counted]], rows[counted, 0], rows[counted, 1], lag, doubtful)


def _post(
    post_id: int, ref: str, title: str, theme_id: int | None, theme: str | None, content: str
) -> PostRow:
    said = orjson.loads(content)
    if not title:
        title = (said.get("parts") or [""])[0].partition("\n")[0][:90]
    return PostRow(post_id, ref, title, theme_id, theme, said.get("kind", "post"), bool(said.get("media")))


_STAMP = Prepared(
    select(
        # As a comparison of two columns, not of one Boolean literal: only so does an index serve it on SQLite.
        select(func.count())
        .select_from(Publication)
        .where(
            literal_column("publication.state") == literal_column("'published'"),
            Publication.published_at >= bindparam("begin", type_=Moment),
            Publication.published_at < bindparam("end", type_=Moment),
        )
        .scalar_subquery(),
        select(func.max(Reading.id)).scalar_subquery(),
        select(func.max(Replication.id)).scalar_subquery(),
        select(func.max(Followers.id)).scalar_subquery(),
        # Whatever a person decided.
        select(func.max(AuditEvent.id)).scalar_subquery(),
    )
)


def stamp(session: Session, begin: datetime, end: datetime) -> tuple[int | None, ...]:
    """Return what changes when a summary of the span may have changed; cheap, whatever was published."""
    [row] = _STAMP(session.connection(), {"begin": begin, "end": end})
    return row
