"""Lo que replicamos cada día, whose turn it is, and what people declare: on the screen, as CSV and for machines."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from sqlalchemy import select

from assets import machine_keys
from assets.models import KeyScope
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Owner
from content_calendar.models.plan import Observance
from content_calendar.wall_time import wall_time
from scheduler.relaying.models import DeclaredRelay
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TODAY = wall_time(now(), "America/Mexico_City").date()


@pytest.fixture
def notes(database: Database) -> list[str]:
    """A note of each of two bodies; returns their references."""
    with database.transaction() as session:
        stage = Stage(session)
        session.query(Observance).delete()
        return [stage.entry(stage.body(slug), f"Nota de {slug}").ref for slug in ("infox", "infoy")]


def declare(browser: Browser, ref: str, link: str, **more: str) -> int:
    browser.get(f"/cable/anotar?nota={ref}")
    form = {"nota": ref, "enlace": link, "dia": TODAY.isoformat(), "tipo": "post", **more}
    return browser.post("/cable/anotar", form).status_code


def test_what_was_replicated_by_hand_counts_until_it_is_taken_back(
    client_as: ClientAs, database: Database, notes: list[str]
) -> None:
    browser = client_as("editor")
    assert "Hoy todavía no replicamos a nadie" in words(browser.get("/cable")) or TODAY.weekday() > 4
    assert declare(browser, notes[0], "https://red.example/1?utm_source=x") == 303
    said = words(browser.get("/cable"))
    assert "Hoy ya replicamos a INFOX." in said
    assert "Replicada a mano" in said
    assert "Le sigue INFOY" in said
    assert "INFOX" in words(browser.get("/cable/cada-dia"))
    with database.reading() as session:
        row = session.scalars(select(DeclaredRelay)).one()
    assert (row.link, row.done_on) == ("https://red.example/1", TODAY)
    browser.post(f"/cable/anotado/{row.ref}/quitar", {"back": "/cable/cada-dia"})
    assert "Hoy ya replicamos" not in words(browser.get("/cable"))
    browser.post(f"/cable/anotado/{row.ref}/volver")
    assert "Hoy ya replicamos a INFOX." in words(browser.get("/cable"))


def test_what_cannot_be_is_told_beside_its_field_and_what_was_typed_is_kept(
    client_as: ClientAs, notes: list[str]
) -> None:
    browser = client_as("editor")
    assert declare(browser, notes[0], "https://red.example/1") == 303
    browser.get("/cable/anotar")
    for form, said in (
        ({"nota": notes[0], "enlace": "ayer lo subimos"}, "Pega el enlace completo"),
        ({"nota": notes[0], "enlace": "https://red.example/1"}, "Ese enlace ya lo anotó Editor"),
        ({"nota": notes[0], "enlace": "https://red.example/2", "dia": "mañana"}, "Elige hoy o un día"),
        ({"enlace": "https://red.example/2"}, "Elige a quién replicamos"),
    ):
        answer = browser.post("/cable/anotar", {"dia": TODAY.isoformat(), **form})
        assert answer.status_code in {409, 422}
        assert said in words(answer)
        assert f'value="{form["enlace"]}"' in answer.get_data(as_text=True)


def test_a_turn_is_passed_for_a_reason_and_given_back(client_as: ClientAs, notes: list[str]) -> None:
    del notes
    browser = client_as("editor")
    assert "Hoy le toca a INFO" in words(browser.get("/"))
    assert "Hoy le toca a INFOX" in words(browser.get("/cable"))
    browser.post("/cable/turnos/infox/pasar", {"motivo": "other", "nota": " "})
    assert "Elige por qué se pasa hoy" in words(browser.get("/cable"))
    browser.post("/cable/turnos/infox/pasar", {"motivo": "other", "nota": "está de luto"})
    said = words(browser.get("/cable"))
    assert "Hoy le toca a INFOY" in said
    assert "lo pasamos hoy: otro motivo «está de luto»" in said
    browser.post("/cable/turnos/infox/regresar")
    assert "Hoy le toca a INFOX" in words(browser.get("/cable"))


def test_the_sheet_has_a_line_for_each_thing_and_for_each_day_without_any(
    client_as: ClientAs, notes: list[str]
) -> None:
    browser = client_as("editor")
    declare(browser, notes[0], "https://red.example/1")
    declare(browser, notes[1], "https://red.example/2")
    year, number = TODAY.year, (TODAY.month + 1) // 2
    lines = browser.get(f"/cable/cada-dia/{year}/{number}.csv").get_data(as_text=True).splitlines()
    assert len([line for line in lines if line.startswith(TODAY.isoformat())]) == 2
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert all(line.count(",") == 2 for line in lines if line.startswith(tomorrow))
    assert browser.get("/cable/cada-dia/2026/9").status_code == 422


def test_a_key_of_the_wire_reads_its_notes_and_its_days(
    app: Flask, client_as: ClientAs, database: Database, notes: list[str]
) -> None:
    browser = client_as("editor")
    declare(browser, notes[0], "https://red.example/1")
    with database.transaction() as session:
        body_id = session.scalars(select(Owner.id).where(Owner.slug == "infox")).one()
        person = Stage(session).person()
        _key, token = machine_keys.make(session, body_id, "sitio", [KeyScope.WIRE], person)
        _other, closed = machine_keys.make(session, body_id, "sitio", [KeyScope.TEXTS], person)
    site, document = app.test_client(), app.test_client().get("/api/v1/openapi.json").get_json()

    def ask(path: str, by: str = token) -> dict[str, object]:
        answer = site.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {by}"})
        said: dict[str, object] = answer.get_json() | {"code": answer.status_code}
        return said

    for path, shape in (("/wire?limit=1", "WireEntries"), ("/wire/streak", "WireStreak")):
        said = ask(path)
        assert said.pop("code") == 200
        schema = {"$ref": f"#/components/schemas/{shape}", "components": document["components"]}
        assert [fault.message for fault in OAS31Validator(schema).iter_errors(said)] == []
        assert ask(path, closed)["code"] == 403
    first = ask("/wire?limit=1")
    second = ask(str(first["next"]).removeprefix("/api/v1"))
    assert [one["ref"] for page in (first, second) for one in page["items"]] == notes  # type: ignore[attr-defined] # a list
    assert second["next"] is None
    assert [one["owner"] for one in ask("/wire?organismo=infoy")["items"]] == ["infoy"]  # type: ignore[attr-defined] # as above
    assert ask("/wire?limit=0")["code"] == ask("/wire/streak?bimestre=ayer")["code"] == 422
