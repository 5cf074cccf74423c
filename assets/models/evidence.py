"""Files that prove something and are no material: kept apart, shown only to those who may see what they prove."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, new_ref


class EvidenceFile(Base):
    """A screenshot, a photograph, a document or a recording, made anew without what its file tells of who made it."""

    __tablename__ = "evidence_file"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    # Empty where there is no small picture.
    thumbnail_sha256: Mapped[str] = mapped_column(String(64), default="")
    # Of the bytes as they came, which are not kept: the same file sent again is the same proof.
    original_hash: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    filename: Mapped[str] = mapped_column(String(200), default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
