"""What the composer keeps beside the posts: what is typed and not yet saved, words to reuse, words to look for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.people import Person


class Sitting(Base):
    """One opening of the composer by a person: since when, when it was last seen, what is typed and not saved.

    Two tabs are two sittings, so that neither writes over the other.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("person_id", "token"),
        Index("ix_sitting_post_seen", "post_id", "seen_at"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token: Mapped[str] = mapped_column(String(32))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # Grows with every keystroke kept: what comes late does not write over what came later.
    step: Mapped[int] = mapped_column(BigInteger, default=0)
    # Grows with every message of its page: one that comes late does not bring back whoever left.
    turn: Mapped[int] = mapped_column(BigInteger, default=0)
    typed: Mapped[list[list[str]] | None] = mapped_column(Json)
    typed_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class PostTextKey(Base):
    """One of a few keys that near-identical texts share, of what a post says now."""

    __tablename__ = "post_text_key"
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)


class SavedTextKind(StrEnum):
    """What a text to reuse is: a group of hashtags, a piece of text, a whole one with gaps to fill."""

    TAGS = "tags"
    SNIPPET = "snippet"
    TEMPLATE = "template"


class SavedText(Base):
    """Words to reuse: they are put where the caret stands."""

    __tablename__ = "saved_text"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    kind: Mapped[SavedTextKind] = mapped_column(Word(SavedTextKind))
    name: Mapped[str] = mapped_column(String(80), unique=True)
    text: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class GlossaryTerm(Base):
    """A word of the glossary that somebody changed, added or put away (no advice); the rest stands in the seed file."""

    __tablename__ = "glossary_term"
    __table_args__ = (UniqueConstraint("kind", "term"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    term: Mapped[str] = mapped_column(String(80))
    advice: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
