"""Sheets of figures that a person brought: read and waiting, or taken in."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref
from content_calendar.models.exchange import ImportStage


class FigureKind(StrEnum):
    """What a sheet tells: how publications were received, or how many follow accounts."""

    READINGS = "readings"
    FOLLOWERS = "followers"


class FigureImport(Base):
    """A sheet of a network's own figures, as it was read; what it became can be taken back."""

    __tablename__ = "figure_import"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    kind: Mapped[FigureKind] = mapped_column(Word(FigureKind))
    filename: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    stage: Mapped[ImportStage] = mapped_column(Word(ImportStage), default=ImportStage.WAITING)
    # The day on which the network told the figures; empty where each row says its own.
    as_of: Mapped[date | None]
    # The age that the figures are of; empty: what each publication had reached on that day.
    window: Mapped[str] = mapped_column(String(8), default="")
    headings: Mapped[list[str]] = mapped_column(Json, default=list)
    # What each column tells, in their order; empty: it is not read.
    columns: Mapped[list[str]] = mapped_column(Json, default=list)
    # [[row's number in the sheet, [cells]], …]; emptied once it is over.
    cells: Mapped[list[Any]] = mapped_column(Json, default=list)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def source(self) -> str:
        """Return what the rows that it wrote bear as their source."""
        return f"{IMPORTED}{self.ref}"


IMPORTED = "import:"
"""How the source of a figure begins that a person brought as a sheet."""
