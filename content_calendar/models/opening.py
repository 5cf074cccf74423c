"""What of the public portal an administrator closed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Moment


class ClosedPart(Base):
    """A part of the portal that is closed: all of it, or one set of open data. What has no row is open."""

    __tablename__ = "closed_part"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime] = mapped_column(Moment, default=now)
