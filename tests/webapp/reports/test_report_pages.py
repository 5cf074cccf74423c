"""Informes: asked for, made in the background, downloaded; who may have which; what goes wrong is told."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from assets.object_storage import chosen
from assets.storage import Shelf
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.jobs import Job
from content_calendar.models.reports import OWN_FORMATS, Report, ReportFile, ReportFormat
from tests.webapp.conftest import Browser, words
from tests.webapp.reporting.staging import plant
from webapp.reporting import making

ASKED = {"kind": "bimonthly", "bimester": "2026-5", "formats": ["pdf", "docx", "xlsx"], "language": "es"}
ZONE = "America/Mexico_City"
Maker = Callable[..., Browser]
_ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _make(app: Flask, database: Database) -> int:
    return making.make_all(database, chosen(app.extensions["resuena.settings"]), ZONE)


def test_a_report_is_asked_for_made_and_downloaded(app: Flask, database: Database, client_as: Maker) -> None:
    with database.transaction() as session:
        plant(session)
    browser = client_as("coordinator")
    browser.get("/informes")
    answer = browser.post("/informes", ASKED)
    place = answer.headers["Location"]
    again = browser.post("/informes", ASKED)
    assert (answer.status_code, again.headers["Location"]) == (303, place)  # asked twice, one
    waiting = browser.get(place)
    assert "Espera su turno" in words(waiting)
    assert b'http-equiv="refresh"' in waiting.data
    assert _make(app, database) == 1
    done = browser.get(place)
    assert b'http-equiv="refresh"' not in done.data
    for form, begins in (("pdf", b"%PDF-1.7"), ("docx", b"PK"), ("xlsx", b"PK")):
        file = browser.get(f"{place}/informe.{form}")
        assert file.status_code == 200
        assert file.data.startswith(begins)
        assert f"informe-bimestral-2026-5.{form}" in file.headers["Content-Disposition"]
        file.close()
    assert "Informe bimestral · bimestre 5 de 2026" in words(browser.get("/informes"))
    anew = browser.post(f"{place}/otra-vez")
    assert anew.headers["Location"] != place
    browser.post(f"{place}/quitar")
    assert browser.get(place).status_code == 404


def test_a_killed_maker_goes_on_from_the_same_figures(
    app: Flask, database: Database, client_as: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        plant(session)
    place = client_as("coordinator").post("/informes", ASKED).headers["Location"]

    def dies(*_: object) -> bytes:
        raise SystemExit(9)

    with monkeypatch.context() as patched:
        patched.setitem(making.MAKERS, ReportFormat.DOCX, dies)
        with pytest.raises(SystemExit):
            _make(app, database)
    with database.reading() as session:
        before = session.scalars(select(Report)).one()
        first = session.scalars(select(ReportFile.sha256)).all()
    assert _make(app, database) == 0  # somebody seems to be at it still
    with database.transaction() as session:
        session.execute(update(Job).values(lease_until=clock.now() - timedelta(seconds=1)))
        plant(session, seed=6)  # what is published meanwhile is not in it
    assert _make(app, database) == 1
    with database.reading() as session:
        after = session.scalars(select(Report)).one()
        files = {one.format: one.sha256 for one in session.scalars(select(ReportFile))}
    assert (after.source_sha256, after.cut_off) == (before.source_sha256, before.cut_off)
    assert files[ReportFormat.PDF] == first[0]
    assert set(files) == set(OWN_FORMATS)
    with chosen(app.extensions["resuena.settings"]).open(Shelf.REPORTS, after.source_sha256) as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == after.source_sha256
    assert place


@_ONCE
def test_what_goes_wrong_is_told_and_tried_again(
    app: Flask, database: Database, client_as: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_as("coordinator")
    place = browser.post("/informes", ASKED | {"formats": ["xlsx"]}).headers["Location"]

    def fails(*_: object) -> bytes:
        raise RuntimeError("no paper")

    with monkeypatch.context() as patched:
        patched.setitem(making.MAKERS, ReportFormat.XLSX, fails)
        for _ in range(3):
            _make(app, database)
            with database.transaction() as session:
                session.execute(update(Job).values(run_at=clock.now() - timedelta(seconds=1)))
    page = browser.get(place)
    assert "No pudimos hacer el informe" in words(page)
    assert "no paper" not in words(page)
    browser.post(f"{place}/otra-vez")
    assert _make(app, database) == 1
    assert "Descargar" in words(browser.get(place))


@_ONCE
def test_a_liaison_has_the_reports_of_their_own_body_alone(database: Database, client_as: Maker) -> None:
    with database.transaction() as session:
        mine, other, *_ = plant(session).bodies
    everybody = client_as("coordinator").post("/informes", ASKED).headers["Location"]
    liaison = client_as("liaison", body_id=mine.id)
    page = liaison.get("/informes")
    assert "Informe anual" not in words(page)
    asked = {"kind": "partial", "bimester": "2026-5", "formats": ["pdf"], "body": mine.slug}
    place = liaison.post("/informes", asked).headers["Location"]
    assert liaison.get(place).status_code == 200
    assert liaison.post("/informes", asked | {"body": other.slug}).status_code == 403
    assert liaison.post("/informes", ASKED).status_code == 403
    assert liaison.get(everybody).status_code == 403
    assert client_as("editor").get("/informes").status_code == 403


@_ONCE
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "otro"}, "Elige qué informe quieres."),
        ({"kind": "partial"}, "Elige de qué organismo es el informe."),
        ({"formats": []}, "Elige al menos un formato."),
        ({"bimester": "2026-9"}, "No hay bimestre 9"),
        ({"bimester": "…"}, "No hay bimestre"),
    ],
)
def test_what_is_missing_is_asked_for(
    client_as: Maker, database: Database, changed: dict[str, object], said: str
) -> None:
    browser = client_as("coordinator")
    answer = browser.post("/informes", ASKED | changed)
    assert answer.status_code == 422
    assert said in words(answer)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 0
