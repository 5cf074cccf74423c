"""Themes placed on a bimester, and the contributions that they ask of the bodies."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Confidence
from content_calendar.models.plan import Contribution, LineOfAction, Observance, Theme, ThemeSpan
from tests.webapp.calendar.conftest import House
from tests.webapp.conftest import Browser, words
from webapp.sentences import SENTENCES

ClientAs = Callable[..., Browser]
CHOOSE = "/calendario/2030/6/temas"


def test_a_proposed_theme_is_placed_on_its_days_and_taken_off_again(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    assert "Tu derecho a saber" in words(eva.get(CHOOSE))
    assert eva.post(CHOOSE, {"tema": house.theme}).status_code == 303
    assert "Tu derecho a saber" in words(eva.get("/calendario/2030/6"))
    with database.reading() as session:
        span = session.scalars(select(ThemeSpan)).one()
    assert (span.starts_on.isoformat(), span.ends_on.isoformat()) == ("2030-11-03", "2030-12-06")
    page = eva.post(f"/calendario/temas/{span.ref}/quitar", follow=True).get_data(as_text=True)
    undo = re.search(r'action="(/calendario/2030/6/temas\?[^"]+)"', page)
    assert undo
    assert eva.post(undo.group(1).replace("&amp;", "&")).status_code == 303
    with database.reading() as session:
        again = session.scalars(select(ThemeSpan)).one()
    assert (again.starts_on, again.ends_on) == (span.starts_on, span.ends_on)


@pytest.mark.usefixtures("house")
def test_an_observance_is_chosen_as_a_theme(client_as: ClientAs, database: Database) -> None:
    with database.transaction() as session:
        session.add(
            Observance(
                slug="internet", name="Día de Internet", rule="12-10", kind="international",
                confidence=Confidence.HIGH,
            )
        )  # fmt: skip
    eva = client_as("editor", "eva")
    assert "Efemérides de estos días" in words(eva.get(CHOOSE))
    assert eva.post(CHOOSE, {"efemeride": "internet"}).status_code == 303
    with database.reading() as session:
        span = session.scalars(select(ThemeSpan)).one()
    assert span.starts_on.isoformat() == "2030-12-10"
    assert "Efemérides de estos días" not in words(eva.get(CHOOSE))


def test_nothing_chosen_and_the_same_chosen_twice_are_told(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    empty = eva.post(CHOOSE, {})
    assert empty.status_code == 422
    assert "Elige al menos un tema" in words(empty)
    eva.post(CHOOSE, {"tema": house.theme, "desde": "2030-11-03"})
    twice = eva.post(CHOOSE, {"tema": house.theme, "desde": "2030-11-03"})
    assert twice.status_code == 409
    assert "ya empieza ese día" in words(twice)


@pytest.mark.usefixtures("house")
def test_a_theme_is_made_or_its_mistakes_are_told(client_as: ClientAs) -> None:
    eva = client_as("editor", "eva")
    made = {
        "bimestre": "2030-6",
        "title": "Radio comunitaria",
        "description": "Voces",
        "desde": "",
        "hasta": "",
    }
    nameless = eva.post("/temas", {**made, "title": " "})
    assert nameless.status_code == 422
    assert SENTENCES["theme_title_missing"] in words(nameless)
    assert "Voces" in words(nameless)
    outside = eva.post("/temas", {**made, "desde": "2030-01-01"})
    assert outside.status_code == 422
    answer = eva.post("/temas", made, follow=True)
    assert "Radio comunitaria" in words(answer)
    assert "lo hizo el equipo" in words(answer)


@pytest.mark.usefixtures("house")
def test_the_goal_of_a_bimester_is_shown(client_as: ClientAs) -> None:
    eva = client_as("editor", "eva")
    page = eva.post("/calendario/2030/6/proposito", {"goal": "Que se entienda"}, follow=True)
    assert "Que se entienda" in words(page)


def test_a_contribution_is_asked_sent_returned_sent_again_and_accepted(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    beto = client_as("liaison", "beto", body_id=house.body_id)
    ask = f"/temas/{house.theme}/aportes"
    place = "{}-{}".format(*bimester_of((now() + timedelta(days=80)).date()))
    nobody = eva.post(ask, {"bimestre": place, "request": "Un caso"})
    assert nobody.status_code == 422
    assert "Elige al menos un organismo" in words(nobody)
    past = eva.post(ask, {"bimestre": place, "body": "members", "due_on": "2020-01-01"})
    assert past.status_code == 422
    assert eva.post(ask, {"bimestre": place, "body": "members", "request": "Un caso"}).status_code == 303
    with database.reading() as session:
        ref = session.scalars(select(Contribution.ref)).one()
    assert "Un caso" in words(beto.get(f"/aportes/{ref}"))
    empty = beto.post(f"/aportes/{ref}/enviar", {"text": " "})
    assert empty.status_code == 422
    assert "Escribe el aporte" in words(empty)
    assert beto.post(f"/aportes/{ref}/enviar", {"text": "Una cápsula"}).status_code == 303
    assert "Una cápsula" in words(eva.get(f"/aportes/{ref}"))
    assert eva.post(f"/aportes/{ref}/regresar", {"reason": ""}).status_code == 422
    assert eva.post(f"/aportes/{ref}/regresar", {"reason": "Falta el enlace"}).status_code == 303
    assert "Falta el enlace" in words(beto.get(f"/aportes/{ref}"))
    beto.post(f"/aportes/{ref}/enviar", {"text": "Una cápsula, con enlace"})
    assert eva.post(f"/aportes/{ref}/aceptar", {"answer": "Gracias"}).status_code == 303
    assert eva.post(f"/aportes/{ref}/aceptar", {"answer": "Gracias"}).status_code == 409
    assert "1 de 1" in words(eva.get(f"/temas/{house.theme}?bimestre={place}"))


def test_a_liaison_contributes_for_their_own_body_only(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    eva.post(f"/temas/{house.theme}/aportes", {"bimestre": "2030-6", "body": "members"})
    with database.reading() as session:
        ref = session.scalars(select(Contribution.ref)).one()
    assert eva.post(f"/aportes/{ref}/enviar", {"text": "Hola"}).status_code == 403
    beto = client_as("liaison", "beto", body_id=house.body_id)
    assert beto.post(f"/aportes/{ref}/aceptar", {"answer": ""}).status_code == 403


def test_a_liaison_offers_what_nobody_asked(client_as: ClientAs, house: House) -> None:
    beto = client_as("liaison", "beto", body_id=house.body_id)
    assert "Ofrecer un aporte" in words(beto.get(f"/temas/{house.theme}?bimestre=2030-6"))
    offered = beto.post(f"/temas/{house.theme}/ofrecer", {"bimestre": "2030-6", "body": "bcn"}, follow=True)
    assert "Es voluntario" in words(offered)
    other = beto.post(f"/temas/{house.theme}/ofrecer", {"bimestre": "2030-6", "body": "cvpdcs"})
    assert other.status_code == 403


def test_a_liaison_does_not_plan(client_as: ClientAs, house: House, database: Database) -> None:
    beto = client_as("liaison", "beto", body_id=house.body_id)
    assert beto.get(CHOOSE).status_code == 403
    assert beto.post(CHOOSE, {"tema": house.theme}).status_code == 403
    with database.reading() as session:
        assert session.scalars(select(Theme)).one().ref == house.theme


def test_a_theme_is_edited_or_its_mistakes_are_told(
    client_as: ClientAs, house: House, database: Database
) -> None:
    with database.transaction() as session:
        line = LineOfAction(programme="PNT", code="1.1", title="Difundir", position=1)
        session.add(line)
        session.flush()
        ref = line.ref
    eva, path = client_as("editor", "eva"), f"/temas/{house.theme}/editar"
    assert "Tu derecho a saber" in words(eva.get(path))
    typed = {"title": "Saber es tuyo", "colour": "#112233", "starts_on": "2030-11-03", "kind": "contest"}
    typed["lines"] = ref
    nameless = eva.post(path, {**typed, "title": " "})
    assert nameless.status_code == 422
    assert SENTENCES["theme_title_missing"] in words(nameless)
    assert eva.post(path, {**typed, "ends_on": "2030-01-01"}).status_code == 422
    assert eva.post(path, {**typed, "ends_on": "mañana"}).status_code == 422
    assert eva.post(path, {**typed, "lines": "nadie"}).status_code == 422
    page = words(eva.post(path, {**typed, "ends_on": "2030-11-09"}, follow=True))
    assert "Saber es tuyo" in page
    assert "PNT 1.1: Difundir" in page
    assert "Clase Concurso" in page


def test_an_archived_theme_is_offered_no_more_until_it_comes_back(client_as: ClientAs, house: House) -> None:
    eva = client_as("editor", "eva")
    page = eva.post(f"/temas/{house.theme}/archivar", follow=True).get_data(as_text=True)
    undo = f"/temas/{house.theme}/recuperar"
    assert f'action="{undo}"' in page
    assert house.theme not in eva.get("/publicaciones/nueva").get_data(as_text=True)
    eva.post(undo)
    assert house.theme in eva.get("/publicaciones/nueva").get_data(as_text=True)


def test_a_placed_theme_is_moved_to_other_days_of_one_bimester(
    client_as: ClientAs, house: House, database: Database
) -> None:
    eva = client_as("editor", "eva")
    eva.post(CHOOSE, {"tema": house.theme})
    with database.reading() as session:
        path = f"/calendario/temas/{session.scalars(select(ThemeSpan)).one().ref}/mover"
    assert "2030-11-03" in eva.get(path).get_data(as_text=True)
    for first, last in [("", ""), ("2030-12-09", "2030-12-01"), ("2030-12-09", "2031-01-02")]:
        assert eva.post(path, {"starts_on": first, "ends_on": last}).status_code == 422
    assert eva.post(path, {"starts_on": "2030-09-01", "ends_on": "2030-09-05"}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(ThemeSpan)).one().starts_on.isoformat() == "2030-09-01"


@pytest.mark.parametrize("way", ["editar", "archivar", "recuperar"])
def test_a_liaison_changes_no_theme(client_as: ClientAs, house: House, way: str) -> None:
    liaison = client_as("liaison", "leo", body_id=house.body_id)
    assert liaison.post(f"/temas/{house.theme}/{way}", {"title": "Mío"}).status_code == 403


def test_a_theme_names_its_audiences_and_the_calendar_filters_by_them_and_tells_the_gap(
    client_as: ClientAs, house: House, write: Callable[..., str]
) -> None:
    write(title="Con tema", theme=house.theme, due_date="2030-11-12")
    write(title="Suelta", due_date="2030-11-12", due_time="12:00")
    eva = client_as("editor", "eva")
    eva.post(CHOOSE, {"tema": house.theme})
    assert "habla a" not in words(eva.get("/calendario/2030/6"))
    edited = {"title": "Tu derecho a saber", "audiences": ["academia", "media", "nobody"]}
    assert eva.post(f"/temas/{house.theme}/editar", edited).status_code == 303
    said = words(eva.get("/calendario/2030/6"))
    assert "Ningún tema, publicación ni evento de este bimestre habla a: Ciudadanía, Sociedad civil" in said
    day = words(eva.get("/calendario/dia/2030-11-12?audiencia=academia"))
    assert "Con tema" in day
    assert "Suelta" not in day
    assert "Con tema" not in words(eva.get("/calendario/dia/2030-11-12?audiencia=business"))
