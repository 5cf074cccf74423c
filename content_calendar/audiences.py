"""Whom a theme speaks to, a post through its theme, and whom a bimester leaves out."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.models.audiences import Audience, post_audience, theme_audience
from content_calendar.models.events import Event, event_audience
from content_calendar.models.plan import Theme, ThemeSpan
from content_calendar.models.posts import Post
from content_calendar.states import PostState

# Wall time is at most fourteen hours away from UTC.
_MARGIN = timedelta(days=1)


def of_theme(session: Session, theme: Theme) -> list[Audience]:
    """Return whom a theme speaks to, in the plan's order."""
    asked = select(theme_audience.c.audience).where(theme_audience.c.theme_id == theme.id)
    return sorted(session.scalars(asked), key=list(Audience).index)


def set_of_theme(session: Session, theme: Theme, audiences: Collection[Audience], *, actor_ref: str) -> None:
    """Say whom a theme speaks to."""
    wanted = sorted(set(audiences), key=list(Audience).index)
    if wanted == of_theme(session, theme):
        return
    session.execute(delete(theme_audience).where(theme_audience.c.theme_id == theme.id))
    if wanted:
        session.execute(insert(theme_audience), [{"theme_id": theme.id, "audience": one} for one in wanted])
    audit.record(session, actor_ref, "theme_audiences_set", "theme", theme.ref, audiences=wanted)


def tally(starts_on: date, ends_on: date) -> Select[Audience, int, int, int]:
    """Return the query of how many themes, posts and events of some days speak to each audience that any speaks to.

    A post counts for its own audiences, else for its theme's; what was put away or cancelled counts for none.
    """
    nothing: ColumnElement[int] = literal_column("0")
    themes, posts = func.count(theme_audience.c.theme_id.distinct()), func.count()
    spans = (
        select(
            theme_audience.c.audience, themes.label("themes"), nothing.label("posts"), nothing.label("events")
        )
        .join(ThemeSpan, ThemeSpan.theme_id == theme_audience.c.theme_id)
        .where(ThemeSpan.starts_on <= ends_on, ThemeSpan.ends_on >= starts_on)
        .group_by(theme_audience.c.audience)
    )
    # Found by their moment first: without statistics SQLite would walk all posts of a theme.
    here = (
        select(Post.id, Post.theme_id).where(*_on(starts_on, ends_on)).cte("here").prefix_with("MATERIALIZED")
    )
    own = (
        select(
            post_audience.c.audience, nothing.label("themes"), posts.label("posts"), nothing.label("events")
        )
        .join(here, here.c.id == post_audience.c.post_id)
        .group_by(post_audience.c.audience)
    )
    inherited = (
        select(
            theme_audience.c.audience, nothing.label("themes"), posts.label("posts"), nothing.label("events")
        )
        .join(here, here.c.theme_id == theme_audience.c.theme_id)
        .where(~exists().where(post_audience.c.post_id == here.c.id))
        .group_by(theme_audience.c.audience)
    )
    events = (
        select(
            event_audience.c.audience,
            nothing.label("themes"),
            nothing.label("posts"),
            func.count().label("events"),
        )
        .join(Event, Event.id == event_audience.c.event_id)
        .where(Event.starts_on <= ends_on, Event.ends_on >= starts_on, Event.cancelled_at.is_(None))
        .group_by(event_audience.c.audience)
    )
    rows = union_all(spans, own, inherited, events).subquery("tallied").c
    counts = func.sum(rows.themes), func.sum(rows.posts), func.sum(rows.events)
    return select(rows.audience, *counts).group_by(rows.audience)


def _on(starts_on: date, ends_on: date) -> list[ColumnElement[bool]]:
    """Return the condition that a post stands on some days, by the clock it was planned by."""
    begins = datetime.combine(max(starts_on, date.min + _MARGIN), time.min, UTC) - _MARGIN
    ends = datetime.combine(min(ends_on, date.max - _MARGIN), time.max, UTC) + _MARGIN
    return [
        Post.due_at.between(begins, ends),
        Post.due_local >= starts_on.isoformat(),
        Post.due_local <= f"{ends_on.isoformat()}T23:59:59",
        Post.state != PostState.DISCARDED,
    ]


def speaks_to(name: str) -> ColumnElement[bool]:
    """Return the condition that a post speaks to the audience of the parameter ``name``: its own, else its theme's."""
    wanted = bindparam(name, type_=String())
    own = exists().where(post_audience.c.post_id == Post.id)
    return or_(
        own.where(post_audience.c.audience == wanted),
        and_(
            ~own,
            exists().where(theme_audience.c.theme_id == Post.theme_id, theme_audience.c.audience == wanted),
        ),
    )
