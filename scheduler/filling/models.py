"""The first sweep: whom it asked, by which links, and what each body answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref
from content_calendar.models.directory import Body


class Sweep(Base):
    """One round of asking; the open one is the one that has not ended."""

    __tablename__ = "sweep"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    # What whoever started it adds to the letter.
    words: Mapped[str] = mapped_column(Text, default="")
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class SweepAsk(Base):
    """What one body was asked in a sweep: to which address, when, how often, and what it answered."""

    __tablename__ = "sweep_ask"
    __table_args__ = (UniqueConstraint("sweep_id", "body_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    sweep_id: Mapped[int] = mapped_column(ForeignKey("sweep.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    # Its liaison's when it began, or what somebody typed; empty while nobody knows one.
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    # When a letter is due; empty when none is. A worker that takes it puts it off, so that no other does.
    mail_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    written_at: Mapped[datetime | None] = mapped_column(Moment)
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    # When somebody last copied a link, to send it by other means.
    copied_at: Mapped[datetime | None] = mapped_column(Moment)
    # Why the last letter did not leave, empty when it did.
    said_code: Mapped[str] = mapped_column(String(60), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answer_name: Mapped[str] = mapped_column(String(200), default="")
    answer_post: Mapped[str] = mapped_column(String(200), default="")
    # As they were typed, so that they can be corrected.
    accounts_text: Mapped[str] = mapped_column(Text, default="")
    sites_text: Mapped[str] = mapped_column(Text, default="")
    feeds_text: Mapped[str] = mapped_column(Text, default="")
    # They do not know whether they have feeds: we look for them.
    feeds_unknown: Mapped[bool] = mapped_column(default=False)

    sweep: Mapped[Sweep] = relationship(lazy="raise_on_sql")
    body: Mapped[Body] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["SweepLine"]] = relationship(
        back_populates="ask", order_by="SweepLine.id", lazy="raise_on_sql"
    )


class SweepLink(Base):
    """A link that opens one body's form. Its token is kept as a hash."""

    __tablename__ = "sweep_link"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    ask_id: Mapped[int] = mapped_column(ForeignKey("sweep_ask.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class LineKind(StrEnum):
    """What a line of an answer proposes: something new, or that something we know still is theirs, or is not."""

    ACCOUNT = "account"
    SITE = "site"
    FEED = "feed"
    ACCOUNT_YES = "account_yes"
    ACCOUNT_NO = "account_no"
    SITE_YES = "site_yes"
    SITE_NO = "site_no"


class LineStage(StrEnum):
    """What the commission made of a line. ``unusable``: nobody can tell what it names."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNUSABLE = "unusable"


class SweepLine(Base):
    """One thing that a body answered; nothing of it is official before a person accepts it, nor by that alone."""

    __tablename__ = "sweep_line"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    ask_id: Mapped[int] = mapped_column(ForeignKey("sweep_ask.id"), index=True)
    kind: Mapped[LineKind] = mapped_column(Word(LineKind))
    stage: Mapped[LineStage] = mapped_column(Word(LineStage), default=LineStage.WAITING)
    given: Mapped[str] = mapped_column(String(500), default="")
    network: Mapped[str] = mapped_column(String(40), default="")
    handle: Mapped[str] = mapped_column(String(200), default="")
    url: Mapped[str] = mapped_column(String(1000), default="")
    # What it is about, of what we knew: an account's reference, a site's address.
    about: Mapped[str] = mapped_column(String(1000), default="")
    # Why it cannot be used, or could not be accepted.
    said_code: Mapped[str] = mapped_column(String(60), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    ask: Mapped[SweepAsk] = relationship(back_populates="lines", lazy="raise_on_sql")
