"""The figures of a bimester, and its bodies x posts; a constant number of queries, whatever was published."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from statistics import median

import numpy as np
from sqlalchemy import func, select

from content_calendar.models.directory import Body
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.replication import funnel
from scheduler.replication.funnel import COUNTED, OutPost, Span
from scheduler.results import facts, grouping
from scheduler.results.summary import Bimester
from scheduler.results.tallying import USUAL_AGE
from webapp import dates
from webapp.federal import state_of
from webapp.session import db


@dataclass(frozen=True)
class Echo:
    """A body took a post up; ``lag`` is None where nobody knows when, or a site's clock is wrong."""

    post_id: int
    body_id: int
    kind: ReplicationKind
    stage: ReplicationStage
    lag: timedelta | None


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
class Glance:
    """A span in a row of figures; ``on_time`` is a percentage, None when nothing went out."""

    posts: int
    publications: int
    on_time: int | None
    echoes: int
    doubtful: int
    took_part: int
    standing: int
    lag: timedelta | None


@dataclass(frozen=True)
class Figures:
    """What a bimester came to with the bodies within reach."""

    glance: Glance
    by_body: Sequence[Line]
    by_theme: Sequence[Line]
    by_campaign: Sequence[Line]


def span_moments(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments at which the span begins and ends, in the reader's zone; the end is not in it."""
    zone = dates.zone()
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def median_lag(echoes: Iterable[Echo]) -> timedelta | None:
    """Return the median lag, None when nothing tells it."""
    lags = [echo.lag.total_seconds() for echo in echoes if echo.lag is not None]
    return timedelta(seconds=median(lags)) if lags else None


def posts_out(first: date, last: date) -> Sequence[OutPost]:
    """Return the posts that went out in the span, the first to go out first."""
    return funnel.posts_out(db(), Span(*span_moments(first, last)))


def echoes_of(posts: Sequence[OutPost], body_ids: Collection[int]) -> list[Echo]:
    """Return what these bodies took up, once a body and post, the first time that counts."""
    first_at = {post.id: post.first_at for post in posts}
    if not first_at:
        return []
    rows = db().execute(
        select(
            Replication.post_id,
            Replication.body_id,
            Replication.kind,
            Replication.stage,
            Replication.occurred_at,
            Replication.dated,
        )
        .where(Replication.post_id.in_(first_at), Replication.stage.in_(COUNTED))
        .order_by(Replication.occurred_at, Replication.id)
    )
    found: dict[tuple[int, int], Echo] = {}
    for post_id, body_id, kind, stage, at, dated in rows:
        if body_id not in body_ids:
            continue
        lag = at - first_at[post_id] if dated and at >= first_at[post_id] else None
        one = found.setdefault((post_id, body_id), Echo(post_id, body_id, kind, stage, lag))
        if one.lag is None and lag is not None:
            # What nobody knows the moment of came first only as far as it was found first.
            found[post_id, body_id] = replace(one, lag=lag)
    return list(found.values())


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


def glance(first: date, last: date, bodies: Sequence[Body]) -> Glance:
    """Return the span in a row of figures, echoes counted of these bodies; five queries."""
    found = facts.read_bare(
        db(), span_moments(first, last), USUAL_AGE, bodies=frozenset(body.id for body in bodies)
    )
    return _glance(found, grouping.Table(found, dates.zone()).total(), bodies)


def _glance(found: facts.Facts, total: grouping.Line, bodies: Sequence[Body]) -> Glance:
    sent = total.publications
    standing = {body.id for body in bodies if not body.dissolved_on}
    return Glance(
        total.posts,
        sent,
        round(100 * int(found.out.on_time.sum()) / sent) if sent else None,
        total.echoes,
        len(found.echoes.doubtful),
        len(standing.intersection(np.unique(found.echoes.body).tolist())),
        len(standing),
        total.lag,
    )


def figures_of(found: Bimester, bodies: Sequence[Body]) -> Figures:
    """Return a bimester's figures with these bodies, of which its echoes were counted; nothing is read."""
    told, names = found.summary, found.facts
    posts = told.total.posts
    of = {line.body_id: line for line in told.by_body}
    by_body = []
    for body in bodies:
        line = of.get(body.id)
        name = f"{state_of(body)} · {body.short_name}"
        if line is not None:
            by_body.append(Line(name, posts, line.echoes, 1, line.lag, line.kinds, body.slug))
        elif not body.dissolved_on:
            # A dissolved body has nothing to tell, unless it took something up while it stood.
            by_body.append(Line(name, posts, 0, 0, None, {}, body.slug))
    themes: Mapping[object, str] = {post.theme_id: post.theme or "" for post in names.posts.values()}
    campaigns = dict[object, str](names.campaign_names.items())
    return Figures(
        _glance(names, told.total, bodies),
        by_body,
        _lines(told.by_theme, themes),
        _lines(told.by_campaign, campaigns),
    )


def _lines(lines: Sequence[grouping.Line], names: Mapping[object, str]) -> Sequence[Line]:
    return [
        Line(names[one.key], one.posts, one.echoes, one.bodies, one.lag, one.kinds)
        for one in sorted(lines, key=lambda one: (-one.posts, names[one.key]))
        if one.key in names
    ]
