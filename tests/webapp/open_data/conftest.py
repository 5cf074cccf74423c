"""A world of which open data tells a part, and somebody who reads it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from content_calendar.db import Database
from tests.webapp.open_data.world import World, make


class Reader(FlaskClient):
    """Reads every answer to its end and closes it, as whoever downloads a file does."""

    def open(self, *given: Any, **more: Any) -> Any:  # noqa: ANN401 -- as the client has it
        return super().open(*given, **{"buffered": True, **more})


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    app.test_client_class = Reader
    return app.test_client()


@pytest.fixture
def world(database: Database) -> World:
    with database.transaction() as session:
        made = make(session)
        session.flush()
        session.expunge_all()
    return made
