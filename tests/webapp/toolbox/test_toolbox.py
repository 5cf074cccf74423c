"""The tool-box's pages: a picture added, found, served safely, put away and brought back."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image

from content_calendar.db import Database
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]


def png(colour: str = "purple") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(written, "PNG")
    return written.getvalue()


def form(data: bytes, name: str = "foto.png", **said: str) -> dict[str, object]:
    told = {"alt_text": "Un candado", "people": "none", "title": "Candado"} | said
    return {**told, "file": (io.BytesIO(data), name)}


def add(browser: Browser, **said: str) -> str:
    browser.get("/caja")
    answer = browser.post("/caja", form(png(), **said))
    assert answer.status_code == 303, words(answer)
    return str(answer.location).rpartition("/")[2]


def test_a_picture_is_added_found_and_served_safely(client_as: ClientAs) -> None:
    browser = client_as("editor")
    ref = add(browser)
    assert "Candado" in words(browser.get("/caja?buscar=CANDADO"))
    assert "Sí, hoy se puede usar." in words(browser.get(f"/caja/{ref}"))
    for path in (f"/caja/{ref}/v/1", f"/caja/{ref}/v/1/chica"):
        answer = browser.client.get(path, buffered=True)
        assert answer.mimetype in {"image/png", "image/jpeg"}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "private" in answer.headers["Cache-Control"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        again = browser.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_nobody_without_an_account_gets_the_bytes(client_as: ClientAs) -> None:
    browser = client_as("editor")
    ref = add(browser)
    stranger = browser.client.application.test_client()
    assert stranger.get(f"/caja/{ref}/v/1").status_code == 302


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"alt_text": ""}, "Describe la imagen para quien no puede verla."),
        ({"alt_text": "foto.png"}, "Eso es el nombre del archivo."),
        ({"people": ""}, "Di a quién muestra la imagen."),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_kept(
    client_as: ClientAs, said: dict[str, str], told: str
) -> None:
    browser = client_as("editor")
    browser.get("/caja")
    answer = browser.post("/caja", form(png(), **said))
    assert answer.status_code == 422
    assert told in words(answer)
    assert 'value="Candado"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "data", [b"", b"hola", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", png()[:40]]
)
def test_what_is_no_picture_is_refused_with_a_sentence(client_as: ClientAs, data: bytes) -> None:
    browser = client_as("editor")
    browser.get("/caja")
    answer = browser.post("/caja", form(data))
    assert answer.status_code == 422
    assert re.search(r'id="file-error"', answer.get_data(as_text=True))


def test_a_picture_put_away_can_be_brought_back(client_as: ClientAs) -> None:
    browser = client_as("editor")
    ref = add(browser)
    browser.get(f"/caja/{ref}")
    assert browser.post(f"/caja/{ref}/archivar").status_code == 303
    said = browser.get("/caja").get_data(as_text=True)
    assert "Candado" not in words(browser.get("/caja"))
    assert f"/caja/{ref}/recuperar" in said
    assert browser.post(f"/caja/{ref}/recuperar").status_code == 303
    assert "Candado" in words(browser.get("/caja"))


def test_a_newer_version_stands_beside_the_old_one(client_as: ClientAs) -> None:
    browser = client_as("editor")
    ref = add(browser)
    browser.get(f"/caja/{ref}")
    again = {"file": (io.BytesIO(png("teal")), "otra.png"), "change": "otro color"}
    assert browser.post(f"/caja/{ref}/version", again).status_code == 303
    assert [browser.client.get(f"/caja/{ref}/v/{n}", buffered=True).status_code for n in (1, 2, 3)] == [
        200,
        200,
        404,
    ]


def test_a_liaison_looks_and_does_not_add(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        body_id = Stage(session).body("uno").id
    browser = client_as("liaison", body_id=body_id)
    assert "Agregar un material" not in words(browser.get("/caja"))
    assert browser.post("/caja", form(png())).status_code == 403
