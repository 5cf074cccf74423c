"""The network of allied facilitators: who they are, what they agreed to, what they were sent and what they did with it.

People and organisations that spread our word of their own will. Not PlanDAI's *personas facilitadoras*.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.audiences import Audience
from content_calendar.models.posts import Post

_WAITING = text("stage IN ('waiting', 'sending')")


class AllyKind(StrEnum):
    """Whether an ally is one person or an organisation."""

    PERSON = "person"
    ORGANISATION = "organisation"


class ConsentStanding(StrEnum):
    """Whether an ally may be written to: only ``given`` lets a letter leave, ``invited`` no second one."""

    NONE = "none"
    INVITED = "invited"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ConsentAct(StrEnum):
    """A step of a consent's history."""

    INVITED = "invited"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Ally(Base):
    """A person or an organisation that spreads our word."""

    __tablename__ = "ally"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    kind: Mapped[AllyKind] = mapped_column(Word(AllyKind))
    name: Mapped[str] = mapped_column(String(200))
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    # What makes the same ally one: the address, or the name and the state. Empty once it was erased.
    identity: Mapped[str | None] = mapped_column(String(300), unique=True)
    # Empty for one that works in the whole country; the region is the state's, as the directory has it.
    state_iso: Mapped[str] = mapped_column(String(8), default="", index=True)
    sector: Mapped[Audience | None] = mapped_column(Word(Audience))
    links: Mapped[list[str]] = mapped_column(Json, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    consent: Mapped[ConsentStanding] = mapped_column(Word(ConsentStanding), default=ConsentStanding.NONE)
    consent_at: Mapped[datetime | None] = mapped_column(Moment)
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    registered_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # The list that it came with, so that a wrong one can be taken back.
    batch_ref: Mapped[str] = mapped_column(String(12), default="", index=True)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class AllyConsent(Base):
    """One step of an ally's consent to be contacted: how it came, on which day, and what shows it."""

    __tablename__ = "ally_consent"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    ally_id: Mapped[int] = mapped_column(ForeignKey("ally.id"), index=True)
    act: Mapped[ConsentAct] = mapped_column(Word(ConsentAct))
    # The day it was said, which may be before it was noted.
    said_on: Mapped[date]
    how: Mapped[str] = mapped_column(String(500), default="")
    evidence_sha256: Mapped[str] = mapped_column(String(64), default="")
    # Which privacy notice stood before them.
    notice: Mapped[str] = mapped_column(String(20), default="")
    # Empty when they did it themselves, by the link of a letter.
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime] = mapped_column(Moment, default=now)


class AllyRefusal(Base):
    """Somebody who had themselves erased: a keyed mark of the address, so that no list brings them back."""

    __tablename__ = "ally_refusal"
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class AllyWeek(Base):
    """The pack of one week (Monday to Sunday, by the commission's clock): prepared, looked at, sent."""

    __tablename__ = "ally_week"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    starts_on: Mapped[date] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(String(600), default="")
    prepared_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    # Empty when it went by itself.
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    posts: Mapped[list["AllyWeekPost"]] = relationship(
        order_by="AllyWeekPost.id", back_populates="week", lazy="raise_on_sql"
    )


class AllyWeekPost(Base):
    """A post of a week's pack; one that a person took out stays out."""

    __tablename__ = "ally_week_post"
    __table_args__ = (UniqueConstraint("week_id", "post_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    week_id: Mapped[int] = mapped_column(ForeignKey("ally_week.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    left_out_at: Mapped[datetime | None] = mapped_column(Moment)

    week: Mapped[AllyWeek] = relationship(back_populates="posts", lazy="raise_on_sql")
    post: Mapped[Post] = relationship(lazy="raise_on_sql")


class LetterKind(StrEnum):
    """What a letter is for."""

    INVITATION = "invitation"
    PACK = "pack"
    STILL_THERE = "still_there"


class LetterStage(StrEnum):
    """Where a letter stands.

    waiting: to be mailed at ``mail_at``. sending: written down before the server is spoken to; from here on a
    silence means doubt, never a repeat. sent: the server took it. doubtful: it may have been taken; a person
    decides. failed: the server refused it. stopped: the consent ended first.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    STOPPED = "stopped"


class AllyLetter(Base):
    """One letter to one ally, and what they did with what it brings. An occasion has one letter an ally, ever."""

    __tablename__ = "ally_letter"
    __table_args__ = (
        UniqueConstraint("ally_id", "kind", "occasion"),
        Index("ix_ally_letter_open", "mail_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    ally_id: Mapped[int] = mapped_column(ForeignKey("ally.id"))
    kind: Mapped[LetterKind] = mapped_column(Word(LetterKind))
    # A pack's week or, of the question whether they are still there, the month in which they fell silent.
    occasion: Mapped[str] = mapped_column(String(20), default="")
    week_id: Mapped[int | None] = mapped_column(ForeignKey("ally_week.id"), index=True)
    stage: Mapped[LetterStage] = mapped_column(Word(LetterStage), default=LetterStage.WAITING)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    mail_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sending_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    # What a program may do too: its page was asked for.
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    opened: Mapped[int] = mapped_column(default=0)
    # What a person does: a button was pressed, a file was handed out whole.
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    pulled_at: Mapped[datetime | None] = mapped_column(Moment)
    pulled: Mapped[int] = mapped_column(default=0)

    ally: Mapped[Ally] = relationship(lazy="raise_on_sql")
    week: Mapped[AllyWeek | None] = relationship(lazy="raise_on_sql")


class AllyLink(Base):
    """What opens the page of one letter without a password: only the hash of its token is kept."""

    __tablename__ = "ally_link"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("ally_letter.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Medium(StrEnum):
    """Where an ally took a post up."""

    ONLINE = "online"
    RADIO = "radio"
    MURAL = "mural"
    SESSION = "session"
    PRINT = "print"
    CHAT = "chat"
    OTHER = "other"


class EchoStanding(StrEnum):
    """What a person of the staff makes of what an ally said."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class AllyEcho(Base):
    """An ally says that they took a post up; apart from what the bodies do, and never counted as theirs."""

    __tablename__ = "ally_echo"
    __table_args__ = (UniqueConstraint("ally_id", "evidence_key"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    ally_id: Mapped[int] = mapped_column(ForeignKey("ally.id"))
    # Empty for what takes up the whole pack.
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("ally_letter.id"), index=True)
    medium: Mapped[Medium] = mapped_column(Word(Medium))
    # A network that reads its own links; empty for any other page.
    network: Mapped[str] = mapped_column(String(40), default="")
    link: Mapped[str] = mapped_column(Text, default="")
    # The same link, or the same place and day, counts once.
    evidence_key: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(200), default="")
    # As they tell it; empty is not known.
    reach: Mapped[int | None]
    occurred_at: Mapped[datetime] = mapped_column(Moment, index=True)
    # Whether the moment was read from the link itself.
    dated: Mapped[bool] = mapped_column(default=False)
    declared_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # Empty when the ally declared it.
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    standing: Mapped[EchoStanding] = mapped_column(Word(EchoStanding), default=EchoStanding.DECLARED)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    ally: Mapped[Ally] = relationship(lazy="raise_on_sql")
    post: Mapped[Post | None] = relationship(lazy="raise_on_sql")


class AllyContribution(Base):
    """Something an ally offers us to spread: in their words, perhaps with a link."""

    __tablename__ = "ally_contribution"
    __table_args__ = (UniqueConstraint("ally_id", "said_key"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    ally_id: Mapped[int] = mapped_column(ForeignKey("ally.id"))
    said: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text, default="")
    # A form that is sent twice is kept once.
    said_key: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)

    ally: Mapped[Ally] = relationship(lazy="raise_on_sql")
