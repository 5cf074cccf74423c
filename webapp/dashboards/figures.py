"""The figures of a bimester, and its bodies x posts; a constant number of queries, whatever was published."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median

from sqlalchemy import func, select

from content_calendar.models.directory import Body
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import post_campaign
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.replication import funnel
from scheduler.replication.funnel import COUNTED, OutPost, Span
from webapp import dates
from webapp.federal import state_of
from webapp.session import db


@dataclass(frozen=True)
class Echo:
    """A body took a post up; ``lag`` may be negative where a site's clock is wrong, and then says nothing."""

    post_id: int
    body_id: int
    kind: ReplicationKind
    stage: ReplicationStage
    lag: timedelta


@dataclass(frozen=True)
class Line:
    """One row of a table of figures; a lag of None is unknown, not zero."""

    name: str
    posts: int
    echoes: int
    bodies: int
    lag: timedelta | None
    kinds: Mapping[ReplicationKind, int] = field(default_factory=dict)
    slug: str = ""


@dataclass(frozen=True)
class Summary:
    """What a bimester came to."""

    posts: Sequence[OutPost]
    echoes: Sequence[Echo]
    bodies: Sequence[Body]
    by_body: Sequence[Line]
    by_theme: Sequence[Line]
    by_campaign: Sequence[Line]
    doubtful: int

    @property
    def publications(self) -> int:
        """Return how many publications went out."""
        return sum(post.publications for post in self.posts)

    @property
    def on_time(self) -> int | None:
        """Return the percentage of publications that kept their hour; None when nothing went out."""
        sent = self.publications
        return round(100 * sum(post.on_time for post in self.posts) / sent) if sent else None

    @property
    def took_part(self) -> int:
        """Return how many bodies took up at least one post."""
        standing = {body.id for body in self.bodies if not body.dissolved_on}
        return len({echo.body_id for echo in self.echoes} & standing)

    @property
    def standing(self) -> int:
        """Return how many bodies there are that were not dissolved."""
        return sum(not body.dissolved_on for body in self.bodies)

    @property
    def lag(self) -> timedelta | None:
        """Return the median time from a post to its replications."""
        return median_lag(self.echoes)


def span_moments(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments at which the span begins and ends, in the reader's zone; the end is not in it."""
    zone = dates.zone()
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def median_lag(echoes: Iterable[Echo]) -> timedelta | None:
    """Return the median lag, None when nothing tells it."""
    lags = [echo.lag.total_seconds() for echo in echoes if echo.lag >= timedelta(0)]
    return timedelta(seconds=median(lags)) if lags else None


def posts_out(first: date, last: date) -> Sequence[OutPost]:
    """Return the posts that went out in the span, the first to go out first."""
    return funnel.posts_out(db(), Span(*span_moments(first, last)))


def echoes_of(posts: Sequence[OutPost], body_ids: Collection[int]) -> tuple[list[Echo], int]:
    """Return what these bodies took up, once a body and post, and how many matches are doubtful."""
    first_at = {post.id: post.first_at for post in posts}
    if not first_at:
        return [], 0
    rows = db().execute(
        select(
            Replication.post_id,
            Replication.body_id,
            Replication.kind,
            Replication.stage,
            Replication.occurred_at,
        )
        .where(Replication.post_id.in_(first_at), Replication.stage != ReplicationStage.REJECTED)
        .order_by(Replication.occurred_at, Replication.id)
    )
    found: dict[tuple[int, int], Echo] = {}
    doubtful = 0
    for post_id, body_id, kind, stage, at in rows:
        if body_id not in body_ids:
            continue
        if stage not in COUNTED:
            doubtful += 1
        else:
            found.setdefault((post_id, body_id), Echo(post_id, body_id, kind, stage, at - first_at[post_id]))
    return list(found.values()), doubtful


def doubtful_count(bodies: Sequence[Body]) -> int:
    """Return how many matches of these bodies wait for a person."""
    return (
        db().scalar(
            select(func.count())
            .select_from(Replication)
            .where(
                Replication.stage == ReplicationStage.DOUBTFUL,
                Replication.body_id.in_([body.id for body in bodies]),
            )
        )
        or 0
    )


def summary(first: date, last: date, bodies: Sequence[Body]) -> Summary:
    """Return the figures of the span, of these bodies."""
    posts = posts_out(first, last)
    echoes, doubtful = echoes_of(posts, {body.id for body in bodies})
    by_body: dict[int, list[Echo]] = defaultdict(list)
    for echo in echoes:
        by_body[echo.body_id].append(echo)
    lines = [
        _line(f"{state_of(body)} · {body.short_name}", len(posts), by_body.get(body.id, []), body.slug)
        for body in bodies
        # A dissolved body has nothing to tell, unless it took something up while it stood.
        if not body.dissolved_on or body.id in by_body
    ]
    return Summary(
        posts,
        echoes,
        bodies,
        lines,
        _by_theme(posts, echoes),
        _by_campaign(posts, echoes),
        doubtful,
    )


def _line(name: str, posts: int, echoes: Sequence[Echo], slug: str = "") -> Line:
    kinds = Counter(echo.kind for echo in echoes)
    return Line(name, posts, len(echoes), len({e.body_id for e in echoes}), median_lag(echoes), kinds, slug)


def _group(
    names: Mapping[int, str], of_post: Mapping[int, set[int]], echoes: Sequence[Echo]
) -> Sequence[Line]:
    posts: Counter[int] = Counter(key for keys in of_post.values() for key in keys)
    grouped: dict[int, list[Echo]] = defaultdict(list)
    for echo in echoes:
        for key in of_post.get(echo.post_id, ()):
            grouped[key].append(echo)
    return [_line(names[key], count, grouped[key]) for key, count in posts.most_common() if key in names]


def _by_theme(posts: Sequence[OutPost], echoes: Sequence[Echo]) -> Sequence[Line]:
    of_post = {post.id: {post.theme_id} for post in posts if post.theme_id is not None}
    ids = {key for keys in of_post.values() for key in keys}
    if not ids:
        return []
    names = dict(db().execute(select(Theme.id, Theme.title).where(Theme.id.in_(ids))).all())
    return _group(names, of_post, echoes)


def _by_campaign(posts: Sequence[OutPost], echoes: Sequence[Echo]) -> Sequence[Line]:
    of_post: dict[int, set[int]] = defaultdict(set)
    names: dict[int, str] = {}
    if not posts:
        return []
    rows = db().execute(
        select(post_campaign.c.post_id, Campaign.id, Campaign.name)
        .join(Campaign, Campaign.id == post_campaign.c.campaign_id)
        .where(post_campaign.c.post_id.in_([post.id for post in posts]))
    )
    for post_id, campaign_id, name in rows:
        of_post[post_id].add(campaign_id)
        names[campaign_id] = name
    return _group(names, of_post, echoes)
