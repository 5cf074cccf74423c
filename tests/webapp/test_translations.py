"""The catalogue of English is complete, keeps the places of each sentence, and is what the pages say."""

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from flask import Flask
from flask.testing import FlaskClient
from tests.webapp.conftest import words

from webapp.translations import __main__ as catalogues

PLAIN = "Guardar"
PLACED = "%(when)s en tu reloj"
COUNTED = ("%(num)s día", "%(num)s días")

type_of_change = Callable[[Catalog], None]


@pytest.fixture
def kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[type_of_change], list[str]]:
    """Return what the check says of a copy of the English after one change."""

    def checked(change: type_of_change) -> list[str]:
        catalog = catalogues.read("en")
        change(catalog)
        monkeypatch.setattr(catalogues, "HERE", tmp_path)
        folder = tmp_path / "en" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.po").open("wb") as file:
            write_po(file, catalog, width=110)
        return catalogues.check()

    return checked


@pytest.fixture
def english(
    app: Flask, kept_elsewhere: Callable[[type_of_change], list[str]], tmp_path: Path
) -> FlaskClient:
    """A browser that prefers English, before an application whose catalogue was compiled just now."""
    kept_elsewhere(lambda _catalog: None)
    catalogues.compile_all()
    app.extensions["babel"].translation_directories[:] = [str(tmp_path)]
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-GB,en;q=0.9"
    return client
