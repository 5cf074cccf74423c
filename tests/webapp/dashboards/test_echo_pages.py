"""The map, the queue, and the pages of a replication, a pair, a body, a region and a year: who sees what."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from content_calendar import people
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Body, Region
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.permissions import Role
from content_calendar.states import PublicationState
from scheduler.models import Replication, ReplicationStage
from scheduler.replication.barrido_models import BarridoLook, LookAnswer
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

# What is asked of a database is asked of both kinds where it is written: test_funnel, test_deciding, test_echoes.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ClientAs = Callable[..., Browser]
YEAR = now().year
_S = ReplicationStage
Placed = dict[str, str | int]


@pytest.fixture
def placed(database: Database) -> Placed:
    """Two bodies of two regions; a post that both took up, each with a doubt beside, and one that nobody did."""
    with database.transaction() as session:
        stage = Stage(session)
        north, south = stage.region("norte"), stage.region("sur")
        ours, other = stage.body("propio", north), stage.body("ajeno", south)
        account = stage.account(stage.body("emisor"))
        row = stage.publication(account, due_at=now() - timedelta(hours=5))
        quiet = stage.publication(account, text="Nadie la vio", due_at=now() - timedelta(hours=4))
        draft = stage.publication(account, text="No ha salido", state=PublicationState.HELD)
        made: Placed = {"ours": ours.id, "north": north.id}
        for name, body, level in (
            ("own", ours, _S.CONFIRMED),
            ("theirs", other, _S.SEEN),
            ("near", ours, _S.DOUBTFUL),
            ("far", other, _S.DOUBTFUL),
        ):
            made[name] = stage.replication(row, body, level).ref
        for name, out in (("post", row), ("quiet", quiet), ("draft", draft)):
            made[name] = session.get_one(Post, out.post_id).ref
        return made


def stage_of(database: Database, ref: object) -> ReplicationStage:
    with database.reading() as session:
        return session.scalars(select(Replication).where(Replication.ref == str(ref))).one().stage


PATHS = (
    "/replicas/{own}",
    "/replicas/par/{quiet}/propio",
    "/replicas/organismo/propio",
    "/replicas/region/norte",
    f"/replicas/anio/{YEAR}",
)
AWAY = (
    "/replicas/{theirs}",
    "/replicas/par/{quiet}/ajeno",
    "/replicas/organismo/ajeno",
    "/replicas/region/sur",
    "/replicas/por-decidir",
)


def test_a_liaison_opens_what_is_of_its_body_and_nothing_of_another(
    client_as: ClientAs, placed: Placed
) -> None:
    liaison, control = client_as("liaison", body_id=placed["ours"]), client_as("coordinator")
    for path in PATHS:
        answer = liaison.get(path.format(**placed))
        assert (path, answer.status_code) == (path, 200)
        assert "AJENO" not in words(answer)
    for path in AWAY:
        assert (path, liaison.get(path.format(**placed)).status_code) == (path, 403)
        assert control.get(path.format(**placed)).status_code == 200
    sheet = liaison.get(f"/replicas/anio/{YEAR}.csv").get_data(as_text=True)
    assert "PROPIO" in sheet
    assert "AJENO" not in sheet


def test_a_region_sees_and_decides_its_own_states(
    client_as: ClientAs, database: Database, placed: Placed
) -> None:
    tere = client_as("regional", region_id=placed["north"])
    assert "PROPIO" in words(tere.get("/replicas/por-decidir"))
    assert "AJENO" not in words(tere.get("/replicas/por-decidir?organismo=ajeno"))
    assert tere.get("/replicas/region/norte").status_code == 200
    for act in ("si", "no", "deshacer", "preguntar"):
        assert tere.post(f"/replicas/{placed['far']}/{act}").status_code == 403
    assert stage_of(database, placed["far"]) is _S.DOUBTFUL


def test_what_is_not_out_is_shown_to_nobody_here(client_as: ClientAs, placed: Placed) -> None:
    assert (
        client_as("liaison", body_id=placed["ours"])
        .get(f"/replicas/par/{placed['draft']}/propio")
        .status_code
        == 404
    )


def test_a_look_in_vain_is_told_and_is_no_no(client_as: ClientAs, database: Database, placed: Placed) -> None:
    with database.transaction() as session:
        post = session.scalars(select(Post).where(Post.ref == str(placed["quiet"]))).one()
        session.add(
            BarridoLook(
                week=now().date(), body_id=int(placed["ours"]), post_id=post.id, batch="b",
                answer=LookAnswer.NOT_SEEN, looked_by_id=post.author_id,
            )
        )  # fmt: skip
    said = words(client_as("liaison", body_id=placed["ours"]).get(f"/replicas/par/{placed['quiet']}/propio"))
    assert "No visto" in said
    assert (
        "«No visto» quiere decir que una persona miró y no lo vio; no que el organismo no lo haya hecho."
        in said
    )
    assert "Lo que se miró en el barrido" in said
    assert "no que el organismo no lo haya hecho." in said


def test_the_map_says_who_took_up_who_is_not_seen_and_what_to_do(client_as: ClientAs, placed: Placed) -> None:
    answer = client_as("coordinator").get("/replicas")
    said = words(answer)
    assert "2 de 3 ya retomaron algo" in said
    assert "1 que aún no vemos EMISOR" in said
    assert "Decidir 2 posibles réplicas" in said
    page = answer.get_data(as_text=True)
    assert f'href="/replicas/{placed["own"]}"' in page
    assert f'href="/replicas/par/{placed["quiet"]}/propio"' in page
    assert "La mitad se retomó en menos de 1 hora" in said
    assert "vista sin dato" in re.sub(r"Alguien del organismo.*?por aquí\. ", "", said)


def test_a_region_and_a_form_narrow_the_map(client_as: ClientAs, placed: Placed) -> None:
    del placed
    browser = client_as("coordinator")
    north = words(browser.get("/replicas?region=norte")).split("Ya lo publiqué Pega")[0]
    assert "AJENO" not in north
    assert "AJENO" in words(browser.get("/replicas"))
    assert "Todavía no vemos que PROPIO retome algo" in words(
        browser.get("/replicas?region=norte&forma=quote")
    )
    assert "Nada que mostrar con estos filtros" in words(browser.get("/replicas?red=ninguna"))


def test_a_pair_is_decided_the_next_comes_and_the_last_is_undone(
    client_as: ClientAs, database: Database, placed: Placed
) -> None:
    browser = client_as("coordinator")
    first = words(browser.get("/replicas/por-decidir"))
    assert "Quedan 2" in first
    assert "Por qué dudamos: Dice casi lo mismo: comparte 90 % de las palabras." in first
    after = browser.client.post(
        f"/replicas/{placed['near']}/si",
        data={"csrf_token": browser.token, "cola": "1", "was": "doubtful"},
        follow_redirects=True,
    )
    assert "Queda 1" in words(after)
    assert "AJENO" in words(after)
    assert f"/replicas/{placed['near']}/deshacer?cola=1" in after.get_data(as_text=True)
    back = browser.client.post(
        f"/replicas/{placed['near']}/deshacer?cola=1",
        data={"csrf_token": browser.token},
        follow_redirects=True,
    )
    assert "Quedan 2" in words(back)
    assert "¿Retomó" in words(back)
    assert "Lo que publicó PROPIO" in words(back)
    assert stage_of(database, placed["near"]) is _S.DOUBTFUL


def test_no_lo_se_leaves_it_and_the_end_is_told(client_as: ClientAs, placed: Placed) -> None:
    browser = client_as("coordinator")
    browser.get("/replicas/por-decidir")
    assert "AJENO" in words(browser.get(f"/replicas/por-decidir?despues={placed['near']}"))
    assert "Saltaste 2." in words(browser.get(f"/replicas/por-decidir?despues={placed['far']}"))


def test_who_comes_second_changes_nothing(client_as: ClientAs, database: Database, placed: Placed) -> None:
    luz, ana = client_as("coordinator", "luz"), client_as("editor", "ana")
    luz.post(f"/replicas/{placed['near']}/no", {"was": "doubtful"})
    answer = ana.client.post(
        f"/replicas/{placed['near']}/si",
        data={"csrf_token": ana.token, "was": "doubtful", "cola": "1"},
        follow_redirects=True,
    )
    assert "Alguien más ya lo decidió: no es réplica." in words(answer)
    assert stage_of(database, placed["near"]) is _S.REJECTED


def test_a_body_is_asked_and_answers_on_the_page_of_its_replication(
    client_as: ClientAs, database: Database, placed: Placed
) -> None:
    luz = client_as("coordinator")
    beto = client_as("liaison", body_id=placed["ours"])
    luz.get("/replicas/por-decidir")
    assert luz.post(f"/replicas/{placed['near']}/preguntar", {"cola": "1"}).status_code == 303
    assert "¿Es de PROPIO?" in words(beto.get("/avisos"))
    assert "Sí, es nuestra réplica" in words(beto.get(f"/replicas/{placed['near']}"))
    assert beto.post(f"/replicas/{placed['far']}/contestar", {"es": "si"}).status_code == 403
    beto.post(f"/replicas/{placed['near']}/contestar", {"es": "no"})
    assert "PROPIO contestó que no es suya." in words(luz.get("/replicas/por-decidir"))
    assert stage_of(database, placed["near"]) is _S.DOUBTFUL


def test_a_replication_says_why_how_fast_and_who_decided(client_as: ClientAs, placed: Placed) -> None:
    luz = client_as("coordinator")
    luz.post(f"/replicas/{placed['theirs']}/si")
    said = words(luz.get(f"/replicas/{placed['theirs']}"))
    assert "comparte 90 % de las palabras" in said
    assert "en menos de 1 hora" in said
    assert "Coordinator dijo que sí es réplica" in said
    assert "Deshacer lo decidido" in said


def test_a_bodys_page_says_what_it_can_still_take_up(client_as: ClientAs, placed: Placed) -> None:
    answer = client_as("liaison", body_id=placed["ours"]).get("/replicas/organismo/propio")
    assert f"/caja/paquetes/publicacion/{placed['quiet']}?organismo=propio" in answer.get_data(as_text=True)
    assert "Todavía puede retomar" in words(answer)


def test_the_year_is_a_sheet_that_no_spreadsheet_runs(
    client_as: ClientAs, database: Database, placed: Placed
) -> None:
    with database.transaction() as session:
        session.get_one(Body, placed["ours"]).short_name = "=1+1"
    text = client_as("coordinator").get(f"/replicas/anio/{YEAR}.csv").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    line = next(row for row in rows if row and row[0].endswith("=1+1"))
    assert line[0] == "'=1+1"
    bimester = 3 + (now().month - 1) // 2
    assert (line[bimester], line[9], line[10]) == ("1", "1", "1")
    nobody = next(row for row in rows if row and row[0] == "EMISOR")
    assert set(nobody[3:]) == {""}


def test_an_empty_place_says_what_to_do(client_as: ClientAs) -> None:
    browser = client_as("coordinator")
    assert "No hay organismos en tu alcance" in words(browser.get("/replicas"))
    assert "No queda nada por decidir" in words(browser.get("/replicas/por-decidir"))
    assert "En 2001 no salió nada" in words(browser.get("/replicas/anio/2001"))
    for path in ("/replicas/nadanadanada", "/replicas/region/ninguna", "/replicas/organismo/nadie"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/replicas/por-decidir",
        "/replicas/{own}",
        "/replicas/organismo/propio",
        "/replicas/region/norte",
        f"/replicas/anio/{YEAR}",
        f"/replicas/anio/{YEAR}.csv",
    ],
)
def test_the_number_of_questions_does_not_grow(
    client_as: ClientAs, database: Database, count_queries: CountQueries, placed: Placed, path: str
) -> None:
    browser = client_as("coordinator")
    with count_queries() as few:
        assert browser.get(path.format(**placed)).status_code == 200
    with database.transaction() as session:
        stage = Stage(session)
        row = session.scalars(select(Publication)).first()
        assert row
        region = session.scalars(select(Region).where(Region.id == placed["north"])).one()
        account = stage.account(stage.body("mucho"))
        person = people.add(session, "otra@ejemplo.mx", "Otra")
        for n in range(9):
            body = stage.body(f"mas{n}", region)
            people.grant(session, person, Role.LIAISON, on=now().date(), body_id=body.id)
            stage.replication(row, body, _S.DOUBTFUL)
            stage.replication(stage.publication(account), body)
            stage.replication(row, session.get_one(Body, placed["ours"]))
    with count_queries() as many:
        assert browser.get(path.format(**placed)).status_code == 200
    assert len(many) == len(few)
