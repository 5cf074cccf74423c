"""Bluesky's counterpart: the network's own server, behind a proxy that loses and delays what no server does."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from content_calendar import clock
from scheduler.network import AccountAccess
from scheduler.networks.bluesky import Bluesky
from tests.counterparts.bluesky import BlueskyServer, running
from tests.simulators.counterpart import Fault, Guest
from tests.simulators.losing_proxy import Canned, LosingProxy, losing_proxy

_PUBLISHES = "POST /xrpc/com.atproto.repo.putRecord"
_JSON = ("Content-Type", "application/json")
_RESET_SECONDS = 2
# In the words of the server's own code (packages/pds).
_REVOKED = Canned(400, b'{"error":"ExpiredToken","message":"Token has been revoked"}', (_JSON,), after=False)


def _busy() -> Canned:
    reset = ("RateLimit-Reset", str(int(clock.now().timestamp()) + _RESET_SECONDS))
    return Canned(
        429, b'{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}', (_JSON, reset), after=False
    )


_ANSWERS: Mapping[Fault, Callable[[], Canned]] = MappingProxyType(
    {
        Fault.LOST_REQUEST: lambda: Canned(after=False),
        Fault.LOST_ANSWER: Canned,
        Fault.ERROR_BEFORE: lambda: Canned(500, b"Internal Server Error", after=False),
        Fault.ERROR_AFTER: lambda: Canned(500, b"Internal Server Error"),
        Fault.BUSY: _busy,
        Fault.DELAYED: lambda: Canned(later=True),
        Fault.REVOKED: lambda: _REVOKED,
        Fault.STRANGE: lambda: Canned(200, b"<html>Bienvenida a la red del hotel</html>"),
    }
)


@dataclass
class BlueskyCounterpart:
    """Each guest is an account of the server with an app password of its own."""

    url: str
    server: BlueskyServer
    proxy: LosingProxy
    faults: frozenset[Fault] = frozenset(_ANSWERS)

    def guest(self) -> Guest:
        made = self.server.account()
        given = {"server": self.url, "identifier": made.handle, "app_password": made.app_password}
        opened = Bluesky().check_keys(AccountAccess(made.handle, "", given, self.url))
        return Guest(made.handle, made.did, opened.secrets)

    def published(self, guest: Guest) -> list[str]:
        return [str(record["value"]["text"]) for record in self.server.records(guest.remote_id)]

    def fail(self, *faults: Fault) -> None:
        for fault in faults:
            self.proxy.spoil(_PUBLISHES, _ANSWERS[fault]())

    def settle(self) -> None:
        self.proxy.settle()


@contextmanager
def counterpart() -> Iterator[BlueskyCounterpart]:
    with running() as server, losing_proxy(server.url) as proxy:
        yield BlueskyCounterpart(proxy.url, server, proxy)
