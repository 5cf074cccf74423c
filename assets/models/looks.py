"""How pictures look, as a small grey copy of each."""

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.db import Base, Id

__all__ = ["PictureLook"]


class PictureLook(Base):
    """The look of one picture that is served, or was made from one; ``asset_id`` is its material.

    ``grey`` is packed, and empty where the picture cannot be read any more.
    """

    __tablename__ = "picture_look"
    __table_args__ = (UniqueConstraint("asset_id", "picture"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    # The SHA-256 of the picture; not called so, because it keeps no file from being swept.
    picture: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    grey: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
