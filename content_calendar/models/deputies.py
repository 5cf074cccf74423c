"""Who stands in for a body's liaison."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment
from content_calendar.models.people import Membership


class Deputy(Base):
    """That a liaison's membership is a deputy's; its days are the membership's own."""

    __tablename__ = "deputy"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), unique=True)
    named_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # Set when somebody ended it before its day, with the day that stood there: what undoing brings back.
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    until_before: Mapped[date | None]

    membership: Mapped[Membership] = relationship(lazy="raise_on_sql")
