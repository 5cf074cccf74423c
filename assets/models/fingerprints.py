"""How pictures look, in 64 bits each."""

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.db import Base, Id

__all__ = ["Fingerprint"]


class Fingerprint(Base):
    """The perceptual hash of one picture that is served, or was made from one; ``asset_id`` is its material."""

    __tablename__ = "fingerprint"
    __table_args__ = (UniqueConstraint("asset_id", "picture"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    # The SHA-256 of the picture; not called so, because it keeps no file from being swept.
    picture: Mapped[str] = mapped_column(String(64), index=True)
    # 64 bits, read as a number with its sign; empty where the picture cannot be read any more.
    bits: Mapped[int | None] = mapped_column(BigInteger)
