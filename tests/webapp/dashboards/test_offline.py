"""Réplicas fuera de línea: written down with files or words, seen by whom it concerns, taken back by who said it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from assets.models import EvidenceFile
from assets.storage import DiskStorage, Shelf
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.posts import Post
from scheduler.dialects.snowflakes import floor_of
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.replication.seek_models import OfflineEcho, ReplicationEvidence
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, today, words
from tests.webapp.stage import Stage
from webapp.demo.pictures import picture

ClientAs = Callable[..., Browser]
HERE = "/replicas/anotar"


@pytest.fixture
def placed(database: Database) -> dict[str, str | int]:
    """A body that publishes, another that may take up what went out an hour ago, and a third."""
    with database.transaction() as session:
        stage = Stage(session)
        voice, echo, other = (stage.body(slug) for slug in ("voz", "eco", "tercero"))
        row = stage.publication(
            stage.account(voice), due_at=now() - timedelta(hours=1), url="https://red.example/original"
        )
        account = stage.account(other, "x")
        account.handle, account.handle_folded = "tercero_mx", "tercero_mx"
        return {
            "echo": echo.id,
            "other": other.id,
            "post": session.get_one(Post, row.post_id).ref,
            "id": row.post_id,
        }


def form(placed: dict[str, str | int], **said: object) -> dict[str, object]:
    told = {
        "what": placed["post"], "who": "eco", "form": "radio", "place": "Radio Uno", "on": today().isoformat(),
        "reach": "1,200", "note": "La leyeron al aire.",
    }  # fmt: skip
    return told | said


def jpeg_with_place() -> bytes:
    """A picture whose file tells something else besides its pixels."""
    return picture(3) + b"GPS 19.4326 -99.1332"


def the_one(database: Database) -> Replication:
    with database.reading() as session:
        found = session.scalars(select(Replication)).one()
        session.expunge_all()
    return found


def none_left(database: Database) -> bool:
    with database.reading() as session:
        tables = (Replication, OfflineEcho, ReplicationEvidence, EvidenceFile)
        return not any(session.scalars(select(table)).first() for table in tables)


def test_words_alone_are_enough_and_the_reach_is_called_declared(
    client_as: ClientAs, database: Database, placed: dict[str, str | int]
) -> None:
    browser = client_as("liaison", body_id=placed["echo"])
    browser.get(f"{HERE}?publicacion={placed['post']}")
    said = words(browser.post(HERE, form(placed), follow=True))
    assert "Anotado: ECO la replicó fuera de línea." in said
    assert "Radio o televisión, Radio Uno" in said
    assert "alcance declarado: 1,200" in said
    found = the_one(database)
    assert (found.kind, found.stage) == (ReplicationKind.OFFLINE, ReplicationStage.DECLARED)
    assert (found.why_code, found.why_params) == ("replication_offline_radio", {"place": "Radio Uno"})
    browser.post(HERE, form(placed))
    assert the_one(database).ref == found.ref
    said = words(client_as("coordinator").get(f"/replicas/{found.ref}"))
    assert "Alcance declarado 1,200 personas, según el organismo" in said
    assert "Evidencia guardada" in said
    # Its own word, taken back: nothing is left, and nobody else may do it.
    assert client_as("liaison", "otro", body_id=placed["other"]).get(HERE).status_code == 200
    browser.post(f"/replicas/{found.ref}/quitar")
    assert none_left(database)


def test_a_file_is_kept_apart_without_what_it_tells_and_only_who_may_see_gets_it(
    client_as: ClientAs, database: Database, app: Flask, placed: dict[str, str | int]
) -> None:
    browser = client_as("liaison", body_id=placed["echo"])
    browser.get(HERE)
    file = (BytesIO(jpeg_with_place()), "captura.png")
    answer = browser.post(HERE, form(placed, form="mural", note="", files=[file]))
    assert answer.status_code == 303, words(answer)
    with database.reading() as session:
        kept = session.scalars(select(EvidenceFile)).one()
        session.expunge_all()
    shelf = DiskStorage(app.extensions["resuena.settings"].data / "materials")
    for sha256 in (kept.sha256, kept.thumbnail_sha256):
        with shelf.open(Shelf.EVIDENCE, sha256) as stream:
            assert b"GPS" not in stream.read()
    # As it came it is nowhere, and nothing of it among the materials.
    assert not any(list(shelf.files(one)) for one in (Shelf.ORIGINALS, Shelf.SERVED))
    address = f"/replicas/evidencia/{kept.ref}"
    mine = browser.get(address)
    assert (mine.status_code, mine.mimetype) == (200, "image/png")
    assert "sandbox" in mine.headers["Content-Security-Policy"]
    assert mine.headers["Cache-Control"] == "no-store"
    mine.close()
    small = browser.get(f"{address}/chica")
    assert small.status_code == 200
    small.close()
    # The control: whoever may not see the replication does not get its proof.
    assert client_as("liaison", "ajena", body_id=placed["other"]).get(address).status_code == 404
    # The same picture again is the same proof.
    again = (BytesIO(jpeg_with_place()), "otra.png")
    browser.post(HERE, form(placed, form="mural", place="Otra sede", note="", files=[again]))
    found = the_one(database)
    assert found.kind is ReplicationKind.OFFLINE
    # Taken back, nobody keeps the file either: the sweep finds it without a row.
    browser.post(f"/replicas/{found.ref}/quitar")
    assert none_left(database)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"form": ""}, "Elige cómo la retomaron."),
        ({"place": " "}, "Di dónde fue"),
        ({"on": "2999-01-01"}, "no puede ser uno que aún no llega"),
        ({"reach": "muchas"}, "solo con números"),
        ({"note": ""}, "Sube un archivo o cuenta con tus palabras"),
        ({"what": "nada"}, "Esa publicación"),
        ({"files": [(BytesIO(b"MZ programa"), "virus.exe")]}, "Ese archivo no se puede usar como imagen"),
        ({"files": [(BytesIO(b"\x00\x00\x00\x18ftypmp42" + b"0" * 99), "v.mp4")]}, "Sube una imagen"),
    ],
)
def test_what_is_wrong_is_told_beside_it_and_what_was_typed_is_kept(
    client_as: ClientAs,
    database: Database,
    placed: dict[str, str | int],
    wrong: dict[str, object],
    sentence: str,
) -> None:
    browser = client_as("liaison", body_id=placed["echo"])
    browser.get(HERE)
    answer = browser.post(HERE, form(placed, **wrong))
    assert answer.status_code == 422
    said = answer.get_data(as_text=True)
    assert sentence in words(answer)
    assert str(wrong.get("reach", "1,200")) in said
    assert none_left(database)


def test_a_link_tells_when_it_was_and_whose_it_is(
    client_as: ClientAs, database: Database, placed: dict[str, str | int]
) -> None:
    at = (now() - timedelta(minutes=20)).replace(microsecond=0)
    browser = client_as("liaison", body_id=placed["echo"])
    browser.get("/replicas")
    link = f"https://x.com/eco_mx/status/{floor_of(at)}"
    told = {"post": placed["post"], "body": "eco", "link": link, "kind": "adapted", "day": "2026-01-02"}
    said = words(browser.post("/replicas", told, follow=True))
    assert "usamos esa fecha y no la que escribiste" in said
    assert "La cuenta @eco_mx de X no está en el directorio de ECO: ¿la propones?" in said
    asked = browser.get("/directorio/eco/proponer?que=add_account&perfil=https://x.com/eco_mx")
    assert 'value="https://x.com/eco_mx"' in asked.get_data(as_text=True)
    assert the_one(database).occurred_at == at
    theirs = f"https://x.com/Tercero_MX/status/{floor_of(at) + 1}"
    said = words(browser.post("/replicas", {**told, "link": theirs}, follow=True))
    assert "Según el directorio, @tercero_mx de X es de TERCERO." in said
    # From before the post went out: taken, but the day is the one that was typed, and it is told.
    early = f"https://x.com/eco_mx/status/{floor_of(at - timedelta(days=9))}"
    said = words(browser.post("/replicas", {**told, "link": early}, follow=True))
    assert "antes de que saliera la publicación" in said
    original = words(browser.post("/replicas", {**told, "link": "https://red.example/original"}))
    assert "Ese es el enlace de la publicación original" in original


def test_what_somebody_decided_or_another_declared_is_not_taken_back(
    client_as: ClientAs, database: Database, placed: dict[str, str | int]
) -> None:
    browser, chief = client_as("liaison", body_id=placed["echo"]), client_as("coordinator")
    browser.get(HERE)
    browser.post(HERE, form(placed))
    ref = the_one(database).ref
    chief.get("/replicas")
    assert "Ya no se puede quitar" in words(chief.post(f"/replicas/{ref}/quitar", follow=True))
    chief.post(f"/replicas/{ref}/si")
    assert "Ya no se puede quitar" in words(browser.post(f"/replicas/{ref}/quitar", follow=True))
    assert the_one(database).stage is ReplicationStage.CONFIRMED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_pages_ask_as_much_of_the_database_however_much_there_is(
    client_as: ClientAs, database: Database, placed: dict[str, str | int], count_queries: CountQueries
) -> None:
    browser = client_as("coordinator")
    browser.get(HERE)

    def asked() -> int:
        with count_queries() as sent:
            browser.get(HERE)
            browser.get("/replicas/busqueda")
        return len(sent)

    browser.post(HERE, form(placed))
    before = asked()
    for number in range(4):
        browser.post(HERE, form(placed, place=f"Sede {number}"))
    with database.transaction() as session:
        stage = Stage(session)
        for number in range(3):
            stage.publication(stage.account(session.get_one(Body, placed["other"])), text=f"Texto {number}")
    assert asked() == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_looked_for_by_itself_is_told_network_by_network(
    client_as: ClientAs, placed: dict[str, str | int]
) -> None:
    assert placed
    said = words(client_as("coordinator").get("/replicas/busqueda"))
    assert "quién reposteó y citó" in said
    assert "Esta red cobra por preguntar y nadie ha puesto un tope" in said
    assert client_as("liaison", body_id=placed["echo"]).get("/replicas/busqueda").status_code == 403
