"""A network that nobody foresaw: its file and its words are all that is added, and every screen has it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import scheduler.networks
import webapp.network_words
from content_calendar.db import Database
from scheduler.networks import networks
from tests.webapp.calendar.test_kinds import CHECK
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from webapp import documents, looks
from webapp.directory import wording
from webapp.network_words import network_keys, network_sentences
from webapp.sentences import SENTENCES

SLUG = "zumbido"
FILE = """
from dataclasses import replace
from content_calendar.rules import Look
from scheduler.network import CredentialField
from scheduler.networks.telegram import Telegram

class Zumbido(Telegram):
    slug, name, beforehand = "zumbido", "Zumbido", "beforehand_zumbido"
    credential_fields = (CredentialField("zumbido_key"),)
    rules = replace(
        Telegram.rules, network="zumbido", max_length=12,
        look=Look(paper="#fff #001", ink="#012 #eef", quiet="#345 #abc", line="#ddd #333", accent="#135 #9bd"),
    )

NETWORK = Zumbido()
"""
WORDS = """
SENTENCES = {"beforehand_zumbido": "Antes, pide a Zumbido que abra su colmena."}
KEYS = {"zumbido_key": ("Llave de la colmena", "Está en la puerta de Zumbido.")}
"""


@pytest.fixture
def tenth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add the two files, and nothing else; what was found when the house was started is looked for again."""
    for package, source in ((scheduler.networks, FILE), (webapp.network_words, WORDS)):
        folder = tmp_path / package.__name__
        folder.mkdir()
        (folder / f"{SLUG}.py").write_text(source, encoding="utf-8")
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    _look_again()
    for code, sentence in network_sentences().items():
        monkeypatch.setitem(SENTENCES, code, sentence)
    for name, said in network_keys().items():
        monkeypatch.setitem(wording.KEYS, name, said)
    yield
    monkeypatch.undo()
    for package in (scheduler.networks, webapp.network_words):
        sys.modules.pop(f"{package.__name__}.{SLUG}")
        delattr(package, SLUG)
    _look_again()
    assert SLUG not in networks()


def _look_again() -> None:
    networks.cache_clear()
    looks.style_sheet.cache_clear()


@pytest.mark.usefixtures("tenth")
def test_its_account_is_connected_written_for_and_previewed_as_its_file_says(
    client_as: Callable[..., Browser], database: Database
) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        house = stage.commission()
        open_, closed = stage.account(house, SLUG), stage.account(house, SLUG)
        closed.connected_at = None
        ref, handle, other = open_.ref, open_.handle, closed.ref
    asked = words(client_as("admin").get(f"/directorio/cuentas/{other}/conectar"))
    assert "Antes, pide a Zumbido que abra su colmena." in asked
    assert "Llave de la colmena" in asked
    assert "Está en la puerta de Zumbido." in asked

    editor = client_as("editor")
    page = editor.get("/publicaciones/nueva").get_data(as_text=True)
    assert "/estilos/redes.css" in page
    answer = editor.post(CHECK, {"accounts": ref, "text": "Un texto que no cabe ahí"})
    shown, said = answer.get_data(as_text=True), words(answer)
    assert f"look look-{SLUG}" in shown
    assert f"@{handle}" in said
    assert "Zumbido" in said
    assert "12" in said
    style = editor.get("/estilos/redes.css").get_data(as_text=True)
    assert f".look-{SLUG} {{ --p-paper: light-dark(#fff, #001);" in style
    assert "| Zumbido | `zumbido` |" in documents.network_table()


def test_control_without_its_file_there_is_no_such_network() -> None:
    assert SLUG not in networks()
    assert SLUG not in looks.style_sheet()
    assert "| `zumbido` |" not in documents.network_table()
