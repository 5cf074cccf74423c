"""The application as a browser meets it: signed in by the form, with its tokens, on both databases."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from content_calendar import people
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.permissions import Role
from content_calendar.settings import read
from webapp.app import create_app
from webapp.session import hash_password

PASSWORD = "una frase que nadie adivina"
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
        if found := _TOKEN.search(answer.get_data(as_text=True)):
            self.token = found.group(1)


def words(answer: TestResponse) -> str:
    """Return what a page says, as plain text."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Hash the password once: argon2 is slow on purpose."""
    return hash_password(PASSWORD)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh database, with its own folder of data."""
    folder = tmp_path / "data"
    folder.mkdir()
    made = create_app(read({"RESUENA_DATA": str(folder)}), database)
    made.testing = False
    yield made


@pytest.fixture
def client_as(app: Flask, database: Database, password_hash: str) -> Callable[..., Browser]:
    """Return a maker of browsers: ``client_as("editor", name="Eva")`` is signed in as that person.

    A second call with the same name is the same person in another browser.
    """

    def make(
        role: Role | str, name: str = "", body_id: int | None = None, region_id: int | None = None
    ) -> Browser:
        name = name or str(Role(role).value)
        email = f"{name}@ejemplo.mx"
        with database.transaction() as session:
            if people.find_by_email(session, email) is None:
                person = people.add(session, email, name.capitalize(), password_hash)
                people.grant(
                    session, person, Role(role), on=date(2020, 1, 1), body_id=body_id, region_id=region_id
                )
        browser = Browser(app.test_client(), email)
        browser.get("/entrar")
        answer = browser.post("/entrar", {"email": email, "password": PASSWORD})
        assert answer.status_code == 303, words(answer)
        browser.get("/mi-cuenta")
        return browser

    return make


__all__ = ["Browser", "now", "words"]
