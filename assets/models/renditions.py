"""Formats that were made of pictures, and where somebody said that a picture may be cut."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word


class Cut(StrEnum):
    """How a picture is brought into a format."""

    AUTO = "auto"
    CROP = "crop"
    WHOLE = "whole"


class AssetFraming(Base):
    """How one version of a picture is to be cut: the point that stays in sight, or none.

    ``across`` and ``down`` are thousandths of its width and height.
    """

    __tablename__ = "asset_framing"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("asset_version.id"), unique=True)
    cut: Mapped[Cut] = mapped_column(Word(Cut), default=Cut.AUTO)
    across: Mapped[int | None]
    down: Mapped[int | None]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Rendition(Base):
    """One format of one picture with one mark: kept, and made anew from the same key at any time.

    ``mark`` is the logo's SHA-256, that of a short name set in type, or empty for none. ``contrast`` is in
    hundredths. The files lie on the shelf of what is served.
    """

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("source_sha256", "format", "mark", "framing", "recipe"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source_sha256: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(40))
    mark: Mapped[str] = mapped_column(String(64), default="")
    framing: Mapped[str] = mapped_column(String(20))
    recipe: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    preview_sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    contrast: Mapped[int]
    plate: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
