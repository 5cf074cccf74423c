"""The tables of results: each publication's figures at each age, in one row; and followers over time."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.db import Base, Id, Moment


class Result(Base):
    """The figures of one publication at one age; what its network does not give is empty, never zero.

    Made from the readings, and made anew from them at any time: a summary of thousands of publications would
    otherwise gather a dozen rows for each.
    """

    __tablename__ = "result"
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    window: Mapped[str] = mapped_column(String(8), primary_key=True)
    views: Mapped[int | None] = mapped_column(BigInteger)
    # What people did with it that every network counts alike.
    engagements: Mapped[int | None] = mapped_column(BigInteger)
    clicks: Mapped[int | None] = mapped_column(BigInteger)
    taken_at: Mapped[datetime] = mapped_column(Moment)


class Followers(Base):
    """How many followed an account on a day, as its network told it or a person wrote it down."""

    __tablename__ = "followers"
    __table_args__ = (UniqueConstraint("account_id", "on"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    on: Mapped[date]
    value: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(40))
