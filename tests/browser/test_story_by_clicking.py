"""The whole product again, by clicking: what ``tests/story`` tells through HTTP, in a real Chromium."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from content_calendar.clock import now
from tests.browser.chromium import Seat, seated
from tests.story.installation import Installation, running, wait_until
from tests.story.test_story import TEXT, picture

COMMISSION = ZoneInfo("America/Mexico_City")
TAG = "#VinculaciónSNT"
TITLE = "Tu derecho"
THEME = "SNTtips: tu derecho en una frase"
NOTE = "https://infonl.example/boletin/7"


@pytest.fixture
def installation(browser: Browser, tmp_path: Path) -> Iterator[Installation]:
    """A bare installation; ``browser`` is asked first, so that nothing starts without one."""
    assert browser.is_connected()
    with running(tmp_path / "data", f"sqlite:///{tmp_path}/resuena.db") as started:
        yield started


def go(page: Page, place: str) -> None:
    """Follow the link of that name in the navigation."""
    page.get_by_role("navigation", name="Principal").get_by_role("link", name=place).click()
    expect(page.locator("#contenido")).to_be_visible()


def notice(page: Page) -> str:
    """Return what the page answered to what was just done."""
    said = page.locator("main .notice-text").first
    expect(said).to_be_visible()
    return said.inner_text()


def test_the_whole_story_by_clicking(browser: Browser, installation: Installation) -> None:
    with ExitStack() as chairs:

        def sit(email: str, password: str) -> Seat:
            seat = chairs.enter_context(seated(browser, installation.address))
            seat.enter(email, password)
            return seat

        admin = sit(installation.email, installation.password)
        _read_directory(admin.page)
        ana = sit(*_welcome(admin.page, "Ana", "Equipo de la Comisión"))
        luz = sit(*_welcome(admin.page, "Luz", "Coordinación"))
        beto = sit(*_welcome(admin.page, "Beto", "Enlace del organismo", body="Nuevo León"))

        _plan(ana.page)
        _write(ana.page)
        _send(ana.page)
        _approve(luz.page)
        _goes_out(ana.page)
        _declare(beto.page)
        _count(luz.page)
        assert [one for seat in (admin, ana, luz, beto) for one in seat.faults] == []


def _read_directory(page: Page) -> None:
    go(page, "Directorio")
    page.get_by_label("Organismo o estado").fill("nuevo león")
    page.get_by_role("button", name="Filtrar").click()
    page.get_by_role("table").get_by_role("link", name="INFO NL").click()
    expect(page.get_by_role("heading", level=1, name="INFO NL")).to_be_visible()


def _welcome(page: Page, name: str, role: str, body: str = "") -> tuple[str, str]:
    go(page, "Sistema")
    page.get_by_role("link", name="Personas").click()
    page.get_by_label("Nombre").fill(name)
    page.get_by_label("Correo").fill(f"{name.lower()}@snt.mx")
    page.get_by_label("Rol").select_option(label=role)
    if body:
        option = page.get_by_label("Organismo").locator("option").filter(has_text=body)
        page.get_by_label("Organismo").select_option(value=option.get_attribute("value"))
    page.get_by_role("button", name="Dar de alta").click()
    told = re.search(rf"{name} ya puede entrar con la contraseña (\S+)\.", notice(page))
    assert told
    return f"{name.lower()}@snt.mx", told.group(1)


def _plan(page: Page) -> None:
    go(page, "Calendario")
    page.get_by_role("link", name="Elegir temas").first.click()
    new = page.get_by_role("region", name="Hacer un tema nuevo")
    new.get_by_label("Nombre").fill(THEME)
    new.get_by_role("button", name="Hacer el tema").click()
    go(page, "Calendario")
    expect(page.get_by_role("rowheader", name=THEME)).to_be_visible()


def _write(page: Page) -> None:
    # The checks follow what is typed: the campaign's tag is missing until it is written.
    page.get_by_role("link", name="Nueva publicación", exact=True).click()
    page.get_by_role("checkbox", name="@ensayo").check()
    page.get_by_role("checkbox", name=TAG).check()
    text = page.get_by_label("Texto", exact=True)
    text.press_sequentially(TEXT.replace(TAG, "").strip())
    checks = page.locator("#revisiones")
    expect(checks).to_contain_text(f"Falta la etiqueta {TAG}")
    expect(page.get_by_label("Vistas previas", exact=True)).to_contain_text("es tu derecho.")
    text.press_sequentially(f" {TAG}")
    expect(checks).not_to_contain_text("Falta la etiqueta")
    expect(checks.get_by_role("status")).not_to_contain_text("por corregir")
    page.get_by_label("Título interno").fill(TITLE)
    page.get_by_label("Tema", exact=False).and_(page.locator("#theme")).select_option(label=THEME)


def _send(page: Page) -> None:
    page.get_by_label("Archivo").set_input_files(
        {"name": "violeta.png", "mimeType": "image/png", "buffer": picture()}
    )
    # Without its words for who does not see it the picture is not taken, and what was written stays.
    page.get_by_role("button", name="Guardar y enviar a revisión").click()
    expect(page.locator("#upload_alt-error, #upload-error, #errores").first).to_be_visible()
    expect(page.get_by_label("Texto", exact=True)).to_have_value(TEXT)
    page.get_by_label("Archivo").set_input_files(
        {"name": "violeta.png", "mimeType": "image/png", "buffer": picture()}
    )
    page.get_by_label("Texto alternativo: qué muestra").fill("Un cuadro violeta")
    tomorrow = now().astimezone(COMMISSION) + timedelta(days=1)
    page.get_by_label("Día", exact=True).fill(tomorrow.date().isoformat())
    page.get_by_label("Hora", exact=True).fill("10:00")
    expect(page.locator("#due-words")).to_contain_text("Ciudad de México")
    page.get_by_role("button", name="Guardar y enviar a revisión").click()
    assert "está en revisión" in notice(page)
    expect(page.get_by_role("img", name="Un cuadro violeta").first).to_be_visible()


def _approve(page: Page) -> None:
    go(page, "Revisión")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_label("Vistas previas", exact=True)).to_contain_text(TEXT)
    page.get_by_role("button", name="Aprobar y programar").click()
    notice(page)


def _goes_out(page: Page) -> None:
    # Ana would rather not wait until tomorrow: what was approved is moved, and goes out without a new yes.
    page.reload()
    expect(page.locator(".page-lead")).to_contain_text("programada")
    page.get_by_text("Mover a…").click()
    due = (now() + timedelta(seconds=15)).astimezone(COMMISSION).replace(microsecond=0, tzinfo=None)
    _fill_moment(page, due)
    page.get_by_role("button", name="Mover", exact=True).click()
    assert "Movimos" in notice(page)
    here = page.url
    outing = page.get_by_role("region", name="Salidas")
    wait_until(lambda: page.goto(here) and "publicada" in outing.inner_text(), "the post goes out", 60)
    go(page, "Calendario")
    outcome = re.compile(rf"publicada .*{TITLE}")
    expect(page.get_by_role("row", name=THEME).get_by_role("link", name=outcome)).to_be_visible()
    page.goto(here.partition("/publicaciones")[0] + "/ensayo")
    expect(page.get_by_text(TEXT)).to_have_count(1)


def _fill_moment(page: Page, due: datetime) -> None:
    page.get_by_label("Día", exact=True).fill(due.date().isoformat())
    page.get_by_label("Hora", exact=True).fill(due.time().isoformat())


def _declare(page: Page) -> None:
    go(page, "Réplicas")
    page.get_by_role("link", name="Ya lo publiqué").click()
    form = page.get_by_role("form", name="Tiene enlace")
    form.get_by_label("Publicación", exact=True).select_option(index=1)
    form.get_by_label("Enlace", exact=True).fill("no es un enlace")
    page.get_by_role("button", name="Anotar la réplica").click()
    expect(page.locator("#link-error")).to_contain_text("https://")
    expect(page.get_by_label("Enlace", exact=True)).to_have_value("no es un enlace")
    page.get_by_label("Enlace", exact=True).fill(NOTE)
    page.get_by_role("button", name="Anotar la réplica").click()
    notice(page)


def _count(page: Page) -> None:
    go(page, "Resultados")
    counted = page.get_by_role("region", name="Por organismo").get_by_role("row", name="INFO NL")
    expect(counted.get_by_role("cell").nth(1)).to_have_text("1")
    expect(page.locator("main")).to_contain_text("Corte al")
