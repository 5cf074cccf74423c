"""PlanDAI: its editions, stages and actions, the states that take part, and how far each is."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.db import Base, Id, Moment, Word, new_ref
from content_calendar.models.directory import Confidence


class Edition(Base):
    """An edition of PlanDAI."""

    __tablename__ = "edition"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # From when on its dates are followed here: what was due before that, and nobody told of, has no data.
    followed_since: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class Action(Base):
    """One of the seven actions of an edition, in one of its three stages."""

    __tablename__ = "action"
    __table_args__ = (UniqueConstraint("edition_id", "position"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    position: Mapped[int]
    stage: Mapped[int]
    stage_title: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    timing: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    responsible: Mapped[str] = mapped_column(String(120), default="")


class Participation(Base):
    """A state's body in an edition."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("edition_id", "body_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    takes_part: Mapped[bool]
    source: Mapped[str] = mapped_column(default="")
    confidence: Mapped[Confidence] = mapped_column(Word(Confidence), default=Confidence.UNCONFIRMED)

    edition: Mapped[Edition] = relationship(lazy="raise_on_sql")
    milestones: Mapped[list["Milestone"]] = relationship(lazy="raise_on_sql")


class Milestone(Base):
    """What one participating state has done of one action; no row means no data, never "not done"."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("participation_id", "action_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
