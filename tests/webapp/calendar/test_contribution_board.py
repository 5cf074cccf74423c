"""Who has given and who has not, at one look."""

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select, update

from assets.models import Asset
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.directory import Body, Confidence
from content_calendar.models.plan import Contribution, ContributionStage
from tests.conftest import CountQueries
from tests.webapp.calendar.conftest import House, form, picture
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


def _asked(eva: Browser, house: House) -> str:
    eva.get(f"/temas/{house.theme}")
    eva.post(f"/temas/{house.theme}/aportes", {"bimestre": "2030-6", "body": "members"})
    page = eva.get("/calendario/2030/6/aportes").get_data(as_text=True)
    return page.split('href="/aportes/')[1].split('"')[0]


def _file(**changed: object) -> dict[str, object]:
    return {
        "do": "file", "text": "Abrimos una ventanilla.", "file": (picture(), "ventanilla.jpg"),
        "alt_text": "Una ventanilla abierta", "people": "none", "licence": "CC BY 4.0", **changed,
    }  # fmt: skip


def test_a_body_gives_files_and_the_post_carries_them(
    client_as: Callable[..., Browser], house: House, database: Database
) -> None:
    eva, tere = client_as("editor", "eva"), client_as("liaison", "tere", house.body_id)
    ref = _asked(eva, house)
    tere.get(f"/aportes/{ref}")
    kept = tere.post(f"/aportes/{ref}/enviar", _file())
    assert kept.status_code == 200
    assert "Guardamos «ventanilla» en tu aporte" in words(kept)
    assert "Abrimos una ventanilla." in kept.get_data(as_text=True)
    with database.reading() as session:
        asset = session.scalars(select(Asset)).one()
        assert (asset.body_id, asset.licence) == (house.body_id, "CC BY 4.0")
        name = asset.ref
    assert tere.post(f"/aportes/{ref}/archivos/{name}/quitar").status_code == 303
    assert "ventanilla.jpg" not in tere.get(f"/aportes/{ref}").get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(Asset)).one().archived_at is not None
    # What the staff put away meanwhile does not come back with it.
    with database.transaction() as session:
        session.execute(update(Asset).values(archived_at=clock.now()))
    assert tere.post(f"/aportes/{ref}/archivos/{name}/poner").status_code == 303
    with database.transaction() as session:
        asset = session.scalars(select(Asset)).one()
        assert asset.archived_at is not None
        asset.archived_at = None
    # Nor is a file that shows minors taken for the one that is known to show nobody.
    again = tere.post(f"/aportes/{ref}/enviar", _file(people="minors"))
    assert again.status_code == 422
    assert "salen menos personas" in words(again)
    # A file may be all that is given.
    assert tere.post(f"/aportes/{ref}/enviar", {"text": ""}).status_code == 303
    assert tere.post(f"/aportes/{ref}/archivos/{name}/quitar").status_code == 409
    assert "1 archivo" in words(eva.get("/calendario/2030/6/aportes"))
    assert f"/caja/{name}" in eva.get(f"/aportes/{ref}").get_data(as_text=True)
    assert "el aporte de ITAIPBC" in words(eva.get(f"/caja/{name}"))
    composer = eva.get(f"/publicaciones/nueva?aporte={ref}").get_data(as_text=True)
    assert f'name="image" value="{name}:1"' in composer
    assert "Una ventanilla abierta" in composer
    made = eva.post(
        "/publicaciones/nueva",
        form(house, contribution=ref, image=f"{name}:1", **{f"alt-{name}:1": "Una ventanilla"}),
    )
    assert "el aporte de ITAIPBC" in words(eva.get(made.location))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"file": (BytesIO(b"MZ" + bytes(400)), "cosa.jpg")}, "Vuelve a elegir el archivo"),
        ({"people": ""}, "a quién muestra"),
        ({"alt_text": ""}, "quien no puede verla"),
    ],
)
def test_a_file_that_is_refused_takes_nothing_of_what_was_typed(
    client_as: Callable[..., Browser], house: House, database: Database, changed: dict[str, object], said: str
) -> None:
    eva, tere = client_as("editor", "eva"), client_as("liaison", "tere", house.body_id)
    ref = _asked(eva, house)
    tere.get(f"/aportes/{ref}")
    # Sent at once with the text: nothing is sent without the file that was meant to go along.
    answer = tere.post(f"/aportes/{ref}/enviar", _file(**{"do": "", **changed}))
    assert answer.status_code == 422
    assert said in words(answer)
    page = answer.get_data(as_text=True)
    assert "Abrimos una ventanilla." in page
    assert 'value="CC BY 4.0"' in page
    with database.reading() as session:
        assert session.scalars(select(Asset)).all() == []
        assert session.scalars(select(Contribution.stage)).one() is ContributionStage.ASKED


def test_a_body_is_served_its_own_uncleared_file_and_no_other_body_is(
    client_as: Callable[..., Browser], house: House, database: Database
) -> None:
    eva, tere = client_as("editor", "eva"), client_as("liaison", "tere", house.body_id)
    ref = _asked(eva, house)
    tere.get(f"/aportes/{ref}")
    tere.post(f"/aportes/{ref}/enviar", _file(people="minors"))
    with database.transaction() as session:
        name = session.scalars(select(Asset.ref)).one()
        other = Body(
            slug="son", short_name="ISTAI", name="Instituto de Sonora", zone="America/Hermosillo",
            state_iso="MX-SON", state_name="Sonora",
            name_confidence=Confidence.HIGH, confidence=Confidence.HIGH,
        )  # fmt: skip
        session.add(other)
        session.flush()
        other_id = other.id
    luis = client_as("liaison", "luis", other_id)
    for who, path in ((tere, "/chica"), (eva, "")):
        served = who.get(f"/aportes/{ref}/archivos/{name}{path}")
        assert served.status_code == 200
        served.close()
    assert luis.get(f"/aportes/{ref}/archivos/{name}").status_code == 403
    # What does not come with the contribution is not opened through it.
    assert tere.get(f"/aportes/{ref}/archivos/aaaaaaaaaaaa").status_code == 404
    # The tool-box's own question stands: nobody said yes for the children.
    assert tere.get(f"/caja/{name}").status_code == 404
    assert "falta la autorización" in words(eva.get(f"/aportes/{ref}"))


def test_a_fuller_board_asks_the_database_no_more(
    client_as: Callable[..., Browser], house: House, database: Database, count_queries: CountQueries
) -> None:
    eva, tere = client_as("editor", "eva"), client_as("liaison", "tere", house.body_id)
    ref = _asked(eva, house)
    tere.get(f"/aportes/{ref}")
    tere.post(f"/aportes/{ref}/enviar", _file())
    pages = ("/calendario/2030/6/aportes", f"/aportes/{ref}")
    few = []
    for page in pages:
        with count_queries() as asked:
            eva.get(page)
        few.append(len(asked))
    with database.transaction() as session:
        for n in range(5):
            session.add(
                Body(
                    slug=f"otro{n}", short_name=f"OTRO{n}", name=f"Instituto {n}", zone="America/Hermosillo",
                    state_iso="MX-SON", state_name="Sonora",
                    name_confidence=Confidence.HIGH, confidence=Confidence.HIGH,
                )
            )  # fmt: skip
    eva.post(f"/temas/{house.theme}/aportes", {"bimestre": "2030-6", "body": [f"otro{n}" for n in range(5)]})
    tere.post(f"/aportes/{ref}/enviar", _file(file=(picture(size=(300, 200)), "otra.jpg")))
    many = []
    for page in pages:
        with count_queries() as asked:
            answer = eva.get(page)
        many.append(len(asked))
    assert "2 archivos" in words(answer)
    assert many == few
