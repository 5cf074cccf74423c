"""Every page as each role meets it, with the demonstration's data, on a phone and on a desk, by day and by night.

Each must answer, say nothing in the browser's console, fit the screen, and have no barrier that axe finds.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Route

from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from tests.browser.chromium import DESK, PHONE, Scheme, Seat, seated
from tests.browser.keys import skip, walk
from tests.story.installation import Installation, running

TODAY = now().date()
Look = tuple[tuple[int, int], Scheme]
ON_PHONE: Look = (PHONE, "dark")
ON_DESK: Look = (DESK, "light")
# Light and dark, Spanish and English, on both screens: the suite looks at each page in one, the drill in all.
LOOKS: tuple[tuple[Look, str], ...] = (
    (ON_PHONE, "es"),
    (ON_DESK, "es"),
    ((PHONE, "light"), "en"),
    ((DESK, "dark"), "en"),
)
BIMESTER = "/".join(str(part) for part in bimester_of(TODAY))
VERSION, POST = r"/versiones/[a-z0-9]{12}", r"/publicaciones/[a-z0-9]{12}"
ECHO = r"/replicas/[a-z0-9]{12}"
ALLY = r"/facilitadores/[a-z0-9]{12}"
STATE_OF_PLAN = r"/programa/estado/[a-z0-9]{12}"
MONDAY = TODAY - timedelta(days=TODAY.weekday())
WEEK = "{}-W{:02}".format(*TODAY.isocalendar()[:2])


@dataclass(frozen=True)
class Place:
    """A page: its address, or where the first links like ``links``, one after the other, lead from there."""

    who: str
    path: str
    links: tuple[str, ...] = ()
    status: int = 200

    def __str__(self) -> str:
        return " ".join([self.who or "anybody", self.path, *self.links])


ANYBODY = [
    Place("", "/entrar"),
    Place("", "/entrar/enlace"),
    Place("", "/entrar/con/nada", status=404),
    Place("", "/publico"),
    Place("", "/publico/directorio"),
    Place("", "/publico/calendario"),
    Place("", "/publico/publicado"),
    Place("", "/publico/semaforo"),
    Place("", "/publico/semaforo", (r"/publico/semaforo/plandai-2024",)),
    Place("", "/datos"),
    Place("", "/datos/v1/replicas"),
    Place("", "/datos/v1/nada", status=404),
    Place("", "/ayuda"),
    Place("", "/guia"),
    Place("", "/guia?busca=duda"),
    Place("", "/guia/planear"),
    Place("", "/guia/mensajes"),
    Place("", "/guia/mensajes/unconfirmed"),
    Place("", "/api"),
    Place("", "/api/errores"),
    Place("", "/es-oficial?cuenta=@INFO_NL"),
    Place("", "/no-hay-nada", status=404),
    Place("", "/c/nada", status=404),
    Place("", "/r/nada", status=404),
    Place("", "/f/nada", status=404),
    Place("", "/f/aviso"),
    Place("", "/certificar/nada", status=404),
    Place("", "/es-oficial?cuenta=@ejemplo_infonl_oficial"),
    Place("", "/b/nada", status=404),
    Place("", "/e/nada", status=404),
]
ADMIN = [
    Place("admin", "/"),
    Place("admin", "/mi-cuenta/llaves"),
    Place("admin", "/sistemas"),
    Place("admin", "/sistemas", (r"/sistemas/[a-z0-9]{12}",)),
    Place("admin", f"/calendario/{BIMESTER}"),
    Place("admin", f"/calendario/{TODAY.year}/mes/{TODAY.month}"),
    Place("admin", f"/calendario/semana/{WEEK}"),
    Place("admin", f"/calendario/{BIMESTER}/lista"),
    Place("admin", f"/calendario/dia/{TODAY + timedelta(days=2)}"),
    Place("admin", f"/calendario/{BIMESTER}?elegir=1&red=rehearsal"),
    Place(
        "admin",
        f"/calendario/{BIMESTER}/lista",
        (r"/publicaciones/[a-z0-9]{12}/mover",),
    ),
    Place("admin", f"/calendario/{BIMESTER}/temas"),
    Place("admin", f"/calendario/{BIMESTER}/hoja"),
    Place("admin", f"/calendario/{BIMESTER}/hacer-pdf"),
    Place("admin", "/calendario/suscripciones"),
    Place("admin", f"/calendario/{BIMESTER}", (r"/temas/[^/]+",)),
    Place("admin", "/publicaciones/nueva"),
    Place("admin", "/publicaciones/textos-guardados"),
    Place("admin", "/publicaciones/glosario?busca=ley"),
    Place("admin", f"/calendario/{BIMESTER}/lista", (r"/publicaciones/[a-z0-9]{12}",)),
    Place("admin", "/eventos"),
    Place("admin", "/eventos/nuevo"),
    Place("admin", "/eventos/nuevo?clase=contest"),
    Place("admin", "/eventos", (r"/eventos/[a-z0-9]{12}",)),
    Place("admin", "/eventos", (r"/eventos/[a-z0-9]{12}", r"/eventos/[a-z0-9]{12}/publicaciones")),
    Place("admin", "/eventos", (r"/eventos/[a-z0-9]{12}", r"/eventos/[a-z0-9]{12}/cierre")),
    Place("admin", "/eventos/metas"),
    Place("admin", "/eventos/metas", (r"/eventos/metas/[a-z0-9]{12}",)),
    Place("admin", "/eventos/plantillas"),
    Place("admin", "/directorio/cuentas"),
    Place("admin", "/directorio/cuentas", (r"/directorio/cuentas/[a-z0-9]{12}/conectar",)),
    Place("admin", "/directorio/inai"),
    Place("admin", "/revision"),
    Place("admin", "/revision", (r"/revision/[a-z0-9]{12}",)),
    Place("admin", "/revision/versiones"),
    Place("admin", "/revision/versiones", (VERSION, VERSION + "/escribir")),
    Place("admin", "/revision/versiones", (VERSION, POST, POST + "/versiones/nueva")),
    Place("admin", "/calendario/campanas"),
    Place("admin", "/calendario/campanas", (r"/calendario/campanas/[a-z0-9-]+",)),
    Place("admin", "/series"),
    Place("admin", "/series", (r"/series/[a-z0-9]{12}",)),
    Place("admin", "/respuestas"),
    Place("admin", "/respuestas?estado=todas"),
    Place("admin", "/respuestas/pegar"),
    Place("admin", "/salidas"),
    Place("admin", "/salidas", (r"/salidas/[a-z0-9]{12}",)),
    Place("admin", "/salidas/ponerse-al-dia"),
    Place("admin", "/ensayo"),
    Place("admin", "/caja"),
    Place("admin", "/caja", (r"/caja/[a-z0-9]{12}",)),
    Place("admin", "/caja/compartidos"),
    Place("admin", "/caja/llaves"),
    Place("admin", f"/caja/paquetes/bimestre/{TODAY.year}-{bimester_of(TODAY)[1]}"),
    Place("admin", "/caja/colecciones"),
    Place("admin", "/caja/subir"),
    Place("admin", "/caja/por-retirar"),
    Place("admin", "/caja", (r"/caja/[a-z0-9]{12}", r"/caja/[a-z0-9]{12}/formatos")),
    Place("admin", "/caja/logos"),
    Place("admin", "/caja/logos/infonl"),
    Place("admin", "/caja/tarjeta?plantilla=dato"),
    Place("admin", "/cable"),
    Place("admin", "/cable/canales"),
    Place("admin", "/cable?de=comisiones"),
    Place("admin", "/cable/cada-dia"),
    Place("admin", "/cable/anotar"),
    Place("admin", "/cable/canales/buscar"),
    Place("admin", "/cable/pegar"),
    Place("admin", "/directorio/barrido"),
    Place("admin", "/directorio/barrido", (r"/directorio/barrido/[a-z0-9]{12}",)),
    Place("admin", "/directorio/enlaces-rotos"),
    Place("admin", "/barrido"),
    Place("admin", "/barrido", (r"/barrido/semana/[0-9-]+/[a-z-]+",)),
    Place("admin", "/fe-de-erratas"),
    Place("admin", "/fe-de-erratas", (r"/fe-de-erratas/[a-z0-9]{12}",)),
    Place("admin", "/fe-de-erratas", (r"/fe-de-erratas/[a-z0-9]{12}", POST, POST + "/fe-de-erratas")),
    Place("admin", "/replicas"),
    Place("admin", "/replicas", (ECHO,)),
    Place("admin", "/replicas", (r"/replicas/par/[a-z0-9]{12}/[a-z-]+",)),
    Place("admin", "/replicas/por-decidir"),
    Place("admin", "/replicas/organismo/infonl"),
    Place("admin", "/replicas/region/norte"),
    Place("admin", f"/replicas/anio/{TODAY.year}"),
    Place("admin", "/replicas/anotar"),
    Place("admin", "/replicas/busqueda"),
    Place("admin", "/replicas/como-reconocemos"),
    Place("admin", "/informes"),
    Place("admin", "/informes", (r"/informes/[a-z0-9]{12}",)),
    Place("admin", "/facilitadores"),
    Place("admin", "/facilitadores", (ALLY,)),
    Place("admin", "/facilitadores", (ALLY, ALLY + "/cambiar")),
    Place("admin", "/facilitadores/nueva"),
    Place("admin", "/facilitadores/lista"),
    Place("admin", f"/facilitadores/semana/{MONDAY - timedelta(days=7)}"),
    Place("admin", f"/facilitadores/semana/{MONDAY}"),
    Place("admin", "/facilitadores/actividad"),
    Place("admin", f"/resultados/{BIMESTER}"),
    Place("admin", "/resultados/horas"),
    Place("admin", "/resultados/cifras"),
    Place("admin", "/resultados/seguidores"),
    Place("admin", "/resultados/seguidores", (r"/resultados/seguidores/[a-z0-9]{12}",)),
    Place("admin", "/directorio"),
    Place("admin", "/directorio/infonl"),
    Place("admin", "/directorio/infonl/enlaces"),
    Place("admin", "/directorio/infonl/certificar"),
    Place("admin", "/directorio/infonl/historia"),
    Place("admin", "/directorio/infonl/proponer?que=succession"),
    Place("admin", "/directorio/certificaciones"),
    Place("admin", "/directorio/propuestas"),
    Place("admin", "/directorio/propuestas", (r"/directorio/propuestas/[a-z0-9]{12}",)),
    Place("admin", "/directorio/vedas"),
    Place("admin", "/programa"),
    Place("admin", "/programa", (STATE_OF_PLAN,)),
    Place("admin", "/programa", (r"/programa/avances/[a-z0-9]{12}/4",)),
    Place("admin", "/programa", (r"/programa/plandai/[^/]+/fechas",)),
    Place("admin", "/programa", (r"/programa/plandai/[^/]+/formato",)),
    Place("admin", "/programa/metas"),
    Place("admin", "/programa/facilitadoras"),
    Place("admin", "/programa/lineas"),
    Place("admin", "/programa/lineas", (r"/programa/lineas/[a-z0-9]{12}",)),
    Place("admin", "/programa/lineas", (r"/programa/sesiones/[a-z0-9]{12}",)),
    Place("admin", "/programa/lineas/nueva"),
    Place("admin", "/programa/indicadores"),
    Place("admin", "/programa/historias"),
    Place("admin", "/programa/historias", (r"/programa/historias/[a-z0-9]{12}",)),
    Place("admin", "/sistema"),
    Place("admin", "/sistema/revision"),
    Place("admin", "/sistema/ajustes"),
    Place("admin", "/sistema/bitacora"),
    Place("admin", "/sistema/respaldos"),
    Place("admin", "/sistema/datos-personales"),
    Place("admin", "/sistema/portal"),
    Place("admin", "/sistema/personas"),
    Place("admin", "/mi-cuenta"),
    Place("admin", "/mi-cuenta/segundo-paso"),
    Place("admin", "/sistema/bitacora?que=person_added&desde=2020-01-01"),
    Place("admin", "/avisos"),
    Place("admin", "/guia/salidas"),
    Place("admin", f"/calendario/{BIMESTER}/aportes"),
    Place("admin", f"/calendario/{BIMESTER}/temas", (r"/calendario/temas/[^/]+/mover",)),
    Place("admin", f"/calendario/{BIMESTER}", (r"/temas/[^/]+", r"/temas/[^/]+/editar")),
    Place("admin", f"/calendario/{BIMESTER}/lista", (POST, POST + "/editar")),
    Place("admin", "/revision", (r"/revision/[a-z0-9]{12}", POST, r"/revision/[a-z0-9]{12}/comentarios")),
    Place("admin", "/caja", (r"/caja/[a-z0-9]{12}", r"/caja/[a-z0-9]{12}/versiones/nueva")),
    Place("admin", "/directorio/aplicaciones"),
    Place("admin", "/eventos/metas/nueva"),
    Place("admin", "/eventos", (r"/eventos/[a-z0-9]{12}", r"/eventos/[a-z0-9]{12}/editar")),
    Place("admin", f"/barrido/semana/{MONDAY - timedelta(days=7)}"),
    Place("admin", "/programa/plandai/plandai-2024"),
    Place(
        "admin",
        "/programa/historias",
        (r"/programa/historias/[a-z0-9]{12}", r"/programa/historias/[a-z0-9]{12}/editar"),
    ),
    Place("admin", "/no-hay-nada", status=404),
]
LIAISON = [
    Place("beto", "/"),
    Place("beto", "/eventos"),
    Place("beto", "/eventos/nuevo?clase=tour_stop"),
    Place("beto", f"/calendario/{BIMESTER}"),
    Place("beto", f"/calendario/{BIMESTER}/hoja"),
    Place("beto", f"/calendario/{BIMESTER}", (r"/temas/[^/]+",)),
    Place("beto", f"/calendario/{BIMESTER}", (r"/temas/[^/]+", r"/aportes/[a-z0-9]{12}")),
    Place("beto", "/caja"),
    Place("beto", "/caja/llaves"),
    Place("beto", f"/caja/paquetes/bimestre/{TODAY.year}-{bimester_of(TODAY)[1]}"),
    Place("beto", "/caja/por-retirar"),
    Place("beto", "/caja", (r"/caja/[a-z0-9]{12}", r"/caja/[a-z0-9]{12}/formatos")),
    Place("beto", "/caja/logos"),
    Place("beto", "/series", (r"/series/[a-z0-9]{12}",)),
    Place("beto", "/cable"),
    Place("beto", "/replicas"),
    Place("beto", "/replicas/organismo/infonl"),
    Place("beto", "/replicas/por-decidir", status=403),
    Place("beto", f"/replicas/anio/{TODAY.year}"),
    Place("beto", "/replicas/anotar"),
    Place("beto", "/replicas/como-reconocemos"),
    Place("beto", f"/resultados/{BIMESTER}", status=403),
    Place("beto", "/directorio/infonl"),
    Place("beto", "/directorio/infonl/enlaces"),
    Place("beto", "/directorio/infonl/certificar"),
    Place("beto", "/directorio/infonl/proponer"),
    Place("beto", "/directorio/infonl/proponer?que=add_account"),
    Place("beto", "/fe-de-erratas"),
    Place("beto", "/programa", (STATE_OF_PLAN, STATE_OF_PLAN + "/plan")),
    Place("beto", "/programa", (STATE_OF_PLAN, STATE_OF_PLAN + r"/informes/\d+/\d+")),
    Place(
        "beto",
        "/programa",
        (r"/programa/avances/[a-z0-9]{12}/4", r"/programa/evidencia/[a-z0-9]{12}/custodia"),
    ),
    Place("beto", "/programa/historias/nueva"),
    Place("beto", "/", (POST + "/nuestro-texto",)),
    Place("beto", "/revision", status=403),
    Place("beto", "/revision/versiones", (VERSION,)),
]
OTHERS = [
    Place("ana", "/"),
    Place("ana", "/caja"),
    Place("luz", "/"),
    Place("tere", "/"),
    Place("tere", "/barrido"),
]


@pytest.fixture(scope="module")
def demonstration(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a full bimester; ``browser`` is asked first, so that nothing starts without one."""
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("demonstration")
    with running(folder, f"sqlite:///{folder}/resuena.db", demo=True) as installation:
        yield installation


class Seats:
    """A browser for each person, signed in when first asked for."""

    def __init__(self, browser: Browser, installation: Installation, chairs: ExitStack) -> None:
        self._browser, self._installation, self._chairs = browser, installation, chairs
        self._opened: dict[str, Seat] = {}

    def __getitem__(self, who: str) -> Seat:
        if who not in self._opened:
            seat = self._chairs.enter_context(seated(self._browser, self._installation.address))
            self._opened[who] = seat
            if who:
                email = f"{who}@resuena.local"
                seat.enter(email, self._installation.entries[email])
        self._opened[who].faults.clear()
        return self._opened[who]


@pytest.fixture(scope="module")
def seats(browser: Browser, demonstration: Installation) -> Iterator[Seats]:
    """The same browsers for every page: signing in again each time would be most of the work."""
    with ExitStack() as chairs:
        yield Seats(browser, demonstration, chairs)


def go(seat: Seat, place: Place) -> None:
    """Open the place; fail when it answers otherwise than it should, or when nothing leads there."""
    assert follow(seat, place.path, place.links) == place.status


def follow(seat: Seat, path: str, links: Sequence[str]) -> int | None:
    """Return the status of the page that the links lead to from ``path``, None when they lead nowhere."""
    status = seat.open(path)
    if not links:
        # Formats that are being made: the page opens itself again until they are there.
        seat.page.locator("[data-refreshing]").wait_for(state="detached")
        return status
    every = seat.page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
    likely = (link for link in dict.fromkeys(every) if re.fullmatch(links[0] + r"(\?.*)?", link))
    answers = (follow(seat, link, links[1:]) for link in likely)
    return next((answer for answer in answers if answer is not None), None)


# What the demonstration's worker makes on a busy machine, in thousandths of a second.
_WORK = 120_000


def look_over(seat: Seat, looks: Sequence[Look] = (ON_PHONE, ON_DESK)) -> list[str]:
    """Return everything that is wrong with the page that is open: its width on both screens, the rest in ``looks``."""
    wrong = []
    # A page that renews itself while something is being made is looked over once that is done.
    seat.page.locator("[data-refresh]").wait_for(state="detached", timeout=_WORK)
    for size, scheme in (ON_PHONE, ON_DESK):
        seat.look(size, scheme)
        wrong += [f"{size[0]} px: wider than the screen: {one}" for one in seat.wider_than_the_screen()]
    for size, scheme in looks:
        seat.look(size, scheme)
        wrong += [f"{size[0]} px {scheme}: {one}" for one in seat.barriers()]
    return wrong + seat.faults


PLACES = [*ANYBODY, *ADMIN, *LIAISON, *OTHERS]
# axe is the slow part: each page is looked over in one look, the next page in the next; the main ones in all four.
TURNS = [
    pytest.param(place, *LOOKS[turn % len(LOOKS)], id=f"{place} {LOOKS[turn % len(LOOKS)][1]}")
    for turn, place in enumerate(PLACES)
]


@contextmanager
def speaking(seat: Seat, language: str) -> Iterator[None]:
    """Let the pages speak that language to somebody who has signed in, in Spanish, already."""
    cookie = {"name": "idioma", "value": language, "url": seat.address}
    seat.page.context.add_cookies([cookie])  # type: ignore[list-item] # a TypedDict of that shape
    try:
        yield
    finally:
        seat.page.context.clear_cookies(name="idioma")


@pytest.mark.parametrize(("place", "look", "language"), TURNS)
def test_a_page_answers_fits_and_has_no_barrier(
    seats: Seats, place: Place, look: Look, language: str
) -> None:
    seat = seats[place.who]
    with speaking(seat, language):
        go(seat, place)
        said = seat.page.locator("html").get_attribute("lang")
        assert said == {"es": "es-MX"}.get(language, language)
        assert look_over(seat, [look]) == []


@pytest.mark.drill
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_has_no_barrier_in_any_look_and_is_walked_by_keyboard(
    seats: Seats, place: Place, language: str
) -> None:
    seat = seats[place.who]
    with speaking(seat, language):
        go(seat, place)
        assert look_over(seat, [look for look, _ in LOOKS]) == []
        seat.look(*ON_DESK)
        assert skip(seat.page) + walk(seat.page) == []


@pytest.mark.parametrize("path", ["/entrar", "/", f"/calendario/{BIMESTER}", "/guia/escribir"])
def test_a_page_is_walked_by_keyboard(seats: Seats, path: str) -> None:
    seat = seats["" if path == "/entrar" else "admin"]
    seat.open(path)
    seat.look(*ON_DESK)
    assert skip(seat.page) + walk(seat.page) == []


HELD = "<div tabindex='0' id='held'>aquí</div>"


def test_what_holds_the_keyboard_and_what_it_never_reaches_is_found(seats: Seats) -> None:
    seat = seats[""]
    seat.open("/ayuda")
    seat.page.evaluate(
        "html => {const here = document.querySelector('main'); here.insertAdjacentHTML('afterbegin', html);"
        " held.addEventListener('keydown', event => event.preventDefault());}",
        HELD,
    )
    assert [one for one in walk(seat.page) if "held at" in one]
    seat.open("/ayuda")
    seat.page.evaluate(
        "() => document.querySelector('footer a').addEventListener('focus', event => event.target.blur())"
    )
    assert [one for one in walk(seat.page) if "never reached" in one or "held at" in one]


@pytest.mark.parametrize("path", ["/", f"/calendario/{BIMESTER}", "/publicaciones/nueva", "/revision"])
def test_a_main_page_has_no_barrier_in_any_look(seats: Seats, path: str) -> None:
    seat = seats["admin"]
    seat.open(path)
    assert look_over(seat, [ON_PHONE, ON_DESK, (PHONE, "light"), (DESK, "dark")]) == []


def test_a_sheet_is_corrected_by_keyboard_imported_and_undone(seats: Seats) -> None:
    seat = seats["admin"]
    day = date(TODAY.year + 1, 1, 15)
    rows = f"Tema,Fecha,Hora,Cuentas,Texto\nSaber,{day:%d/%m/%Y},25:00,@ensayo,Pide información\n"
    seat.open(f"/calendario/{day.year}/1/hoja")
    file = {"name": "plan.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    seat.page.set_input_files("#file", file)  # type: ignore[arg-type] # a TypedDict of that shape
    seat.page.locator("button", has_text="Leer la hoja").press("Enter")
    cell = seat.page.get_by_label("Hora del renglón 2")
    cell.wait_for()
    assert look_over(seat) == []
    cell.focus()
    seat.page.keyboard.press("Control+A")
    seat.page.keyboard.type("10:00")
    seat.page.keyboard.press("Enter")
    importing = seat.page.locator("button", has_text="Importar 1 renglón")
    importing.wait_for()
    assert look_over(seat) == []
    importing.press("Enter")
    undoing = seat.page.locator("button", has_text="Deshacer la importación")
    undoing.wait_for()
    assert look_over(seat) == []
    undoing.press("Enter")
    seat.page.get_by_text("sus borradores están descartados").wait_for()


SEEDED = {
    "an image that says nothing": ('<img src="/static/img/mark.svg">', "image-alt"),
    "words too pale": ('<p class="pale">apenas se lee</p>', "color-contrast"),
    "a style that the policy refuses": ('<p style="color:red">rojo</p>', "console:"),
    "a script that the policy refuses": ("<script>document.title = 1</script>", "console:"),
    "a script that breaks": ('<script nonce="{nonce}">throw new Error("roto")</script>', "script: roto"),
    "a picture that is not there": ('<img src="/static/img/none.svg" alt="nada">', "404:"),
    "something too wide": ('<pre class="broad">{wide}</pre>', "wider than the screen"),
}


@pytest.mark.parametrize("fault", SEEDED)
def test_a_seeded_fault_is_found(seats: Seats, fault: str) -> None:
    seat = seats[""]
    html, told = SEEDED[fault]

    def seed(route: Route) -> None:
        # Not compressed: what is sent on is the page's text, changed.
        answer = route.fetch(headers={**route.request.headers, "accept-encoding": "identity"})
        nonce = re.search(r'nonce="([^"]+)"', answer.text())
        assert nonce
        style = (
            '<style nonce="{nonce}">.pale {color: #ccc; background: #fff} .broad {overflow: visible}</style>'
        )
        seeded = (style + html).replace("{nonce}", nonce.group(1)).replace("{wide}", "ancho" * 400)
        route.fulfill(response=answer, body=answer.text().replace("</main>", seeded + "</main>"))

    seat.page.route("**/entrar", seed)
    try:
        seat.open("/entrar")
        assert [one for one in look_over(seat, [ON_DESK]) if told in one]
    finally:
        seat.page.unroute("**/entrar")


def test_an_ally_opens_the_pack_without_a_password_and_tells_what_they_did(seats: Seats) -> None:
    seat = seats["admin"]
    seat.open(f"/facilitadores/semana/{MONDAY}")
    seat.page.get_by_text("Dar un enlace por otro medio").click()
    seat.page.get_by_role("button", name="Hacer su enlace").first.press("Enter")
    address = seat.page.locator("#enlace").inner_text()
    assert look_over(seat) == []
    seat = seats[""]
    seat.open(address.removeprefix(seat.address))
    assert look_over(seat) == []
    seat.page.get_by_role("button", name="Recibido").press("Enter")
    seat.page.get_by_text("ya sabemos que te llegó").wait_for()
    seat.page.get_by_label("Pega el enlace de tu publicación").fill("redes.example/mia/1")
    seat.page.get_by_role("button", name="Ya lo publiqué").press("Enter")
    seat.page.get_by_text("Anotamos lo que publicaste").wait_for()
    assert look_over(seat) == []
    seat.page.get_by_role("link", name="No quiero más correos").press("Enter")
    seat.page.get_by_role("button", name="No me escriban más").wait_for()
    assert look_over(seat) == []
