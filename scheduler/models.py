"""The worker's tables: attempts, feeds and their entries, replications, readings, heartbeats."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Body, Owner
from content_calendar.models.posts import Post

_UNTAKEN = text("taken_at IS NULL")


class Outcome(StrEnum):
    """How an attempt ended. Only ``done``, ``refused`` and ``unknown`` follow a call to a network."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    # Stopped before the call: a gate, a preparation that failed, a deadline that had passed.
    STOPPED = "stopped"


class Attempt(Base):
    """One try at a publication's part; written once, never changed."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("publication_id", "part", "n"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    part: Mapped[int] = mapped_column(default=1)
    n: Mapped[int]
    worker: Mapped[str] = mapped_column(String(80))
    generation: Mapped[int]
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime] = mapped_column(Moment)
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome))
    http_status: Mapped[int | None]
    remote_request_id: Mapped[str] = mapped_column(String(200), default="")
    # For people: code and parameters. For the log: what the network answered, cut short.
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    raw: Mapped[str] = mapped_column(String(1000), default="")


class FeedStage(StrEnum):
    """Whether a feed is read."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class Feed(Base):
    """A feed of an owner, and what is needed to ask for it politely."""

    __tablename__ = "feed"
    __table_args__ = (Index("ix_feed_due", "stage", "next_poll_at"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    url: Mapped[str] = mapped_column(String(1000), unique=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    stage: Mapped[FeedStage] = mapped_column(Word(FeedStage), default=FeedStage.ACTIVE)
    # As the server wrote them, quotes included.
    etag: Mapped[str] = mapped_column(String(500), default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    body_sha256: Mapped[str] = mapped_column(String(64), default="")
    # Digests of the entries that stood in it when it was last read, so that only new ones are read.
    items_seen: Mapped[str] = mapped_column(Text, default="")
    next_poll_at: Mapped[datetime] = mapped_column(Moment, default=now)
    lease_owner: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    polled_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")


class Entry(Base):
    """Something an owner published, as its feed tells it; kept once."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("owner_id", "identity"),
        Index("ix_entry_owner_id_published_at", "owner_id", "published_at"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    # Empty for what a person pasted.
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feed.id"), index=True)
    identity: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(Text, default="")
    link_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    # Cleaned: a few tags at most.
    summary: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(200), default="")
    # Its words as they are looked for; whoever stored none, the next comparison with the themes writes them.
    searched: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(Moment, index=True)
    # False when the feed gave no usable date and the moment is when we first saw it.
    dated: Mapped[bool] = mapped_column(default=True)
    first_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    matched_at: Mapped[datetime | None] = mapped_column(Moment)
    hidden_at: Mapped[datetime | None] = mapped_column(Moment)

    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")


class ReplicationKind(StrEnum):
    """In what form a body took a post up."""

    LINK = "link"
    REPOST = "repost"
    QUOTE = "quote"
    COPY = "copy"
    ADAPTED = "adapted"
    NOTE = "note"
    OFFLINE = "offline"


class ReplicationStage(StrEnum):
    """How sure we are."""

    DOUBTFUL = "doubtful"
    SEEN = "seen"
    DECLARED = "declared"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Replication(Base):
    """A body took a post up: where, in what form, how long after, and how we know."""

    __tablename__ = "replication"
    __table_args__ = (
        UniqueConstraint("post_id", "body_id", "evidence_key"),
        # The doubtful ones are few among many.
        Index("ix_replication_stage", "stage", "body_id"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    # Hash of the canonical link, or of the file: the same evidence counts once.
    evidence_key: Mapped[str] = mapped_column(String(64))
    link: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[ReplicationKind] = mapped_column(Word(ReplicationKind))
    stage: Mapped[ReplicationStage] = mapped_column(Word(ReplicationStage))
    # 0 to 100; empty for what a person declared.
    score: Mapped[int | None]
    why_code: Mapped[str] = mapped_column(String(60))
    why_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    occurred_at: Mapped[datetime] = mapped_column(Moment)
    # False where nothing tells when it happened, and ``occurred_at`` is when it was found: that is no lag.
    dated: Mapped[bool] = mapped_column(default=True)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    post: Mapped[Post] = relationship(lazy="raise_on_sql")
    body: Mapped[Body] = relationship(lazy="raise_on_sql")
    entry: Mapped[Entry | None] = relationship(lazy="raise_on_sql")


class Reading(Base):
    """One figure of one publication at one age; what a network does not give has no row, not a zero."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("publication_id", "window", "metric"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    window: Mapped[str] = mapped_column(String(8))
    metric: Mapped[str] = mapped_column(String(40))
    value: Mapped[int] = mapped_column(BigInteger)
    taken_at: Mapped[datetime] = mapped_column(Moment)
    source: Mapped[str] = mapped_column(String(40))


class ReadingRound(Base):
    """The readings of one publication at one age: when they are due, and whether they were taken."""

    __tablename__ = "reading_round"
    __table_args__ = (
        Index("ix_reading_round_due", "due_at", sqlite_where=_UNTAKEN, postgresql_where=_UNTAKEN),
    )
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    window: Mapped[str] = mapped_column(String(8), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Moment)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    said_code: Mapped[str] = mapped_column(String(60), default="")


class Heartbeat(Base):
    """A worker's sign of life; a silent worker is told on every screen."""

    __tablename__ = "heartbeat"
    worker: Mapped[str] = mapped_column(String(80), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    beat_at: Mapped[datetime] = mapped_column(Moment)
    # Set by a worker that ended in good order: it is not silent, it is gone.
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[str] = mapped_column(String(40), default="")
