"""The guide's pictures, made of the demonstration as it is on one fixed day: ``python -m tests.browser.pictures``.

Each is what one person sees, in one size, as WebP; a picture that comes out as it is already kept is not written
again. The page's day is fixed within the process that serves it; what a browser moves or blinks is held still.
"""

import base64
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from content_calendar import clock, people
from content_calendar.db import Database
from content_calendar.models.people import WebSession
from content_calendar.settings import read
from scheduler.models import Heartbeat
from tests.browser.chromium import launch
from webapp.app import create_app
from webapp.guide.writing import SIZE
from webapp.session import token_hash
from webapp.starting import prepare

FOLDER = Path(__file__).parents[2] / "webapp" / "static" / "guide"
MOMENT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
HEAVIEST, HEAVIEST_IN_ALL = 60 * 1024, 5 * 512 * 1024
_PATIENCE = 180_000  # milliseconds; the first page of a process that has just planted takes its time
_QUALITIES = (70, 55, 40, 25, 15)


@dataclass(frozen=True)
class Shot:
    """What a picture shows: who looks, the route and its address, what is followed from there, and what is on top."""

    who: str
    endpoint: str
    path: str
    follow: tuple[str, ...] = ()
    top: str = ""


SHOTS = {
    "entrar": Shot("", "account.enter", "/entrar"),
    "hoy": Shot("ana", "dashboards.today", "/"),
    "calendario": Shot("ana", "calendar.bimester", "/calendario"),
    "aporte": Shot("beto", "calendar.contribution", "/calendario/2026/6", ("/temas/", "/aportes/")),
    "hoja": Shot("ana", "exchange.door", "/calendario/2026/6/hoja"),
    "escribir": Shot("ana", "calendar.new_post", "/publicaciones/nueva"),
    "revisar": Shot("luz", "calendar.one_review", "/revision", ("/revision/",)),
    "salidas": Shot("ana", "dashboards.publications", "/salidas"),
    "conectar": Shot("admin", "directory.account", "/directorio/cuentas", ("/conectar",)),
    "caja": Shot("ana", "toolbox.gallery", "/caja"),
    "replicar": Shot("beto", "dashboards.today", "/", top="Para replicar esta semana"),
    "replicas": Shot("luz", "dashboards.replications", "/replicas"),
    "cable": Shot("ana", "wire.cable", "/cable"),
    "resultados": Shot("luz", "dashboards.summary", "/resultados/2026/6"),
    "informes": Shot("luz", "reports.listing", "/informes"),
    "semaforo": Shot("luz", "programme.overview", "/programa"),
    "directorio": Shot("beto", "directory.bodies", "/directorio"),
    "oficial": Shot("", "directory.official", "/es-oficial?cuenta=@INFO_NL"),
    "sistema": Shot("admin", "account.system", "/sistema"),
    "portal": Shot("", "public.portal", "/publico"),
}


class Quiet(WSGIRequestHandler):
    """A server that writes no line for each request."""

    def log(self, kind: str, message: str, *args: object) -> None:
        """Say nothing of each request."""


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, Database]]:
    """Serve a demonstration on which it is always the same moment; give its address and its database."""
    settings = read({"RESUENA_DATA": str(folder), "RESUENA_SECOND_FACTOR": "later"})
    with clock.standing_at(MOMENT):
        database, _ = prepare(settings, demo=True)
        with database.transaction() as session:  # no worker runs here: what one would say of itself
            session.add(Heartbeat(worker="muestra", started_at=MOMENT, beat_at=MOMENT))
        server = make_server(
            "127.0.0.1", 0, create_app(settings, database), threaded=True, request_handler=Quiet
        )
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", database
        finally:
            server.shutdown()
            serving.join()
            server.server_close()
            database.dispose()


def enter(database: Database, who: str) -> str:
    """Sign somebody of the demonstration in; return what their cookie holds."""
    token = token_urlsafe(32)
    with database.transaction() as session:
        person = people.find_by_email(session, f"{who}@resuena.local")
        assert person is not None
        session.add(WebSession(token_hash=token_hash(token), person_id=person.id))
    return token


def _go(page: Page, address: str, shot: Shot) -> None:
    page.goto(f"{address}{shot.path}")
    for part in shot.follow:
        links: list[str] = page.eval_on_selector_all(
            "main a[href]", "all => all.map(one => one.getAttribute('href'))"
        )
        found = [link for link in links if part in link and "nueva" not in link and "/guia/" not in link]
        if not found:
            raise LookupError(f"no link to {part} in {page.url}")
        page.goto(address + found[0])
    page.wait_for_load_state("networkidle")
    page.evaluate("() => document.fonts.ready")
    if shot.top:
        there = page.locator("main").get_by_text(shot.top)
        if not there.count():
            raise LookupError(f"nothing says {shot.top!r} in {page.url}")
        there.first.evaluate("one => one.scrollIntoView({block: 'center'})")


def _bytes(page: Page) -> bytes:
    # https://chromedevtools.github.io/devtools-protocol/tot/Page/#method-captureScreenshot
    debugger = page.context.new_cdp_session(page)
    for quality in _QUALITIES:
        asked = {"format": "webp", "quality": quality}
        taken = base64.b64decode(debugger.send("Page.captureScreenshot", asked)["data"])
        if len(taken) <= HEAVIEST:
            break
    debugger.detach()
    return taken


def take(browser: Browser, address: str, database: Database, names: Sequence[str]) -> dict[str, bytes]:
    """Return each picture."""
    tokens = {who: enter(database, who) for who in {SHOTS[name].who for name in names} if who}
    taken = {}
    for name in names:
        shot = SHOTS[name]
        context = browser.new_context(
            locale="es-MX",
            timezone_id="America/Mexico_City",
            viewport={"width": SIZE[0], "height": SIZE[1]},
            reduced_motion="reduce",
            color_scheme="light",
        )
        if shot.who:
            context.add_cookies([{"name": "resuena", "value": tokens[shot.who], "url": address}])
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        page.clock.set_fixed_time(MOMENT)
        try:
            _go(page, address, shot)
        except LookupError as error:
            sys.stderr.write(f"{name}: {error}\n")
        else:
            taken[name] = _bytes(page)
        context.close()
    return taken


def main() -> int:
    """Make the pictures named, or all; return 0 when each screen was found."""
    names = sys.argv[1:] or list(SHOTS)
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as (address, database),
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        taken = take(browser, address, database, names)
        browser.close()
    for name, body in taken.items():
        file = FOLDER / f"{name}.webp"
        if not file.exists() or file.read_bytes() != body:
            file.write_bytes(body)
            sys.stdout.write(f"{name}: {len(body) // 1024} KiB\n")
    return int(len(taken) < len(names))


if __name__ == "__main__":
    sys.exit(main())
