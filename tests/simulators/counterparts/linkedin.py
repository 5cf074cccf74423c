"""LinkedIn's counterpart: our simulator of it, which is not verified live."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from content_calendar import clock
from tests.simulators.counterpart import Fault, Guest
from tests.simulators.linkedin_server import LinkedInServer, running


@dataclass
class LinkedInCounterpart:
    """Each guest is the page of an organisation."""

    url: str
    server: LinkedInServer
    faults: frozenset[Fault] = frozenset(Fault)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(5_515_701))

    def guest(self) -> Guest:
        number = str(next(self._numbers))
        token = f"ficha-{number}"
        self.server.page(number, f"organismo-{number}", token)
        return Guest(f"organismo-{number}", number, {"access_token": token})

    def published(self, guest: Guest) -> list[str]:
        return [post.text for post in self.server.own(guest.remote_id)]

    def fail(self, *faults: Fault) -> None:
        self.server.fail(*faults)

    def settle(self) -> None:
        self.server.settle()


@contextmanager
def counterpart() -> Iterator[LinkedInCounterpart]:
    with running(lambda: clock.now().timestamp()) as server:
        yield LinkedInCounterpart(server.url, server)
