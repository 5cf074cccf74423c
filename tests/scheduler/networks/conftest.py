"""What the tests of networks share: the real servers, one of each for a process that asks, and the simulated X."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from scheduler.network import AccountAccess
from tests.counterparts import bluesky
from tests.counterparts.bluesky import BlueskyServer
from tests.scheduler.networks.x_contract import Checked, check_what_leaves, document
from tests.scheduler.scene import X_KEYS
from tests.simulators.x_server import XServer, running


@pytest.fixture(scope="session")
def bluesky_server() -> Iterator[BlueskyServer]:
    """A real PDS; where it is not installed this fails and says what to run."""
    with bluesky.running() as server:
        yield server


@pytest.fixture
def server() -> Iterator[XServer]:
    """A simulated X."""
    with running() as started:
        yield started


@pytest.fixture
def access(server: XServer) -> AccountAccess:
    """The keys of one account of the simulated X."""
    return AccountAccess("cvpdcs", "", X_KEYS, server.url)


@pytest.fixture
def checked(test_data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checked]:
    """Check every request against X's own document; a test in which a wrong one was tried fails."""
    seen = check_what_leaves(document(test_data), monkeypatch)
    yield seen
    assert seen.wrong == []


@pytest.fixture
def checked_if_at_hand(request: pytest.FixtureRequest) -> None:
    """The same where the document is at hand; without it, tests of what is not about it still run."""
    with suppress(pytest.skip.Exception):
        request.getfixturevalue("checked")
