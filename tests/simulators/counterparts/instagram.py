"""Instagram's counterpart: our simulator of a professional account."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.simulators.counterpart import Fault, Guest
from tests.simulators.graph_server import GraphServer
from tests.simulators.instagram_routes import instagram


@dataclass
class InstagramCounterpart:
    """Each guest is an account that hangs from a Page of its own; it refuses no equal texts."""

    url: str
    server: GraphServer
    faults: frozenset[Fault] = frozenset(Fault) - {Fault.DUPLICATE}

    def guest(self) -> Guest:
        with self.server.state.lock:
            name = f"cuenta{len(self.server.state.pages)}"
            page = self.server.state.add_page(f"pagina.{name}", account=name)
        assert page.account is not None
        return Guest(name, page.account[0], {"access_token": page.token})

    def published(self, guest: Guest) -> list[str]:
        return self.server.texts(guest.remote_id)

    def fail(self, *faults: Fault) -> None:
        self.server.fail(*faults)

    def settle(self) -> None:
        with self.server.state.lock:
            self.server.state.settle()


@contextmanager
def counterpart() -> Iterator[InstagramCounterpart]:
    with instagram() as server:
        server.state.most_a_day = 10_000
        yield InstagramCounterpart(server.url, server)
