"""Searches for a site's feeds, and what they found."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Owner
from content_calendar.models.jobs import JobStage


class FeedSearch(Base):
    """A search for the feeds of one site of an owner: the last one; searching again begins it anew."""

    __tablename__ = "feed_search"
    __table_args__ = (UniqueConstraint("owner_id", "site_key"), Index("ix_feed_search_due", "stage", "id"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    # As a person gave it, and in the form in which it is compared.
    site_url: Mapped[str] = mapped_column(String(1000))
    site_key: Mapped[str] = mapped_column(String(64))
    host: Mapped[str] = mapped_column(String(255))
    stage: Mapped[JobStage] = mapped_column(Word(JobStage), default=JobStage.WAITING)
    # A person has accepted this very address as a feed: it is listened to once it was read.
    listen: Mapped[bool] = mapped_column(default=False)
    # Requests made so far.
    asked: Mapped[int] = mapped_column(default=0)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    lease_owner: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")
    offers: Mapped[list["FeedOffer"]] = relationship(
        back_populates="search", order_by="FeedOffer.id", lazy="raise_on_sql", cascade="all, delete-orphan"
    )


class FeedOffer(Base):
    """A feed that a search found and read; nobody listens to it until a person says so."""

    __tablename__ = "feed_offer"
    __table_args__ = (UniqueConstraint("search_id", "url"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    search_id: Mapped[int] = mapped_column(ForeignKey("feed_search.id"), index=True)
    url: Mapped[str] = mapped_column(String(1000))
    title: Mapped[str] = mapped_column(String(300), default="")
    entries: Mapped[int] = mapped_column(default=0)
    # When its newest entry is from; empty when its entries have no dates.
    last_at: Mapped[datetime | None] = mapped_column(Moment)
    # Whether the site names it itself; else it lay in a common place.
    declared: Mapped[bool] = mapped_column(default=False)
    dismissed_at: Mapped[datetime | None] = mapped_column(Moment)

    search: Mapped[FeedSearch] = relationship(back_populates="offers", lazy="raise_on_sql")
