"""The library's pages: kinds, captions, collections, data and their history, facets, texts to copy."""

import io
import re
from collections.abc import Callable

from tests.assets import corpus
from tests.webapp.conftest import Browser, words
from tests.webapp.toolbox.test_toolbox import add, form

ClientAs = Callable[..., Browser]
SRT = b"1\n00:00:01,000 --> 00:00:02,000\nBuenos d\xc3\xadas\n"


def test_a_video_is_offered_to_bodies_once_it_has_captions(client_as: ClientAs) -> None:
    browser = client_as("editor")
    browser.get("/caja")
    answer = browser.post("/caja", form(corpus.film(), "foro.mp4", title="Foro"))
    ref = str(answer.location).rpartition("/")[2]
    page = words(browser.get(f"/caja/{ref}"))
    assert "Le faltan subtítulos" in page
    assert "0:01 min" in page
    small = browser.client.get(f"/caja/{ref}/v/1/chica", buffered=True)
    assert small.mimetype == "image/jpeg"
    said = words(
        browser.post(f"/caja/{ref}/subtitulos", {"captions": (io.BytesIO(b"hola"), "a.srt")}, follow=True)
    )
    assert "No pudimos leer esos subtítulos" in said
    said = words(
        browser.post(f"/caja/{ref}/subtitulos", {"captions": (io.BytesIO(SRT), "a.srt")}, follow=True)
    )
    assert "Subtítulos guardados: 1" in said
    assert "Sí, hoy se puede usar." in said
    served = browser.client.get(f"/caja/{ref}/subtitulos/es.vtt")
    assert served.get_data(as_text=True).startswith("WEBVTT\n\n00:00:01.000")
    assert served.headers["Content-Disposition"].startswith("attachment")


def test_a_document_is_a_download_and_an_active_one_is_refused_in_a_sentence(client_as: ClientAs) -> None:
    browser = client_as("editor")
    browser.get("/caja")
    answer = browser.post("/caja", form(corpus.document(), "guia.pdf", alt_text="", title="Guía"))
    ref = str(answer.location).rpartition("/")[2]
    served = browser.client.get(f"/caja/{ref}/v/1", buffered=True)
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert served.mimetype == "application/pdf"
    refused = browser.post("/caja", form(corpus.ACTIVE_PDFS["script"][0], "guia.pdf", title="Guía"))
    assert refused.status_code == 422
    assert "El PDF hace cosas por sí solo" in words(refused)


def test_a_text_is_added_found_by_its_words_and_written_anew(client_as: ClientAs) -> None:
    browser = client_as("editor")
    browser.get("/caja")
    answer = browser.post(
        "/caja/textos", {"text": "Tu derecho a saber:\nexígelo.", "title": "Lema"}, follow=True
    )
    assert "Texto agregado." in words(answer)
    assert "Lema" in words(browser.get("/caja?buscar=EXIGELO"))
    ref = str(re.search(r"/caja/([a-z0-9]{12})", answer.request.path)[1])  # type: ignore[index] # the page of the text
    said = words(
        browser.post(
            f"/caja/{ref}/texto", {"text": "Pregunta sin miedo.", "change": "Más corto"}, follow=True
        )
    )
    assert "Más corto" in said
    assert "Lema" in words(browser.get("/caja?buscar=miedo"))
    assert "Ningún material" in words(browser.get("/caja?buscar=exigelo"))
    assert browser.post("/caja/textos", {"text": ""}).status_code == 422


def test_what_is_said_of_a_material_changes_and_its_history_tells(client_as: ClientAs) -> None:
    browser = client_as("editor")
    ref = add(browser)
    told = {
        "title": "Otro",
        "alt_text": "Un candado",
        "people": "none",
        "language": "nah",
        "licence": "CC BY 4.0",
    }
    said = words(browser.post(f"/caja/{ref}/datos", {**told, "embargo": "2999-01-01"}, follow=True))
    assert "Datos guardados." in said
    assert "Cambió: nombre" in said.replace("  ", " ") or "desde cuándo se usa" in said
    assert "a partir de" in said
    wrong = browser.post(f"/caja/{ref}/datos", {**told, "alt_text": ""})
    assert wrong.status_code == 422
    assert "Cuenta qué se ve" in words(wrong) or "texto alternativo" in words(wrong).lower()
    assert browser.post(f"/caja/{ref}/datos", {**told, "expires_on": "mañana"}).status_code == 422
    found = words(browser.get("/caja?idioma=nah&licencia=CC+BY+4.0"))
    assert "Otro" in found
    assert "Ningún material" in words(browser.get("/caja?idioma=es&tipo=pdf&coleccion=nada"))


def test_a_collection_is_made_filled_renamed_and_put_away(client_as: ClientAs) -> None:
    browser = client_as("editor")
    ref = add(browser)
    browser.get("/caja/colecciones")
    page = browser.post("/caja/colecciones", {"name": "Rally"}, follow=True).get_data(as_text=True)
    assert browser.post("/caja/colecciones", {"name": "Rally"}).status_code == 422
    shelf = str(re.search(r"/caja/colecciones/([a-z0-9]{12})", page)[1])  # type: ignore[index] # the one that was made
    assert "Rally" in words(browser.post(f"/caja/{ref}/colecciones", {"collections": shelf}, follow=True))
    assert "Candado" in words(browser.get(f"/caja?coleccion={shelf}"))
    assert "1 material" in words(browser.get("/caja"))
    browser.post(f"/caja/colecciones/{shelf}", {"name": "Rally 2026"})
    assert "Rally 2026" in words(browser.get("/caja"))
    browser.post(f"/caja/colecciones/{shelf}", {"do": "archive"})
    assert "Rally 2026" not in words(browser.get("/caja"))
    assert "Rally 2026" in words(browser.post(f"/caja/colecciones/{shelf}", {"do": "restore"}, follow=True))
