"""Whom a theme speaks to, a post through its theme, and whom a bimester leaves out."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, delete, exists, insert, or_, select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.models.audiences import Audience, post_audience, theme_audience
from content_calendar.models.plan import Theme, ThemeSpan
from content_calendar.models.posts import Post


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


def reached(starts_on: date, ends_on: date) -> Select[Audience]:
    """Return the query of whom the themes of some days speak to."""
    return (
        select(theme_audience.c.audience)
        .join(ThemeSpan, ThemeSpan.theme_id == theme_audience.c.theme_id)
        .where(ThemeSpan.starts_on <= ends_on, ThemeSpan.ends_on >= starts_on)
        .distinct()
    )


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
