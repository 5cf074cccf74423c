"""The composer, as a browser uses it."""

from collections.abc import Callable

from content_calendar.db import Database
from tests.webapp.conftest import Browser, words


def test_smoke(client_as: Callable[..., Browser], database: Database) -> None:
    eva = client_as("editor", "eva")
    page = eva.get("/publicaciones/nueva?dia=2030-11-24")
    assert page.status_code == 200, words(page)
    answer = eva.post(
        "/publicaciones/nueva",
        {
            "text": "Hola a todas",
            "due_date": "2030-11-24",
            "due_time": "10:00",
            "due_zone": "America/Mexico_City",
        },
    )
    assert answer.status_code == 303, words(answer)
    page = eva.get(answer.location)
    assert page.status_code == 200, words(page)
    print(words(page))
