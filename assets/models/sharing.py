"""Addresses and keys that open materials to somebody without an account: each stored as a hash, each revocable."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref

__all__ = ["KeyScope", "PackOf", "ShareLink", "ShareLinkDay", "ToolboxKey"]


class PackOf(StrEnum):
    """What a pack is made of."""

    POST = "post"
    THEME = "theme"
    BIMESTER = "bimester"
    MATERIAL = "material"
    # A week's for the allied facilitators: it has pages of its own, and is shared by no other link.
    WEEK = "week"


class ShareLink(Base):
    """An address that shows one pack to whoever has it, until it expires or is revoked."""

    __tablename__ = "share_link"
    __table_args__ = (Index("ix_share_link_subject", "of", "subject"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    of: Mapped[PackOf] = mapped_column(Word(PackOf))
    # A public reference, or a bimester such as "2026-6".
    subject: Mapped[str] = mapped_column(String(12))
    # Whose logo the pictures carry and whose day it is; empty for the commission's own.
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class ShareLinkDay(Base):
    """How often a link was opened and downloaded on one day (UTC): figures, and nobody behind them."""

    __tablename__ = "share_link_day"
    __table_args__ = (UniqueConstraint("link_id", "on"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("share_link.id"))
    on: Mapped[date]
    opened: Mapped[int] = mapped_column(default=0)
    pulled: Mapped[int] = mapped_column(default=0)


class KeyScope(StrEnum):
    """What a key opens. A feed's address holds its key, so that nothing else is opened by it."""

    MATERIALS = "materials"
    TEXTS = "texts"
    FEED = "feed"
    WIRE = "wire"
    # The only one that writes: the body's own word that it took a post up.
    REPLICAS = "replicas"


class ToolboxKey(Base):
    """A key with which a body's own site reads the tool-box: of one body, for some things, until revoked."""

    __tablename__ = "toolbox_key"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    # The words of KeyScope, one after the other.
    scopes: Mapped[str] = mapped_column(String(120))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def opens(self) -> frozenset[KeyScope]:
        """Return what it opens."""
        return frozenset(KeyScope(word) for word in self.scopes.split())
