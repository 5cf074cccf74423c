"""The dialogue: numbered series of posts, and what people answer to them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref
from content_calendar.models.people import Person
from content_calendar.models.posts import Post

_IN = text("out_at IS NULL")
_WAITING = text("stage = 'unanswered' AND deleted_at IS NULL")


class Series(Base):
    """Posts of one name that are counted, such as #SNTtips 12. ``next_number`` only ever grows."""

    __tablename__ = "series"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    name: Mapped[str] = mapped_column(String(120))
    # With its #: what stands before the number in a text.
    tag: Mapped[str] = mapped_column(String(60))
    tag_folded: Mapped[str] = mapped_column(String(60), unique=True)
    # What came before it was counted elsewhere: no gap.
    first_number: Mapped[int] = mapped_column(default=1)
    next_number: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class SeriesNumber(Base):
    """A number that was given, once and to one post; a post that leaves its series leaves the number behind it."""

    __tablename__ = "series_number"
    __table_args__ = (
        UniqueConstraint("series_id", "n"),
        UniqueConstraint("series_id", "post_id"),
        # A post is in one series at a time.
        Index("ix_series_number_post", "post_id", unique=True, sqlite_where=_IN, postgresql_where=_IN),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    n: Mapped[int]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    given_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # When the post was taken out; it gets the same number back.
    out_at: Mapped[datetime | None] = mapped_column(Moment)

    series: Mapped[Series] = relationship(lazy="raise_on_sql")
    post: Mapped[Post] = relationship(lazy="raise_on_sql")


class ReplyStage(StrEnum):
    """What became of a reply."""

    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class Reply(Base):
    """What somebody answered to a series: the name they use there, their words and the link, and nothing else of them.

    What is deleted keeps its two keys, which are hashes, so that it does not come back with the next look.
    """

    __tablename__ = "reply"
    __table_args__ = (
        Index("ix_reply_waiting", "series_id", "said_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_reply_listed", "series_id", "stage", "said_at"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    network: Mapped[str] = mapped_column(String(20))
    # Of the network's own id; of handle and words where a person had no link.
    key: Mapped[str] = mapped_column(String(64), unique=True)
    # Of the link in its one spelling; empty keys do not meet.
    link_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    handle: Mapped[str] = mapped_column(String(120), default="")
    said: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)
    found_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # Who pasted it; nobody did when it was read from the network.
    pasted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stage: Mapped[ReplyStage] = mapped_column(Word(ReplyStage), default=ReplyStage.UNANSWERED)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    # Nobody, when our own answer was seen on the network.
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer_url: Mapped[str] = mapped_column(default="")
    answer_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    reason: Mapped[str] = mapped_column(default="")
    # A person took its settling back: no look settles it again.
    reopened_at: Mapped[datetime | None] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)

    series: Mapped[Series] = relationship(lazy="raise_on_sql")
    post: Mapped[Post | None] = relationship(foreign_keys=[post_id], lazy="raise_on_sql")
    answer_post: Mapped[Post | None] = relationship(foreign_keys=[answer_post_id], lazy="raise_on_sql")
    pasted_by: Mapped[Person | None] = relationship(foreign_keys=[pasted_by_id], lazy="raise_on_sql")
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id], lazy="raise_on_sql")


class ReplyLook(Base):
    """When to look for replies to one publication again; without a moment, never any more."""

    __tablename__ = "reply_look"
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    next_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    said_code: Mapped[str] = mapped_column(String(60), default="")
