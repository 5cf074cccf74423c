"""Posts: what is being written, the versions that were kept, and the reviews of exactly one of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.content import PostKind
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Account
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign, Theme
from content_calendar.states import PostState


class ReviewOutcome(StrEnum):
    """How a review ended."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


post_campaign = Table(
    "post_campaign",
    Base.metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True, index=True),
)
post_account = Table(
    "post_account",
    Base.metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("account_id", ForeignKey("account.id"), primary_key=True, index=True),
)


class Post(Base):
    """A message, whatever the accounts it goes to. What was written stands in its versions."""

    __tablename__ = "post"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    kind: Mapped[PostKind] = mapped_column(Word(PostKind), default=PostKind.POST)
    state: Mapped[PostState] = mapped_column(Word(PostState), default=PostState.DRAFT, index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    # Where it came from, for a post made from what somebody else published.
    origin_url: Mapped[str] = mapped_column(default="")
    # The post of a network that this one reposts or quotes, by its link.
    target_url: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(20), default="es")
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The moment meant by a person, as they said it, and the same in UTC.
    due_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    due_local: Mapped[str] = mapped_column(String(19), default="")
    due_zone: Mapped[str] = mapped_column(String(60), default="")
    # Grows with every save: two people who edit the same post do not overwrite each other unseen.
    edition: Mapped[int] = mapped_column(default=0)
    version_id: Mapped[int | None] = mapped_column(
        ForeignKey("post_version.id", use_alter=True, name="fk_post_version_id_post_version")
    )
    approved_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("post_version.id", use_alter=True, name="fk_post_approved_version_id_post_version")
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    author: Mapped[Person] = relationship(lazy="raise_on_sql")
    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")
    campaigns: Mapped[list[Campaign]] = relationship(secondary=post_campaign, lazy="raise_on_sql")
    accounts: Mapped[list[Account]] = relationship(secondary=post_account, lazy="raise_on_sql")
    media: Mapped[list["PostMedia"]] = relationship(
        order_by="PostMedia.part, PostMedia.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    version: Mapped["PostVersion | None"] = relationship(
        foreign_keys=[version_id], lazy="raise_on_sql", post_update=True
    )


class PostMedia(Base):
    """An asset in a post: which version of it, its bytes' hash, and the alternative text given here."""

    __tablename__ = "post_media"
    __table_args__ = (UniqueConstraint("post_id", "part", "position"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    part: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    # The tool-box's public reference: the tool-box knows the plan, not the other way round.
    asset_ref: Mapped[str] = mapped_column(String(12), index=True)
    asset_version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    alt_text: Mapped[str] = mapped_column(default="")
    crop: Mapped[dict[str, int] | None] = mapped_column(Json)


class PostVersion(Base):
    """What a post said once: canonical content and its hash. Kept at every save that changed it."""

    __tablename__ = "post_version"
    __table_args__ = (UniqueConstraint("post_id", "n"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    n: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    content_hash: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    author: Mapped[Person] = relationship(lazy="raise_on_sql")


class Review(Base):
    """The question whether one exact version may go out, and its answer."""

    __tablename__ = "review"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("post_version.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[ReviewOutcome] = mapped_column(Word(ReviewOutcome), default=ReviewOutcome.WAITING)
    note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], lazy="raise_on_sql")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id], lazy="raise_on_sql")
    version: Mapped[PostVersion] = relationship(lazy="raise_on_sql")
