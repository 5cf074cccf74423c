"""What became of the notes of the wire: their themes, the posts made of them, what was declared, who is skipped."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.content import PostKind
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Owner
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from scheduler.models import Entry

_STANDING = text("released_at IS NULL")
_IN_FORCE = text("withdrawn_at IS NULL")


class EntryTheme(Base):
    """The theme of a note: suggested from its words, or decided by a person, which stays."""

    __tablename__ = "entry_theme"
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    # Empty: no theme of the bimester is near, or a person said that it has none.
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    # The note's own words for which it was suggested.
    words: Mapped[list[str]] = mapped_column(Json, default=list)
    # Which themes it was compared with: other themes, another comparison.
    judged_by: Mapped[str] = mapped_column(String(32), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    theme: Mapped[Theme | None] = relationship(lazy="raise_on_sql")


class Relay(Base):
    """A post of ours that takes up what an owner published: made of a note, or sharing a post of its account."""

    __tablename__ = "relay"
    __table_args__ = (
        # Of one note there is one post of each kind, unless it was put away: two people who click at once get one.
        Index(
            "uq_relay_standing", "entry_id", "kind",
            unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[PostKind] = mapped_column(Word(PostKind))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    # Another post may be made of the note: this one was put away, or came second.
    released_at: Mapped[datetime | None] = mapped_column(Moment)

    post: Mapped[Post] = relationship(lazy="raise_on_sql")
    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")
    entry: Mapped[Entry | None] = relationship(lazy="raise_on_sql")


class DeclaredRelay(Base):
    """Somebody says that we replicated an owner that day, with the link where it can be seen."""

    __tablename__ = "declared_relay"
    __table_args__ = (
        Index(
            "uq_declared_relay_link", "owner_id", "link_key",
            unique=True, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[PostKind] = mapped_column(Word(PostKind))
    # The commission's day.
    done_on: Mapped[date] = mapped_column(index=True)
    network: Mapped[str] = mapped_column(String(40), default="")
    link: Mapped[str] = mapped_column(Text)
    link_key: Mapped[str] = mapped_column(String(64))
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime] = mapped_column(Moment, default=now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    owner: Mapped[Owner] = relationship(lazy="raise_on_sql")
    entry: Mapped[Entry | None] = relationship(lazy="raise_on_sql")
    declared_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class SkipReason(StrEnum):
    """Why an owner whose turn it is is passed over for a day."""

    NO_NEWS = "no_news"
    NOT_FITTING = "not_fitting"
    ASKED_TO_WAIT = "asked_to_wait"
    OTHER = "other"


class TurnSkip(Base):
    """An owner is passed over on one day; its turn stays the next one."""

    __tablename__ = "turn_skip"
    __table_args__ = (UniqueConstraint("owner_id", "skipped_on"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    skipped_on: Mapped[date] = mapped_column(index=True)
    reason: Mapped[SkipReason] = mapped_column(Word(SkipReason))
    note: Mapped[str] = mapped_column(String(200), default="")
    skipped_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    skipped_at: Mapped[datetime] = mapped_column(Moment, default=now)
