"""Formats of a picture with a body's logo, logos of bodies, and cards, as people meet them."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import select

from assets import renditions
from assets.models import AssetFraming, AssetUse, Rendition, UseKind
from content_calendar.db import Database
from content_calendar.models.directory import Body
from tests.assets import sets as pictures
from tests.webapp.conftest import Browser, words
from tests.webapp.toolbox.test_toolbox import form

ClientAs = Callable[..., Browser]


@pytest.fixture
def bodies(database: Database) -> list[Body]:
    with database.transaction() as session:
        made = [
            Body(
                slug=slug, short_name=slug.upper(), name=f"Instituto {slug}", zone="America/Mexico_City",
                state_iso=f"MX-{slug[-3:].upper()}", state_name=slug, name_confidence="high", confidence="high",
                valid_from=date(2016, 1, 1),
            )
            for slug in ("infouno", "infodos")
        ]  # fmt: skip
        session.add_all(made)
        session.flush()
        session.expunge_all()
    return made


def photo(browser: Browser) -> str:
    browser.get("/caja")
    data = form(pictures.photograph(400, 300), "foro.jpg", title="Foro")
    answer = browser.post("/caja", data)
    assert answer.status_code == 303, words(answer)
    return str(answer.location).rpartition("/")[2]


def downloaded(browser: Browser, ref: str, slug: str, body: str) -> bytes:
    answer = browser.client.get(f"/caja/{ref}/v/1/formatos/{slug}?organismo={body}", buffered=True)
    assert answer.status_code == 200, words(answer)
    assert answer.mimetype == "image/jpeg"
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.get_data())


def put_logo(browser: Browser, body: str, n: int, status: int = 303) -> None:
    browser.get("/mi-cuenta")
    data = {"logo": (io.BytesIO(pictures.logo(n) or b""), "logo.png")}
    assert browser.post(f"/caja/logos/{body}", data).status_code == status


def test_a_format_is_made_once_kept_and_made_anew_when_the_logo_changes(
    client_as: ClientAs, bodies: list[Body], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = client_as("editor")
    ref = photo(editor)
    waiting = editor.get(f"/caja/{ref}/formatos?organismo=infouno")
    assert "Preparando los formatos" in words(waiting)
    assert waiting.headers["Refresh"] == "2"
    in_type = downloaded(editor, ref, "retrato", "infouno")
    page = editor.get(f"/caja/{ref}/formatos?organismo=infouno")
    assert "Refresh" not in page.headers
    assert page.get_data(as_text=True).count("/vista?") == len(renditions.formats())
    assert "INFOUNO todavía no tiene logo aquí" in words(page)
    assert "Formatos" in words(editor.get(f"/caja/{ref}"))
    put_logo(editor, "infouno", 0)
    with_logo = downloaded(editor, ref, "retrato", "infouno")
    assert with_logo != in_type
    made = renditions.printed
    monkeypatch.setattr(renditions, "printed", None)  # a press that nobody may start
    assert downloaded(editor, ref, "retrato", "infouno") == with_logo
    monkeypatch.setattr(renditions, "printed", made)
    put_logo(editor, "infouno", 1)
    assert downloaded(editor, ref, "retrato", "infouno") not in {with_logo, in_type}
    with database.reading() as session:
        uses = session.scalars(select(AssetUse).where(AssetUse.kind == UseKind.DOWNLOADED)).all()
        assert {(one.format, one.body_id) for one in uses} == {("retrato", bodies[0].id)}
        assert len(uses) == 4


def test_a_liaison_finds_its_own_logo_and_nobody_else_s(
    client_as: ClientAs, bodies: list[Body], database: Database
) -> None:
    ref = photo(client_as("editor"))
    liaison = client_as("liaison", body_id=bodies[0].id)
    put_logo(liaison, "infouno", 2)
    put_logo(liaison, "infodos", 2, status=403)
    assert liaison.get("/caja/logos/infodos").status_code == 403
    page = liaison.get(f"/caja/{ref}").get_data(as_text=True)
    assert f"/caja/{ref}/v/1/formatos/retrato?organismo=infouno" in page
    assert "INFODOS" not in page
    downloaded(liaison, ref, "cuadrado", "infodos")
    with database.reading() as session:
        assert set(session.scalars(select(Rendition.mark))) == {""}


def test_the_point_that_stays_in_sight_is_moved_by_a_click_or_by_numbers(
    client_as: ClientAs, bodies: list[Body], database: Database
) -> None:
    editor = client_as("editor")
    ref = photo(editor)

    def framed(**said: object) -> tuple[str, int | None, int | None]:
        assert editor.post(f"/caja/{ref}/v/1/encuadre", said).status_code == 303
        with database.reading() as session:
            row = session.scalars(select(AssetFraming)).one()
            return str(row.cut), row.across, row.down

    click = {"cut": "crop", "width": 280, "height": 210, "punto.x": 70, "punto.y": 105}
    assert framed(**click) == ("crop", 250, 500)
    assert framed(cut="crop", across="80", down="20") == ("crop", 800, 200)
    # A key pressed on the picture clicks nowhere: the point goes back to the programme.
    assert framed(**{**click, "punto.x": 0, "punto.y": 0}) == ("crop", None, None)
    assert framed(cut="whole", across="10", down="10") == ("whole", None, None)
    editor.post(f"/caja/{ref}/v/1/encuadre", {"cut": "crop", "across": "180", "down": "20"})
    assert framed(cut="auto") == ("auto", None, None)
    liaison = client_as("liaison", body_id=bodies[0].id)
    assert liaison.post(f"/caja/{ref}/v/1/encuadre", {"cut": "whole"}).status_code == 403


def test_a_card_is_seen_and_then_kept_with_its_text_as_alternative_text(client_as: ClientAs) -> None:
    editor = client_as("editor")
    editor.get("/caja/tarjeta?plantilla=dato")
    said = {"plantilla": "dato", "main": "1,254", "second": "solicitudes respondidas", "palette": "teal"}
    seen = editor.post("/caja/tarjeta", {**said, "act": "look"})
    assert "data:image/png;base64," in seen.get_data(as_text=True)
    assert "Tarjeta con un dato: 1,254 solicitudes respondidas" in words(seen)
    kept = editor.post("/caja/tarjeta", {**said, "act": "keep"}, follow=True)
    assert "Tarjeta agregada" in words(kept)
    assert "ALT Tarjeta con un dato: 1,254 solicitudes respondidas" in words(kept)
    emoji = editor.post("/caja/tarjeta", {**said, "second": "solicitudes 🎉", "act": "keep"})
    assert emoji.status_code == 422
    assert "no tiene estos signos: 🎉" in words(emoji)
    empty = editor.post("/caja/tarjeta", {**said, "second": "", "act": "look"})
    assert "Escribe este texto" in words(empty)


def test_a_crash_between_the_files_and_the_rows_leaves_no_row_and_the_next_try_ends_it(
    client_as: ClientAs, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = client_as("editor")
    ref = photo(editor)
    kept = renditions.keep

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(renditions, "keep", crash)
    with pytest.raises(KeyboardInterrupt):
        editor.client.get(f"/caja/{ref}/v/1/formatos/retrato?organismo=")
    with database.reading() as session:
        assert session.scalars(select(Rendition)).all() == []
    monkeypatch.setattr(renditions, "keep", kept)
    with Image.open(io.BytesIO(downloaded(editor, ref, "retrato", ""))) as image:
        assert image.width / image.height == pytest.approx(0.8, abs=0.01)
