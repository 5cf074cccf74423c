"""The pages around the door, and those of errors: half signed in, setting a second step up, a proof asked again, links.

They are served within this process, so that a session can be half open and a page can fail on purpose.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from secrets import token_urlsafe

import pytest
from flask import Flask, abort
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.serving import make_server

from content_calendar import door_letters, people, seeds
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.factors import DoorLetterKind
from content_calendar.models.people import Awaits, WebSession
from content_calendar.permissions import Role
from content_calendar.settings import Settings, read
from tests.browser.chromium import Seat, seated
from tests.browser.keys import skip, walk
from tests.browser.pictures import Quiet
from tests.browser.test_every_page import LOOKS, ON_DESK, Look, look_over, speaking
from webapp import letters
from webapp.app import create_app
from webapp.database import migrate
from webapp.session import public, token_hash

_LONG_AGO = timedelta(hours=1)
ERRORS = (400, 403, 404, 413, 429, 500, 503)
TOKENS: dict[str, str] = {}


@public
def fail(status: int) -> str:
    """Answer with that error, as the code that meets it does."""
    if status == 500:
        raise RuntimeError("a page that fails on purpose")
    if status == 503:
        raise OperationalError("select 1", {}, Exception("gone"))
    abort(status)


def plant(database: Database, settings: Settings) -> None:
    """Ana, who may not be without a second step; and letters to two others."""
    with database.transaction() as session:
        ana = people.add(session, "ana@ejemplo.mx", "Ana")
        people.grant(session, ana, Role.ADMIN, on=date(2020, 1, 1))
        session.flush()
        TOKENS["no_mail"] = letters.token_of(settings, ana.ref)
        for name, awaits in {"half": Awaits.FACTOR, "owing": Awaits.SETUP, "in": None, "stale": None}.items():
            TOKENS[name] = token_urlsafe(32)
            proved = now() - _LONG_AGO if name == "stale" else now()
            session.add(
                WebSession(
                    token_hash=token_hash(TOKENS[name]), person_id=ana.id, awaits=awaits, proved_at=proved
                )
            )
        seeds.plant(session, now().date())
        body_id = session.scalars(select(Body.id)).first()
        for name, kind in {"enter": DoorLetterKind.ENTER, "invite": DoorLetterKind.INVITE}.items():
            liaison = people.add(session, f"{name}@ejemplo.mx", name.title())
            people.grant(session, liaison, Role.LIAISON, on=date(2020, 1, 1), body_id=body_id)
            door_letters.ask(session, liaison, kind)
    with database.transaction() as session:
        TOKENS.update({parcel.kind.value: parcel.token for parcel in door_letters.take(session, 9)})


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bare installation, with addresses that fail on purpose."""
    assert browser.is_connected()
    settings = read(
        {"RESUENA_DATA": str(tmp_path_factory.mktemp("entering")), "RESUENA_SECOND_FACTOR": "required"}
    )
    database = Database(settings.database)
    migrate(database)
    plant(database, settings)
    app: Flask = create_app(settings, database)
    app.add_url_rule("/prueba/<int:status>", "fail", fail)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()
    database.dispose()


@pytest.fixture(scope="module")
def seat(browser: Browser, address: str) -> Iterator[Seat]:
    """A browser that holds whichever session the page is for."""
    with seated(browser, address) as opened:
        yield opened


def set_up(page: Page) -> None:
    """Ask for the drawing that an application reads."""
    page.locator("form[action$='/segundo-paso/codigos'] button").click()


# Each: whose session, where, and what is pressed there.
PAGES: dict[str, tuple[str, str, Callable[[Page], None] | None]] = {
    "the door": ("", "/entrar", None),
    "a link by mail": ("", "/entrar/enlace", None),
    "the second step": ("half", "/entrar/segundo-paso", None),
    "a second step that is owed": ("owing", "/mi-cuenta/segundo-paso", None),
    "a second step being set up": ("in", "/mi-cuenta/segundo-paso", set_up),
    "a proof asked again": ("stale", "/mi-cuenta/segundo-paso", set_up),
    "a link to enter": ("", "/entrar/con/{enter}", None),
    "an invitation": ("", "/entrar/con/{invite}", None),
    "no more mails": ("", "/avisos/sin-correo/{no_mail}", None),
    **{f"an error {status}": ("", f"/prueba/{status}", None) for status in ERRORS},
    "an error for somebody signed in": ("in", "/prueba/403", None),
}


def show(seat: Seat, name: str) -> None:
    """Open the page in a session of its own."""
    who, path, press = PAGES[name]
    seat.page.context.clear_cookies()
    if who:
        held = {"name": "resuena", "value": TOKENS[who], "url": seat.address}
        seat.page.context.add_cookies([held])  # type: ignore[list-item] # a TypedDict of that shape
    seat.open(path.format(**TOKENS))
    if press:
        press(seat.page)
        seat.page.wait_for_load_state()
    seat.faults.clear()


def wrong_with(seat: Seat, looks: list[Look]) -> list[str]:
    """What is wrong with the page; that it answers 500 on purpose is none of it."""
    return [one for one in look_over(seat, looks) if not one.startswith(("500: ", "503: "))]


@pytest.mark.parametrize(
    ("name", "look", "language"),
    [pytest.param(name, *LOOKS[n % len(LOOKS)], id=name) for n, name in enumerate(PAGES)],
)
def test_a_page_of_the_door_or_of_an_error_has_no_barrier(
    seat: Seat, name: str, look: Look, language: str
) -> None:
    show(seat, name)
    with speaking(seat, language):
        if not PAGES[name][2]:
            seat.page.reload()
        assert wrong_with(seat, [look]) == []
        seat.look(*ON_DESK)
        assert skip(seat.page) + walk(seat.page) == []


@pytest.mark.drill
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_it_has_none_in_any_look(seat: Seat, name: str, language: str) -> None:
    with speaking(seat, language):
        show(seat, name)
        assert wrong_with(seat, [look for look, _ in LOOKS]) == []


def test_what_is_printed_fits_the_paper_and_leaves_the_navigation_out(seat: Seat) -> None:
    show(seat, "a second step being set up")
    seat.page.emulate_media(media="print")
    try:
        shown = seat.page.locator("nav").evaluate_all("all => all.some(one => one.checkVisibility())")
        assert not shown
        assert seat.barriers() == []
    finally:
        seat.page.emulate_media(media="screen")
