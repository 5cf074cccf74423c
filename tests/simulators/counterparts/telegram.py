"""Telegram's counterpart: our simulator of its Bot API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.simulators.api_server import Server
from tests.simulators.counterpart import Fault, Guest
from tests.simulators.telegram_server import Telegram, running


@dataclass
class TelegramCounterpart:
    """Each guest is a channel with a bot of its own."""

    server: Server
    telegram: Telegram
    faults: frozenset[Fault] = frozenset(Fault) - {Fault.DUPLICATE}

    @property
    def url(self) -> str:
        return self.server.url

    def guest(self) -> Guest:
        with self.server.lock:
            made = self.telegram.channel(f"canal_{len(self.telegram.channels) + 1}")
        return Guest(made.username, str(made.number), {"bot_token": made.token})

    def published(self, guest: Guest) -> list[str]:
        with self.server.lock:
            found = next(one for one in self.telegram.channels if str(one.number) == guest.remote_id)
            # The pictures of an album are messages of their own; the first one bears its text.
            texts = [str(one.get("text") or one.get("caption") or "") for one in found.messages]
        return [text for text in texts if text]

    def fail(self, *faults: Fault) -> None:
        self.server.fail(*faults)

    def settle(self) -> None:
        self.server.settle()


@contextmanager
def counterpart() -> Iterator[TelegramCounterpart]:
    with running() as (server, telegram):
        yield TelegramCounterpart(server, telegram)
