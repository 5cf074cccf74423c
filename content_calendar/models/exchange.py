"""What goes in and out of the calendar: sheets that were read and wait, what each import did, and live feeds."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref


class ImportStage(StrEnum):
    """Where an import stands.

    waiting: its sheet was read and nothing of it is in the calendar yet. done: all of it is. undone: a person
    took it back. dropped: a person put the sheet away.
    """

    WAITING = "waiting"
    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"


class SheetImport(Base):
    """A sheet that somebody uploaded, as it was read: it waits here, whatever happens to the browser."""

    __tablename__ = "sheet_import"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    year: Mapped[int]
    number: Mapped[int]
    filename: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    stage: Mapped[ImportStage] = mapped_column(Word(ImportStage), default=ImportStage.WAITING)
    # [[row's number in the sheet, {column: text}], …]
    cells: Mapped[list[Any]] = mapped_column(Json, default=list)
    # Headings that nobody knows: their columns are not read, and the person is told.
    unread: Mapped[list[str]] = mapped_column(Json, default=list)
    # Grows with every file that takes the place of the last: corrections of other rows are not for it.
    edition: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class SheetKey(Base):
    """The key of a row, and the post it became: the same row never becomes a second one."""

    __tablename__ = "sheet_key"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    # Of the row as it was last imported.
    digest: Mapped[str] = mapped_column(String(64))


class SheetNote(Base):
    """What a row says of a post and the post has no place for: who answers for it, notes."""

    __tablename__ = "sheet_note"
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    said: Mapped[dict[str, str]] = mapped_column(Json, default=dict)


class ImportActKind(StrEnum):
    """What an import did."""

    POST_MADE = "post_made"
    POST_CHANGED = "post_changed"
    THEME_MADE = "theme_made"
    THEME_PLACED = "theme_placed"
    THEME_MOVED = "theme_moved"


class ImportAct(Base):
    """One thing that an import did, with what is needed to take it back."""

    __tablename__ = "import_act"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("sheet_import.id"), index=True)
    kind: Mapped[ImportActKind] = mapped_column(Word(ImportActKind))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    # Of a theme's place: its reference, and the days it had before.
    span_ref: Mapped[str] = mapped_column(String(12), default="")
    was_on: Mapped[date | None]
    was_until: Mapped[date | None]
    # Of a post: its row before, and the digest of its row after.
    was: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")


class FeedOf(StrEnum):
    """What a feed tells."""

    ALL = "all"
    BODY = "body"
    THEME = "theme"
    ACCOUNT = "account"


class CalendarFeed(Base):
    """A live address of the calendar for a program such as a telephone's; only its token's hash is kept."""

    __tablename__ = "calendar_feed"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    of: Mapped[FeedOf] = mapped_column(Word(FeedOf))
    # The body's slug, or the theme's or account's reference; empty for all.
    subject: Mapped[str] = mapped_column(String(60), default="")
    name: Mapped[str] = mapped_column(String(120), default="")
    # It shows what this person may see, and nothing once they have left.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    # Of what it last told, and since when it tells that.
    tag: Mapped[str] = mapped_column(String(64), default="")
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
