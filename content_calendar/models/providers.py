"""Signing in by an institution's own OpenID provider: whom it calls what, and sign-ins that are under way."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment


class ProviderIdentity(Base):
    """Who a person is at a provider: its issuer's address and the subject, which it never gives to anybody else."""

    __tablename__ = "provider_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("issuer", "person_id"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    # At most 255 ASCII characters (OpenID Connect Core 1.0, 2).
    subject: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_used_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ProviderEntry(Base):
    """A browser that was sent to the provider and has not come back; taken away when it does."""

    __tablename__ = "provider_entry"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # Hashes: of what stands in the address, and of what only the browser that began holds.
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(64))
    then: Mapped[str] = mapped_column(String(500), default="")
    # Set when somebody who is in proves again who they are.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
