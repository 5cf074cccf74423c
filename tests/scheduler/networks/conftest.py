"""What the tests of networks share: the real servers, the simulated X, a counterpart of each network."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from scheduler.network import AccountAccess
from tests.counterparts import bluesky, mastodon_mock
from tests.counterparts.bluesky import BlueskyServer
from tests.counterparts.mastodon_mock import MastodonServer
from tests.scheduler.scene import X_KEYS
from tests.simulators.counterpart import Counterpart
from tests.simulators.counterparts import counterpart
from tests.simulators.x_server import XServer, running


@pytest.fixture(scope="session")
def bluesky_server() -> Iterator[BlueskyServer]:
    """A real PDS; where it is not installed this fails and says what to run."""
    with bluesky.running() as started:
        yield started


@pytest.fixture(scope="session")
def mastodon_server() -> Iterator[MastodonServer]:
    """A server that speaks Mastodon's API."""
    with mastodon_mock.running() as started:
        yield started


@pytest.fixture
def server(mastodon_server: MastodonServer) -> MastodonServer:
    """The same, begun anew: no posts, no rules."""
    mastodon_server.forget()
    return mastodon_server


@pytest.fixture
def x_server() -> Iterator[XServer]:
    """A simulated X."""
    with running() as started:
        yield started


@pytest.fixture
def access(x_server: XServer) -> AccountAccess:
    """The keys of one account of the simulated X."""
    return AccountAccess("cvpdcs", "", X_KEYS, x_server.url)


@pytest.fixture(scope="session")
def stand_in() -> Iterator[Callable[[str], Counterpart]]:
    """The counterpart of a network; it is opened once."""
    with ExitStack() as stack:
        opened: dict[str, Counterpart] = {}

        def get(slug: str) -> Counterpart:
            if slug not in opened:
                opened[slug] = stack.enter_context(counterpart(slug))
            return opened[slug]

        yield get
