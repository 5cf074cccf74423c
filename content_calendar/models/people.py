"""Who may do what: people, their memberships and sessions, and the audit of what they did."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.permissions import Role


class Awaits(StrEnum):
    """What a session still owes: the second factor, or to set one up."""

    FACTOR = "factor"
    SETUP = "setup"


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(default="")
    # Set while the password is one that somebody else chose.
    must_change_password: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(String(8), default="")
    zone: Mapped[str] = mapped_column(String(60), default="")
    # Whether what needs them is also mailed to them.
    wants_mail: Mapped[bool] = mapped_column(default=True)
    # No mail to them before then: one is on its way, or has just gone out.
    mail_free_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    left_at: Mapped[datetime | None] = mapped_column(Moment)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="person", lazy="raise_on_sql")


class Membership(Base):
    """A role with its scope: a body, a region, or all (both empty), from one day to another."""

    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="memberships", lazy="raise_on_sql")


class WebSession(Base):
    """A signed-in browser. The cookie holds a random token, this row its hash: ended here means out there."""

    __tablename__ = "web_session"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    agent: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    # Set while something is still owed before it opens anything.
    awaits: Mapped[Awaits | None] = mapped_column(Word(Awaits))
    # When the person last proved who they are; empty means when they entered.
    proved_at: Mapped[datetime | None] = mapped_column(Moment)
    # What a passkey is asked to sign, once.
    challenge: Mapped[str | None] = mapped_column(String(100))


class SignInAttempt(Base):
    """A try at signing in, kept to slow down guessing across processes and restarts."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # Hash of the e-mail or of the address: enough to count, not to read.
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    succeeded: Mapped[bool]


class AuditEvent(Base):
    """What was done, by whom, to what; written in the same transaction, never changed.

    It holds public references only, so that a person can be erased and the trail still stands.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_ref"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    # Empty when the software did it by itself.
    actor_ref: Mapped[str] = mapped_column(String(12), default="")
    act: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_ref: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
