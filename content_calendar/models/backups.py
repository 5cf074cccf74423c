"""The backups that were made, and the public half of the key that seals them; the other half is never kept here."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref


class RunStage(StrEnum):
    """How far a backup is; one that is done was opened again and restored on trial."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class BackupKey(Base):
    """The public half of a recovery key: enough to seal, not to open. The one not retired seals."""

    __tablename__ = "backup_key"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    recipient: Mapped[str] = mapped_column(String(120), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    made_by_ref: Mapped[str] = mapped_column(String(12), default="")
    # When somebody last showed that they still have the other half.
    shown_at: Mapped[datetime | None] = mapped_column(Moment)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)


class BackupRun(Base):
    """One backup that was begun: when, what came of it, under which name it lies."""

    __tablename__ = "backup_run"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    stage: Mapped[RunStage] = mapped_column(Word(RunStage), default=RunStage.RUNNING)
    # Empty when the clock asked for it.
    asked_by_ref: Mapped[str] = mapped_column(String(12), default="")
    started_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(String(80), default="")
    # Of the file, in bytes.
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    # Files of materials that the installation has, and how many of them were copied this time.
    materials: Mapped[int] = mapped_column(default=0)
    copied: Mapped[int] = mapped_column(default=0)
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
