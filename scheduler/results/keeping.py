"""Figures that take long to work out are kept while they are true, and for a moment longer."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final, Generic, TypeVar

from content_calendar import clock

T = TypeVar("T")
# What took a second to work out stands for twenty, though something changed: no more than a twentieth of the
# processor goes into summaries, however often they are opened. What takes milliseconds is always as of now.
_TIMES_ITS_COST: Final = 20
# Even where nothing tells of a change.
_LONGEST_SECONDS: Final = 300.0
_MOST: Final = 64


@dataclass(frozen=True)
class Kept(Generic[T]):
    """A value with the moment that it is true of."""

    value: T
    as_of: datetime
    stamp: Hashable
    made: float
    cost: float

    def stands(self, stamp: Hashable) -> bool:
        """Return whether it may be shown still."""
        age = clock.monotonic() - self.made
        return age < _LONGEST_SECONDS if self.stamp == stamp else age < self.cost * _TIMES_ITS_COST


class Keeper(Generic[T]):
    """Keeps the last values that were asked for; safe among threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Kept[T]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, stamp: Hashable, work: Callable[[], T]) -> Kept[T]:
        """Return the value of ``key``, worked out anew when it stands no more."""
        with self._lock:
            found = self._kept.get(key)
        if found is not None and found.stands(stamp):
            return found
        as_of, begun = clock.now(), clock.monotonic()
        value = work()
        ended = clock.monotonic()
        made = Kept(value, as_of, stamp, ended, ended - begun)
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return made
