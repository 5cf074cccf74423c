"""A liaison names who stands in for them; a deputy does not, and no other body's liaison does."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from content_calendar.db import Database
from content_calendar.models.directory import Body, Confidence
from tests.webapp.conftest import Browser, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _body(database: Database, slug: str) -> int:
    with database.transaction() as session:
        body = Body(
            slug=slug, short_name=slug.upper(), name=f"Instituto {slug}", zone="America/Mexico_City",
            state_iso=f"MX-{slug.upper()}", state_name=slug,
            name_confidence=Confidence.HIGH, confidence=Confidence.HIGH,
        )  # fmt: skip
        session.add(body)
        session.flush()
        return body.id


def test_a_liaison_names_a_deputy_who_enters_and_names_nobody(
    app: Flask, client_as: Callable[..., Browser], database: Database
) -> None:
    mine, other = _body(database, "bcn"), _body(database, "son")
    tere, luis = client_as("liaison", "tere", mine), client_as("liaison", "luis", other)
    page = "/directorio/bcn/enlaces"
    assert "Nombrar suplente" in words(tere.get(page))
    assert luis.get(page).status_code == 403
    luis.get("/directorio/son/enlaces")
    assert luis.post(page, {"email": "a@b.mx", "name": "A"}).status_code == 403
    wrong = tere.post(page, {"email": "sin arroba", "name": "Sofía", "ends_on": "2001-01-01"})
    assert wrong.status_code == 422
    assert 'value="Sofía"' in wrong.get_data(as_text=True)
    named = tere.post(page, {"email": "sofia@bcn.mx", "name": "Sofía"})
    shown = re.search(r"contraseña (\S+)\. Dásela", words(named))
    assert shown
    sofia = Browser(app.test_client(), "sofia@bcn.mx")
    sofia.get("/entrar")
    assert sofia.post("/entrar", {"email": "sofia@bcn.mx", "password": shown.group(1)}).status_code == 303
    seen = words(sofia.get(page))
    assert "Sofía suplente" in seen
    assert "Nombrar suplente" not in seen
    assert sofia.post(page, {"email": "otra@bcn.mx", "name": "Otra"}).status_code == 403
    ending = re.search(r"/directorio/bcn/enlaces/\d+/terminar", tere.get(page).get_data(as_text=True))
    assert ending
    assert luis.post(ending.group()).status_code == 403
    after = words(tere.post(ending.group(), follow=True))
    assert "Sofía ya no es suplente" in after
    assert sofia.get(page).status_code == 403
    tere.post(ending.group().replace("terminar", "seguir"))
    assert sofia.get(page).status_code == 200


def test_staff_that_stands_in_for_a_liaison_still_names_deputies(
    client_as: Callable[..., Browser], database: Database
) -> None:
    mine = _body(database, "bcn")
    tere, luz = client_as("liaison", "tere", mine), client_as("coordinator", "luz")
    page = "/directorio/bcn/enlaces"
    tere.get(page)
    tere.post(page, {"email": luz.email, "name": "Luz"})
    assert "Nombrar suplente" in words(luz.get(page))
