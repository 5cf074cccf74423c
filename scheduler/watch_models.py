"""Links of the directory that are looked after."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Owner
from scheduler.link_health import Health


class WatchedKind(StrEnum):
    """What a link leads to."""

    SITE = "site"
    FEED = "feed"
    ACCOUNT = "account"


class WatchedLink(Base):
    """A site's, a feed's or an account's address: how it was when it was last looked at, and when it is next."""

    __tablename__ = "watched_link"
    __table_args__ = (UniqueConstraint("kind", "subject"), Index("ix_watched_link_due", "check_at"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    kind: Mapped[WatchedKind] = mapped_column(Word(WatchedKind))
    # Of a site its number, of the others their reference.
    subject: Mapped[str] = mapped_column(String(20))
    url: Mapped[str] = mapped_column(String(1000))
    host: Mapped[str] = mapped_column(String(255))
    # What a person knows it by, where its address says little.
    name: Mapped[str] = mapped_column(String(300), default="")
    health: Mapped[Health] = mapped_column(Word(Health), default=Health.NEW, index=True)
    etag: Mapped[str] = mapped_column(String(500), default="")
    # Empty for what nobody asks by itself.
    check_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    # Since when it has failed each time, empty while it does not.
    failing_since: Mapped[datetime | None] = mapped_column(Moment)
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    # When somebody was told that it is broken; and when a person said that nobody need be.
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    let_be_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")
