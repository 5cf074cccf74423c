"""A post moved on the boards: dragged with the mouse and put back, and moved by the keys alone."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from content_calendar.clock import now
from tests.browser.chromium import Seat, seated
from tests.browser.keys import reach
from tests.story.installation import running

MONDAY = (now() + timedelta(days=7 - now().weekday())).date()
WEEK = "/calendario/semana/{}-W{:02}".format(*MONDAY.isocalendar()[:2])
_TITLE = "Arrastrada"


@pytest.fixture(scope="module")
def seat(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """The first administrator, with one draft next Tuesday at ten."""
    folder = tmp_path_factory.mktemp("boards")
    with (
        running(folder, f"sqlite:///{folder}/resuena.db") as installation,
        seated(browser, installation.address) as opened,
    ):
        opened.enter(installation.email, installation.password)
        opened.open("/publicaciones/nueva")
        page = opened.page
        page.get_by_label("Texto", exact=True).fill("Se mueve de día.")
        page.get_by_label("Título interno").fill(_TITLE)
        page.get_by_label("Día", exact=True).fill((MONDAY + timedelta(days=1)).isoformat())
        page.get_by_label("Hora", exact=True).fill("10:00")
        page.get_by_label("@ensayo").check()
        page.get_by_role("button", name="Guardar borrador").click()
        expect(page.locator("#avisos")).to_contain_text("Guardamos")
        yield opened


def cell(page: Page, day: date) -> Locator:
    return page.locator(f'[data-drop][data-first="{day.isoformat()}"]')


def test_a_post_is_dragged_to_another_day_and_put_back(seat: Seat) -> None:
    page = seat.page
    seat.open(WEEK)
    tuesday, thursday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    expect(cell(page, tuesday)).to_contain_text(_TITLE)
    chip = cell(page, tuesday).get_by_role("link", name=re.compile(_TITLE))
    chip.hover()
    page.mouse.down()
    there = cell(page, thursday).bounding_box()
    assert there is not None
    page.mouse.move(there["x"] + 30, there["y"] + 120, steps=4)
    expect(page.locator("#arrastre")).to_contain_text(_TITLE)
    page.mouse.up()
    expect(page.locator("#avisos")).to_contain_text(f"Movimos «{_TITLE}»")
    expect(cell(page, thursday)).to_contain_text(f"10:00 {_TITLE}")
    page.get_by_role("button", name="Deshacer").click()
    expect(cell(page, tuesday)).to_contain_text(_TITLE)
    assert seat.faults == []


def test_escape_leaves_a_post_where_it_was(seat: Seat) -> None:
    page = seat.page
    seat.open(WEEK)
    tuesday = MONDAY + timedelta(days=1)
    cell(page, tuesday).get_by_role("link", name=re.compile(_TITLE)).hover()
    page.mouse.down()
    there = cell(page, MONDAY + timedelta(days=4)).bounding_box()
    assert there is not None
    page.mouse.move(there["x"] + 30, there["y"] + 120, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".chip-ghost")).to_have_count(0)
    expect(cell(page, tuesday)).to_contain_text(_TITLE)


def test_a_post_is_moved_and_put_back_by_the_keys_alone(seat: Seat) -> None:
    page, keys = seat.page, seat.page.keyboard
    seat.open(f"/calendario/dia/{(MONDAY + timedelta(days=1)).isoformat()}")
    reach(page, "Saltar al contenido")
    keys.press("Enter")
    reach(page, "Mover a…")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Mover a…")).to_be_visible()
    page.get_by_label("Hora", exact=True).focus()
    keys.type("1630")
    expect(page.locator("#sobre-la-hora")).to_contain_text("16:30")
    reach(page, "Mover")
    keys.press("Enter")
    expect(page.locator("#avisos")).to_contain_text("Movimos")
    expect(page.locator(".day-hours")).to_contain_text(f"16:30 {_TITLE}")
    reach(page, "Deshacer")
    keys.press("Enter")
    expect(page.locator(".day-hours")).to_contain_text(f"10:00 {_TITLE}")
    assert seat.barriers() == []
    assert seat.faults == []


_TOUCH = """([title, first, kind]) => {
  const chip = [...document.querySelectorAll("[data-movable]")].find(one => one.textContent.includes(title));
  const box = (kind === "pointerdown" ? chip : document.querySelector(`[data-drop][data-first="${first}"]`))
    .getBoundingClientRect();
  const at = {clientX: box.x + 20, clientY: box.y + (kind === "pointerdown" ? 10 : 80)};
  const told = {...at, bubbles: true, cancelable: true, isPrimary: true, pointerType: "touch", button: 0};
  chip.dispatchEvent(new PointerEvent(kind, told));
}"""


def test_a_finger_holds_a_post_and_takes_it_to_another_day(seat: Seat) -> None:
    page = seat.page
    seat.open(WEEK)
    friday = MONDAY + timedelta(days=4)
    told = [_TITLE, friday.isoformat()]
    page.evaluate(_TOUCH, [*told, "pointerdown"])
    page.evaluate(_TOUCH, [*told, "pointermove"])
    expect(page.locator(".chip-ghost")).to_have_count(0)
    page.evaluate(_TOUCH, [*told, "pointerdown"])
    expect(page.locator(".chip-ghost")).to_have_count(1)
    page.evaluate(_TOUCH, [*told, "pointermove"])
    page.evaluate(_TOUCH, [*told, "pointerup"])
    expect(page.locator("#avisos")).to_contain_text("Movimos")
    expect(cell(page, friday)).to_contain_text(_TITLE)
    page.get_by_role("button", name="Deshacer").click()
    expect(cell(page, friday)).not_to_contain_text(_TITLE)


def test_several_are_chosen_and_moved_and_put_back(seat: Seat) -> None:
    page = seat.page
    seat.open(f"{WEEK}?elegir=1")
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    cell(page, tuesday).get_by_role("checkbox").check()
    expect(page.locator("[data-chosen]")).to_have_text("1 elegida")
    page.get_by_label("Mover, en días").fill("1")
    page.get_by_role("button", name="Mover", exact=True).click()
    expect(page.locator("#avisos")).to_contain_text("Cambiamos 1 publicación.")
    expect(cell(page, wednesday)).to_contain_text(_TITLE)
    page.get_by_role("button", name="Deshacer").click()
    expect(cell(page, tuesday)).to_contain_text(_TITLE)
    assert seat.barriers() == []
    assert seat.faults == []
