"""Threads' counterpart: our simulator of it, which is not verified live."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from content_calendar import clock
from tests.simulators.counterpart import Fault, Guest
from tests.simulators.threads_server import ThreadsServer, running


@dataclass
class ThreadsCounterpart:
    """Each guest is an account of its own."""

    url: str
    server: ThreadsServer
    # Nothing says that it minds equal texts.
    faults: frozenset[Fault] = frozenset(Fault) - {Fault.DUPLICATE}
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(17_841_400_001))

    def guest(self) -> Guest:
        number = str(next(self._numbers))
        token = f"ficha-{number}"
        self.server.user(number, f"organismo.{number}", token)
        return Guest(f"organismo.{number}", number, {"access_token": token})

    def published(self, guest: Guest) -> list[str]:
        return [post.text for post in self.server.own(guest.remote_id)]

    def fail(self, *faults: Fault) -> None:
        self.server.fail(*faults)

    def settle(self) -> None:
        self.server.settle()


@contextmanager
def counterpart() -> Iterator[ThreadsCounterpart]:
    with running(lambda: clock.now().timestamp()) as server:
        yield ThreadsCounterpart(server.url, server)
