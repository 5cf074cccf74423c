"""Facebook's counterpart: our simulator of a Page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.simulators.counterpart import Fault, Guest
from tests.simulators.facebook_routes import facebook
from tests.simulators.graph_server import GraphServer


@dataclass
class FacebookCounterpart:
    """Each guest is a Page, opened by its own token; faults bear the same names there."""

    url: str
    server: GraphServer
    faults: frozenset[Fault] = frozenset(Fault)

    def guest(self) -> Guest:
        with self.server.state.lock:
            page = self.server.state.add_page(f"pagina{len(self.server.state.pages)}")
        return Guest(page.username, page.id, {"access_token": page.token})

    def published(self, guest: Guest) -> list[str]:
        return self.server.texts(guest.remote_id)

    def fail(self, *faults: Fault) -> None:
        self.server.fail(*faults)

    def settle(self) -> None:
        with self.server.state.lock:
            self.server.state.settle()


@contextmanager
def counterpart() -> Iterator[FacebookCounterpart]:
    with facebook() as server:
        yield FacebookCounterpart(server.url, server)
