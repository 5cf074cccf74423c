"""What belongs to a review: who looked, who said yes at which step, what was said about the text, who is asked."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, new_ref
from content_calendar.models.people import Person


class CampaignReviewer(Base):
    """Somebody whose yes a campaign asks for at one step; a step without any takes anybody's who may give it."""

    __tablename__ = "campaign_reviewer"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class ReviewSignature(Base):
    """One person's yes to the version of a review. Nobody gives two: a second step is a second person."""

    __tablename__ = "review_signature"
    __table_args__ = (UniqueConstraint("review_id", "person_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    step: Mapped[int]
    signed_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ReviewView(Base):
    """That somebody opened the page of a review: only what one has seen can be approved with others at once."""

    __tablename__ = "review_view"
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ReviewLink(Base):
    """A link mailed to one reviewer: it opens one review, which is of one version. Its token is kept as a hash."""

    __tablename__ = "review_link"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class ReviewComment(Base):
    """Something said about the text of a review; ``quote`` are the words it is about, empty for the whole."""

    __tablename__ = "review_comment"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    quote: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(Moment, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id], lazy="raise_on_sql")
