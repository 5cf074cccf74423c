"""The English is complete, keeps the places of each sentence, and is what the pages say."""

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.conftest import Browser, words
from webapp.translations import __main__ as catalogues

PLAIN = "Guardar"
PLACED = "%(when)s en tu reloj"
COUNTED = ("%(num)s día", "%(num)s días")

Change = Callable[[Catalog], object]
Checked = Callable[[Change], list[str]]


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    """Every sentence of the pages and the code, gathered once: reading all files takes seconds."""
    return catalogues.found()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Catalog], None]:
    """Return what keeps a catalogue as the English, in a folder of its own."""

    def keep(catalog: Catalog) -> None:
        folder = tmp_path / "en" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.po").open("wb") as file:
            write_po(file, catalog)
        monkeypatch.setattr(catalogues, "HERE", tmp_path)

    return keep


@pytest.fixture
def check_after(
    sentences: Catalog, elsewhere: Callable[[Catalog], None], monkeypatch: pytest.MonkeyPatch
) -> Checked:
    """Return what the check says of a copy of the English in which something was changed."""

    def checked(change: Change) -> list[str]:
        catalog = catalogues.read("en")
        change(catalog)
        elsewhere(catalog)
        monkeypatch.setattr(catalogues, "found", lambda: sentences)
        return catalogues.check()

    return checked


@pytest.fixture
def english(app: Flask, elsewhere: Callable[[Catalog], None], tmp_path: Path) -> FlaskClient:
    """A browser that asks for English, before an application whose catalogue was compiled just now."""
    elsewhere(catalogues.read("en"))
    catalogues.compile_all()
    app.extensions["babel"].translation_directories[:] = [str(tmp_path)]
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-GB,en;q=0.9"
    return client


def say(sentence: object, english: object) -> Change:
    """Return the change that gives a sentence that English."""

    def change(catalog: Catalog) -> None:
        (message,) = [one for one in catalog if one.id == sentence]
        message.string = english  # type: ignore[assignment] # one text, or one a number

    return change


def test_every_sentence_has_its_english_and_the_same_places() -> None:
    assert catalogues.check() == []


def test_a_copy_that_nobody_touched_is_as_complete(check_after: Checked) -> None:
    assert check_after(lambda _catalog: None) == []


def test_a_sentence_that_the_catalogue_lacks_is_found(check_after: Checked) -> None:
    assert check_after(lambda catalog: catalog.delete(PLAIN)) == [f"en: not in the catalogue: {PLAIN}"]


def test_a_sentence_without_english_is_found(check_after: Checked) -> None:
    assert check_after(say(PLAIN, "")) == [f"en: no translation: {PLAIN}"]


def test_a_sentence_that_nobody_says_is_found(check_after: Checked) -> None:
    faults = check_after(lambda catalog: catalog.add("Nadie dice esto.", "Nobody says this."))
    assert faults == ["en: nobody says: Nadie dice esto."]


@pytest.mark.parametrize("said", ["by your clock", "%(where)s by your clock", "%(when)s, %(where)s"])
def test_a_place_that_is_lost_or_invented_is_found(check_after: Checked, said: str) -> None:
    assert check_after(say(PLACED, said)) == [f"en: other places than the source: {PLACED}"]


def test_a_number_with_only_one_of_its_two_sentences_is_found(check_after: Checked) -> None:
    assert check_after(say(COUNTED, ("%(num)s day", ""))) == [f"en: no translation: {COUNTED[0]}"]


def test_the_english_keeps_no_mark_of_spanish() -> None:
    said = {
        text
        for message in catalogues.read("en")
        for text in (message.string if isinstance(message.string, tuple) else (message.string,))
        if text and set(str(text)) & set("«»¿¡")
    }
    assert said == set()


def test_who_prefers_english_is_asked_to_sign_in(english: FlaskClient) -> None:
    page = english.get("/entrar")
    said = words(page)
    assert '<html lang="en"' in page.get_data(as_text=True)
    assert "Sign in" in said
    assert "With the email and password you were given." in said
    assert "Forgot your password? Ask the administration of Resuena for a new one." in said
    assert "Entrar" not in said


def test_who_chose_spanish_reads_it_whatever_the_browser_prefers(english: FlaskClient) -> None:
    english.set_cookie("idioma", "es")
    said = words(english.get("/entrar"))
    assert "Con el correo y la contraseña que te dieron." in said
    assert "Sign in" not in said


def test_a_refusal_is_told_in_english(english: FlaskClient) -> None:
    browser = Browser(english, "nadie@ejemplo.mx")
    browser.get("/entrar")
    answer = browser.post("/entrar", {"email": browser.email, "password": "no es esta frase"})
    assert "The email or the password does not match. Check them." in words(answer)
