"""The real servers, one of each for a test process that asks for them."""

from collections.abc import Iterator

import pytest

from tests.counterparts import bluesky
from tests.counterparts.bluesky import BlueskyServer


@pytest.fixture(scope="session")
def bluesky_server() -> Iterator[BlueskyServer]:
    """A real PDS; where it is not installed this fails and says what to run."""
    with bluesky.running() as server:
        yield server
