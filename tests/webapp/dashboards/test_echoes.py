"""Réplicas and Resultados: who may declare and decide what, and what the figures say."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Body, Confidence
from content_calendar.models.posts import Post
from scheduler.models import Replication, ReplicationStage
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from webapp.sheets import neutral

ClientAs = Callable[..., Browser]


@pytest.fixture
def placed(database: Database) -> dict[str, str | int]:
    """Two bodies of two regions, and a post that went out an hour ago."""
    with database.transaction() as session:
        stage = Stage(session)
        north, south = stage.region("norte"), stage.region("sur")
        ours, other = stage.body("propio", north), stage.body("ajeno", south)
        row = stage.publication(stage.account(stage.commission()), due_at=now() - timedelta(hours=1))
        doubt = stage.replication(row, other, ReplicationStage.DOUBTFUL)
        near = stage.replication(row, ours, ReplicationStage.DOUBTFUL)
        ref = session.get_one(Post, row.post_id).ref
        return {
            "ours": ours.id,
            "other": other.id,
            "north": north.id,
            "post": ref,
            "doubt": doubt.ref,
            "near": near.ref,
        }


def declared(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(
            select(func.count()).select_from(Replication).where(Replication.stage == ReplicationStage.DECLARED)
        ) or 0  # fmt: skip


def stage_of(database: Database, ref: str) -> ReplicationStage:
    with database.reading() as session:
        return session.scalars(select(Replication).where(Replication.ref == ref)).one().stage


def form(
    placed: dict[str, str | int], body: str, link: str = "https://propio.example/nota"
) -> dict[str, str]:
    return {"post": str(placed["post"]), "body": body, "link": link, "kind": "adapted"}


def test_a_liaison_declares_for_its_own_body(
    client_as: ClientAs, database: Database, placed: dict[str, str | int]
) -> None:
    browser = client_as("liaison", body_id=placed["ours"])
    browser.get("/replicas")
    assert browser.post("/replicas", form(placed, "propio")).status_code == 303
    assert declared(database) == 1


def test_a_liaison_cannot_declare_for_another_body(
    client_as: ClientAs, database: Database, placed: dict[str, str | int]
) -> None:
    browser = client_as("liaison", body_id=placed["ours"])
    browser.get("/replicas")
    assert browser.post("/replicas", form(placed, "ajeno")).status_code == 403
    assert declared(database) == 0


def test_a_region_decides_only_for_its_bodies(
    client_as: ClientAs, database: Database, placed: dict[str, str | int]
) -> None:
    browser = client_as("regional", region_id=placed["north"])
    browser.get("/replicas")
    assert browser.post(f"/replicas/{placed['doubt']}/si").status_code == 403
    assert browser.post(f"/replicas/{placed['near']}/si").status_code == 303
    assert stage_of(database, str(placed["doubt"])) is ReplicationStage.DOUBTFUL
    assert stage_of(database, str(placed["near"])) is ReplicationStage.CONFIRMED


def test_a_liaison_sees_only_its_own_body(client_as: ClientAs, placed: dict[str, str | int]) -> None:
    said = words(client_as("liaison", body_id=placed["ours"]).get("/replicas"))
    assert "PROPIO" in said
    assert "AJENO" not in said


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "mi muro"])
def test_what_is_not_a_link_is_told_beside_it_and_kept(
    client_as: ClientAs, placed: dict[str, str | int], link: str
) -> None:
    browser = client_as("liaison", body_id=placed["ours"])
    browser.get("/replicas")
    answer = browser.post("/replicas", form(placed, "propio", link))
    assert answer.status_code == 422
    assert "Pega el enlace completo, desde https://" in words(answer)
    assert f'value="{link}"' in answer.get_data(as_text=True)


def test_the_liaisons_start_page_has_the_posts_to_take_up(
    client_as: ClientAs, placed: dict[str, str | int]
) -> None:
    answer = client_as("liaison", body_id=placed["ours"]).get("/")
    said = words(answer)
    assert "Para replicar esta semana" in said
    assert "Tu derecho a saber cuenta." in said
    assert "Salidas" not in said


def test_unknown_is_told_as_no_data_and_never_as_zero(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        stage.publication(stage.account(stage.body("solo")), due_at=now() - timedelta(minutes=5))
    said = words(client_as("coordinator").get("/resultados"))
    assert "sin dato" in said
    assert " 0 " not in said.split("Por organismo")[1].split("Por tema")[0]


def test_every_figure_says_its_cut_off(client_as: ClientAs, placed: dict[str, str | int]) -> None:
    del placed
    assert words(client_as("coordinator").get("/resultados")).count("Corte al") >= 4


def test_a_region_counts_only_its_bodies(client_as: ClientAs, placed: dict[str, str | int]) -> None:
    said = words(client_as("regional", region_id=placed["north"]).get("/resultados"))
    assert "PROPIO" in said
    assert "AJENO" not in said


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+52 55", "'+52 55"),
        ("-2", "'-2"),
        ("@todos", "'@todos"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("\uff1d1", "'\uff1d1"),
        (-2, -2),
        (3.5, 3.5),
        (None, ""),
        ("#SNTtips", "#SNTtips"),
    ],
)
def test_no_cell_of_a_sheet_is_a_formula(cell: object, safe: object) -> None:
    assert neutral(cell) == safe


def test_the_tables_can_be_taken_home(client_as: ClientAs, placed: dict[str, str | int]) -> None:
    del placed
    browser = client_as("coordinator")
    year, number = now().year, (now().month + 1) // 2
    for table in ("organismos", "temas", "campanas", "celdas"):
        answer = browser.get(f"/resultados/{year}/{number}/{table}.csv")
        assert answer.mimetype == "text/csv"
        assert "Corte al" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/replicas", "/resultados", "/api/v1/replications"])
def test_the_number_of_questions_does_not_grow_with_the_replications(
    client_as: ClientAs, database: Database, count_queries: CountQueries, path: str
) -> None:
    browser = client_as("coordinator")

    def fill(n: int) -> None:
        with database.transaction() as session:
            stage = Stage(session)
            for i in range(n):
                body = stage.body(f"c{n}{i}")
                row = stage.publication(stage.account(body), due_at=now() - timedelta(minutes=3))
                stage.replication(row, body)
                stage.replication(row, body, ReplicationStage.DOUBTFUL)

    fill(2)
    with count_queries() as few:
        assert browser.get(path).status_code == 200
    fill(9)
    with count_queries() as many:
        assert browser.get(path).status_code == 200
    assert len(many) == len(few)


@pytest.mark.usefixtures("placed")
def test_a_dissolved_body_is_not_counted_and_has_no_row_of_its_own(
    client_as: ClientAs, database: Database
) -> None:
    browser = client_as("coordinator")
    with database.transaction() as session:
        every = session.scalars(select(Body)).all()
        gone = Body(
            slug="extinto", short_name="EXTINTO", name="Instituto extinto", zone="America/Mexico_City",
            state_iso="MX", state_name="M\u00e9xico", dissolved_on="2025-03-21",
            name_confidence=Confidence.HIGH, confidence=Confidence.HIGH,
        )  # fmt: skip
        session.add(gone)
    page = words(browser.get("/resultados"))
    assert f"de {len(every)} vigentes participaron" in page
    assert "EXTINTO" not in page
    listed = words(browser.get("/directorio"))
    assert "extinto el 21 de marzo de 2025" in listed
    assert "Federal" in listed
    assert "Vigencia" in listed
