"""A network's own sheet brought by hand, on its pages; and followers over time."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.publications import PublicationPart
from scheduler.models import Reading
from scheduler.results.models import Followers
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
# The pages are the same on both databases; what they write has its tests on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHEET = (
    "Post link;Impressions;Cosas\nhttps://red.example/p/1;1,200;x\nhttps://red.example/p/1;1.2K;x\n"
    "https://red.example/p/9;5;x\n"
)


def published(database: Database) -> str:
    """The reference of a publication that went out a month ago, with its link."""
    with database.transaction() as session:
        stage = Stage(session)
        row = stage.publication(stage.account(stage.body("uno")), due_at=now() - timedelta(days=30))
        part = session.scalars(select(PublicationPart)).one()
        part.remote_url = "https://red.example/p/1"
        return row.ref


def upload(browser: Browser, text: str, **more: str) -> str:
    browser.get("/resultados/cifras")
    # By the commission's clocks too, whose day begins six hours later.
    yesterday = (now() - timedelta(days=1)).date()
    given = {"kind": "readings", "as_of": yesterday.isoformat(), **more}
    answer = browser.post("/resultados/cifras", {**given, "file": (io.BytesIO(text.encode()), "red.csv")})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_sheet_is_looked_at_before_anything_is_stored_and_undone_whole(
    client_as: ClientAs, database: Database
) -> None:
    ref = published(database)
    browser = client_as("editor")
    path = upload(browser, SHEET)
    said = words(browser.get(path))
    assert "Columna B («Impressions»): «1.2K» no es un número entero" in said
    assert "no es de una cuenta o publicación nuestra" in said
    with database.reading() as session:
        assert session.scalars(select(Reading)).all() == []
    # The person says that the third column is nothing, and the second is likes after all.
    assert browser.post(f"{path}/columnas", {"column-0": "link", "column-1": "likes"}).status_code == 303
    assert browser.post(f"{path}/importar", {}).status_code == 303
    with database.reading() as session:
        told = session.scalars(select(Reading)).one()
        assert (told.metric, told.value, told.window) == ("likes", 1200, "28d")
    assert "importada" in words(browser.get(f"/salidas/{ref}"))
    assert "Se importó" in words(browser.get(path))
    assert browser.post(f"{path}/deshacer", {}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Reading)).all() == []


def test_a_file_without_columns_or_with_a_day_to_come_is_told_beside_its_field(client_as: ClientAs) -> None:
    browser = client_as("editor")
    browser.get("/resultados/cifras")
    tomorrow = (now() + timedelta(days=3)).date().isoformat()
    answer = browser.post(
        "/resultados/cifras", {"as_of": tomorrow, "file": (io.BytesIO(SHEET.encode()), "red.csv")}
    )
    assert answer.status_code == 422
    assert "Di qué día bajaste la hoja" in words(answer)
    answer = browser.post("/resultados/cifras", {"as_of": now().date().isoformat()})
    assert answer.status_code == 422


def test_who_only_looks_brings_nothing(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        region = Stage(session).region("norte")
    browser = client_as("regional", region_id=region.id)
    assert browser.get("/resultados/cifras").status_code == 403
    assert browser.get("/resultados/seguidores").status_code == 200


def test_followers_are_written_down_corrected_and_taken_away(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        to = stage.account(stage.body("uno"))
        session.add(Followers(account_id=to.id, on=date(2026, 1, 1), value=900, source=to.network))
    browser = client_as("editor")
    path = f"/resultados/seguidores/{to.ref}"
    assert "900" in words(browser.get(path))
    assert browser.post(path, {"on": "2026-01-31", "value": "1,000"}).status_code == 303
    assert browser.post(path, {"on": "2026-01-31", "value": "1,010"}).status_code == 303
    said = words(browser.get(path))
    assert "1,010" in said
    assert "escrito a mano" in said
    assert browser.post(path, {"on": "2026-01-31", "value": "muchos"}).status_code == 422
    assert browser.post(path, {"on": "2026-01-31", "value": ""}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Followers.value)).all() == [900]
        assert session.scalars(select(Account)).one().handle in browser.get(
            "/resultados/seguidores.csv"
        ).get_data(as_text=True)
