"""Blanks: the DOCX that a coordinator uploads for an edition, which each state's partial report fills in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, new_ref
from content_calendar.models.people import Person


class ReportBlank(Base):
    """A blank of an edition, by the hash of its bytes; the newest one that was not taken away counts.

    A row is never deleted: reports that were made from it keep its hash, and are made again to the same byte.
    """

    __tablename__ = "report_blank"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    filename: Mapped[str] = mapped_column(String(200))
    # The names of the places that it has, in their order.
    places: Mapped[list[str]] = mapped_column(Json, default=list)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    added_by: Mapped[Person] = relationship(lazy="raise_on_sql")
