"""Notices: what needs a person, told once to each one whom it concerns, on the screen and by mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, new_ref
from content_calendar.models.people import Person

_UNREAD = text("read_at IS NULL AND over_at IS NULL")
_OPEN = text("over_at IS NULL")
_UNMAILED = text("mail_at IS NOT NULL AND mailed_at IS NULL")


class Notice(Base):
    """One thing that one person should know, with what to do about it."""

    __tablename__ = "notice"
    __table_args__ = (
        # Told once: the same happening is one notice, however often it is noticed.
        UniqueConstraint("person_id", "happening"),
        Index("ix_notice_unread", "person_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_notice_person", "person_id", "id"),
        Index("ix_notice_open", "subject_ref", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_notice_unmailed", "mail_at", sqlite_where=_UNMAILED, postgresql_where=_UNMAILED),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    happening: Mapped[str] = mapped_column(String(120))
    # What happened, as code and parameters; the subject is what its link leads to.
    code: Mapped[str] = mapped_column(String(60))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_ref: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    # It does not need anybody any more; by whom, when a person saw to it.
    over_at: Mapped[datetime | None] = mapped_column(Moment)
    over_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Mailed at once, without waiting for the quiet between two mails.
    urgent: Mapped[bool] = mapped_column(default=False)
    # When to mail it; empty when it is not mailed. A failure puts it off.
    mail_at: Mapped[datetime | None] = mapped_column(Moment)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)
    mail_failures: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    over_by: Mapped[Person | None] = relationship(foreign_keys=[over_by_id], lazy="raise_on_sql")
