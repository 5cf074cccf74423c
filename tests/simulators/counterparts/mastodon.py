"""Mastodon's counterpart: another server of its API, behind a proxy that loses and delays what no server does."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from content_calendar import clock
from scheduler.dialects.federated_text import text_of
from scheduler.wire import Call, carry_out
from tests.counterparts.mastodon_mock import MastodonServer, running
from tests.simulators.counterpart import Fault, Guest
from tests.simulators.losing_proxy import Canned, LosingProxy, losing_proxy

_PUBLISHES = "POST /api/v1/statuses"
_PAGE = 40
_JSON = ("Content-Type", "application/json")
_RESET = timedelta(seconds=2)


def _said(status: int, body: bytes, *headers: tuple[str, str], after: bool = False) -> Canned:
    return Canned(status, body, (_JSON, *headers), after=after)


def _busy() -> Canned:
    # https://docs.joinmastodon.org/api/rate-limits/
    reset = ("X-RateLimit-Reset", (clock.now() + _RESET).isoformat())
    return _said(429, b'{"error":"Too many requests"}', reset)


_ANSWERS: Mapping[Fault, Callable[[], Canned]] = MappingProxyType(
    {
        Fault.LOST_REQUEST: lambda: Canned(after=False),
        Fault.LOST_ANSWER: Canned,
        Fault.ERROR_BEFORE: lambda: _said(500, b'{"error":"Something went wrong"}'),
        Fault.ERROR_AFTER: lambda: _said(500, b'{"error":"Something went wrong"}', after=True),
        Fault.BUSY: _busy,
        Fault.DELAYED: lambda: Canned(later=True),
        # https://docs.joinmastodon.org/methods/statuses/#create
        Fault.REVOKED: lambda: _said(401, b'{"error":"The access token was revoked"}'),
        Fault.STRANGE: lambda: Canned(200, b"<html>Bienvenida a la red del hotel</html>"),
    }
)


@dataclass
class MastodonCounterpart:
    """Each guest is an account of the server with a token of its own."""

    url: str
    server: MastodonServer
    proxy: LosingProxy
    faults: frozenset[Fault] = frozenset(_ANSWERS)

    def guest(self) -> Guest:
        made = self.server.ask("POST", "/api/v1/_mock/dev_user", json={})
        secrets = {"server": self.url, "access_token": str(made["access_token"])}
        return Guest(f"{made['username']}@{self.server.domain}", str(made["id"]), secrets)

    def published(self, guest: Guest) -> list[str]:
        headers = {"Authorization": f"Bearer {guest.secrets['access_token']}"}
        route = f"{self.server.url}/api/v1/accounts/{guest.remote_id}/statuses"
        params, found = {"limit": str(_PAGE)}, []
        while page := carry_out(Call("GET", route, params=params, headers=headers)).json():
            found += page
            params = {**params, "max_id": page[-1]["id"]}
        return [text_of(str(post["content"])) for post in reversed(found)]

    def fail(self, *faults: Fault) -> None:
        for fault in faults:
            self.proxy.spoil(_PUBLISHES, _ANSWERS[fault]())

    def settle(self) -> None:
        self.proxy.settle()


@contextmanager
def counterpart() -> Iterator[MastodonCounterpart]:
    with running() as server, losing_proxy(server.url) as proxy:
        yield MastodonCounterpart(proxy.url, server, proxy)
