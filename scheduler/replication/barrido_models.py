"""The weekly barrido: what a person saw, or did not see, of one post on one body's pages."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word
from content_calendar.models.people import Person


class LookAnswer(StrEnum):
    """What came of a look. ``not_seen`` says that a person looked and did not see it: never that it is not there."""

    SEEN = "seen"
    NOT_SEEN = "not_seen"
    NOT_REACHED = "not_reached"


class NotReachedWhy(StrEnum):
    """Why nobody could look."""

    CLOSED = "closed"
    PRIVATE = "private"
    NO_TIME = "no_time"


class BarridoLook(Base):
    """One answer of a week's barrido; a later one stands for an earlier one, which it remembers."""

    __tablename__ = "barrido_look"
    __table_args__ = (UniqueConstraint("week", "body_id", "post_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # The week's Monday.
    week: Mapped[date]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    answer: Mapped[LookAnswer] = mapped_column(Word(LookAnswer))
    why: Mapped[NotReachedWhy | None] = mapped_column(Word(NotReachedWhy))
    link: Mapped[str] = mapped_column(Text, default="")
    replication_id: Mapped[int | None] = mapped_column(ForeignKey("replication.id"), index=True)
    # How the ledger held it before a yes: "new", "doubtful" or "known"; a yes that is taken back leaves it so.
    found_as: Mapped[str] = mapped_column(String(10), default="")
    # What was answered together is taken back together.
    batch: Mapped[str] = mapped_column(String(12), index=True)
    # The answer that this one replaced, as its columns were.
    replaced: Mapped[dict[str, Any] | None] = mapped_column(Json)
    looked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    looked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    looked_by: Mapped[Person] = relationship(lazy="raise_on_sql")
