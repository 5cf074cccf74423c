"""Alarms that ring when their time comes.

One thread for all of them: a thread for each costs more than the call that it guards.

They guard lines that are really open, so the time that counts is this machine's, also where the rest of the
process lives in a simulated one.
"""

import logging
import threading
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from content_calendar import clock

_log = logging.getLogger(__name__)


class Alarm:
    """Something that is done at its moment, unless it is cancelled before."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring: Callable[[], None] | None = ring
        self._one_at_a_time = threading.Lock()

    def cancel(self) -> None:
        """Let it not ring any more; one that is ringing right now ends first."""
        with self._one_at_a_time:
            self._ring = None

    def go_off(self) -> None:
        """Ring, once."""
        with self._one_at_a_time:
            ring, self._ring = self._ring, None
            if ring is None:
                return
            try:
                ring()
            except Exception:  # noqa: BLE001 -- one alarm must not silence the others
                _log.exception("an alarm could not do what it was set for")


class Alarms:
    """Rings alarms, in a thread that begins with the first one; what they do must be quick."""

    def __init__(self, monotonic: Callable[[], float] = clock.monotonic) -> None:
        self._monotonic = monotonic
        self._due: list[tuple[float, int, Alarm]] = []
        self._numbers = count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, ring: Callable[[], None]) -> Alarm:
        """Set an alarm."""
        alarm = Alarm(ring)
        with self._changed:
            # In a process that was forked off the thread is gone.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="alarms", daemon=True)
                self._thread.start()
            heappush(self._due, (self._monotonic() + seconds, next(self._numbers), alarm))
            if self._due[0][2] is alarm:
                self._changed.notify()
        return alarm

    def _watch(self) -> None:
        while True:
            self._next().go_off()

    def _next(self) -> Alarm:
        with self._changed:
            while True:
                left = self._due[0][0] - self._monotonic() if self._due else None
                if left is not None and left <= 0:
                    return heappop(self._due)[2]
                self._changed.wait(left)


ALARMS = Alarms()
"""The process's own."""
