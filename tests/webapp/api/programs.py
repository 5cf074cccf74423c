"""A program that asks with a person's token, for tests of the API."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from content_calendar import people, tokens
from content_calendar.db import Database
from content_calendar.models.tokens import PersonToken
from content_calendar.permissions import Permission

ROOT = "/api/v1"


def token_of(database: Database, email: str, *scopes: Permission) -> str:
    """Make a token of that person, for these scopes or for all that they may do."""
    with database.transaction() as session:
        person = people.find_by_email(session, email)
        assert person
        may = people.rights(session, person.id, person.created_at.date())
        chosen = scopes or tuple(one for one in Permission if may.can(one))
        return tokens.make(session, person, "prueba", chosen)[1]


class Program:
    """Asks under ``/api/v1`` with a token, and without any cookie."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **headers: str) -> TestResponse:
        """Read."""
        return self.client.get(ROOT + path, headers={**self.headers, **headers})

    def send(
        self,
        path: str,
        said: object | None = None,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Write; ``said`` goes as JSON."""
        more: dict[str, Any] = {} if said is None else {"json": said}
        return self.client.open(
            ROOT + path, method=method, headers={**self.headers, **(headers or {})}, **more
        )


def all_tokens(database: Database) -> list[PersonToken]:
    """Return every token there is."""
    with database.reading() as session:
        found = list(session.query(PersonToken))
        session.expunge_all()
    return found
