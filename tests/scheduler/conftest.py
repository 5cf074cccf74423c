"""Every request that goes to the simulated X, from whatever test here, is checked against X's own document."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.scheduler.networks.x_contract import Checked, check_what_leaves, document


@pytest.fixture
def checked(test_data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checked]:
    """Check every request against X's own document; a test in which a wrong one was tried fails."""
    seen = check_what_leaves(document(test_data), monkeypatch)
    yield seen
    assert seen.wrong == []


@pytest.fixture(autouse=True)
def _checked_if_at_hand(request: pytest.FixtureRequest) -> None:
    """The same for whoever asks for a simulated X; without the document such a test still runs."""
    if "x_server" in request.fixturenames:
        with suppress(pytest.skip.Exception):
            request.getfixturevalue("checked")
