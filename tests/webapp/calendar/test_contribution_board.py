"""Who has given and who has not, at one look."""

from collections.abc import Callable

import pytest

from tests.webapp.calendar.conftest import House
from tests.webapp.conftest import Browser, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_board_shows_who_gave_and_who_owes(client_as: Callable[..., Browser], house: House) -> None:
    eva, liaison = client_as("editor", "eva"), client_as("liaison", "tere", house.body_id)
    assert "Todavía no se pide ningún aporte" in words(eva.get("/calendario/2030/6/aportes"))
    eva.post(
        f"/temas/{house.theme}/aportes",
        {"bimestre": "2030-6", "body": "members", "request": "Un caso", "due_on": "2030-11-20"},
    )
    said = words(eva.get("/calendario/2030/6/aportes"))
    assert "Baja California ITAIPBC" in said
    assert "0 de 1" in said
    page = eva.get("/calendario/2030/6/aportes").get_data(as_text=True)
    contribution = page.split('href="/aportes/')[1].split('"')[0]
    assert liaison.get("/calendario/2030/6/aportes").status_code == 403
    assert "le pide a ITAIPBC un aporte" in words(liaison.get("/avisos"))
    liaison.get(f"/aportes/{contribution}")
    liaison.post(f"/aportes/{contribution}/enviar", {"text": "Abrimos una ventanilla."})
    assert "1 de 1" in words(eva.get("/calendario/2030/6/aportes"))
    assert "envió su aporte" in words(eva.get("/avisos"))
