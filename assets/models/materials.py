"""Materials, their versions, and where each was used."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assets.clearance import ConsentBy, ConsentFacts, People, Scope
from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref

__all__ = ["Asset", "AssetKind", "AssetUse", "AssetVersion", "Consent", "ConsentBy", "People", "UseKind"]


class AssetKind(StrEnum):
    """What a material is."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    PDF = "pdf"
    TEMPLATE = "template"
    LOGO = "logo"
    TEXT = "text"


class Asset(Base):
    """A material of the tool-box."""

    __tablename__ = "asset"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    kind: Mapped[AssetKind] = mapped_column(Word(AssetKind))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(default="")
    alt_text: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(20), default="es")
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    # Set for a body's own logo and for what a body gave.
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    people: Mapped[People] = mapped_column(Word(People), default=People.UNSAID)
    author: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    # What there is to copy of a text; empty for everything else.
    text: Mapped[str] = mapped_column(default="")
    embargo_until: Mapped[datetime | None] = mapped_column(Moment)
    expires_on: Mapped[date | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Its words without accents or capitals, so that both databases find the same.
    search: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)

    versions: Mapped[list["AssetVersion"]] = relationship(
        order_by="AssetVersion.n", back_populates="asset", lazy="raise_on_sql"
    )


class AssetVersion(Base):
    """The bytes of a material at one time. ``sha256`` is what is served; the original is kept apart.

    ``media_type``, ``size``, ``width`` and ``height`` are those of what is served.
    """

    __tablename__ = "asset_version"
    __table_args__ = (UniqueConstraint("asset_id", "n"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    n: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    original_sha256: Mapped[str] = mapped_column(String(64), index=True)
    # A small picture for lists, of the same media type; empty when there is none.
    thumbnail_sha256: Mapped[str] = mapped_column(String(64), default="")
    filename: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    # Of a video or a sound, in thousandths of a second.
    duration_ms: Mapped[int | None]
    change: Mapped[str] = mapped_column(default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    asset: Mapped[Asset] = relationship(back_populates="versions", lazy="raise_on_sql")


class Consent(Base):
    """A written consent of people whom a material shows; its file is kept, and never served to the public."""

    __tablename__ = "consent"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    by: Mapped[ConsentBy] = mapped_column(Word(ConsentBy))
    # Who is shown, in as few words as tell; a personal datum that erasing a person removes.
    whom: Mapped[str] = mapped_column(String(200), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    # The last day on which it holds, in the zone of whoever publishes; empty when it does not end.
    ends_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    # What it lets the material be used for. Those written down before this was asked cover all.
    for_networks: Mapped[bool] = mapped_column(default=True)
    for_print: Mapped[bool] = mapped_column(default=True)
    for_radio: Mapped[bool] = mapped_column(default=True)
    # When ``whom`` was erased at the person's request; a word that tells nothing then stands there.
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    @property
    def scopes(self) -> frozenset[Scope]:
        """Return what it lets the material be used for."""
        given = {Scope.NETWORKS: self.for_networks, Scope.PRINT: self.for_print, Scope.RADIO: self.for_radio}
        return frozenset(scope for scope, covered in given.items() if covered)

    @property
    def facts(self) -> ConsentFacts:
        """Return what of it bears on the use of the material."""
        return ConsentFacts(
            self.by, self.whom, self.ends_on, withdrawn=self.withdrawn_at is not None, scopes=self.scopes
        )


class UseKind(StrEnum):
    """How a material was used."""

    COMPOSED = "composed"
    PUBLISHED = "published"
    DOWNLOADED = "downloaded"


class AssetUse(Base):
    """Where a material was used: in a post, in a publication, pulled by a body."""

    __tablename__ = "asset_use"
    __table_args__ = (Index("ix_asset_use_asset_id_at", "asset_id", "at"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    version: Mapped[int]
    kind: Mapped[UseKind] = mapped_column(Word(UseKind))
    # In which format it was pulled; empty for the material as it is.
    format: Mapped[str] = mapped_column(String(40), default="")
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"), index=True)
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
