"""Addresses of others' systems that are told what happens here; what happened; and each telling, until it is heard."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.directory import Body
from content_calendar.models.people import Person

_UNSPREAD = text("spread_at IS NULL")
_WAITING = text("stage = 'waiting'")


class EventKind(StrEnum):
    """What an address can be told of; the value stands in the message as its ``type``."""

    POST_APPROVED = "post.approved"
    POST_PUBLISHED = "post.published"
    REPLICATION_FOUND = "replication.found"
    MATERIAL_NEW = "material.new"
    REPORT_READY = "report.ready"
    TEST = "webhook.test"


class DeliveryStage(StrEnum):
    """Where one telling stands."""

    WAITING = "waiting"
    HEARD = "heard"
    GIVEN_UP = "given_up"


class Webhook(Base):
    """An address of a body, or of the commission (no body), with the secret that signs what it is told, sealed."""

    __tablename__ = "webhook"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(2000))
    # Kinds of events in words, a space between them.
    kinds: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str] = mapped_column(String(40))
    # Until then what is told is signed with the secret of before too.
    previous_until: Mapped[datetime | None] = mapped_column(Moment)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    # Since when nothing that was told has been heard; too long, and it is switched off.
    failing_since: Mapped[datetime | None] = mapped_column(Moment)
    off_at: Mapped[datetime | None] = mapped_column(Moment)
    off_code: Mapped[str] = mapped_column(String(60), default="")

    body: Mapped[Body | None] = relationship(lazy="raise_on_sql")
    made_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def hears(self) -> frozenset[EventKind]:
        """Return what it is told of."""
        known = set(EventKind)
        return frozenset(EventKind(word) for word in self.kinds.split() if word in known)


class WebhookEvent(Base):
    """Something that happened, written in the transaction in which it did; the worker tells it on."""

    __tablename__ = "webhook_event"
    __table_args__ = (
        # The same is told once, however often it is noticed.
        UniqueConstraint("kind", "happening"),
        Index("ix_webhook_event_unspread", "id", sqlite_where=_UNSPREAD, postgresql_where=_UNSPREAD),
        Index("ix_webhook_event_at", "at"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    kind: Mapped[EventKind] = mapped_column(Word(EventKind))
    happening: Mapped[str] = mapped_column(String(120))
    subject_ref: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    # For one address alone, such as a test.
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhook.id"), index=True)
    # What is told of it, put together when it is told on; the same however often it is sent.
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    spread_at: Mapped[datetime | None] = mapped_column(Moment)


class WebhookDelivery(Base):
    """One event for one address: told again, each time after a longer wait, until it is heard."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_delivery_due", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_event.id"), index=True)
    stage: Mapped[DeliveryStage] = mapped_column(Word(DeliveryStage), default=DeliveryStage.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # Somebody is telling it; one who died is not waited for longer than this.
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    tried_at: Mapped[datetime | None] = mapped_column(Moment)
    status: Mapped[int | None]
    # The beginning of what it answered, or why it could not be reached.
    answered: Mapped[str] = mapped_column(String(500), default="")
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    event: Mapped[WebhookEvent] = relationship(lazy="raise_on_sql")
    webhook: Mapped[Webhook] = relationship(lazy="raise_on_sql")
