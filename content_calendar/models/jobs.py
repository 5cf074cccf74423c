"""Background work that may be repeated (reports, mail, imports), and the installation's own row."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.clock import now
from content_calendar.db import Base, Id, Json, Moment, Word, new_ref

_WAITING = text("stage = 'waiting'")


class JobStage(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """A piece of work that happens at least once. Publishing is never one of these."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "unique_key"),
        Index("ix_job_waiting", "run_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    kind: Mapped[str] = mapped_column(String(60))
    # The same work asked twice is one job; empty when it may well be done twice.
    unique_key: Mapped[str | None] = mapped_column(String(120))
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    stage: Mapped[JobStage] = mapped_column(Word(JobStage), default=JobStage.WAITING)
    run_at: Mapped[datetime] = mapped_column(Moment, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    progress: Mapped[int] = mapped_column(default=0)
    said_code: Mapped[str] = mapped_column(String(60), default="")
    said_params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Installation(Base):
    """The installation's own row. Its epoch is also kept outside the database.

    When the two differ, the database is an older one that was restored and has forgotten what was
    sent since: ``catch_up_since`` is set and nothing leaves until what is past due was looked up.
    """

    __tablename__ = "installation"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    epoch: Mapped[str] = mapped_column(String(40))
    # The epoch before this one: a machine whose file still holds it has nothing more to tell.
    retired_epoch: Mapped[str] = mapped_column(String(40), default="")
    demo: Mapped[bool] = mapped_column(default=False)
    catch_up_since: Mapped[datetime | None] = mapped_column(Moment)
    catch_up_code: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
