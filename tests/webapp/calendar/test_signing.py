"""Reviews of two steps, of several at once, and what is said about a text meanwhile."""

from collections.abc import Callable

import pytest

from content_calendar import people
from content_calendar.db import Database
from tests.webapp.calendar.conftest import Write, state_of, waiting_review
from tests.webapp.conftest import Browser, words

ClientAs = Callable[..., Browser]
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sent(client_as: ClientAs, write: Write, **changed: object) -> str:
    ref = write(**changed)
    assert client_as("editor", "eva").post(f"/publicaciones/{ref}/enviar", {}).status_code == 303
    return ref


def approve(browser: Browser, database: Database, ref: str) -> str:
    review, content_hash = waiting_review(database, ref)
    browser.get(f"/revision/{review}")
    return words(browser.post(f"/revision/{review}/aprobar", {"content_hash": content_hash}, follow=True))


def test_a_campaign_of_two_steps_asks_two_people_and_the_named_one(
    client_as: ClientAs, write: Write, database: Database
) -> None:
    luz, sol = client_as("coordinator", "luz"), client_as("coordinator", "sol")
    ana = client_as("coordinator", "ana")
    with database.reading() as session:
        named = people.find_by_email(session, "sol@ejemplo.mx")
    assert named is not None
    answer = luz.post(
        "/calendario/campanas/snttips",
        {"name": "#SNTtips", "tags": "SNTtips", "steps": "2", "any": "1", "reviewers_2": str(named.id)},
    )
    assert answer.status_code == 303, words(answer)
    ref = sent(client_as, write, campaigns="snttips", text="Un consejo para ti. #SNTtips")
    assert "Paso 2 de 2: falta el sí de Sol" in approve(luz, database, ref)
    assert state_of(database, ref) == "in_review"
    assert "Luz dijo que sí" in words(sol.get("/avisos"))
    assert "Ya dijiste que sí" in approve(luz, database, ref)
    assert "pide el sí de otra persona" in approve(ana, database, ref)
    assert "programada" in approve(sol, database, ref)
    assert state_of(database, ref) == "scheduled"


@on_one_database
def test_several_are_approved_at_once_and_only_those_that_were_seen(
    client_as: ClientAs, write: Write, database: Database
) -> None:
    luz = client_as("coordinator", "luz")
    refs = [sent(client_as, write, text=f"Tu derecho a saber, parte {n}.") for n in range(3)]
    reviews = [waiting_review(database, ref) for ref in refs]
    assert "Aprobar las marcadas" not in words(luz.get("/revision"))
    for review, _hash in reviews[:2]:
        luz.get(f"/revision/{review}")
    assert "Aprobar las marcadas" in words(luz.get("/revision"))
    chosen = [f"{review}:{content_hash}" for review, content_hash in reviews]
    said = words(luz.post("/revision/aprobar", {"chosen": chosen}, follow=True))
    assert "Aprobaste 2" in said
    assert "nadie aprueba lo que no ha visto" in said
    assert [state_of(database, ref) for ref in refs] == ["scheduled", "scheduled", "in_review"]
    luz.get(f"/revision/{reviews[2][0]}")
    luz.post("/revision/aprobar", {"chosen": [f"{reviews[2][0]}:{'0' * 64}"]})
    assert state_of(database, refs[2]) == "in_review"


@on_one_database
def test_a_comment_is_told_to_the_author_answered_and_settled(
    client_as: ClientAs, write: Write, database: Database
) -> None:
    ref = sent(client_as, write)
    eva, luz = client_as("editor", "eva"), client_as("coordinator", "luz")
    review, _hash = waiting_review(database, ref)
    page = f"/revision/{review}/comentarios"
    luz.get(page)
    wrong = luz.post(page, {"comment": "Más corto", "quote": "palabras que no están"})
    assert wrong.status_code == 422
    assert "Esas palabras no están en el texto" in words(wrong)
    assert "Más corto" in wrong.get_data(as_text=True)
    assert luz.post(page, {"comment": "Más corto", "quote": "información  pública"}).status_code == 303
    assert "Luz comentó" in words(eva.get("/avisos"))
    said = eva.get(page).get_data(as_text=True)
    assert "<blockquote>información pública</blockquote>" in said
    comment = said.split('id="c-')[1].split('"')[0]
    assert "resuelto por Eva" in words(
        eva.post(f"/revision/comentarios/{comment}", {"settled": "1"}, follow=True)
    )
    assert (
        "Eva"
        not in words(eva.post(f"/revision/comentarios/{comment}", {"settled": "0"}, follow=True))
        .split("Más corto")[0]
        .split("Luz ·")[1]
    )


@on_one_database
@pytest.mark.usefixtures("house")
def test_a_campaign_says_what_is_wrong_and_keeps_what_was_typed(client_as: ClientAs) -> None:
    luz = client_as("coordinator", "luz")
    made = luz.post("/calendario/campanas", {"name": "Cuida tus datos"})
    assert made.location == "/calendario/campanas/cuida-tus-datos"
    wrong = luz.post(
        made.location, {"name": "Cuida tus datos", "tags": "#Plan-DAI", "steps": "1", "any": "1"}
    )
    assert wrong.status_code == 422
    assert "no sirve de etiqueta" in words(wrong)
    assert "#Plan-DAI" in wrong.get_data(as_text=True)
    assert client_as("editor", "eva").post(made.location, {"name": "Otra"}).status_code == 403
