"""What was rearranged on the calendar at once, so that it can be put back."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref


class Rearranged(StrEnum):
    """What was done to several posts at once."""

    MOMENT = "moment"
    THEME = "theme"
    CAMPAIGN = "campaign"


class Rearrangement(Base):
    """An act on several posts: of each, how it stood before and after. Kept for some days, for its undoing."""

    __tablename__ = "rearrangement"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    what: Mapped[Rearranged] = mapped_column(Word(Rearranged))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # [post's reference, how it stood before, how it stood after] each.
    posts: Mapped[list[list[Any]]] = mapped_column(Json, default=list)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
