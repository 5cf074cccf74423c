"""Personal tokens: with one, a program acts as the person who made it; and what it asked to have done once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, new_ref
from content_calendar.models.people import Person
from content_calendar.permissions import Permission


class PersonToken(Base):
    """A person's token: the program holds a random text, this row its hash. It opens less than the person may."""

    __tablename__ = "person_token"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    # Permissions in words, a space between them.
    scopes: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def opens(self) -> frozenset[Permission]:
        """Return what the token was made for; a word that is no permission any more opens nothing."""
        known = set(Permission)
        return frozenset(Permission(word) for word in self.scopes.split() if word in known)


class AskedOnce(Base):
    """What was answered to a creation that named itself (``Idempotency-Key``): the same again gets the same answer."""

    __tablename__ = "asked_once"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index("ix_asked_once_at", "at"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(200))
    # Of the method, the address and what was sent: the same key for something else is a mistake.
    asked_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    location: Mapped[str] = mapped_column(String(500), default="")
    etag: Mapped[str] = mapped_column(String(80), default="")
    answer: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment, default=now)
