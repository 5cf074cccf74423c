"""Barrido: a coordination looks at its own bodies, one screen each, with and without JavaScript."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.posts import Post
from content_calendar.pasted import address_of, known_networks
from scheduler.models import Replication
from scheduler.replication.barrido import is_swept, week_of
from scheduler.replication.barrido_models import BarridoLook, LookAnswer
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SWEPT = min(one for one in known_networks() if is_swept(one))
# Last week's Wednesday: it is over, whatever day the test runs on.
OUT = now() - timedelta(days=now().weekday() + 5)
WEEK = week_of(OUT.date())
PAGE = f"/barrido/semana/{WEEK}/norte"


@dataclass(frozen=True)
class Placed:
    """What a test is about: the region, its body, and the posts' references."""

    north: int
    body: int
    refs: list[str]


def page(stage: Stage, slug: str, region: object = None) -> int:
    body = stage.body(slug, region)  # type: ignore[arg-type] # a region or none
    account = stage.account(body, SWEPT)
    account.handle = account.handle_folded = f"cuenta.{slug}"
    return body.id


@pytest.fixture
def placed(database: Database) -> Placed:
    """Two bodies with pages, in two regions, and two posts of last week."""
    with database.transaction() as session:
        stage = Stage(session)
        north, south = stage.region("norte"), stage.region("sur")
        one = page(stage, "norte", north)
        page(stage, "sur", south)
        ours = stage.account(stage.commission())
        rows = [stage.publication(ours, due_at=OUT + timedelta(hours=n)) for n in range(2)]
        refs = [session.get_one(Post, row.post_id).ref for row in rows]
        return Placed(north.id, one, refs)


def link(slug: str) -> str:
    return f"{address_of(SWEPT, f'cuenta.{slug}')}/posts/1"


def counted(database: Database, answer: LookAnswer) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(BarridoLook.answer == answer)) or 0


def declared(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Replication.link)))


def test_a_region_does_its_bodies_in_two_clicks_each(
    client_as: ClientAs, database: Database, placed: Placed
) -> None:
    tere = client_as("regional", region_id=placed.north)
    start = words(tere.get(f"/barrido/semana/{WEEK}"))
    assert "0 de 1 organismos · falta cerca de 1 minuto" in start
    assert "SUR" not in start
    shown = tere.get(PAGE).get_data(as_text=True)
    assert f'href="{address_of(SWEPT, "cuenta.norte")}" target="_blank"' in shown
    first, rest = placed.refs
    said = tere.post(
        f"{PAGE}/{first}", {"answer": "seen", "link": link("norte"), "kind": "copy"}, follow=True
    )
    assert "Sí, lo publicó" in words(said)
    assert declared(database) == [link("norte")]
    done = tere.post(f"{PAGE}/resto", {"answer": "not_seen", "post": [first, rest]}, follow=True)
    assert "Terminaste el barrido" in words(done)
    assert "1 de 1 organismos" in words(done)
    assert counted(database, LookAnswer.NOT_SEEN) == 1
    pair = words(tere.get(f"/replicas/par/{rest}/norte"))
    assert "Lo que se miró en el barrido No visto Regional" in pair
    [undo] = re.findall(r"/barrido/deshacer/[a-z0-9]{12}", done.get_data(as_text=True))
    assert "Deshecho" in words(tere.post(undo, follow=True))
    assert counted(database, LookAnswer.NOT_SEEN) == 0
    assert declared(database) == [link("norte")]


@ON_SQLITE
def test_what_went_out_after_the_page_was_opened_is_not_answered_with_the_rest(
    client_as: ClientAs, database: Database, placed: Placed
) -> None:
    tere = client_as("regional", region_id=placed.north)
    tere.get(PAGE)
    first = placed.refs[0]
    tere.post(f"{PAGE}/resto", {"answer": "not_seen", "post": [first]})
    assert counted(database, LookAnswer.NOT_SEEN) == 1


@ON_SQLITE
def test_another_regions_bodies_are_not_there(client_as: ClientAs, placed: Placed) -> None:
    tere = client_as("regional", region_id=placed.north)
    tere.get(PAGE)
    elsewhere = f"/barrido/semana/{WEEK}/sur"
    first = placed.refs[0]
    assert tere.get(elsewhere).status_code == 404
    assert tere.post(f"{elsewhere}/{first}", {"answer": "not_seen"}).status_code == 404
    luz = client_as("coordinator")
    luz.get(elsewhere)
    said = luz.post(f"{elsewhere}/{first}", {"answer": "not_reached:private"}, follow=True)
    assert "No pude: la cuenta es privada" in words(said)
    [undo] = set(re.findall(r"/barrido/deshacer/[a-z0-9]{12}", said.get_data(as_text=True)))
    assert tere.post(undo).status_code == 403
    assert client_as("liaison", "lia", body_id=placed.body).get("/barrido").status_code == 403


@ON_SQLITE
def test_a_link_that_seems_to_be_anothers_is_asked_about_once_more(
    client_as: ClientAs, database: Database, placed: Placed
) -> None:
    luz = client_as("coordinator")
    luz.get(PAGE)
    there = f"{PAGE}/{placed.refs[0]}"
    asked = luz.post(there, {"answer": "seen", "link": link("sur")})
    assert (asked.status_code, "cuenta.sur es de SUR, no de NORTE" in words(asked)) == (422, True)
    assert link("sur") in asked.get_data(as_text=True)
    assert declared(database) == []
    assert luz.post(there, {"answer": "seen", "link": link("sur"), "sure": "1"}).status_code == 303
    assert declared(database) == [link("sur")]


@pytest.mark.parametrize(
    "typed",
    [{"answer": "seen", "link": "mi muro"}, {"answer": "not_reached"}, {"answer": "x"},
     {"answer": "seen", "link": link("norte"), "day": "ayer"}],
)  # fmt: skip
@ON_SQLITE
def test_what_cannot_be_kept_is_told_beside_its_post(
    client_as: ClientAs, database: Database, placed: Placed, typed: dict[str, str]
) -> None:
    luz = client_as("coordinator")
    luz.get(PAGE)
    answer = luz.post(f"{PAGE}/{placed.refs[0]}", typed)
    assert answer.status_code == 422
    assert "Error:" in answer.get_data(as_text=True)
    assert declared(database) == []


@ON_SQLITE
def test_the_pages_script_gets_only_what_changed(client_as: ClientAs, placed: Placed) -> None:
    luz = client_as("coordinator")
    luz.get(PAGE)
    first, other = placed.refs
    answer = luz.client.post(
        f"{PAGE}/{first}",
        data={"csrf_token": luz.token, "answer": "not_seen"},
        headers={"X-Requested-With": "fetch"},
    )
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert [f'id="{one}"' in shown for one in ("avance", f"p-{first}", "resto", f"p-{other}")] == [
        True
    ] * 3 + [False]
    assert "<html" not in shown


@pytest.mark.parametrize("ref", ["nada", "2026-13-40", "2999-01-01"])
@ON_SQLITE
def test_a_week_that_is_none_is_not_found(client_as: ClientAs, ref: str) -> None:
    assert client_as("coordinator").get(f"/barrido/semana/{ref}").status_code == 404


@ON_SQLITE
def test_the_pages_ask_the_same_questions_however_many_bodies_there_are(
    client_as: ClientAs, database: Database, placed: Placed, count_queries: CountQueries
) -> None:
    assert placed.refs
    luz = client_as("coordinator")
    for path in (f"/barrido/semana/{WEEK}", PAGE):
        with count_queries() as few:
            luz.get(path)
        with database.transaction() as session:
            stage = Stage(session)
            for n in range(4):
                page(stage, f"otro{n}{len(path)}")
        with count_queries() as many:
            luz.get(path)
        assert len(many) == len(few)
