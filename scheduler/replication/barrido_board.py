"""A week's barrido as people see it: the posts, the bodies with their pages, what is known and what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from content_calendar import directory
from content_calendar.clock import now
from content_calendar.models.directory import Account, Body, Region, Standing
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.posts import content_of
from content_calendar.states import PublicationState
from scheduler.listening.recognising import feed_host
from scheduler.models import Feed, FeedStage, Replication, ReplicationStage
from scheduler.replication.barrido import is_read_for_money, is_swept
from scheduler.replication.barrido_models import BarridoLook, LookAnswer
from scheduler.replication.seek_models import AccountSeek

# What opening a page and going over it takes, and what each post beside it does; seconds.
_A_PAGE, _A_POST = 12, 3
_WEEK = timedelta(days=7)
# What a machine read two days before the end of the week it will read again: nobody need look.
_STALE = timedelta(days=2)
# A feed that failed so often tells nothing of this week.
_FAILING = 3
_CERTAIN = frozenset({ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED})
# Nobody is sent to look at what is not the body's any more.
_ITS_OWN = frozenset({Standing.IN_FORCE, Standing.TO_CERTIFY, Standing.NO_ACCESS, Standing.IN_TRANSITION})


@dataclass(frozen=True)
class WeekPost:
    """A post of the week: what it says, when it first went out, on whose accounts, and where it can be seen."""

    id: int
    ref: str
    title: str
    text: str
    out_at: datetime
    links: Sequence[tuple[str, str]] = ()
    owners: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Pair:
    """A post beside a body: ``known`` is the replication that the ledger is sure of, ``look`` what was answered."""

    post: WeekPost
    known: Replication | None = None
    look: BarridoLook | None = None
    doubtful: bool = False

    @property
    def open(self) -> bool:
        """Return whether somebody has still to look."""
        return self.known is None and self.look is None


@dataclass(frozen=True)
class BodyRow:
    """A body in the week: its pages that only people see, and the posts beside them."""

    body: Body
    accounts: Sequence[Account]
    pairs: Sequence[Pair]

    @property
    def to_look(self) -> Sequence[Pair]:
        """Return what people were asked: all but what the ledger knew by itself."""
        return [one for one in self.pairs if one.known is None or one.look is not None]

    @property
    def left(self) -> int:
        """Return how many posts nobody answered; a body without pages to look at has none."""
        return sum(one.open for one in self.pairs) if self.accounts else 0

    @property
    def done(self) -> bool:
        """Return whether nothing is left to look at."""
        return not self.left


@dataclass(frozen=True)
class Tally:
    """What came of the week for some bodies, in pairs of body and post."""

    bodies: int = 0
    bodies_done: int = 0
    known: int = 0
    seen: int = 0
    not_seen: int = 0
    not_reached: int = 0
    left: int = 0

    @property
    def total(self) -> int:
        """Return how many pairs there are."""
        return self.known + self.seen + self.not_seen + self.not_reached + self.left


@dataclass(frozen=True)
class Board:
    """A week for the bodies of somebody's reach, by state."""

    week: date
    posts: Sequence[WeekPost]
    rows: Sequence[BodyRow]
    regions: Mapping[int, str] = field(default_factory=dict)

    @property
    def looked(self) -> Sequence[BodyRow]:
        """Return the bodies that have a page to look at."""
        return [one for one in self.rows if one.accounts]

    @property
    def done(self) -> int:
        """Return how many of these bodies are through."""
        return sum(one.done for one in self.looked)

    @property
    def minutes(self) -> int:
        """Return about how many minutes the rest takes, at least one while there is a rest."""
        seconds = sum(_A_PAGE * len(one.accounts) + _A_POST * one.left for one in self.looked if one.left)
        return -(-seconds // 60)

    def row(self, slug: str) -> BodyRow | None:
        """Return the row of a body."""
        return next((one for one in self.rows if one.body.slug == slug), None)

    def next_after(self, slug: str = "") -> BodyRow | None:
        """Return the next body with something left, after that one and then from the top."""
        looked = list(self.looked)
        at = next((n for n, one in enumerate(looked, start=1) if one.body.slug == slug), 0)
        return next((one for one in (*looked[at:], *looked[:at]) if one.left and one.body.slug != slug), None)

    def by_region(self) -> Sequence[tuple[str, Tally]]:
        """Return what came of the week in each region, by name; bodies without one come last, without a name."""
        groups: dict[int | None, list[BodyRow]] = {}
        for one in self.looked:
            groups.setdefault(one.body.region_id, []).append(one)
        return sorted(
            ((self.regions.get(key, "") if key else "", tally_of(some)) for key, some in groups.items()),
            key=lambda one: (not one[0], one[0]),
        )


def tally_of(rows: Sequence[BodyRow]) -> Tally:
    """Return what came of the week for these bodies. Pure."""
    pairs = [pair for row in rows for pair in row.pairs]
    answers = [pair.look.answer for pair in pairs if pair.look is not None]
    seen = sum(one is LookAnswer.SEEN for one in answers)
    # What was looked at in vain and found later is known.
    silent = [pair.look.answer for pair in pairs if pair.look is not None and pair.known is None]
    return Tally(
        bodies=len(rows),
        bodies_done=sum(row.done for row in rows),
        known=sum(pair.known is not None for pair in pairs) - _both(pairs),
        seen=seen,
        not_seen=sum(one is LookAnswer.NOT_SEEN for one in silent),
        not_reached=sum(one is LookAnswer.NOT_REACHED for one in silent),
        left=sum(row.left for row in rows),
    )


def _both(pairs: Sequence[Pair]) -> int:
    return sum(
        pair.known is not None and pair.look is not None and pair.look.answer is LookAnswer.SEEN
        for pair in pairs
    )


def bodies_of(session: Session, today: date) -> Sequence[Body]:
    """Return the bodies that exist on that day, by state; one query."""
    rows = session.scalars(
        select(Body).where(*directory.valid_on(Body, today)).order_by(Body.state_name, Body.slug)
    )
    return [one for one in rows if not one.dissolved_on]


def board(session: Session, week: date, zone: str, bodies: Sequence[Body], today: date) -> Board:
    """Return the week's barrido for these bodies; seven queries, however many bodies and posts there are."""
    starts = datetime.combine(week, time(), ZoneInfo(zone))
    posts = _posts(session, starts)
    body_ids, post_ids = [one.id for one in bodies], [one.id for one in posts]
    accounts = _accounts(session, body_ids, starts + _WEEK, today)
    known, doubtful = _replications(session, body_ids, post_ids)
    looks = {
        (one.body_id, one.post_id): one
        for one in session.scalars(
            select(BarridoLook)
            .where(BarridoLook.week == week, BarridoLook.body_id.in_(body_ids))
            .options(joinedload(BarridoLook.looked_by))
        )
    }
    rows = [
        BodyRow(
            body,
            accounts.get(body.id, []),
            [
                Pair(
                    post,
                    known.get((body.id, post.id)),
                    looks.get((body.id, post.id)),
                    (body.id, post.id) in doubtful,
                )
                for post in posts
                # Who published it is not asked whether it took it up.
                if body.id not in post.owners
            ],
        )
        for body in bodies
    ]
    regions = dict(session.execute(select(Region.id, Region.name)).all())
    return Board(week, posts, rows, regions)


def _posts(session: Session, start: datetime) -> list[WeekPost]:
    inside = aliased(Publication)
    out = (
        select(Publication.post_id, func.min(Publication.published_at).label("at"))
        .where(
            Publication.state == PublicationState.PUBLISHED,
            # Of the posts of that week alone, however many years there are.
            Publication.post_id.in_(
                select(inside.post_id).where(
                    inside.state == PublicationState.PUBLISHED,
                    inside.published_at >= start,
                    inside.published_at < start + _WEEK,
                )
            ),
        )
        .group_by(Publication.post_id)
        .having(func.min(Publication.published_at) >= start)
        .having(func.min(Publication.published_at) < start + _WEEK)
        .subquery()
    )
    rows = session.execute(
        select(Post, out.c.at)
        .join(out, out.c.post_id == Post.id)
        .options(joinedload(Post.version))
        .order_by(out.c.at, Post.id)
    ).all()
    links, owners = _where_out(session, [post.id for post, _ in rows])
    return [
        _week_post(post, at, links.get(post.id, ()), frozenset(owners.get(post.id, ()))) for post, at in rows
    ]


def _week_post(
    post: Post, at: datetime, links: Sequence[tuple[str, str]], owners: frozenset[int]
) -> WeekPost:
    text = "\n\n".join(content_of(post.version).parts) if post.version else ""
    title = post.title or next(iter(text.splitlines()), "")[:90] or post.ref
    return WeekPost(post.id, post.ref, title, text, at, links, owners)


def _where_out(
    session: Session, post_ids: Sequence[int]
) -> tuple[Mapping[int, list[tuple[str, str]]], Mapping[int, set[int]]]:
    """Return where each post is out, as network and address, and whose accounts those are; one query."""
    links: dict[int, list[tuple[str, str]]] = {}
    owners: dict[int, set[int]] = {}
    rows = session.execute(
        select(Publication.post_id, Account.owner_id, Account.network, PublicationPart.remote_url)
        .join(Publication.account)
        .join(Publication.parts)
        .where(
            Publication.post_id.in_(post_ids),
            Publication.state == PublicationState.PUBLISHED,
            PublicationPart.n == 1,
        )
        .order_by(Publication.id)
    )
    for post_id, owner_id, network, url in rows:
        owners.setdefault(post_id, set()).add(owner_id)
        if url.startswith("http"):
            links.setdefault(post_id, []).append((network, url))
    return links, owners


def _accounts(
    session: Session, body_ids: Sequence[int], week_ends: datetime, today: date
) -> Mapping[int, list[Account]]:
    """Return the accounts that people look at: nothing reads their network, or nobody has read them that week.

    One whose public feed is among those that are read of its owner needs nobody. Two queries.
    """
    found: dict[int, list[Account]] = {}
    rows = session.execute(
        select(Account, AccountSeek.read_until)
        .outerjoin(AccountSeek, AccountSeek.account_id == Account.id)
        .where(
            Account.owner_id.in_(body_ids),
            Account.standing.in_(_ITS_OWN),
            *directory.valid_on(Account, today),
        )
        .order_by(Account.network, Account.id)
    )
    lately = min(week_ends, now()) - _STALE
    heard = {
        (owner_id, (urlsplit(url).hostname or "").removeprefix("www."))
        for owner_id, url in session.execute(
            select(Feed.owner_id, Feed.url).where(
                Feed.owner_id.in_(body_ids), Feed.stage == FeedStage.ACTIVE, Feed.failures < _FAILING
            )
        )
    }
    for one, read_until in rows:
        if (one.owner_id, feed_host(one.network, one.handle)) in heard:
            continue
        unread = is_read_for_money(one.network) and (read_until is None or read_until < lately)
        if unread or is_swept(one.network):
            found.setdefault(one.owner_id, []).append(one)
    return found


def _replications(
    session: Session, body_ids: Sequence[int], post_ids: Sequence[int]
) -> tuple[Mapping[tuple[int, int], Replication], set[tuple[int, int]]]:
    known: dict[tuple[int, int], Replication] = {}
    doubtful = set()
    rows = session.scalars(
        select(Replication)
        .where(
            Replication.body_id.in_(body_ids),
            Replication.post_id.in_(post_ids),
            Replication.stage != ReplicationStage.REJECTED,
        )
        .order_by(Replication.id)
    )
    for one in rows:
        if one.stage in _CERTAIN:
            known.setdefault((one.body_id, one.post_id), one)
        else:
            doubtful.add((one.body_id, one.post_id))
    return known, doubtful
