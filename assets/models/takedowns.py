"""What bodies are asked to take down once a consent is withdrawn, and which body saw what on which day."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref

__all__ = ["BodyView", "SeenThing", "Takedown", "TakedownAnswer", "UsedAs"]
_OPEN = text("answered_at IS NULL AND closed_at IS NULL")


class UsedAs(StrEnum):
    """In what form a material was used."""

    PUBLICATION = "publication"  # sent to an account, or about to be
    POST = "post"  # stands in a post that has no publication yet
    DOWNLOAD = "download"  # pulled by a body, or by the commission itself
    REPLICA = "replica"  # a body took up a post that shows it


class TakedownAnswer(StrEnum):
    """What became of a use: taken down, never made, or out of reach."""

    DONE = "done"
    NOT_USED = "not_used"
    CANNOT = "cannot"


class Takedown(Base):
    """One use of a material that somebody was asked to end, because a consent was withdrawn."""

    __tablename__ = "takedown"
    __table_args__ = (
        # Asked once: to ask again, at every look, adds only the uses that have come since.
        UniqueConstraint("consent_id", "used_key"),
        Index("ix_takedown_open", "owner_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    # Whose use it is; empty for the commission's own staff.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"))
    used_as: Mapped[UsedAs] = mapped_column(Word(UsedAs))
    # Tells one use of the material from all others, such as "publication:12".
    used_key: Mapped[str] = mapped_column(String(100))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"), index=True)
    # Where it is, as far as known when asked; a publication's own link is read from its parts.
    link: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    answer: Mapped[TakedownAnswer | None] = mapped_column(Word(TakedownAnswer))
    note: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    # When those who keep the tool-box were told that nobody answers.
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    # The withdrawal was a mistake: nobody is asked any more.
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class SeenThing(StrEnum):
    """What a body saw; ``PACK`` is a post's pack, which it pulled, whether there are materials in it or texts alone."""

    POST = "post"
    ASSET = "asset"
    PACK = "pack"


class BodyView(Base):
    """Somebody who stands for a body opened a page, or pulled a pack, on a day; who it was is not kept."""

    __tablename__ = "body_view"
    __table_args__ = (UniqueConstraint("thing", "thing_id", "body_id", "seen_on"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    thing: Mapped[SeenThing] = mapped_column(Word(SeenThing))
    thing_id: Mapped[int] = mapped_column(BigInteger)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    # The day in UTC.
    seen_on: Mapped[date]
