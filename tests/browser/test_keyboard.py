"""Without a mouse: somebody signs in and writes a post with the keys alone, and always sees where they are."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import Seat, seated
from tests.browser.keys import reach
from tests.story.installation import running


@pytest.fixture(scope="module")
def seat(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """The first administrator of a bare installation, before its door."""
    folder = tmp_path_factory.mktemp("keyboard")
    with (
        running(folder, f"sqlite:///{folder}/resuena.db") as installation,
        seated(browser, installation.address) as opened,
    ):
        opened.open("/entrar")
        reach(opened.page, "Correo")
        opened.page.keyboard.type(installation.email)
        reach(opened.page, "Contraseña")
        opened.page.keyboard.type(installation.password)
        opened.page.keyboard.press("Enter")
        expect(opened.page.get_by_role("button", name="Salir")).to_be_attached()
        yield opened


def test_a_post_is_written_without_a_mouse(seat: Seat) -> None:
    page, keys = seat.page, seat.page.keyboard
    reach(page, "Calendario")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Calendario")).to_be_visible()
    reach(page, "Saltar al contenido")
    keys.press("Enter")
    reach(page, "Nueva publicación")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Nueva publicación")).to_be_visible()
    reach(page, "Saltar al contenido")
    keys.press("Enter")
    reach(page, "Texto")
    keys.type("Escrito sin ratón.")
    reach(page, "Título interno")
    keys.type("Sin ratón")
    reach(page, "@ensayo")
    keys.press("Space")
    reach(page, "Guardar borrador")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Sin ratón")).to_be_visible()
    expect(page.locator("#avisos")).to_contain_text("Guardamos «Sin ratón» como borrador.")
    expect(page.locator("main")).to_contain_text("@ensayo")
    assert seat.faults == []


def test_after_a_mistake_the_focus_is_on_what_is_to_be_mended(seat: Seat) -> None:
    page = seat.page
    seat.open("/publicaciones/nueva")
    reach(page, "Texto")
    page.keyboard.type("Sin hora.")
    reach(page, "Día")
    page.keyboard.type("01012030")
    reach(page, "Guardar borrador")
    page.keyboard.press("Enter")
    expect(page.locator("#errores")).to_be_focused()
    expect(page.locator("#errores")).to_contain_text("Falta la hora.")
    expect(page.get_by_label("Texto", exact=True)).to_have_value("Sin hora.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Día", exact=True)).to_be_focused()


def test_a_thread_is_written_and_put_in_order_without_a_mouse(seat: Seat) -> None:
    page, keys = seat.page, seat.page.keyboard
    seat.open("/publicaciones/nueva")
    reach(page, "Publicación")
    keys.press("ArrowDown")
    expect(page.locator("#parte-1")).to_be_visible()
    reach(page, "Texto de la parte 1")
    keys.type("Primera.")
    reach(page, "Añadir una parte")
    keys.press("Enter")
    expect(page.get_by_label("Texto de la parte 2", exact=True)).to_be_focused()
    keys.type("Segunda.")
    reach(page, "Subir")
    keys.press("Enter")
    first = page.get_by_label("Texto de la parte 1", exact=True)
    expect(first).to_have_value("Segunda.")
    expect(first).to_be_focused()
    expect(page.get_by_label("Texto de la parte 2", exact=True)).to_have_value("Primera.")
    assert seat.faults == []


def test_a_stop_that_nobody_sees_is_found(seat: Seat) -> None:
    seat.open("/ayuda")
    seat.page.evaluate(
        "() => document.adoptedStyleSheets.push(new CSSStyleSheet()) && document.adoptedStyleSheets[0]"
        ".replaceSync(':is(#stronger, *) {outline: 0 !important; box-shadow: none !important}')"
    )
    with pytest.raises(AssertionError, match="one does not see"):
        reach(seat.page, "no hay nada así")
