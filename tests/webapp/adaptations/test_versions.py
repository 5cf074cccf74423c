"""Versions in other languages and forms, as people click them: write, ask, review, publish, print."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from content_calendar import adaptations, posts
from content_calendar.db import Database
from content_calendar.models.adaptations import Adaptation, AdaptedPost
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from tests.conftest import CountQueries
from tests.webapp.calendar.conftest import House, Write, form
from tests.webapp.conftest import Browser, words
from tests.webapp.toolbox.test_toolbox import add

ClientAs = Callable[..., Browser]
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAHUATL = {"language": "nah", "form": "whole", "credit": "Citlali Tecpa"}


def ref_of(database: Database, name: str) -> str:
    with database.reading() as session:
        return session.scalars(select(Person.ref).where(Person.name == name)).one()


def begin(browser: Browser, post: str, **said: str) -> str:
    """Write a version of a post; return its reference."""
    browser.get(f"/publicaciones/{post}/versiones/nueva?lengua=nah&forma=whole")
    answer = browser.post(
        f"/publicaciones/{post}/versiones/nueva", NAHUATL | {"part-1": "Xitlajtlani"} | said
    )
    assert answer.status_code == 303, words(answer)
    return str(answer.location).rsplit("/", 1)[-1]


def content_hash(browser: Browser, ref: str) -> str:
    page = browser.get(f"/versiones/{ref}").get_data(as_text=True)
    found = re.search(r'name="content_hash" value="([0-9a-f]{64})"', page)
    assert found is not None, page
    return found[1]


def test_a_version_is_written_reviewed_by_its_reviewer_and_becomes_a_post(
    client_as: ClientAs, database: Database, house: House, write: Write
) -> None:
    eva, beto = client_as("editor", "eva"), client_as("liaison", "beto", body_id=house.body_id)
    post = write()
    assert "Todavía no hay: escribe la primera." in words(eva.get(f"/publicaciones/{post}"))
    ref = begin(eva, post)
    # A liaison who speaks the language can be asked; until then it is not theirs to see.
    assert beto.get(f"/versiones/{ref}").status_code == 404
    refused = eva.post(f"/versiones/{ref}/pedir", {"reviewer": ref_of(database, "Eva")})
    assert refused.status_code == 403
    assert "Nadie revisa lo que escribió" in words(refused)
    asked = eva.post(f"/versiones/{ref}/pedir", {"reviewer": ref_of(database, "Beto")}, follow=True)
    assert "Se lo pedimos a Beto" in words(asked)
    assert "te pide revisar una versión" in words(beto.get("/avisos"))
    assert "Te las pidieron a ti" in words(beto.get("/revision/versiones"))
    seen = content_hash(beto, ref)
    assert eva.post(f"/versiones/{ref}/aprobar", {"content_hash": seen}).status_code == 403
    assert eva.post(f"/versiones/{ref}/publicar").status_code == 409
    assert "La aprobaste" in words(
        beto.post(f"/versiones/{ref}/aprobar", {"content_hash": seen}, follow=True)
    )
    made = eva.post(f"/versiones/{ref}/publicar")
    new = str(made.location).split("/")[-2]
    page = words(eva.get(f"/publicaciones/{new}"))
    assert "Xitlajtlani" in page
    assert "la aprobó Beto" in page
    with database.reading() as session:
        assert session.scalars(select(Post.language).where(Post.ref == new)).one() == "nah"
        assert len(session.scalars(select(AdaptedPost)).all()) == 1
    # Once more leads to the post that is there.
    assert str(eva.post(f"/versiones/{ref}/publicar").location).endswith(new)


@only_sqlite
def test_an_original_that_changed_is_told_on_both_pages_and_stops_the_yes(
    client_as: ClientAs, database: Database, house: House, write: Write
) -> None:
    eva, luz = client_as("editor", "eva"), client_as("coordinator", "luz")
    post = write()
    ref = begin(eva, post)
    eva.post(f"/versiones/{ref}/pedir", {"reviewer": ref_of(database, "Luz")})
    seen = content_hash(luz, ref)
    eva.get(f"/publicaciones/{post}/editar")
    saved = eva.post(
        f"/publicaciones/{post}/editar", form(house, text="Otra cosa muy distinta.", edition="0")
    )
    assert saved.status_code == 303, words(saved)
    assert "el original cambió" in words(eva.get(f"/publicaciones/{post}"))
    assert "hecha de una versión anterior" in words(eva.get(f"/versiones/{ref}"))
    refused = luz.post(f"/versiones/{ref}/aprobar", {"content_hash": seen})
    assert refused.status_code == 409
    back = luz.post(f"/versiones/{ref}/regresar", {"reason": "Es del texto anterior"}, follow=True)
    assert "Es del texto anterior" in words(back)
    assert luz.post(f"/versiones/{ref}/regresar", {"reason": "otra vez"}).status_code == 409


@only_sqlite
def test_easy_read_is_helped_and_braille_begins_with_a_plain_text_and_ends_on_paper(
    client_as: ClientAs, house: House, write: Write
) -> None:
    eva = client_as("editor", "eva")
    text = "Pide información 👋 en https://ejemplo.mx/pide #VinculaciónSNT"
    post = write(text=text, accounts=house.network)
    page = words(eva.get(f"/publicaciones/{post}/versiones/nueva?lengua=es&forma=easy_read"))
    assert "Cómo se escribe en lectura fácil" in page
    sent = {
        "subject": "post", "subject_ref": post, "language": "es", "form": "easy_read",
        "part-1": "Te contestan en veinte días. Es gratis.",
    }  # fmt: skip
    told = words(eva.post("/versiones/revisar-texto", sent))
    assert "Escribe los números con cifras: veinte." in told
    assert "Una idea en cada línea" in told
    # How long it is for the networks of the original's accounts.
    assert "39 de / 280" in told
    drafted = eva.get(f"/publicaciones/{post}/versiones/nueva?lengua=es&forma=braille").get_data(as_text=True)
    assert "Pide información en\nhttps://ejemplo.mx/pide\nVinculación SNT" in drafted
    ref = begin(
        eva, post, language="es", form="braille", **{"part-1": "Pide información en\nhttps://ejemplo.mx/pide"}
    )
    file = eva.client.get(f"/versiones/{ref}/texto.txt?ancho=20")
    assert file.mimetype == "text/plain"
    lines = file.get_data(as_text=True).split("\n")
    assert max(map(len, lines)) <= 20
    assert lines[0] == "Pide información en"
    # It is printed, not posted.
    assert eva.post(f"/versiones/{ref}/publicar").status_code == 422


@only_sqlite
def test_a_material_has_versions_with_a_file_of_their_own_and_a_signed_one_is_a_film(
    client_as: ClientAs, database: Database
) -> None:
    eva = client_as("editor", "eva")
    asset = add(eva)
    page = words(eva.get(f"/caja/{asset}"))
    assert "Otras lenguas y formas" in page
    said = {"language": "nah", "form": "whole", "title": "Amatl", "alt_text": "Se maitl", "description": ""}
    eva.get(f"/caja/{asset}/versiones/nueva?lengua=nah&forma=whole")
    answer = eva.post(f"/caja/{asset}/versiones/nueva", said, follow=True)
    assert "Versión en náhuatl" in words(answer)
    signed = {"language": "mfs", "form": "whole"}
    answer = eva.post(f"/caja/{asset}/versiones/nueva", signed)
    ref = str(answer.location).rsplit("/", 1)[-1]
    luz = client_as("coordinator", "luz")
    assert luz.get(f"/versiones/{ref}").status_code == 200
    refused = eva.post(f"/versiones/{ref}/pedir", {"reviewer": ref_of(database, "Luz")})
    assert "Falta el video en señas" in words(refused)


@only_sqlite
def test_two_who_write_at_once_keep_both_texts(client_as: ClientAs, write: Write) -> None:
    eva, ana = client_as("editor", "eva"), client_as("editor", "ana")
    ref = begin(eva, write())
    ana.get(f"/versiones/{ref}/escribir")
    eva.get(f"/versiones/{ref}/escribir")
    assert ana.post(f"/versiones/{ref}/escribir", {"part-1": "De Ana", "n": "1"}).status_code == 303
    again = eva.post(f"/versiones/{ref}/escribir", {"part-1": "De Eva", "n": "1"})
    assert again.status_code == 409
    page = again.get_data(as_text=True)
    assert "De Eva" in page
    assert "Ana guardó otro texto" in words(again)
    number = re.search(r'name="n" value="(\d+)"', page)
    assert number is not None
    assert eva.post(f"/versiones/{ref}/escribir", {"part-1": "De Eva", "n": number[1]}).status_code == 303


@only_sqlite
def test_the_questions_of_a_posts_page_and_of_the_list_do_not_grow_with_the_versions(
    client_as: ClientAs, database: Database, write: Write, count_queries: CountQueries
) -> None:
    eva, luz = client_as("editor", "eva"), client_as("coordinator", "luz")
    post = write()

    def more(languages: tuple[str, ...]) -> None:
        for language in languages:
            ref = begin(eva, post, language=language)
            eva.post(f"/versiones/{ref}/pedir", {"reviewer": ref_of(database, "Luz")})

    def asked() -> tuple[int, int]:
        with count_queries() as page:
            eva.get(f"/publicaciones/{post}")
        with count_queries() as waiting:
            luz.get("/revision/versiones")
        return len(page), len(waiting)

    more(("nah",))
    few = asked()
    more(("yua", "tzh", "tzo"))
    assert asked() == few


@only_sqlite
def test_the_same_list_is_in_the_composer_and_in_the_toolbox_and_the_forms_are_told(
    client_as: ClientAs, database: Database, write: Write
) -> None:
    eva = client_as("editor", "eva")
    for path in ("/publicaciones/nueva", "/caja/subir", f"/caja/{add(eva)}"):
        page = eva.get(path).get_data(as_text=True)
        assert "Familia oto-mangue" in page
        assert "huichol (wixárika)" in page
    post = write()
    refused = eva.get(f"/publicaciones/{post}/versiones/nueva?lengua=es&forma=whole")
    assert refused.status_code == 422
    ref = begin(eva, post)
    assert str(
        eva.get(f"/publicaciones/{post}/versiones/nueva?lengua=nah&forma=whole").request.path
    ).endswith(ref)
    with database.reading() as session:
        made = session.scalars(select(Adaptation)).one()
        found = adaptations.of_post(posts.find(session, post))
        assert made.subject_ref == found.ref
