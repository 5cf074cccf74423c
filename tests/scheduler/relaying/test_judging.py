"""Comparing notes with the bimester's themes: each once, again when the themes change, and never over a decision."""

import pytest
from sqlalchemy import select

from content_calendar import clock, planning
from content_calendar.bimesters import bimester_of
from content_calendar.db import Database
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from scheduler.models import Entry
from scheduler.relaying import judging
from scheduler.relaying.models import EntryTheme
from tests.scheduler.relaying.conftest import ZONE
from tests.webapp.stage import Stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def place(database: Database, title: str) -> None:
    with database.transaction() as session:
        theme = planning.make_theme(session, planning.ThemeFields(title), actor_ref="")
        local = clock.now().date()
        bimester = planning.open_bimester(session, *bimester_of(local))
        planning.place_theme(session, bimester, theme, bimester.starts_on, bimester.ends_on, actor_ref="")


def note(database: Database, title: str) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        stage.entry(stage.bodies[0] if stage.bodies else stage.body(f"c{len(title)}"), title)


def themes(database: Database) -> dict[str, str]:
    with database.reading() as session:
        rows = session.execute(
            select(Entry.title, Theme.title)
            .join(EntryTheme, EntryTheme.entry_id == Entry.id)
            .outerjoin(Theme, Theme.id == EntryTheme.theme_id)
        )
        return {title: theme or "" for title, theme in rows}


def test_each_note_is_compared_once_and_again_with_other_themes(database: Database) -> None:
    place(database, "Gira de cine conversatorio")
    note(database, "Función de cine en la plaza")
    note(database, "Archivos históricos y memoria")
    judge = judging.Judge(database, ZONE)
    assert (judge.tick(), judge.tick(), judge.tick()) == (2, 0, 0)
    assert themes(database)["Archivos históricos y memoria"] == ""
    place(database, "Archivos y memoria")
    assert (judge.tick(), judge.tick()) == (2, 0)
    assert themes(database)["Archivos históricos y memoria"] == "Archivos y memoria"
    assert themes(database)["Función de cine en la plaza"] == "Gira de cine conversatorio"
    note(database, "Otra función de cine")
    assert judge.tick() == 1
    with database.reading() as session:
        assert {one.searched for one in session.scalars(select(Entry))} >= {"archivos historicos y memoria"}


def test_what_a_person_decided_stays_whatever_the_themes(database: Database) -> None:
    place(database, "Gira de cine conversatorio")
    note(database, "Función de cine en la plaza")
    judge = judging.Judge(database, ZONE)
    judge.tick()
    with database.transaction() as session:
        person = Person(email="a@b.mx", email_folded="a@b.mx", name="A")
        session.add(person)
        session.flush()
        judging.decide(session, session.scalars(select(Entry)).one(), None, person)
    place(database, "Funciones de cine")
    assert judge.tick() == 0
    assert themes(database) == {"Función de cine en la plaza": ""}


def test_the_name_of_its_owner_says_nothing_of_what_a_note_is_about(database: Database) -> None:
    place(database, "Protección de datos personales")
    name = "Instituto de Transparencia y Protección de Datos Personales"
    with database.transaction() as session:
        stage = Stage(session)
        owner = stage.body("infox")
        owner.name = name
        stage.entry(owner, f"Sesiona el {name.upper()}")
    judging.Judge(database, ZONE).tick()
    assert list(themes(database).values()) == [""]
