"""What the tests of networks share: the real servers, one of each for a process that asks, and the simulated X."""

from collections.abc import Iterator

import pytest

from scheduler.network import AccountAccess
from tests.counterparts import bluesky
from tests.counterparts.bluesky import BlueskyServer
from tests.scheduler.scene import X_KEYS
from tests.simulators.x_server import XServer, running


@pytest.fixture(scope="session")
def bluesky_server() -> Iterator[BlueskyServer]:
    """A real PDS; where it is not installed this fails and says what to run."""
    with bluesky.running() as started:
        yield started


@pytest.fixture
def x_server() -> Iterator[XServer]:
    """A simulated X."""
    with running() as started:
        yield started


@pytest.fixture
def access(x_server: XServer) -> AccountAccess:
    """The keys of one account of the simulated X."""
    return AccountAccess("cvpdcs", "", X_KEYS, x_server.url)
