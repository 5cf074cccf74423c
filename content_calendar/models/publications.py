"""Publications: post x account x moment. This table is the queue; there is no other."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Account
from content_calendar.models.posts import Post
from content_calendar.states import HoldReason, PartState, PublicationState

_IS_OUT = text("state = 'published'")
_WAITING = text("state = 'scheduled'")
_LEASED = text("state IN ('claimed', 'sending')")
_DOUBTFUL = text("state = 'unknown'")
_NEEDING = text("state IN ('held', 'failed')")
_ALIVE = text("state NOT IN ('cancelled', 'expired')")


class Publication(Base):
    """One sending: what was approved, to one account, at one moment."""

    __tablename__ = "publication"
    __table_args__ = (
        # Each tick reads only what stands in its index: its cost does not grow with the calendar.
        Index("ix_publication_waiting", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_publication_missed", "late_after", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_publication_leased", "lease_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
        Index("ix_publication_doubtful", "next_check_at", sqlite_where=_DOUBTFUL, postgresql_where=_DOUBTFUL),
        # What needs a person: few rows, however long the calendar.
        Index("ix_publication_needing", "due_at", sqlite_where=_NEEDING, postgresql_where=_NEEDING),
        # What went out in a span: a summary of two months does not read the years before.
        Index("ix_publication_out", "published_at", sqlite_where=_IS_OUT, postgresql_where=_IS_OUT),
        Index(
            "uq_publication_planned", "post_id", "account_id", "due_at",
            unique=True, sqlite_where=_ALIVE, postgresql_where=_ALIVE,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("post_version.id"))
    state: Mapped[PublicationState] = mapped_column(
        Word(PublicationState), default=PublicationState.SCHEDULED
    )
    hold_reason: Mapped[HoldReason | None] = mapped_column(Word(HoldReason))
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    due_local: Mapped[str] = mapped_column(String(19))
    due_zone: Mapped[str] = mapped_column(String(60))
    # When a worker may take it: ``due_at`` at first, later the moment of the next try.
    next_at: Mapped[datetime] = mapped_column(Moment)
    # Past this moment it is missed, and waits for a person.
    late_after: Mapped[datetime] = mapped_column(Moment)
    # Frozen when scheduled: the bytes that go out and their hash; the hash that was approved.
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str] = mapped_column(String(80), default="")
    # Grows with every claim: a worker that wakes late writes nothing.
    lease_gen: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    send_deadline: Mapped[datetime | None] = mapped_column(Moment)
    unknown_since: Mapped[datetime | None] = mapped_column(Moment)
    absent_reads: Mapped[int] = mapped_column(default=0)
    # The network said that it has an equal text: never sent again without a person.
    refused_as_equal: Mapped[bool] = mapped_column(default=False)
    next_check_at: Mapped[datetime | None] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    # The last thing a person should know, as code and parameters.
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    post: Mapped[Post] = relationship(lazy="raise_on_sql")
    account: Mapped[Account] = relationship(lazy="raise_on_sql")
    parts: Mapped[list["PublicationPart"]] = relationship(
        order_by="PublicationPart.n", back_populates="publication", lazy="raise_on_sql"
    )


class PublicationPart(Base):
    """One remote post of a publication. Its client key is chosen once and never changes."""

    __tablename__ = "publication_part"
    __table_args__ = (UniqueConstraint("publication_id", "n"), UniqueConstraint("account_id", "remote_id"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    # Repeated from the publication, so that one remote post can never be claimed by two.
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    n: Mapped[int] = mapped_column(default=1)
    state: Mapped[PartState] = mapped_column(Word(PartState), default=PartState.WAITING)
    client_key: Mapped[str] = mapped_column(String(80))
    # What preparing left behind (uploaded media, containers, the frozen record), with its expiry.
    prepared: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    remote_id: Mapped[str | None] = mapped_column(String(300))
    remote_url: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None] = mapped_column(Moment)

    publication: Mapped[Publication] = relationship(back_populates="parts", lazy="raise_on_sql")


class TextKey(Base):
    """One of a few keys that near-identical texts share; a key alone proves nothing, the texts are compared then."""

    __tablename__ = "text_key"
    __table_args__ = (Index("ix_text_key_network_key", "network", "key"),)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    # Repeated from the publication's account, so that a look is one index walk.
    network: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
