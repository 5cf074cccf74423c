"""What proves that somebody is who they say, beside a password: codes, passkeys, recovery codes, links by mail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Moment, Word, new_ref


class TimeCode(Base):
    """The secret of a person's code application, sealed; it counts once a code of it was shown."""

    __tablename__ = "time_code"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    # The last span of thirty seconds of which a code was taken: each is taken once.
    last_step: Mapped[int] = mapped_column(default=0)


class Passkey(Base):
    """A passkey: the browser or device keeps the private half, this row the public one."""

    __tablename__ = "passkey"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # base64url of at most 1,023 bytes (WebAuthn, level 2, §4).
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)


class RecoveryCode(Base):
    """One of the codes for the day a person's second factor is lost: its hash, used once."""

    __tablename__ = "recovery_code"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class DoorLetterKind(StrEnum):
    """What a letter about one's access says."""

    ENTER = "enter"
    INVITE = "invite"
    FACTOR_RESET = "factor_reset"
    # The password or the second factor was changed, by whoever was in.
    CHANGED = "changed"


class DoorLetter(Base):
    """A letter about somebody's access, and the link in it: made when it is mailed, kept as its hash, used once."""

    __tablename__ = "door_letter"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[DoorLetterKind] = mapped_column(Word(DoorLetterKind))
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    # Mailed at that moment or later; nothing once it went out or was given up.
    mail_at: Mapped[datetime | None] = mapped_column(Moment, index=True, default=now)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
