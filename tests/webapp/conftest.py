"""The application as a browser meets it: signed in, with its forms' tokens, on both databases."""

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import date
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from content_calendar import clock, people
from content_calendar.db import Database
from content_calendar.models.people import WebSession
from content_calendar.permissions import Role
from content_calendar.settings import read
from webapp.app import create_app
from webapp.session import token_hash

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """A browser in which somebody has signed in; ``post`` sends the token of the last page, as a form does."""

    def __init__(self, client: FlaskClient, email: str) -> None:
        self.client = client
        self.email = email
        self.token = ""

    def get(self, path: str, *, follow: bool = True) -> TestResponse:
        """Open a page and remember its form's token."""
        answer = self.client.get(path, follow_redirects=follow)
        self._remember(answer)
        return answer

    def post(
        self, path: str, data: Mapping[str, object] | None = None, *, follow: bool = False
    ) -> TestResponse:
        """Send a form with the token of the last page that had one."""
        form = {"csrf_token": self.token, **(data or {})}
        answer = self.client.post(path, data=form, follow_redirects=follow)
        self._remember(answer)
        return answer

    def _remember(self, answer: TestResponse) -> None:
        if answer.mimetype == "text/html" and (found := _TOKEN.search(answer.get_data(as_text=True))):
            self.token = found.group(1)


def today() -> date:
    """Return the day it is for the commission: in UTC it may be tomorrow already."""
    return clock.now().astimezone(ZoneInfo("America/Mexico_City")).date()


def words(answer: TestResponse) -> str:
    """Return what a page says, as plain text."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    """The application on a fresh database, with its own folder of data."""
    folder = tmp_path / "data"
    folder.mkdir()
    return create_app(read({"RESUENA_DATA": str(folder), "RESUENA_SECOND_FACTOR": "later"}), database)


@pytest.fixture
def client_as(app: Flask, database: Database) -> Callable[..., Browser]:
    """Return a maker of browsers: ``client_as("editor", "eva")`` is signed in as that person.

    A second call with the same name is the same person in another browser. The session's row is written
    here: the door has its own tests, and its hashing is slow on purpose.
    """

    def make(
        role: Role | str, name: str = "", body_id: int | None = None, region_id: int | None = None
    ) -> Browser:
        name = name or str(Role(role).value)
        email = f"{name}@ejemplo.mx"
        token = secrets.token_urlsafe(32)
        with database.transaction() as session:
            person = people.find_by_email(session, email)
            if person is None:
                person = people.add(session, email, name.capitalize())
                people.grant(
                    session, person, Role(role), on=date(2020, 1, 1), body_id=body_id, region_id=region_id
                )
            session.add(WebSession(token_hash=token_hash(token), person_id=person.id))
        browser = Browser(app.test_client(), email)
        browser.client.set_cookie("resuena", token)
        browser.get("/mi-cuenta")
        return browser

    return make
