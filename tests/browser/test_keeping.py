"""Nobody's work disappears, in real browsers: a tab closed mid-word, two tabs of one person, two people at once."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from content_calendar import sittings
from tests.browser.chromium import Seat, seated
from tests.story.installation import Installation, running

NEW = "/publicaciones/nueva"
# The frame's scripts are one file; what keeps is one of its parts.
SCRIPTS, KEEPING = "**/js/frame.js*", Path("webapp/static/js/keeping.js")
# A busy browser does not tell a page that it is gone: it leaves it half a second, and then takes it away.
HURRIED = """for (const farewell of ["pagehide", "visibilitychange", "unload"])
  window.addEventListener(farewell, (event) => event.stopImmediatePropagation(), true);"""
# What a browser keeps by itself is thrown away, as on another machine: only the server's part is looked at.
FORGETFUL = "try { localStorage.clear(); } catch {}"


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A bare installation; ``browser`` is asked first, so that nothing starts without one."""
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("keeping")
    with running(folder, f"sqlite:///{folder}/resuena.db") as installation:
        yield installation


@pytest.fixture(scope="module")
def eva(browser: Browser, house: Installation) -> Iterator[Seat]:
    """The first administrator, before a browser that forgets."""
    with seated(browser, house.address) as seat:
        seat.page.add_init_script(FORGETFUL)
        seat.enter(house.email, house.password)
        yield seat


def text(page: Page) -> str:
    return page.get_by_label("Texto", exact=True).input_value()


def open_until(seat: Seat, role: Literal["link", "button"], name: str) -> Locator:
    """Open the composer until it offers that.

    The last words of a closed tab come when the browser sends them; a tab that could not say that it closed is
    taken for open for a while.
    """
    offered = seat.page.get_by_role(role, name=name)
    until = time.monotonic() + sittings.HERE.total_seconds() + 30
    while time.monotonic() < until:
        seat.open(NEW)
        if offered.count():
            break
        seat.page.wait_for_timeout(100)
    return offered.first


def kept(page: Page) -> None:
    expect(page.locator(".kept-line")).to_contain_text(re.compile("Guardado a las"))


def test_a_tab_that_closes_mid_word_loses_nothing(eva: Seat) -> None:
    eva.open(NEW)
    eva.page.get_by_label("Texto", exact=True).press_sequentially("Una frase larga que se queda a med")
    # Nothing is waited for: the tab is gone before any pause.
    eva.page.goto("about:blank")
    eva.open(NEW)
    open_until(eva, "link", "Seguir con ese texto").click()
    assert text(eva.page) == "Una frase larga que se queda a med"
    eva.page.get_by_label("Texto", exact=True).press("End")
    eva.page.keyboard.type("ias, ya no")
    kept(eva.page)
    assert eva.faults == []
    open_until(eva, "button", "Descartarlo").click()
    expect(eva.page.get_by_role("link", name="Seguir con ese texto")).to_have_count(0)


def test_a_busy_browser_that_says_no_farewell_loses_nothing(
    eva: Seat, browser: Browser, house: Installation
) -> None:
    with seated(browser, house.address) as luz:
        luz.page.add_init_script(FORGETFUL)
        luz.page.add_init_script(HURRIED)
        luz.enter(*welcome(eva, "Luz"))
        luz.open(NEW)
        luz.page.get_by_label("Texto", exact=True).press_sequentially("Sin despedid")
        luz.page.goto("about:blank")
        open_until(luz, "link", "Seguir con ese texto").click()
        assert text(luz.page) == "Sin despedid"
        assert luz.faults == []


def without_keeping(route: Route) -> None:
    answer, keeping = route.fetch(), KEEPING.read_text(encoding="utf-8")
    whole = answer.text()
    assert keeping in whole
    route.fulfill(response=answer, body=whole.replace(keeping, ""))


def test_without_the_server_the_words_would_be_gone(eva: Seat, browser: Browser, house: Installation) -> None:
    """The control: the same without the protection, by somebody of whom nothing was kept before."""
    with seated(browser, house.address) as sol:
        sol.page.add_init_script(FORGETFUL)
        sol.enter(*welcome(eva, "Sol"))
        sol.page.route(SCRIPTS, without_keeping)
        sol.open(NEW)
        sol.page.get_by_label("Texto", exact=True).press_sequentially("Se pierde")
        sol.page.on("dialog", lambda dialog: dialog.accept())
        sol.page.goto("about:blank")
        sol.page.unroute(SCRIPTS)
        sol.open(NEW)
        expect(sol.page.get_by_role("link", name="Seguir con ese texto")).to_have_count(0)


def test_two_tabs_and_two_people_lose_nothing(eva: Seat, browser: Browser, house: Installation) -> None:
    ana_email, ana_password = welcome(eva, "Ana")
    page = eva.page
    eva.open(NEW)
    page.get_by_label("Texto", exact=True).fill("El texto de siempre. Termina igual.")
    page.get_by_role("button", name="Guardar borrador").click()
    expect(page.locator("#avisos")).to_contain_text("como borrador")
    ref = page.url.rsplit("/", 1)[-1]
    path = f"/publicaciones/{ref}/editar"
    with seated(browser, house.address) as ana:
        ana.enter(ana_email, ana_password)
        ana.open(path)
        eva.open(path)
        expect(page.locator("[data-others]")).to_contain_text(
            re.compile(r"Ana lo está editando desde las \d+:\d\d")
        )
        other_tab = page.context.new_page()
        other_tab.goto(f"{house.address}{path}")
        other_tab.get_by_label("Texto", exact=True).fill("El texto de la otra pestaña.")
        kept(other_tab)
        ana.page.get_by_label("Texto", exact=True).fill("El texto de Ana. Termina igual.")
        ana.page.get_by_role("button", name="Guardar borrador").click()
        expect(ana.page.locator("#avisos")).to_contain_text("como borrador")
        page.get_by_label("Texto", exact=True).fill("El texto de Eva. Termina igual.")
        expect(page.locator("[data-newer]")).to_contain_text("verás los dos textos")
        page.get_by_role("button", name="Guardar borrador").click()
        clash = page.get_by_role("alert", name="Dos personas escribían a la vez")
        expect(clash.locator(".two-texts del")).to_have_text("Ana.")
        expect(clash.locator(".two-texts ins")).to_have_text("Eva.")
        assert eva.barriers() == []
        clash.get_by_role("button", name="Juntarlos a mano").click()
        expect(page.get_by_label("Texto", exact=True)).to_have_value(
            "El texto de Ana. El texto de Eva. Termina igual."
        )
        page.get_by_role("button", name="Guardar borrador").click()
        expect(page.locator("#avisos")).to_contain_text("como borrador")
        eva.open(path)
        expect(page.locator(".left-behind")).to_contain_text("El texto de la otra pestaña.")
        expect(page.locator(".left-behind")).to_contain_text("otra pestaña, con texto sin guardar")
        other_tab.close()
        assert [*eva.faults, *ana.faults] == []


def test_words_to_reuse_go_where_the_caret_stands(eva: Seat) -> None:
    page = eva.page
    eva.open("/publicaciones/textos-guardados")
    page.get_by_label("Nombre", exact=True).fill("Tips del mes")
    page.get_by_label("Texto", exact=True).fill("#SNTtips")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("table")).to_contain_text("Tips del mes")
    eva.open(NEW)
    area = page.get_by_label("Texto", exact=True)
    area.fill("antes después")
    area.press("Home")
    for _ in range(len("antes")):
        area.press("ArrowRight")
    page.get_by_role("button", name="Poner en el texto").click()
    expect(area).to_have_value("antes #SNTtips después")
    expect(area).to_be_focused()
    kept(page)


def welcome(seat: Seat, name: str) -> tuple[str, str]:
    """Have the administrator let somebody in; return how they sign in."""
    seat.open("/sistema/personas")
    page = seat.page
    page.get_by_label("Nombre").fill(name)
    page.get_by_label("Correo").fill(f"{name.lower()}@snt.mx")
    page.get_by_label("Rol").select_option(label="Equipo de la Comisión")
    page.get_by_role("button", name="Dar de alta").click()
    notice = page.locator("main .notice-text").first
    expect(notice).to_contain_text("ya puede entrar")
    said = notice.inner_text()
    told = re.search(rf"{name} ya puede entrar con la contraseña (\S+)\.", said)
    assert told
    return f"{name.lower()}@snt.mx", told.group(1)
