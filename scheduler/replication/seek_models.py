"""Tables of finding: when to look who took what up, what was seen of it, and what happened off line."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assets.models import EvidenceFile
from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref


class _Look:
    """When to look next, None for never any more, and how the last look ended."""

    next_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    looks: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    # How many replications, or notes, it brought so far.
    found: Mapped[int] = mapped_column(default=0)
    said_code: Mapped[str] = mapped_column(String(60), default="")


class PublicationSeek(_Look, Base):
    """Looking who reposted and quoted a publication, at growing ages."""

    __tablename__ = "publication_seek"
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)


class AccountSeek(_Look, Base):
    """Looking what an account of the directory did on its network; ``read_until`` is how far it was read."""

    __tablename__ = "account_seek"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    read_until: Mapped[datetime | None] = mapped_column(Moment)


class EvidenceSort(StrEnum):
    """What was seen."""

    # A note of the wire.
    NOTE = "note"
    # What a network told.
    REMOTE = "remote"
    # A person's word, with its link or its words.
    DECLARED = "declared"
    FILE = "file"


class ReplicationEvidence(Base):
    """What was seen of a replication, as it was then: written once, never changed. Another text is another row."""

    __tablename__ = "replication_evidence"
    __table_args__ = (UniqueConstraint("replication_id", "digest"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    replication_id: Mapped[int] = mapped_column(ForeignKey("replication.id"))
    sort: Mapped[EvidenceSort] = mapped_column(Word(EvidenceSort))
    # Hash of all of the row that was seen: the same seen twice is one row.
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text, default="")
    # SHA-256 of the text, empty without one: whoever has a copy can compare.
    text_hash: Mapped[str] = mapped_column(String(64), default="")
    link: Mapped[str] = mapped_column(Text, default="")
    # What names the content of its picture, where the network says it.
    picture_hash: Mapped[str] = mapped_column(String(100), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_file.id"), index=True)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)

    file: Mapped[EvidenceFile | None] = relationship(lazy="raise_on_sql")


class OfflineForm(StrEnum):
    """Where something was taken up off line."""

    RADIO = "radio"
    PRINT = "print"
    SESSION = "session"
    MURAL = "mural"
    WHATSAPP = "whatsapp"
    OTHER = "other"


class OfflineEcho(Base):
    """What a person says of a replication off line. ``reach`` is their word, always shown as declared."""

    __tablename__ = "offline_echo"
    __table_args__ = (Index("ix_offline_echo_form", "form"),)
    replication_id: Mapped[int] = mapped_column(ForeignKey("replication.id"), primary_key=True)
    form: Mapped[OfflineForm] = mapped_column(Word(OfflineForm))
    place: Mapped[str] = mapped_column(String(200), default="")
    happened_on: Mapped[date]
    reach: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
