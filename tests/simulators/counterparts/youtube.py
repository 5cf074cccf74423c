"""YouTube's counterpart: our simulator of its Data API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.simulators.api_server import Server
from tests.simulators.counterpart import Fault, Guest
from tests.simulators.youtube_server import YouTube, running


@dataclass
class YouTubeCounterpart:
    """Each guest is a channel with a token of its own."""

    server: Server
    youtube: YouTube
    faults: frozenset[Fault] = frozenset(Fault) - {Fault.DUPLICATE}

    @property
    def url(self) -> str:
        return self.server.url

    def guest(self) -> Guest:
        with self.server.lock:
            handle = f"canal{len(self.youtube.channels) + 1}"
            number, token = self.youtube.channel(handle)
        return Guest(handle, number, {"access_token": token, "refresh_token": "1//de-prueba"})

    def published(self, guest: Guest) -> list[str]:
        with self.server.lock:
            public = [
                one
                for one in self.youtube.videos.values()
                if one.channel == guest.remote_id and one.privacy == "public"
            ]
        public.sort(key=lambda one: one.public_at)
        return ["\n\n".join(filter(None, (one.title, one.description))) for one in public]

    def fail(self, *faults: Fault) -> None:
        self.server.fail(*faults)

    def settle(self) -> None:
        self.server.settle()


@contextmanager
def counterpart() -> Iterator[YouTubeCounterpart]:
    with running() as (server, youtube):
        youtube.polls = 0
        yield YouTubeCounterpart(server, youtube)
