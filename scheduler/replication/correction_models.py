"""Corrections (fe de erratas): what a post said wrong, and what each body that took it up was asked and answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.posts import Post

_TO_MAIL = text("mail_at IS NOT NULL")


class CorrectionAnswer(StrEnum):
    """What a body did about what it had published."""

    CORRECTED = "corrected"
    DELETED = "deleted"
    NOT_APPLICABLE = "not_applicable"


class Correction(Base):
    """What a published post said, what it should have said, and why."""

    __tablename__ = "correction"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    # What was wrong, in a sentence.
    why: Mapped[str] = mapped_column(String(500))
    said: Mapped[str] = mapped_column(Text)
    right: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # The post that tells it to everybody, when one was written.
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    called_off_at: Mapped[datetime | None] = mapped_column(Moment)

    post: Mapped[Post] = relationship(foreign_keys=[post_id], lazy="raise_on_sql")
    told_by: Mapped[Post | None] = relationship(foreign_keys=[told_by_id], lazy="raise_on_sql")
    made_by: Mapped[Person] = relationship(lazy="raise_on_sql")
    tasks: Mapped[list["CorrectionTask"]] = relationship(back_populates="correction", lazy="raise_on_sql")


class CorrectionTask(Base):
    """What one body was asked about a correction, and its answer."""

    __tablename__ = "correction_task"
    __table_args__ = (
        UniqueConstraint("correction_id", "body_id"),
        Index("ix_correction_task_mail", "mail_at", sqlite_where=_TO_MAIL, postgresql_where=_TO_MAIL),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    # Where it published it, as far as the ledger knows.
    link: Mapped[str] = mapped_column(Text, default="")
    # Nobody is sure that it took the post up: told so.
    doubtful: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    answer: Mapped[CorrectionAnswer | None] = mapped_column(Word(CorrectionAnswer))
    answer_link: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    # Empty for whoever answered by the letter's link.
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    # It turned out that it had not taken the post up, or the correction was called off.
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    mail_at: Mapped[datetime | None] = mapped_column(Moment)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)
    mail_code: Mapped[str] = mapped_column(String(60), default="")

    correction: Mapped[Correction] = relationship(back_populates="tasks", lazy="raise_on_sql")
    body: Mapped[Body] = relationship(lazy="raise_on_sql")
    answered_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    @property
    def open(self) -> bool:
        """Return whether an answer is waited for."""
        return self.answered_at is None and self.closed_at is None


class CorrectionLink(Base):
    """A link to answer one task without a password; only its hash is kept."""

    __tablename__ = "correction_link"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("correction_task.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)

    task: Mapped[CorrectionTask] = relationship(lazy="raise_on_sql")
