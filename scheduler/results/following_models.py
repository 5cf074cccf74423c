"""When each account's followers are looked at next, where its network tells them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.db import Base, Moment


class FollowerLook(Base):
    """The looks at one account's followers: when the next one is, and why the last one gave nothing."""

    __tablename__ = "follower_look"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(Moment, index=True)
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    said_code: Mapped[str] = mapped_column(String(60), default="")
