"""The network of facilitators through its pages: who sees whom, letters and links, an ally's own page, exports."""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from content_calendar import allies, ally_consents, ally_letters, ally_weeks, clock
from content_calendar.allies import AllyFields
from content_calendar.ally_consents import Noted
from content_calendar.ally_letters import AllyParcel
from content_calendar.db import Database
from content_calendar.models.allies import (
    Ally,
    AllyConsent,
    AllyContribution,
    AllyEcho,
    AllyKind,
    AllyLetter,
    ConsentStanding,
    EchoStanding,
    LetterKind,
    Medium,
)
from content_calendar.models.posts import Post
from content_calendar.permissions import Role
from content_calendar.settings import read
from content_calendar.wall_time import zone_named
from tests.webapp.conftest import Browser, today, words
from tests.webapp.stage import Stage
from webapp import ally_letters as written
from webapp.app import create_app

ClientAs = Callable[..., Browser]
X_LINK = "https://x.com/quien/status/1212092628029698048"
# What the database does is tested below the pages; these look at pages.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    """The application of an installation that mails."""
    folder = tmp_path / "data"
    folder.mkdir()
    told = {
        "RESUENA_DATA": str(folder),
        "RESUENA_MAIL_HOST": "127.0.0.1",
        "RESUENA_PUBLIC_URL": "https://resuena.example.mx",
    }
    return create_app(read(told), database)


class World:
    """Two regions with a body each, an ally in each who agreed, and this week's pack of one post."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.database = database
        self.public: FlaskClient = app.test_client()
        self.settings = app.extensions["resuena.settings"]
        today = clock.now().astimezone(zone_named(self.settings.zone)).date()
        self.week = ally_weeks.monday_of(today)
        with database.transaction() as session:
            stage = Stage(session)
            north, south = stage.region("norte"), stage.region("sur")
            body, other = stage.body("infouno", north), stage.body("infodos", south)
            self.region_id, self.body_id = north.id, body.id
            by, self.refs = stage.person(), {}
            for name, where in (("Nube", body), ("Monte", other)):
                fields = AllyFields(
                    AllyKind.ORGANISATION,
                    name,
                    "Quien contesta",
                    f"{name.lower()}@example.mx",
                    where.state_iso,
                )
                made = allies.register(session, fields, by)
                ally_consents.note(session, made, Noted(today, "Firmó"), by, today)
                self.refs[name] = made.ref
            row = stage.publication(stage.account(body), due_at=clock.now())
            post = session.get_one(Post, row.post_id)
            post.due_local, post.due_zone, self.post = "2026-11-23T12:00:00", self.settings.zone, post.ref
            ally_weeks.prepare(session, self.week, self.settings.zone)
        self.address = f"/facilitadores/semana/{self.week.isoformat()}"

    def parcel(self, kind: LetterKind = LetterKind.PACK) -> AllyParcel:
        """A letter as the worker takes it."""
        with self.database.transaction() as session:
            taken = ally_letters.take(session)
            assert taken is not None
            assert taken.kind is kind
            ally_letters.record_sent(session, taken.letter_id)
        return taken

    def send(self, editor: Browser) -> AllyParcel:
        editor.get(self.address)
        assert "Sale a 2 de la red" in words(editor.post(f"{self.address}/enviar", follow=True))
        return self.parcel()

    def press(self, path: str, page: str, **form: str) -> str:
        """Press a button of an ally's own page; return what the next page says."""
        shown = self.public.get(page).get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
        assert token
        answer = self.public.post(path, data={"csrf_token": token.group(1), **form}, follow_redirects=True)
        return words(answer)

    def one(self, kind: type[Ally | AllyLetter | AllyEcho | AllyConsent | AllyContribution]) -> object:
        with self.database.reading() as session:
            return session.scalars(select(kind)).one()

    def ally(self, name: str = "Nube") -> Ally:
        with self.database.reading() as session:
            return session.scalars(select(Ally).where(Ally.name == name)).one()


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    return World(app, database)


def test_the_staff_sees_all_a_region_its_own_and_a_liaison_nothing(world: World, client_as: ClientAs) -> None:
    everything = words(client_as("editor").get("/facilitadores"))
    assert ("Nube" in everything, "Monte" in everything) == (True, True)
    regional = client_as(Role.REGIONAL, "tere", region_id=world.region_id)
    for path in ("/facilitadores", "/facilitadores/actividad", "/facilitadores/actividad.csv", world.address):
        said = words(regional.get(path))
        assert "Monte" not in said, path
    assert "Nube" in words(regional.get("/facilitadores"))
    assert regional.get(f"/facilitadores/{world.refs['Monte']}").status_code == 404
    assert regional.get(f"/facilitadores/{world.refs['Nube']}").status_code == 200
    assert regional.get("/facilitadores/nueva").status_code == 403
    assert regional.post(f"{world.address}/enviar").status_code == 403
    liaison = client_as(Role.LIAISON, "beto", body_id=world.body_id)
    assert "Red de facilitadores" not in words(liaison.get("/"))
    for path in ("/facilitadores", world.address, f"/facilitadores/{world.refs['Nube']}"):
        assert liaison.get(path).status_code == 403


def test_an_ally_is_registered_invited_and_says_yes_without_a_password(
    world: World, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    editor.get("/facilitadores/nueva")
    wrong = editor.post("/facilitadores/nueva", {"kind": "person", "name": "Luz", "email": "luz@"})
    assert (wrong.status_code, "no es un correo" in words(wrong)) == (422, True)
    form = {"kind": "person", "name": "Luz", "email": "luz@example.mx", "links": "https://a.example/luz"}
    made = editor.post("/facilitadores/nueva", form)
    page = made.headers["Location"]
    editor.get(page)
    assert "única" in words(editor.post(f"{page}/invitar", follow=True))
    taken = world.parcel(LetterKind.INVITATION)
    letter = written.writer(world.settings)(taken)
    assert f"https://resuena.example.mx/f/{taken.token}" in letter.text
    assert letter.headers["List-Unsubscribe"].startswith("<https://resuena.example.mx/f/baja/")
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    own = f"/f/{taken.token}"
    assert "Aviso de privacidad simplificado" in words(world.public.get(own))
    assert world.ally("Luz").consent is ConsentStanding.INVITED
    assert "Ya eres parte de la red" in world.press(f"{own}/acepto", own)
    assert world.ally("Luz").consent is ConsentStanding.GIVEN
    answer = world.public.get(own)
    assert (answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]) == (
        "noindex, nofollow",
        "no-store",
    )


@pytest.mark.usefixtures("world")
def test_a_list_enters_whole_or_not_at_all_and_is_taken_back(client_as: ClientAs) -> None:
    editor = client_as("editor")
    editor.get("/facilitadores/lista")
    pasted = "Nombre\tCorreo\tEstado\nRosa\trosa@example.mx\tNarnia\nJuan\tjuan@\t\n"
    answer = editor.post("/facilitadores/lista", {"list": pasted})
    said = words(answer)
    assert (answer.status_code, "todavía no entró nadie" in said) == (422, True)
    assert "No conocemos el estado «Narnia»" in said
    assert "«juan@» no es un correo" in said
    assert "rosa@example.mx" in answer.get_data(as_text=True)
    good = "Nombre,Correo\nRosa,rosa@example.mx\n=Fórmula,nube@example.mx\n"
    file = (io.BytesIO(good.encode()), "lista.csv")
    shown = editor.post("/facilitadores/lista", {"file": file}, follow=True)
    assert "Entró 1 a la red" in words(shown)
    assert "1 ya estaba" in words(shown)
    assert "No entró nadie nuevo" in words(editor.post("/facilitadores/lista", {"list": good}, follow=True))
    undo = re.search(r'action="(/facilitadores/lista/[a-z0-9]+/deshacer)"', shown.get_data(as_text=True))
    assert undo
    assert "Quitamos 1" in words(editor.post(undo.group(1), follow=True))


def test_a_consent_is_noted_with_its_file_and_the_file_is_a_download(
    world: World, client_as: ClientAs
) -> None:
    editor, page = client_as("editor"), f"/facilitadores/{world.refs['Nube']}"
    editor.get(page)
    editor.post(f"{page}/retirar")
    today = clock.now().date() - timedelta(days=1)
    missing = editor.post(f"{page}/consentimiento", {"said_on": today.isoformat()})
    assert "Cuenta cómo dio su consentimiento" in words(missing)
    file = (io.BytesIO(b"%PDF-1.4 firmado"), "hoja.pdf")
    editor.post(f"{page}/consentimiento", {"said_on": today.isoformat(), "evidence": file})
    shown = editor.get(page)
    found = re.search(rf"{page}/consentimiento/[a-z0-9]+", shown.get_data(as_text=True))
    assert found
    evidence = editor.get(found.group())
    assert evidence.data == b"%PDF-1.4 firmado"
    assert "attachment" in evidence.headers["Content-Disposition"]
    assert "Retiró su consentimiento" in words(shown)


def test_a_pack_is_opened_received_downloaded_and_replicated_each_with_its_own_proof(
    world: World, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    taken = world.send(editor)
    own = f"/f/{taken.token}"
    for _ in range(2):
        assert "Tu derecho a saber cuenta." in words(world.public.get(own))
    world.public.head(own)
    with world.database.reading() as session:
        letter = session.get_one(AllyLetter, taken.letter_id)
        assert (letter.opened, letter.received_at, letter.pulled_at) == (2, None, None)
    assert "ya sabemos que te llegó" in world.press(f"{own}/recibido", own)
    answer = world.public.get(f"{own}/paquete.zip")
    inside = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    assert any(name.endswith("texto.txt") for name in inside.namelist())
    assert "vuelve a tu página del paquete" in inside.read("LEEME.txt").decode()
    pasted = f"{X_LINK}?s=20\nhttps://twitter.com/quien/status/1212092628029698048"
    said = world.press(f"{own}/replica", own, post=world.post, links=pasted)
    assert "Anotamos lo que publicaste" in said
    echo = world.one(AllyEcho)
    assert isinstance(echo, AllyEcho)
    assert (echo.network, echo.link, echo.dated, echo.occurred_at.year) == ("x", X_LINK, True, 2019)
    assert "Ya lo teníamos" in world.press(f"{own}/replica", own, links=X_LINK)
    page = words(editor.get(world.address))
    assert "replicado" in page
    assert "La red de facilitadores" in words(editor.get(f"/publicaciones/{world.post}"))


def test_what_was_done_away_from_the_web_needs_a_place_and_a_day(world: World, client_as: ClientAs) -> None:
    own = f"/f/{world.send(client_as('editor')).token}"
    told = {"how": "offline", "medium": "radio", "on": today().isoformat(), "reach": "muchos"}
    assert "es un número entero" in world.press(f"{own}/replica", own, **told, place="Radio Nube")
    told["reach"] = "1,200"
    assert "Di dónde fue" in world.press(f"{own}/replica", own, **told)
    world.press(f"{own}/replica", own, **told, place="Radio Nube")
    echo = world.one(AllyEcho)
    assert isinstance(echo, AllyEcho)
    assert (echo.medium, echo.reach, echo.place) == (Medium.RADIO, 1200, "Radio Nube")
    assert "lo lee el equipo" in world.press(f"{own}/aporte", own, said="Una feria", link="ejemplo.mx/feria")
    given = world.one(AllyContribution)
    assert isinstance(given, AllyContribution)
    assert given.link == "https://ejemplo.mx/feria"


def test_a_person_decides_on_a_replication_and_takes_it_back(world: World, client_as: ClientAs) -> None:
    editor = client_as("editor")
    own = f"/f/{world.send(editor).token}"
    world.press(f"{own}/replica", own, links=X_LINK)
    echo = world.one(AllyEcho)
    assert isinstance(echo, AllyEcho)
    assert "1 réplica por confirmar" in words(editor.get("/facilitadores"))
    for act, standing in (
        ("no", EchoStanding.REJECTED),
        ("abrir", EchoStanding.DECLARED),
        ("si", EchoStanding.CONFIRMED),
    ):
        editor.post(f"/facilitadores/replicas/{echo.ref}/{act}")
        known = world.one(AllyEcho)
        assert isinstance(known, AllyEcho)
        assert known.standing is standing


def test_one_click_of_a_mailbox_ends_all_letters_and_opening_the_link_does_not(
    world: World, client_as: ClientAs
) -> None:
    taken = world.send(client_as("editor"))
    letter = written.writer(world.settings)(taken)
    stop = letter.headers["List-Unsubscribe"].strip("<>").removeprefix("https://resuena.example.mx")
    world.public.get(stop)
    assert world.ally(taken.name).consent is ConsentStanding.GIVEN
    # The mailbox has no token of our form.
    answer = world.public.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, world.ally(taken.name).consent) == (200, ConsentStanding.WITHDRAWN)
    assert "Borramos tus datos" in world.press(f"{stop}/borrar", stop)
    with world.database.reading() as session:
        assert session.scalars(select(Ally).where(Ally.email == taken.email)).all() == []
    assert world.public.get(f"/f/{taken.token}").status_code == 410
    assert world.public.get("/f/baja/nadie").status_code == 404


def test_a_link_given_by_other_means_is_shown_once_and_can_be_taken_back(
    world: World, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    editor.get(world.address)
    answer = editor.post(f"{world.address}/enlace/{world.refs['Nube']}")
    found = re.search(r"https://resuena\.example\.mx(/f/[\w-]+)", answer.get_data(as_text=True))
    assert found
    assert world.public.get(found.group(1)).status_code == 200
    assert found.group(1) not in editor.get(world.address).get_data(as_text=True)
    letter = world.one(AllyLetter)
    assert isinstance(letter, AllyLetter)
    editor.post(f"/facilitadores/cartas/{letter.ref}/cerrar")
    assert world.public.get(found.group(1)).status_code == 410


def test_the_table_goes_out_without_mails_and_nothing_in_it_is_a_formula(
    world: World, client_as: ClientAs
) -> None:
    editor = client_as("editor")
    with world.database.transaction() as session:
        one = session.scalars(select(Ally).where(Ally.name == "Nube")).one()
        one.name = "=SUM(A1)"
    text = editor.get("/facilitadores/actividad.csv").get_data(as_text=True)
    assert "'=SUM(A1)" in text
    book = zipfile.ZipFile(io.BytesIO(editor.get("/facilitadores/actividad.xlsx").get_data()))
    inside = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "=SUM(A1)" in inside
    assert "<f>" not in inside
    assert "@example.mx" not in text + inside


def test_the_pages_ask_the_same_however_many_allies_there_are(
    world: World, client_as: ClientAs, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    editor = client_as("editor")
    own = f"/f/{world.send(editor).token}"
    paths = ("/facilitadores", "/facilitadores/actividad", world.address)

    def asked() -> list[int]:
        counts = []
        for path in paths:
            with count_queries() as queries:
                assert editor.get(path).status_code == 200
            counts.append(len(queries))
        with count_queries() as queries:
            world.public.get(own)
        return [*counts, len(queries)]

    few = asked()
    with world.database.transaction() as session:
        by, today = Stage(session).person(), clock.now().date()
        for n in range(12):
            fields = AllyFields(AllyKind.PERSON, f"Persona {n}", email=f"p{n}@example.mx")
            ally_consents.note(
                session, allies.register(session, fields, by), Noted(today, "Firmó"), by, today
            )
        stage = Stage(session)
        account = stage.account(stage.body("infotres"))
        for n in range(5):
            stage.publication(account, due_at=clock.now() + timedelta(seconds=n))
        ally_weeks.prepare(session, world.week, world.settings.zone)
        ally_weeks.send(session, ally_weeks.find(session, world.week), by)
    assert asked() == few


def test_nothing_of_an_ally_is_public(world: World) -> None:
    for path in ("/publico", "/publico/directorio", "/publico/directorio.json", "/publico/directorio.csv"):
        said = world.public.get(path).get_data(as_text=True).casefold()
        assert "nube" not in said
        assert "example.mx" not in said


def test_the_letters_lead_to_pages_that_are_there(app: Flask, world: World) -> None:
    routes = {rule.rule for rule in app.url_map.iter_rules()}
    for path in (written.PAGE_PATH, written.FAREWELL_PATH, written.NOTICE_PATH):
        assert path.replace("{token}", "<token>") in routes
    assert world.public.get("/f/aviso").status_code == 200
