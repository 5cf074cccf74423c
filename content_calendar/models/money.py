"""What networks charge, and the most that may be spent on them. Money is in whole thousandths of a dollar."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment


class Charge(Base):
    """Something that a network charged: a post, a read. Written once, when it happened or may have."""

    __tablename__ = "charge"
    __table_args__ = (Index("ix_charge_network_at", "network", "at"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    network: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"), index=True)
    part: Mapped[int] = mapped_column(default=1)
    what: Mapped[str] = mapped_column(String(40))
    # Thousandths of a US dollar.
    mills: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class Ceiling(Base):
    """The most that may be spent on a network in a calendar month of the commission's zone."""

    __tablename__ = "ceiling"
    network: Mapped[str] = mapped_column(String(40), primary_key=True)
    mills: Mapped[int] = mapped_column(BigInteger)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Moment, default=now)
