"""Nuestro texto: a body says a post in its own words, is told how equal it is, and decides on what changed in ours."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from content_calendar import local_texts
from content_calendar.content import Content, as_json, hash_of
from content_calendar.db import Database
from content_calendar.models.local_texts import LocalText
from content_calendar.models.posts import Post, PostVersion
from scheduler.models import ReplicationKind
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OURS = "Tienes derecho a saber en qué gasta tu gobierno: pregunta gratis y sin decir quién eres."
OWN = "En Colima abrimos un módulo en el jardín Núñez para ayudarte a escribir tu primera solicitud."


@pytest.fixture
def placed(database: Database) -> dict[str, object]:
    """A post that is out; a body that copied it as it is, and one that writes."""
    with database.transaction() as session:
        stage = Stage(session)
        mine, other = stage.body("infocol"), stage.body("itei")
        row = stage.publication(stage.account(mine), text=OURS)
        copied = stage.replication(row, other, kind=ReplicationKind.COPY)
        entry = stage.entry(other)
        entry.summary, copied.entry_id = OURS, entry.id
        post = session.get_one(Post, row.post_id)
        post.due_local, post.due_zone, post.title = row.due_local, "UTC", "Pregunta"
        return {"mine": mine.id, "other": other.id, "post": post.ref, "id": post.id}


def approve_anew(database: Database, placed: dict[str, object], text: str) -> None:
    value = as_json(Content((text,)))
    with database.transaction() as session:
        post = session.get_one(Post, placed["id"])
        made = PostVersion(
            post_id=post.id, n=2, content=value, content_hash=hash_of(value), author_id=post.author_id
        )
        session.add(made)
        session.flush()
        post.version_id = post.approved_version_id = made.id


def kept(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(select(LocalText.text)).one()


@ON_SQLITE
def test_a_copy_is_warned_of_before_it_goes_out_and_an_own_text_is_not(
    client_as: ClientAs, placed: dict[str, object]
) -> None:
    lia = client_as("liaison", "lia", body_id=placed["mine"])
    there = f"/publicaciones/{placed['post']}/nuestro-texto"
    assert there in lia.get("/").get_data(as_text=True)
    assert "1 organismo ya publicó este texto igual." in words(lia.get("/"))
    page = words(lia.get(there))
    assert "Igual al de 1 organismo. Cambia el principio" in page
    assert "ITEI y la Comisión" in page
    assert "textos casi iguales de varias cuentas en 24 horas" in page
    live = lia.post(f"{there}/parecido", {"body": "infocol", "text": OWN})
    assert "Es tuyo: no se parece a ninguno." in words(live)
    assert 'id="parecido"' in live.get_data(as_text=True)
    saved = lia.post(there, {"body": "infocol", "text": OWN, "n": "0"}, follow=True)
    assert "Es tuyo" in words(saved)
    assert "Tienes tu propio texto" in words(lia.get("/"))


def test_what_changed_in_ours_is_suggested_with_the_difference_and_never_overwrites(
    client_as: ClientAs, database: Database, placed: dict[str, object]
) -> None:
    lia = client_as("liaison", "lia", body_id=placed["mine"])
    there = f"/publicaciones/{placed['post']}/nuestro-texto"
    lia.get(there)
    lia.post(there, {"body": "infocol", "text": OWN, "n": "0"})
    approve_anew(database, placed, OURS + " Hoy.")
    with database.transaction() as session:
        local_texts.suggest(session)
    assert kept(database) == OWN
    assert "Cambió «Pregunta»" in words(lia.get("/avisos"))
    shown = lia.get(there)
    assert "<ins> Hoy.</ins>" in shown.get_data(as_text=True)
    with database.reading() as session:
        ref = session.scalars(select(LocalText.ref)).one()
    assert lia.get(f"/nuestros-textos/{ref}").request.path == there
    # Saved again without having seen the new one: the suggestion stays.
    lia.post(there, {"body": "infocol", "text": OWN + " Ven.", "n": "1"})
    assert "una sugerencia" in words(lia.get(there))
    told = lia.post(f"/nuestros-textos/{ref}/conservar", follow=True)
    assert "una sugerencia" not in words(told)
    assert kept(database) == OWN + " Ven."
    assert "de la versión 1" in words(client_as("editor").get(f"/publicaciones/{placed['post']}"))


@ON_SQLITE
def test_taking_the_suggestion_keeps_the_own_text_in_the_history(
    client_as: ClientAs, database: Database, placed: dict[str, object]
) -> None:
    lia = client_as("liaison", "lia", body_id=placed["mine"])
    there = f"/publicaciones/{placed['post']}/nuestro-texto"
    lia.get(there)
    lia.post(there, {"body": "infocol", "text": OWN, "n": "0"})
    approve_anew(database, placed, OURS + " Hoy.")
    with database.reading() as session:
        ref = session.scalars(select(LocalText.ref)).one()
    assert client_as("liaison", "leo", body_id=placed["other"]).post(
        f"/nuestros-textos/{ref}/tomar"
    ).status_code in (
        400,
        404,
    )
    taken = lia.post(f"/nuestros-textos/{ref}/tomar", follow=True)
    assert kept(database) == OURS + " Hoy."
    assert OWN in words(taken)


@ON_SQLITE
def test_a_body_writes_only_its_own_and_says_something(
    client_as: ClientAs, database: Database, placed: dict[str, object]
) -> None:
    lia = client_as("liaison", "lia", body_id=placed["mine"])
    there = f"/publicaciones/{placed['post']}/nuestro-texto"
    lia.get(there)
    assert lia.post(there, {"body": "itei", "text": OWN, "n": "0"}).status_code == 403
    empty = lia.post(there, {"body": "infocol", "text": " ", "n": "0"})
    assert (empty.status_code, "Escribe tu texto" in words(empty)) == (422, True)
    lia.post(there, {"body": "infocol", "text": OWN, "n": "0"})
    late = lia.post(there, {"body": "infocol", "text": "Otro", "n": "0"})
    assert (late.status_code, "guardó otro texto mientras escribías" in words(late)) == (409, True)
    assert kept(database) == OWN
