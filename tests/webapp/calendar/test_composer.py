"""The composer, as a browser uses it: what is typed is never lost, and every mistake has its sentence."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select, update

from assets.models import Asset
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.posts import Post, PostVersion
from tests.webapp.calendar.conftest import House, Write, form, picture, state_of
from tests.webapp.conftest import Browser, words

ClientAs = Callable[..., Browser]


def test_a_new_post_is_saved_as_a_draft_and_shown(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    assert eva.get("/publicaciones/nueva").status_code == 200
    answer = eva.post("/publicaciones/nueva", form(house, theme=house.theme, campaigns="snttips"))
    assert answer.status_code == 303
    ref = answer.location.rsplit("/", 1)[-1]
    said = words(eva.get(answer.location))
    assert "Pide información pública" in said
    assert "Tu derecho a saber" in said
    assert "10:00 h en Ciudad de México" in said
    assert state_of(database, ref) == "draft"


def test_a_post_without_a_form_token_is_refused(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    eva.token = ""
    assert eva.post("/publicaciones/nueva", form(house)).status_code == 400


def test_who_does_not_write_does_not_reach_the_composer(client_as: ClientAs, house: House) -> None:
    other = client_as("liaison", body_id=house.body_id)
    assert other.get("/publicaciones/nueva").status_code == 403
    assert other.post("/publicaciones/nueva", form(house)).status_code == 403


def test_a_post_one_character_too_long_is_kept_as_a_draft_and_not_sent(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    text = "a" * 281
    answer = eva.post("/publicaciones/nueva", form(house, text=text, accounts=house.network, do="review"))
    assert answer.status_code == 422
    said = words(answer)
    assert "281 / 280" in said or "281 de / 280" in said
    assert "borrador" in said
    assert text in answer.get_data(as_text=True)
    with database.reading() as session:
        assert [str(one) for one in session.scalars(select(Post.state))] == ["draft"]


def test_a_post_of_just_the_right_length_is_sent(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    sent = form(house, text="a" * 280, accounts=house.network, do="review")
    answer = eva.post("/publicaciones/nueva", sent)
    assert answer.status_code == 303, words(answer)
    assert state_of(database, answer.location.rsplit("/", 1)[-1]) == "in_review"


def _past() -> str:
    return (datetime.now(UTC) - timedelta(days=2)).date().isoformat()


BAD = {
    "empty": ({"text": "   "}, "Escribe el texto"),
    "past": ({"due_date": _past()}, "Esa hora ya pasó"),
    "missing time": (
        {"due_date": "2031-03-09", "due_time": "02:30", "due_zone": "America/Tijuana"},
        "09/03/2031 03:00",
    ),
    "no such day": ({"due_date": "2030-02-30"}, "No entendimos el día"),
    "no hour": ({"due_time": ""}, "Falta la hora"),
    "no day": ({"due_date": ""}, "Falta el día"),
    "no such zone": ({"due_zone": "America/Nowhere"}, "zona"),
    "very long": ({"text": "a" * 10_001}, "pasa de 10,000 caracteres"),
    "title": ({"title": "t" * 201}, "El título pasa de 200"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_has_its_sentence_and_loses_nothing(
    client_as: ClientAs, house: House, database: Database, case: str
) -> None:
    changed, sentence = BAD[case]
    eva = client_as("editor", "eva")
    answer = eva.post("/publicaciones/nueva", form(house, **{"title": "Mi título", **changed}))
    assert answer.status_code == 422, words(answer)
    said = answer.get_data(as_text=True)
    assert sentence in words(answer)
    assert (changed.get("title") or "Mi título") in said
    assert changed.get("text", "Pide información pública").strip()[:50] in said
    assert re.search(rf'value="{house.rehearsal}" checked', said)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 0


def test_an_hour_that_clocks_show_twice_is_told_in_words(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    sent = form(house, due_date="2031-11-02", due_time="01:30:15", due_zone="America/Tijuana", do="check")
    answer = eva.post("/publicaciones/nueva", sent)
    assert answer.status_code == 200
    assert "marca esa hora dos veces" in words(answer)
    assert "en tu reloj" in words(answer)


def test_a_post_keeps_its_seconds(write: Write, database: Database) -> None:
    ref = write(due_time="10:00:20")
    with database.reading() as session:
        local = session.scalars(select(Post.due_local).where(Post.ref == ref)).one()
    assert local.endswith("10:00:20")


def test_an_uploaded_picture_outlives_a_mistake_elsewhere(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    sent = form(house, text="", upload=(picture(), "foto.jpg"), upload_alt="Una plaza con gente")
    answer = eva.post("/publicaciones/nueva", sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    kept = re.search(r'name="image" value="([^"]+)"', page)
    assert kept
    assert "Una plaza con gente" in page
    name = kept.group(1)
    again = eva.post("/publicaciones/nueva", form(house, image=name, **{f"alt-{name}": "Una plaza llena"}))
    assert again.status_code == 303, words(again)
    with database.reading() as session:
        content = session.scalars(select(PostVersion.content)).one()
        assert content["media"][0]["alt"] == "Una plaza llena"
        assert session.scalar(select(func.count()).select_from(Asset)) == 1
    ref, _, number = name.partition(":")
    served = eva.get(f"/caja/{ref}/v/{number}")
    assert served.mimetype == "image/jpeg"
    served.close()


@pytest.mark.parametrize(
    ("file", "alt", "sentence"),
    [
        (lambda: (picture(), "foto.jpg"), "", "Describe la imagen"),
        (lambda: (picture(), "foto.jpg"), "foto.jpg", "nombre del archivo"),
        (lambda: (BytesIO(b"<html>no"), "foto.jpg"), "Una plaza", "imagen"),
    ],
)
def test_a_picture_that_cannot_be_taken_says_why(
    client_as: ClientAs, house: House, file: Callable[[], object], alt: str, sentence: str
) -> None:
    eva = client_as("editor", "eva")
    answer = eva.post("/publicaciones/nueva", form(house, upload=file(), upload_alt=alt))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "Pide información pública" in answer.get_data(as_text=True)


def test_checks_are_told_as_one_types(client_as: ClientAs, house: House, database: Database) -> None:
    eva = client_as("editor", "eva")
    sent = form(house, text="hola #vinculacionsnt", accounts=house.network, campaigns="snttips")
    answer = eva.post("/publicaciones/revisar-texto", sent)
    assert answer.status_code == 200
    said = words(answer)
    assert "#SNTtips" in said
    assert "/ 280" in said
    page = answer.get_data(as_text=True)
    assert all(f'id="{name}"' in page for name in ("revisiones", "due-words", "vistas"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 0


def test_a_variant_is_counted_in_place_of_the_base(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    sent = form(house, text="a" * 400, accounts=house.network, **{"variant-x": "Corto y claro"})
    said = words(eva.post("/publicaciones/revisar-texto", sent))
    assert "13 de / 280" in said


def test_two_posts_close_together_on_one_account_are_told(
    client_as: ClientAs, house: House, write: Write
) -> None:
    write(title="La primera", due_time="10:00")
    eva = client_as("editor", "eva")
    other = "Otra cosa, con otras palabras, para otro día de la semana."
    near = words(eva.post("/publicaciones/revisar-texto", form(house, text=other, due_time="10:04")))
    assert "«La primera» sale a las 10:00" in near
    far = words(eva.post("/publicaciones/revisar-texto", form(house, text=other, due_time="10:06")))
    assert "La primera" not in far


def test_two_people_who_edit_at_once_see_both_texts(
    client_as: ClientAs, house: House, write: Write, database: Database
) -> None:
    ref = write(text="El texto de siempre")
    eva, ana = client_as("editor", "eva"), client_as("editor", "ana")
    for one in (eva, ana):
        assert one.get(f"/publicaciones/{ref}/editar").status_code == 200
    first = form(house, text="El texto de Ana")
    assert ana.post(f"/publicaciones/{ref}/editar", first).status_code == 303
    second = form(house, text="El texto de Eva")
    answer = eva.post(f"/publicaciones/{ref}/editar", second)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "<del>Ana</del>" in page
    assert "<ins>Eva</ins>" in page
    assert "Ana guardó cambios" in words(answer)
    edition = re.search(r'name="edition" value="(\d+)"', page)
    assert edition
    again = eva.post(f"/publicaciones/{ref}/editar", {**second, "edition": edition.group(1)})
    assert again.status_code == 303
    with database.reading() as session:
        texts = [
            one["parts"][0] for one in session.scalars(select(PostVersion.content).order_by(PostVersion.n))
        ]
    assert texts == ["El texto de siempre", "El texto de Ana", "El texto de Eva"]


def test_a_post_that_does_not_exist_is_not_found(client_as: ClientAs) -> None:
    eva = client_as("editor", "eva")
    assert eva.get("/publicaciones/nohaynada").status_code == 404
    assert eva.get("/publicaciones/nohaynada/editar").status_code == 404


def test_what_a_person_writes_is_never_markup(client_as: ClientAs, write: Write) -> None:
    ref = write(text="<script>alert(1)</script> hola", title="<b>x</b>")
    page = client_as("editor", "eva").get(f"/publicaciones/{ref}").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page


@pytest.mark.usefixtures("house")
def test_an_empty_page_greets_without_blame(client_as: ClientAs) -> None:
    page = words(client_as("editor").get("/publicaciones/nueva"))
    assert "Escribe el texto y elige desde dónde sale." in page
    assert "Corrige" not in page


def test_only_what_can_be_chosen_is_counted_and_may_have_its_own_text(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    page = words(eva.get("/publicaciones/nueva"))
    assert "Texto distinto para X" in page
    assert "Texto distinto para Ensayo" not in page
    with database.transaction() as session:
        session.execute(update(Account).where(Account.ref == house.network).values(connected_at=None))
    page = eva.get("/publicaciones/nueva").get_data(as_text=True)
    assert "Texto distinto para" not in page
    assert "counts-number" not in page
