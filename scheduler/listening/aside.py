"""Calls that may never come back, made beside us by threads that are used again."""

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

Errand = Callable[[], None]


class Aside:
    """Makes calls in other threads: one that is idle, or a new one, so that a call that hangs holds up no other.

    No pool of the standard library: those have a most, which hanging calls would use up, and a process that ends
    waits for them.
    """

    def __init__(self) -> None:
        self._idle: SimpleQueue[SimpleQueue[Errand]] = SimpleQueue()

    def do(self, errand: Errand) -> None:
        """Make the call beside us; it must raise nothing."""
        with suppress(Empty):
            self._idle.get_nowait().put(errand)
            return
        inbox: SimpleQueue[Errand] = SimpleQueue()
        inbox.put(errand)
        threading.Thread(target=self._work, args=(inbox,), name="aside", daemon=True).start()

    def _work(self, inbox: SimpleQueue[Errand]) -> None:
        while True:
            inbox.get()()
            self._idle.put(inbox)


ASIDE = Aside()
"""The process's own."""
