"""Collections of materials, the captions of videos, and uploads that are on their way."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, new_ref

__all__ = ["Captions", "Collection", "CollectionItem", "Upload", "UploadBatch"]


class Collection(Base):
    """Materials that belong together, such as a tool-box or a contest; a shelf of the gallery."""

    __tablename__ = "asset_collection"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    # What a planted one is known by, whatever it is called later; none for those that people make.
    planted_as: Mapped[str | None] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(default="")
    # The document that names it.
    source: Mapped[str] = mapped_column(default="")
    place: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)


class CollectionItem(Base):
    """One material's place in one collection."""

    __tablename__ = "asset_collection_item"
    collection_id: Mapped[int] = mapped_column(ForeignKey("asset_collection.id"), primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True, index=True)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Captions(Base):
    """What is said in a video, as WebVTT made by us; ``language`` is that of the captions."""

    __tablename__ = "asset_captions"
    __table_args__ = (UniqueConstraint("asset_id", "language"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    language: Mapped[str] = mapped_column(String(20), default="es")
    vtt: Mapped[str]
    cues: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class UploadBatch(Base):
    """What is said once of many files that are uploaded together; ``label`` holds the fields of a Label."""

    __tablename__ = "asset_upload_batch"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[Any] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Upload(Base):
    """A file that comes in pieces; ``held`` of its ``size`` bytes are here. Swept a day after its last piece.

    ``refused`` is the code of why it was not taken in, ``asset_id`` what it became.
    """

    __tablename__ = "asset_upload"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    batch_id: Mapped[int] = mapped_column(ForeignKey("asset_upload_batch.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    held: Mapped[int] = mapped_column(BigInteger, default=0)
    alt_text: Mapped[str] = mapped_column(default="")
    refused: Mapped[str] = mapped_column(String(60), default="")
    refused_params: Mapped[Any] = mapped_column(Json, default=dict)
    duplicate: Mapped[bool] = mapped_column(default=False)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    touched_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
