"""The timetable: which ticks a worker makes, and how often. APScheduler is only its clock.

No job is stored, and none belongs to a post: the calendar's table is the queue.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler


@dataclass(frozen=True)
class Tick:
    """Something done again and again; one that still lasts is not begun a second time.

    ``stop`` shortens one that may last long: what it was at can be taken up again.
    """

    name: str
    every: timedelta
    act: Callable[[], object]
    stop: Callable[[], object] | None = None


class Timetable:
    """Runs ticks in threads of its own until it is stopped."""

    def __init__(self, ticks: list[Tick]) -> None:
        # That a long tick is skipped once more is how it is meant to be; an error in one is still told.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._stops = [tick.stop for tick in ticks if tick.stop is not None]
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(len(ticks))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for tick in ticks:
            self._scheduler.add_job(
                tick.act, "interval", seconds=tick.every.total_seconds(), id=tick.name, name=tick.name
            )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin no more ticks; those that last are waited for."""
        for stop in self._stops:
            stop()
        self._scheduler.shutdown(wait=True)
