"""The events' pages: written, announced, moved, cancelled, closed; who may, and at what cost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from content_calendar import events
from content_calendar.db import Database
from content_calendar.events import Deadline, EventFields
from content_calendar.models.events import Event, EventEvidence, EventKind
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.seeds import plant
from tests.conftest import CountQueries
from tests.webapp.calendar.conftest import House, house
from tests.webapp.conftest import Browser, words

__all__ = ["house"]
ClientAs = Callable[..., Browser]
AHEAD = (datetime.now(UTC) + timedelta(days=30)).date()
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def form(on: date = AHEAD, /, **changed: str) -> dict[str, str]:
    return {
        "kind": "forum", "title": "Gobierno abierto", "body": "", "starts_date": on.isoformat(),
        "starts_time": "17:00", "starts_zone": "America/Tijuana", "ends_date": on.isoformat(),
        "ends_time": "19:00", "place": "Casa de la Cultura", "edition": "0", **changed,
    }  # fmt: skip


def made(browser: Browser, **changed: str) -> str:
    """Write an event; return its address."""
    browser.get("/eventos/nuevo?clase=forum")
    answer = browser.post("/eventos/nuevo", form(**changed))
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


def over(database: Database, days: int = 3) -> str:
    """Plant an event that is over; return its address."""
    with database.transaction() as session:
        person = session.scalars(select(Person)).first()
        assert person is not None
        begins = (datetime.now(UTC) - timedelta(days=days)).replace(tzinfo=None, microsecond=0)
        fields = EventFields(
            EventKind.FORUM, "Ya pasó", begins, begins + timedelta(hours=1), "America/Mexico_City"
        )
        return f"/eventos/{events.make(session, person, fields).ref}"


@on_sqlite
@pytest.mark.usefixtures("house")
def test_an_event_is_written_and_stands_in_the_calendar_and_in_its_json(
    client_as: ClientAs, house: House
) -> None:
    eva = client_as("editor", "eva")
    assert "Radio o televisión" in words(eva.get("/eventos/nuevo"))
    address = made(eva, theme=house.theme, audiences="academia")
    page = words(eva.get(address))
    assert "Casa de la Cultura" in page
    assert "planeado" in page
    number = (AHEAD.month + 1) // 2
    week = "{}-W{:02}".format(*AHEAD.isocalendar()[:2])
    boards = [f"{AHEAD.year}/{number}", f"{AHEAD.year}/mes/{AHEAD.month}", f"dia/{AHEAD}", f"semana/{week}"]
    for board in [*boards, f"{AHEAD.year}/{number}/lista"]:
        assert "Foro: Gobierno abierto" in words(eva.get(f"/calendario/{board}")), board
        assert "Foro: Gobierno abierto" not in words(eva.get(f"/calendario/{board}?evento=contest")), board
    assert "Academia 0 0 1 nada" in words(eva.get(f"/calendario/{boards[0]}"))
    (one,) = eva.get(f"/eventos/datos.json?bimestre={AHEAD.year}-{number}").get_json()["events"]
    assert (one["title"], one["starts"], one["state"]) == ("Gobierno abierto", f"{AHEAD}T17:00:00", "planned")
    assert "Gobierno abierto" in words(eva.get(f"/eventos/{AHEAD.year}/{number}"))
    assert "No hay eventos de esta clase" in words(eva.get(f"/eventos/{AHEAD.year}/{number}?clase=contest"))


@on_sqlite
@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "Escribe cómo se llama"),
        ({"starts_time": "tarde"}, "la hora completa"),
        ({"ends_time": "16:00"}, "El final va después"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"deadline_ref": "", "deadline_name": "Cierre", "deadline_day": ""}, "la hora completa"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    client_as: ClientAs, changed: dict[str, str], said: str
) -> None:
    eva = client_as("editor", "eva")
    eva.get("/eventos/nuevo?clase=contest")
    answer = eva.post("/eventos/nuevo", form(**changed))
    assert answer.status_code == 422
    assert said in words(answer)
    assert "Casa de la Cultura" in answer.get_data(as_text=True)


@on_sqlite
def test_a_day_at_the_end_of_time_is_no_day_to_begin_with(client_as: ClientAs) -> None:
    eva = client_as("editor", "eva")
    assert eva.get("/eventos/nuevo?clase=contest&dia=9999-12-31").status_code == 200


@on_sqlite
def test_a_liaison_writes_the_events_of_their_own_body_alone(client_as: ClientAs, house: House) -> None:
    luis = client_as("liaison", "luis", body_id=house.body_id)
    own = made(luis, body="bcn")
    eva = client_as("editor", "eva")
    others = made(eva, title="De la Comisión")
    assert luis.get(f"{own}/editar").status_code == 200
    assert luis.get(others).status_code == 200
    assert luis.get(f"{others}/editar").status_code == 403
    luis.get(own)
    assert luis.post("/eventos/nuevo", form()).status_code == 403
    assert luis.post(f"{others}/cancelar", {"reason": "x"}).status_code == 403
    assert luis.post(f"{own}/editar", form(body="")).status_code == 403
    assert luis.get(f"{own}/publicaciones").status_code == 403
    eva.get(f"{others}/publicaciones")
    drafted = {"slots": "announce", "text-announce": "Ven", "accounts": house.rehearsal}
    assert eva.post(f"{others}/publicaciones", drafted).status_code == 303
    assert "Anunciar: De la Comisión" in words(eva.get(others))
    assert "Anunciar: De la Comisión" not in words(luis.get(others))
    place = f"{AHEAD.year}/{(AHEAD.month + 1) // 2}"
    assert "1 publicación" in words(eva.get(f"/eventos/{place}"))
    assert "1 publicación" not in words(luis.get(f"/eventos/{place}"))


def test_posts_are_prepared_once_and_move_along_with_their_event(
    client_as: ClientAs, database: Database, house: House
) -> None:
    eva = client_as("editor", "eva")
    address = made(eva, link="https://foro.mx/registro", body="bcn")
    page = eva.get(f"{address}/publicaciones")
    assert "Foro «Gobierno abierto»." in page.get_data(as_text=True)
    asked = {
        "slots": ["announce", "remind"], "text-announce": "Ven al foro", "text-remind": "Es mañana",
        "campaigns": "snttips", "accounts": house.rehearsal,
    }  # fmt: skip
    for _twice in range(2):
        assert eva.post(f"{address}/publicaciones", asked).status_code == 303
    with database.reading() as session:
        rows = {one.title: one.due_local for one in session.scalars(select(Post))}
        ref = session.scalars(select(Post.ref).where(Post.title.startswith("Anunciar"))).one()
    first = AHEAD - timedelta(days=14)
    assert rows == {
        "Anunciar: Gobierno abierto": f"{first}T10:00:00",
        "Recordar: Gobierno abierto": f"{AHEAD - timedelta(days=1)}T10:00:00",
    }
    post = words(eva.get(f"/publicaciones/{ref}"))
    assert "Nace del evento Gobierno abierto" in post
    assert "Ven al foro #SNTtips" in post
    later = AHEAD + timedelta(days=1)
    eva.post(f"{address}/editar", form(later, body="bcn", link="https://foro.mx/registro"))
    assert "2 publicaciones se quedaron en su fecha anterior" in words(eva.get(address))
    moved = eva.post(f"{address}/publicaciones/mover", follow=True)
    assert "Movimos 2 publicaciones" in words(moved)
    undo = moved.get_data(as_text=True).split("/publicaciones/regresar/")[1].split('"')[0]
    with database.reading() as session:
        due = set(session.scalars(select(Post.due_local)))
    assert due == {f"{first + timedelta(days=1)}T10:00:00", f"{AHEAD}T10:00:00"}
    back = eva.post(f"{address}/publicaciones/regresar/{undo}", follow=True)
    assert "están donde estaban" in words(back)
    assert "2 publicaciones se quedaron en su fecha anterior" in words(back)


@on_sqlite
@pytest.mark.usefixtures("house")
def test_an_event_is_cancelled_with_a_reason_and_brought_back(client_as: ClientAs) -> None:
    eva = client_as("editor", "eva")
    address = made(eva)
    eva.get(address)
    assert "Escribe por qué se cancela" in words(eva.post(f"{address}/cancelar", {"reason": " "}))
    answer = eva.post(f"{address}/cancelar", {"reason": "Se inundó la sala"}, follow=True)
    assert "Se inundó la sala" in words(answer)
    assert f"{address}/recuperar" in answer.get_data(as_text=True)
    assert eva.get(f"{address}/publicaciones").status_code == 409
    assert "Cancelado: Foro" in words(eva.get(f"/calendario/dia/{AHEAD}"))
    assert "sigue en pie" in words(eva.post(f"{address}/recuperar", follow=True))


@on_sqlite
@pytest.mark.usefixtures("house")
def test_what_is_over_is_owed_until_it_is_closed_and_counts_then(
    client_as: ClientAs, database: Database
) -> None:
    with database.transaction() as session:
        plant(session, date(2026, 11, 22))
    eva = client_as("editor", "eva")
    address = over(database)
    assert "Falta cerrar 1 evento" in words(eva.get("/eventos"))
    assert "Ya pasó" in words(eva.get("/"))
    eva.get(f"{address}/cierre")
    closing = {
        "women": "12",
        "men": "9",
        "rating": "4",
        "evidence": "https://fotos.mx/1\n/caja/nadaexiste12\nMinuta",
    }
    refused = eva.post(f"{address}/cierre", {**closing, "women": "doce"})
    assert (refused.status_code, "Escribe solo el número" in words(refused)) == (422, True)
    page = words(eva.post(f"{address}/cierre", closing, follow=True))
    assert "21 personas" in page
    assert "Falta cerrar" not in words(eva.get("/eventos"))
    with database.reading() as session:
        kinds = [one.value for one in session.scalars(select(EventEvidence.kind).order_by(EventEvidence.id))]
    assert kinds == ["link", "note", "note"]
    assert "Hecho 1 Planeado 0 Falta planear 2 Meta 3" in words(eva.get("/eventos/metas"))


@on_sqlite
@pytest.mark.usefixtures("house")
def test_goals_and_templates_are_changed_by_staff(
    client_as: ClientAs, database: Database, house: House
) -> None:
    with database.transaction() as session:
        plant(session, date(2026, 11, 22))
    eva = client_as("editor", "eva")
    page = eva.get("/eventos/metas").get_data(as_text=True)
    ref = page.split("/eventos/metas/")[2].split('"')[0]
    eva.get(f"/eventos/metas/{ref}")
    goal = {"title": "Gira", "kind": "tour_stop", "measure": "bodies", "target": "12"}
    assert "de 1 a 10,000" in words(eva.post(f"/eventos/metas/{ref}", {**goal, "target": "0"}))
    assert "Meta 12" in words(eva.post(f"/eventos/metas/{ref}", goal, follow=True))
    luis = client_as("liaison", "luis", body_id=house.body_id)
    assert (luis.get("/eventos/metas").status_code, luis.get(f"/eventos/metas/{ref}").status_code) == (
        200,
        403,
    )
    eva.get("/eventos/plantillas?clase=space")
    template = {"days": "-2", "hour": "09:30", "body": "Ven: {enlace}"}
    refused = eva.post("/eventos/plantillas/space/remind", {**template, "body": "{sala}"})
    assert "«{sala}» no es un dato" in words(refused)
    changed = eva.post("/eventos/plantillas/space/remind", template, follow=True)
    assert "Ven: {enlace}" in changed.get_data(as_text=True)
    back = eva.post("/eventos/plantillas/space/remind", {"do": "forget"}, follow=True)
    assert "Ven: {enlace}" not in back.get_data(as_text=True)


@on_sqlite
@pytest.mark.usefixtures("house")
def test_the_cost_of_a_page_does_not_grow_with_the_events(
    client_as: ClientAs, database: Database, count_queries: CountQueries
) -> None:
    eva = client_as("editor", "eva")
    address = over(database, days=1)
    asked: list[list[int]] = []
    pages = [
        "/eventos",
        "/eventos/metas",
        "/eventos/datos.json",
        address,
        f"{address}/publicaciones",
        "/calendario",
    ]
    for more in (1, 12):
        with database.transaction() as session:
            person = session.scalars(select(Person)).first()
            assert person is not None
            begins = (datetime.now(UTC) - timedelta(days=1)).replace(tzinfo=None, microsecond=0)
            days = [Deadline(f"Cierre {n}", begins.date()) for n in range(more)]
            for n in range(more):
                fields = EventFields(
                    EventKind.FORUM, f"Foro {n}", begins, begins + timedelta(hours=1), "America/Mexico_City",
                    deadlines=days,
                )  # fmt: skip
                events.make(session, person, fields)
        asked.append([])
        for page in pages:
            with count_queries() as sent:
                assert eva.get(page).status_code == 200
            asked[-1].append(len(sent))
    assert asked[0] == asked[1]
    with database.reading() as session:
        assert len(session.scalars(select(Event)).all()) == 14


@on_sqlite
@pytest.mark.usefixtures("house")
def test_a_live_address_tells_events_and_their_further_dates(client_as: ClientAs) -> None:
    eva = client_as("editor", "eva")
    deadline = {"deadline_ref": "", "deadline_name": "Cierre", "deadline_day": AHEAD.isoformat()}
    made(eva, **deadline)
    eva.get("/calendario/suscripciones")
    page = eva.post("/calendario/suscripciones", {"subject": "all"}).get_data(as_text=True)
    path = "/calendario/vivo/" + page.split("/calendario/vivo/")[1].split(".ics")[0] + ".ics"
    feed = Calendar.from_ical(eva.client.get(path).get_data())
    told = {str(one["SUMMARY"]): one for one in feed.walk("VEVENT")}
    forum, close = told["Foro: Gobierno abierto"], told["Cierre: Gobierno abierto"]
    assert forum["DTSTART"].params["TZID"] == "America/Tijuana"
    assert forum.decoded("DTSTART").isoformat()[:16] == f"{AHEAD}T17:00"
    assert (str(forum["LOCATION"]), close.decoded("DTSTART")) == ("Casa de la Cultura", AHEAD)


@on_sqlite
def test_the_proposals_for_a_magazine_are_contributions_to_its_theme(
    client_as: ClientAs, house: House
) -> None:
    eva = client_as("editor", "eva")
    bare = words(eva.get(made(eva, kind="magazine")))
    assert "Ponle un tema al número" in bare
    address = made(eva, kind="magazine", theme=house.theme)
    place = f"{AHEAD.year}-{(AHEAD.month + 1) // 2}"
    eva.get(f"/temas/{house.theme}?bimestre={place}")
    asked = {"bimestre": place, "body": "bcn", "request": "Un artículo de dos páginas"}
    assert eva.post(f"/temas/{house.theme}/aportes", asked).status_code == 303
    assert "ITAIPBC Baja California" in words(eva.get(address))
    assert "Propuestas de contenido" not in words(eva.get(made(eva)))
    other = client_as("liaison", "otra", body_id=house.body_id)
    assert "ITAIPBC Baja California" in words(other.get(address))
