"""An installation with a network that can be connected in every way, and its real token server."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from flask import Flask

from content_calendar.db import Database
from content_calendar.settings import read
from content_calendar.vault import Vault
from scheduler.networks import networks
from tests.simulators.token_network import NETWORK, SLUG
from tests.simulators.token_server import TokenServer
from webapp.app import create_app

PUBLIC = "https://resuena.example.mx"


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with TokenServer() as running, patch.dict(networks(), {SLUG: NETWORK}):
        yield running


@pytest.fixture
def connected_app(database: Database, tmp_path: Path, tokens: TokenServer) -> Flask:
    """The application with that network at hand, and an address that people can reach."""
    folder = tmp_path / "data"
    folder.mkdir()
    given = {
        "RESUENA_DATA": str(folder),
        "RESUENA_NETWORK_URLS": f"{SLUG}={tokens.url}",
        "RESUENA_PUBLIC_URL": PUBLIC,
    }
    return create_app(read(given), database)


@pytest.fixture
def vault(app: Flask) -> Vault:
    return Vault(app.extensions["resuena.settings"].data)
