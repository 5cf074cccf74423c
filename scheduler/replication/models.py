"""The tables of recognising echoes: thresholds that somebody set, and the pictures of notes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Moment

_WAITING = text("looked_at IS NULL")
_UNMATCHED = text("matched_at IS NULL")


class MatchingThreshold(Base):
    """One threshold that somebody set; without a row it stands where it was measured best."""

    __tablename__ = "matching_threshold"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Moment, default=now)


class EntryPicture(Base):
    """The picture that a note shows first: its address, and how it looks once it was fetched.

    ``grey`` is packed, and empty where the picture could not be had; of the picture itself only its hash is kept.
    """

    __tablename__ = "entry_picture"
    __table_args__ = (
        Index("ix_entry_picture_waiting", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_entry_picture_unmatched", "entry_id", sqlite_where=_UNMATCHED, postgresql_where=_UNMATCHED),
    )
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    url: Mapped[str] = mapped_column(String(2048))
    # The SHA-256 of what was fetched; not called so, because it keeps no file from being swept.
    picture: Mapped[str] = mapped_column(String(64), default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    grey: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    failures: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Moment, default=now)
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    matched_at: Mapped[datetime | None] = mapped_column(Moment)
