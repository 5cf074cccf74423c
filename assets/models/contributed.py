"""The files that bodies give with what they contribute."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment


class ContributionFile(Base):
    """A material that a body gave with a contribution, and which version of it."""

    __tablename__ = "contribution_file"
    __table_args__ = (UniqueConstraint("contribution_id", "asset_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), index=True)
    version: Mapped[int]
    # Whether the tool-box had it before: then taking it off the contribution leaves it there.
    known_before: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
