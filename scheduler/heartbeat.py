"""Heartbeats: each worker's sign of life, and which of them are silent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from content_calendar import clock
from scheduler.models import Heartbeat

EVERY = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=60)
# A worker that was silent this long is a thing of the past: no screen needs to tell of it.
FORGOTTEN_AFTER = timedelta(days=7)


def running_version() -> str:
    """Return the version that runs, empty when it is not installed."""
    try:
        return version("resuena")
    except PackageNotFoundError:
        return ""


def beat(session: Session, worker: str, started_at: datetime) -> None:
    """Write that the worker lives."""
    at = clock.db_now(session)
    found = session.get(Heartbeat, worker)
    if found is None:
        found = Heartbeat(worker=worker, started_at=started_at, version=running_version())
        session.add(found)
    found.beat_at = at
    session.flush()


def farewell(session: Session, worker: str) -> None:
    """Write that the worker ends in good order; forget those of long ago."""
    at = clock.db_now(session)
    session.execute(delete(Heartbeat).where(Heartbeat.beat_at < at - FORGOTTEN_AFTER))
    session.execute(update(Heartbeat).where(Heartbeat.worker == worker).values(beat_at=at, ended_at=at))


def silent(session: Session) -> Sequence[Heartbeat]:
    """Return the workers that ended without a farewell, the longest silent first."""
    at = clock.db_now(session)
    return session.scalars(
        select(Heartbeat)
        .where(
            Heartbeat.ended_at.is_(None),
            Heartbeat.beat_at < at - SILENT_AFTER,
            Heartbeat.beat_at > at - FORGOTTEN_AFTER,
        )
        .order_by(Heartbeat.beat_at)
    ).all()


def alive(session: Session) -> Sequence[Heartbeat]:
    """Return the workers that give signs of life."""
    at = clock.db_now(session)
    return session.scalars(
        select(Heartbeat)
        .where(Heartbeat.ended_at.is_(None), Heartbeat.beat_at >= at - SILENT_AFTER)
        .order_by(Heartbeat.worker)
    ).all()


def last_beat(session: Session, *, but: str = "") -> datetime | None:
    """Return the newest sign of life of any worker but one, None when there is none."""
    return session.execute(select(func.max(Heartbeat.beat_at)).where(Heartbeat.worker != but)).scalar()
