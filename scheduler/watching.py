"""Watching for the three things after which nothing may leave by itself: a silence, a clock jump, a restore."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from content_calendar import catch_up, clock
from content_calendar.catch_up import Why
from content_calendar.epoch import Epoch, installation, is_restored
from scheduler import heartbeat, restored
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

LONGEST_SILENCE = timedelta(minutes=5)
LARGEST_JUMP = timedelta(seconds=60)


class Watch:
    """Looks before each claim, and remembers when it looked last, by both clocks."""

    def __init__(self, worker: Worker, reap: Callable[[Session], None]) -> None:
        self._worker = worker
        self._reap = reap
        self._wall: datetime | None = None
        self._monotonic = 0.0

    def look(self) -> None:
        """Reap, and enter catch-up if there is a reason to; raises nothing of its own."""
        wall, monotonic = clock.now(), clock.monotonic()
        seen = self._worker.epoch_file.read()
        with self._worker.database.transaction() as session:
            epoch = self._epoch_to_keep(session, seen)
            # In this transaction: what a silent worker only claimed is due again, and must wait like the rest.
            self._reap(session)
            why = self._why(session, wall, monotonic)
            if why is not None:
                held = catch_up.enter(session, why)
                if held:
                    logger.warning("catching up after %s: %s publications wait for a person", why, len(held))
        if epoch is not None:
            self._worker.epoch_file.keep(epoch)
        self._wall, self._monotonic = wall, monotonic

    def _epoch_to_keep(self, session: Session, seen: Epoch | None) -> Epoch | None:
        """Return the epoch that the file does not know yet; after a restore, a new one."""
        if self._seems_restored(session, seen):
            # Of several workers that begin at once, another may have written the file, and sent, since we read
            # it. The file first: of the two it may be behind the row, and never ahead.
            seen = self._worker.epoch_file.read()
            session.expire_all()
        if self._seems_restored(session, seen):
            logger.warning("the database is an older one that was restored: looking before sending")
            return restored.begin_again(session, renews=seen is not None)
        known = Epoch.read(installation(session).epoch)
        return None if known == seen else known

    def _seems_restored(self, session: Session, seen: Epoch | None) -> bool:
        return is_restored(session, seen, others_work=bool(heartbeat.alive(session)))

    def _why(self, session: Session, wall: datetime, monotonic: float) -> Why | None:
        if self._wall is None:
            return Why.SILENCE if self._was_silent(session, None) else None
        passed, lasted = wall - self._wall, timedelta(seconds=monotonic - self._monotonic)
        if abs(passed - lasted) > LARGEST_JUMP:
            return Why.CLOCK_JUMP
        if passed > LONGEST_SILENCE and self._was_silent(session, self._worker.name):
            return Why.SILENCE
        return None

    def _was_silent(self, session: Session, but: str | None) -> bool:
        """Tell whether no worker, or none but this one, gave a sign of life for long."""
        last = heartbeat.last_beat(session, but=but or "")
        if last is None:
            return but is not None
        return clock.db_now(session) - last > LONGEST_SILENCE
