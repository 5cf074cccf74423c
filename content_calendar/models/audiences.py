"""Whom themes and posts speak to, in the plan's own list."""

from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Table

from content_calendar.db import Base, Word


class Audience(StrEnum):
    """Whom the commission's plan wants to reach."""

    CITIZENS = "citizens"
    ACADEMIA = "academia"
    CIVIL_SOCIETY = "civil_society"
    BUSINESS = "business"
    INDIGENOUS = "indigenous"
    PUBLIC_SERVANTS = "public_servants"
    MEDIA = "media"


theme_audience = Table(
    "theme_audience",
    Base.metadata,
    Column("theme_id", ForeignKey("theme.id"), primary_key=True),
    Column("audience", Word(Audience), primary_key=True),
)
# A post of its own audience; without any it speaks to its theme's.
post_audience = Table(
    "post_audience",
    Base.metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("audience", Word(Audience), primary_key=True),
)
