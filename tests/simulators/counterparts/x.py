"""X's counterpart: our simulator of it."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType

from content_calendar import clock
from tests.simulators.counterpart import Fault, Guest
from tests.simulators.x_server import XServer, running

# In the simulator's own words.
_KINDS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.LOST_REQUEST: "lost_request",
        Fault.LOST_ANSWER: "lost_answer",
        Fault.ERROR_BEFORE: "5xx_before",
        Fault.ERROR_AFTER: "5xx_after",
        Fault.BUSY: "rate_limit",
        Fault.DELAYED: "delayed",
        Fault.DUPLICATE: "duplicate",
        Fault.REVOKED: "401",
        Fault.STRANGE: "errors_only",
    }
)
_RESET_SECONDS = 2


@dataclass
class XCounterpart:
    """Each guest is a user of the simulator, known by its keys."""

    url: str
    server: XServer
    faults: frozenset[Fault] = frozenset(_KINDS)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1001))

    def guest(self) -> Guest:
        number = str(next(self._numbers))
        self.server.user(number, username=f"cuenta{number}")
        secrets = {
            "consumer_key": "clave",
            "consumer_secret": "secreto",
            "access_token": f"{number}-ficha",
            "access_token_secret": "secreto-de-la-ficha",
        }
        return Guest(f"cuenta{number}", number, secrets)

    def published(self, guest: Guest) -> list[str]:
        return [post["text"] for post in self.server.posts() if post["user"] == guest.remote_id]

    def fail(self, *faults: Fault) -> None:
        for fault in faults:
            self.server.fault(_KINDS[fault])

    def settle(self) -> None:
        self.server.settle()


@contextmanager
def counterpart() -> Iterator[XCounterpart]:
    with running(lambda: clock.now().timestamp()) as server:
        server.set(reset=_RESET_SECONDS)
        yield XCounterpart(server.url, server)
