"""Versions of a post or a material in another language or form: their texts, their reviews, what came of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.people import Person
from content_calendar.models.posts import ReviewOutcome
from content_calendar.states import AdaptationState


class Adapted(StrEnum):
    """What an adaptation is of."""

    POST = "post"
    ASSET = "asset"


class AdaptationForm(StrEnum):
    """In which form it says it: all of it, in easy-read, or ready to be put into braille."""

    WHOLE = "whole"
    EASY_READ = "easy_read"
    BRAILLE = "braille"


class Adaptation(Base):
    """A post or a material in one language and one form; of each there is one at most."""

    __tablename__ = "adaptation"
    __table_args__ = (UniqueConstraint("subject", "subject_ref", "language", "form"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    subject: Mapped[Adapted] = mapped_column(Word(Adapted))
    # A public reference: the plan does not know the tool-box's tables.
    subject_ref: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(20))
    form: Mapped[AdaptationForm] = mapped_column(Word(AdaptationForm))
    state: Mapped[AdaptationState] = mapped_column(Word(AdaptationState), default=AdaptationState.DRAFT)
    # The number of its last text, and of the one that was approved.
    n: Mapped[int] = mapped_column(default=0)
    approved_n: Mapped[int | None]
    # Whose yes it waits for, or had.
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)

    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="raise_on_sql")
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id], lazy="raise_on_sql")


class AdaptationText(Base):
    """What an adaptation said once, and what the original said when it was written; every one is kept.

    ``texts`` and ``original`` hold the same fields: ``part.1``, ``alt.1.abc`` of a post, ``title``, ``alt``… of a
    material. ``original_n`` is the number of the original's version.
    """

    __tablename__ = "adaptation_text"
    __table_args__ = (UniqueConstraint("adaptation_id", "n"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    adaptation_id: Mapped[int] = mapped_column(ForeignKey("adaptation.id"))
    n: Mapped[int]
    texts: Mapped[dict[str, str]] = mapped_column(Json)
    # Whoever translated or wrote it, as they want to be named.
    credit: Mapped[str] = mapped_column(String(200), default="")
    # A material of its own, such as a film in sign language or a document in easy-read; empty for none.
    file_ref: Mapped[str] = mapped_column(String(12), default="")
    file_version: Mapped[int | None]
    original: Mapped[dict[str, Any]] = mapped_column(Json)
    original_hash: Mapped[str] = mapped_column(String(64))
    original_n: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    author: Mapped[Person] = relationship(lazy="raise_on_sql")


class AdaptationReview(Base):
    """The question to one person whether one exact text is right, and the answer."""

    __tablename__ = "adaptation_review"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    adaptation_id: Mapped[int] = mapped_column(ForeignKey("adaptation.id"), index=True)
    n: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[ReviewOutcome] = mapped_column(Word(ReviewOutcome), default=ReviewOutcome.WAITING)
    note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    reviewer: Mapped[Person] = relationship(foreign_keys=[reviewer_id], lazy="raise_on_sql")
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], lazy="raise_on_sql")


class AdaptedPost(Base):
    """A post that was made of an approved adaptation, and of which of its texts."""

    __tablename__ = "adapted_post"
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    adaptation_id: Mapped[int] = mapped_column(ForeignKey("adaptation.id"), index=True)
    n: Mapped[int]

    adaptation: Mapped[Adaptation] = relationship(lazy="raise_on_sql")
