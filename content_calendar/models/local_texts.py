"""A body's own text of a post: what it wrote, and of which version of ours it was made."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, new_ref
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostVersion


class LocalText(Base):
    """A post in the words of one body; of each there is one at most. It is only changed by its body."""

    __tablename__ = "local_text"
    __table_args__ = (UniqueConstraint("post_id", "body_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    # The number of its last text.
    n: Mapped[int] = mapped_column(default=1)
    text: Mapped[str] = mapped_column(Text)
    # The version of the post that it was made of, and the later one that the body saw and let be.
    version_id: Mapped[int] = mapped_column(ForeignKey("post_version.id"))
    kept_against_id: Mapped[int | None] = mapped_column(ForeignKey("post_version.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    post: Mapped[Post] = relationship(lazy="raise_on_sql")
    body: Mapped[Body] = relationship(lazy="raise_on_sql")
    version: Mapped[PostVersion] = relationship(foreign_keys=[version_id], lazy="raise_on_sql")
    changed_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class LocalTextSave(Base):
    """What a body's own text said once; every one is kept."""

    __tablename__ = "local_text_save"
    __table_args__ = (UniqueConstraint("local_text_id", "n"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    local_text_id: Mapped[int] = mapped_column(ForeignKey("local_text.id"))
    n: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    version_id: Mapped[int] = mapped_column(ForeignKey("post_version.id"))
    saved_at: Mapped[datetime] = mapped_column(Moment, default=now)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    saved_by: Mapped[Person] = relationship(lazy="raise_on_sql")
