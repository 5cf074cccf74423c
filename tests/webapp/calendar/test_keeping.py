"""Nobody's work disappears: what is typed is kept at each pause, and two people's texts stand side by side."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from content_calendar.db import Database
from content_calendar.models.posts import PostVersion
from tests.webapp.calendar.conftest import House, Write, form
from tests.webapp.conftest import Browser, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ClientAs = Callable[..., Browser]
LIVE = "/publicaciones/al-vuelo"


def typed(house: House, text: str, **more: object) -> dict[str, object]:
    return {**form(house, text=text), "sitting": "tab-1", "step": "1", **more}


def texts(database: Database) -> list[str]:
    with database.reading() as session:
        return [
            one["parts"][0] for one in session.scalars(select(PostVersion.content).order_by(PostVersion.n))
        ]


def test_what_was_never_saved_is_offered_and_comes_back_whole(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    eva.get("/publicaciones/nueva")
    said = eva.post(LIVE, typed(house, "A medias, sin guardar", title="Mi título")).get_json()
    assert said["kept"]
    assert eva.post(LIVE, typed(house, "", left="1", there="1")).get_json()["kept"]
    assert "A medias, sin guardar" in words(eva.get("/publicaciones/nueva"))
    page = eva.get("/publicaciones/nueva?recuperar=tab-1").get_data(as_text=True)
    assert "A medias, sin guardar</textarea>" in page
    assert 'value="Mi título"' in page
    assert 'name="sitting" value="tab-1"' in page
    assert re.search(rf'value="{house.rehearsal}" checked', page)
    other = client_as("editor", "ana")
    assert "A medias" not in other.get("/publicaciones/nueva?recuperar=tab-1").get_data(as_text=True)


def test_a_text_that_is_open_in_another_tab_comes_back_as_a_copy(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    eva.get("/publicaciones/nueva")
    eva.post(LIVE, typed(house, "En la otra pestaña"))
    page = eva.get("/publicaciones/nueva").get_data(as_text=True)
    assert "otra pestaña" in page
    assert "descartar-lo-tecleado" not in page
    page = eva.get("/publicaciones/nueva?recuperar=tab-1").get_data(as_text=True)
    assert "En la otra pestaña</textarea>" in page
    assert 'name="sitting" value="tab-1"' not in page


def test_a_save_ends_it_and_what_comes_late_is_not_kept(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    eva.get("/publicaciones/nueva")
    eva.post(LIVE, typed(house, "Primera"))
    assert eva.post("/publicaciones/nueva", typed(house, "Primera y última")).status_code == 303
    assert not eva.post(LIVE, typed(house, "Primera y", step="2")).get_json()["kept"]
    assert "Seguir con ese texto" not in words(eva.get("/publicaciones/nueva"))


def test_a_person_throws_away_what_they_typed(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    eva.get("/publicaciones/nueva")
    eva.post(LIVE, typed(house, "No sirve"))
    assert eva.post("/publicaciones/descartar-lo-tecleado", {"token": "tab-1"}).status_code == 303
    assert "No sirve" not in words(eva.get("/publicaciones/nueva"))


def test_who_else_is_editing_is_told_and_what_they_saved(
    client_as: ClientAs, house: House, write: Write
) -> None:
    ref = write(text="El texto de siempre")
    eva, ana = client_as("editor", "eva"), client_as("editor", "ana")
    ana.get(f"/publicaciones/{ref}/editar")
    ana.post(LIVE, typed(house, "", post=ref, there="1", sitting="tab-2"))
    for page in (f"/publicaciones/{ref}/editar", f"/publicaciones/{ref}"):
        assert re.search(r"Ana lo está editando desde las \d+:\d\d", words(eva.get(page)))
    ana.post(f"/publicaciones/{ref}/editar", typed(house, "El de Ana", sitting="tab-2"))
    said = eva.post(LIVE, typed(house, "El de Eva", post=ref)).get_json()
    assert said["others"] == []
    assert "Alguien guardó cambios" in said["newer"]


@pytest.fixture
def clashed(client_as: ClientAs, house: House, write: Write) -> tuple[Browser, str, dict[str, object]]:
    """Eva before both texts, after Ana saved first: her browser, the post, and her form with the new edition."""
    ref = write(text="El texto de siempre. Termina igual.")
    eva, ana = client_as("editor", "eva"), client_as("editor", "ana")
    for one in (eva, ana):
        one.get(f"/publicaciones/{ref}/editar")
    ana.post(f"/publicaciones/{ref}/editar", form(house, text="El texto de Ana. Termina igual."))
    mine = typed(house, "El texto de Eva. Termina igual.")
    answer = eva.post(f"/publicaciones/{ref}/editar", mine)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "<del>Ana.</del>" in page
    assert "<ins>Eva.</ins>" in page
    edition = re.search(r'name="edition" value="(\d+)"', page)
    assert edition
    return eva, f"/publicaciones/{ref}/editar", {**mine, "edition": edition.group(1)}


Clashed = tuple[Browser, str, dict[str, object]]


def test_one_keeps_ones_own_and_theirs_stays_a_version(clashed: Clashed, database: Database) -> None:
    eva, path, mine = clashed
    assert eva.post(path, {**mine, "do": "save"}).status_code == 303
    assert [text.split()[3] for text in texts(database)] == ["siempre.", "Ana.", "Eva."]


def test_one_keeps_theirs_and_ones_own_stays_aside(clashed: Clashed, database: Database) -> None:
    eva, path, mine = clashed
    assert eva.post(path, {**mine, "do": "theirs"}).status_code == 303
    assert [text.split()[3] for text in texts(database)] == ["siempre.", "Ana."]
    assert "El texto de Eva" in eva.get(f"{path}?recuperar=tab-1").get_data(as_text=True)


def test_one_joins_both_by_hand(clashed: Clashed) -> None:
    eva, path, mine = clashed
    page = eva.post(path, {**mine, "do": "merge"}).get_data(as_text=True)
    assert "El texto de Ana. El texto de Eva. Termina igual.</textarea>" in page


def test_without_the_edition_a_save_would_bury_the_others_text(clashed: Clashed) -> None:
    """The control: a form that says it saw the last edition is saved over it without a word."""
    eva, path, mine = clashed
    assert "Dos personas" not in words(eva.post(path, {**mine, "text": "Solo lo mío"}))


def test_an_older_version_is_opened_and_becomes_the_last_when_saved(
    client_as: ClientAs, house: House, write: Write, database: Database
) -> None:
    ref = write(text="La primera")
    eva = client_as("editor", "eva")
    eva.get(f"/publicaciones/{ref}/editar")
    eva.post(f"/publicaciones/{ref}/editar", form(house, text="La segunda"))
    assert "Volver a esta versión" in words(eva.get(f"/publicaciones/{ref}"))
    page = eva.get(f"/publicaciones/{ref}/editar?version=1").get_data(as_text=True)
    assert "La primera</textarea>" in page
    edition = re.search(r'name="edition" value="(\d+)"', page)
    assert edition
    eva.post(f"/publicaciones/{ref}/editar", form(house, text="La primera", edition=edition.group(1)))
    assert texts(database) == ["La primera", "La segunda", "La primera"]


def test_personal_data_goes_to_review_only_with_a_reason(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    eva.get("/publicaciones/nueva")
    sent = form(house, text="Llama a la oficina: 55 1234 5678", do="review")
    answer = eva.post("/publicaciones/nueva", sent)
    assert answer.status_code == 422
    assert "Quítalos, o escribe por qué van" in words(answer)
    again = eva.post("/publicaciones/nueva", {**sent, "note": "Es el de la oficina, no de una persona"})
    assert again.status_code == 303


def test_words_to_reuse_are_put_into_the_text_without_javascript(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    eva.get("/publicaciones/textos-guardados")
    wrong = eva.post("/publicaciones/textos-guardados", {"kind": "tags", "name": "Tips", "saved": "nada"})
    assert wrong.status_code == 422
    right = {"kind": "tags", "name": "Tips", "saved": "#SNTtips #PlanDAI"}
    assert eva.post("/publicaciones/textos-guardados", right).status_code == 303
    page = eva.get("/publicaciones/nueva").get_data(as_text=True)
    ref = re.search(r'<option value="(\w{12})" data-text="#SNTtips #PlanDAI"', page)
    assert ref
    sent = form(house, text="Hola", do="insert", saved_text=ref.group(1))
    assert "Hola\n#SNTtips #PlanDAI</textarea>" in eva.post("/publicaciones/nueva", sent).get_data(
        as_text=True
    )
    assert eva.post("/publicaciones/textos-guardados", {"remove": ref.group(1)}).status_code == 303


def test_the_glossary_is_changed_and_hints_follow(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    assert "sujeto obligado" in words(eva.get("/publicaciones/glosario"))
    term = {"kind": "jargon", "term": "palabrota", "advice": "palabra", "do": "add"}
    assert eva.post("/publicaciones/glosario", {**term, "advice": ""}).status_code == 422
    assert eva.post("/publicaciones/glosario", term).status_code == 303
    said = words(eva.post("/publicaciones/revisar-texto", form(house, text="Una palabrota")))
    assert "«palabrota»: poca gente lo entiende. Prueba con: palabra." in said
