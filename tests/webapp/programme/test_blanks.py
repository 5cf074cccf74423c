"""The coordination's format on the pages: brought, checked, filled in for a state in the background, taken away."""

import io
from collections.abc import Callable

import docx
import pytest
from flask import Flask
from sqlalchemy import select

from assets.object_storage import chosen
from content_calendar import local_plans, programme
from content_calendar.bimesters import bimester_of
from content_calendar.db import Database
from content_calendar.local_plans import ActivityFields, PeopleApartError
from content_calendar.models.directory import Body
from content_calendar.models.local_plans import ActivityKind
from content_calendar.models.people import Person
from content_calendar.models.report_blanks import ReportBlank
from content_calendar.models.reports import ReportFile
from tests.webapp.conftest import Browser, words
from tests.webapp.programme.test_pages import EDITION, placed, this_day
from tests.webapp.reporting.test_blanks import blank
from webapp.reporting import making

ClientAs = Callable[..., Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
__all__ = ["placed"]
_PAGE = f"/programa/plandai/{EDITION}/formato"


def _file(data: bytes) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), "formato pedido.docx"


@pytest.mark.usefixtures("placed")
def test_a_format_is_brought_filled_in_and_taken_away(
    app: Flask, database: Database, client_as: ClientAs
) -> None:
    today, browser = this_day(), client_as("coordinator")
    with database.transaction() as session:
        edition = programme.find_edition(session, EDITION)
        body = session.scalars(select(Body).where(Body.slug == "infonl")).one()
        row = programme.set_participation(session, edition, body, takes_part=True, source="x", actor_ref="")
        by = session.scalars(select(Person)).first()
        assert by is not None
        fields = ActivityFields(ActivityKind.TRAINING, today, "Taller", None, women=7, men=5)
        local_plans.add_activity(session, row, fields, today, by)
        with pytest.raises(PeopleApartError):
            local_plans.add_activity(
                session, row, ActivityFields(ActivityKind.TRAINING, today, "x", 3, women=2, men=2), today, by
            )
        state = row.ref
    year, number = bimester_of(today)
    asked = {"kind": "partial", "bimester": f"{year}-{number}", "body": "infonl", "formats": ["filled"]}
    assert "ya tenga formato" in words(browser.post("/informes", asked))
    bad = browser.post(_PAGE, {"blank": _file(blank("{{nada}}"))})
    assert bad.status_code == 422
    assert "No sabemos con qué llenar: {{nada}}" in words(bad)
    good = blank(
        "{{estado}}: {{formadas}} ({{formadas_mujeres}} y {{formadas_hombres}}); huella {{huella}}",
        rows=(("{{actividad.titulo}}", "{{actividad.mujeres}}"),),
    )
    assert browser.post(_PAGE, {"blank": _file(good)}).status_code == 303
    shown = words(browser.get(_PAGE))
    assert "formato pedido.docx" in shown
    assert "{{actividad.mujeres}}" in shown
    assert b"Llenar el formato" in browser.get(f"/programa/estado/{state}/informes/{year}/{number}").data
    place = browser.post("/informes", asked).headers["Location"]
    assert making.make_all(database, chosen(app.extensions["resuena.settings"]), "America/Mexico_City") == 1
    file = browser.get(f"{place}/informe.formato.docx")
    paper = docx.Document(io.BytesIO(file.data))
    file.close()
    assert paper.paragraphs[0].text.startswith("Nuevo León: 12 (7 y 5); huella ")
    assert [cell.text for cell in paper.tables[0].rows[0].cells] == ["Taller", "7"]
    with database.transaction() as session:
        kept = session.scalars(select(ReportBlank)).one()
        first = session.scalars(select(ReportFile.sha256)).all()
        assert len(first) == 1
        ref = kept.ref
    assert browser.get(f"{_PAGE}/{ref}.docx").data == good
    assert browser.get(f"{_PAGE}/ejemplo.docx").data.startswith(b"PK")
    browser.post(f"{_PAGE}/{ref}/quitar")
    assert "todavía no tiene formato" in words(browser.get(_PAGE))
    browser.post(f"{_PAGE}/{ref}/devolver")
    assert "formato pedido.docx" in words(browser.get(_PAGE))
    assert client_as("editor", "ana").get(_PAGE).status_code == 403


@pytest.mark.usefixtures("placed")
def test_a_final_report_is_of_the_editions_days(app: Flask, database: Database, client_as: ClientAs) -> None:
    browser = client_as("coordinator")
    asked = {"kind": "final", "edition": EDITION, "body": "infonl", "formats": ["docx"], "year": "2020"}
    place = browser.post("/informes", asked).headers["Location"]
    with database.reading() as session:
        edition = programme.find_edition(session, EDITION)
        ends, name = edition.ends_on, edition.name
    assert making.make_all(database, chosen(app.extensions["resuena.settings"]), "America/Mexico_City") == 1
    assert name in words(browser.get(place))
    file = browser.get(f"{place}/informe.docx")
    paper = docx.Document(io.BytesIO(file.data))
    file.close()
    said = [one.text for one in paper.paragraphs]
    assert any(one.startswith(name) for one in said)
    assert ends is not None
    assert any(f"al {ends.day} de " in one and str(ends.year) in one for one in said)
    heads = [one.text for one in paper.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert "Metas del PlanDAI" in heads
    asked["body"] = "inai"
    assert browser.post("/informes", asked).status_code in {404, 422}
