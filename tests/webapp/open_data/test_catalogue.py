"""The catalogue for people and for machines, what an administrator closes, and how files are made."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.open_data.world import World
from webapp.open_data import snapshots
from webapp.open_data.doors import shelf
from webapp.open_data.sets import SETS

pytestmark = [
    pytest.mark.usefixtures("world"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
Clients = Callable[..., Browser]
# Of each class, what DCAT-AP 3.0.1 wants, and what this catalogue promises besides.
WANTED = {
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher", "dcat:dataset", "dct:license", "dct:modified"},
    "dcat:Dataset": {
        "dct:title", "dct:description", "dct:identifier", "dct:publisher", "dct:license", "dct:modified",
        "dct:accrualPeriodicity", "dcat:contactPoint", "dcat:distribution", "dcat:keyword", "dcat:version",
    },
    "dcat:Distribution": {
        "dcat:accessURL", "dcat:downloadURL", "dcat:mediaType", "dcat:byteSize", "dct:license", "spdx:checksum",
    },
    "spdx:Checksum": {"spdx:algorithm", "spdx:checksumValue"},
}  # fmt: skip


def nodes(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- any JSON value
    """Every object in it that has a class."""
    if isinstance(value, list):
        return [node for one in value for node in nodes(one)]
    if not isinstance(value, dict):
        return []
    here = [value] if "@type" in value and "@value" not in value else []
    return here + [node for key, one in value.items() if key != "@context" for node in nodes(one)]


def test_the_catalogue_has_what_dcat_wants_of_each_class_and_its_links_lead_somewhere(
    anybody: FlaskClient,
) -> None:
    answer = anybody.get("/datos/catalogo.jsonld")
    assert answer.mimetype == "application/ld+json"
    said = json.loads(answer.get_data())
    found = nodes(said)
    assert len([one for one in found if one["@type"] == "dcat:Dataset"]) == len(SETS)
    for node in found:
        assert WANTED.get(node["@type"], set()) <= set(node), node["@id"]
    prefixes = {key.split(":")[0] for node in found for key in node if not key.startswith("@")}
    assert prefixes <= set(said["@context"])
    ours = {
        one["@id"] for node in found for one in node.values()
        if isinstance(one, dict) and str(one.get("@id", "")).startswith("http://localhost")
    }  # fmt: skip
    assert len(ours) > len(SETS)
    for address in ours:
        assert anybody.get(address.removeprefix("http://localhost").split("#")[0]).status_code == 200, address


def test_the_page_tells_each_set_with_its_rows_its_files_and_its_licence(
    anybody: FlaskClient, world: World
) -> None:
    page = anybody.get("/datos")
    told = words(page)
    for one in SETS.values():
        assert one.title in told
        assert f'href="/datos/v1/{one.slug}.csv"' in page.get_data(as_text=True)
    assert f"{len(world.out)} renglones" in told
    assert "Creative Commons" in told
    dictionary = words(anybody.get("/datos/v1/replicas"))
    assert "La declaró el organismo" in dictionary
    assert "Vacía quiere decir" in dictionary


def test_the_page_asks_the_same_of_the_database_once_its_files_are_made(
    anybody: FlaskClient, count_queries: CountQueries
) -> None:
    anybody.get("/datos")
    with count_queries() as asked:
        anybody.get("/datos")
        anybody.get("/datos/v1/replicas.csv")
    # Only what of the portal is closed, and whether this is a demonstration.
    assert len(asked) <= 5


def test_two_who_ask_at_once_make_the_files_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = snapshots.Shelf._make

    def counted(*given: Any) -> snapshots.Snapshot:  # noqa: ANN401 -- what it takes
        made.append(given[2].slug)
        return make(*given)

    monkeypatch.setattr(snapshots.Shelf, "_make", counted)
    answers: list[int] = []
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait()
        answers.append(app.test_client().get("/datos/v1/temas.csv", buffered=True).status_code)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    with app.app_context():
        shelf()
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert (answers, made) == ([200] * 4, ["temas"])


def test_what_fails_half_way_leaves_no_file_behind(
    app: Flask, anybody: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> list[bytes]:
        raise MemoryError

    assert anybody.get("/datos/v1/temas.csv").status_code == 200
    with app.app_context():
        folder: Path = shelf().folder
    before = sorted(folder.iterdir())
    monkeypatch.setattr(snapshots, "lines", fail)
    assert anybody.get("/datos/v1/organismos.csv").status_code == 500
    assert sorted(folder.iterdir()) == before


def test_what_an_administrator_closes_is_closed_and_is_in_the_trail(
    anybody: FlaskClient, client_as: Clients, database: Database
) -> None:
    admin = client_as("admin")
    admin.get("/sistema/portal")
    admin.post("/sistema/portal", {"open": ["portal", *(slug for slug in SETS if slug != "replicas")]})
    for path in ("/datos/v1/replicas.csv", "/datos/v1/replicas", "/publico/publicado"):
        answer = anybody.get(path)
        assert (answer.status_code, "cerrada por ahora" in words(answer)) == (404, True)
    assert "replicas" not in anybody.get("/datos/v1/sumas.sha256").get_data(as_text=True)
    assert anybody.get("/publico").status_code == anybody.get("/datos").status_code == 200
    admin.get("/sistema/portal")
    admin.post("/sistema/portal", {"open": list(SETS)})
    for path in (
        "/publico",
        "/datos",
        "/publico/publicaciones.atom",
        "/datos/v1/temas.csv",
        "/publico/directorio.json",
    ):
        assert anybody.get(path).status_code == 404
    assert anybody.get("/es-oficial").status_code == 200
    assert "/datos" not in anybody.get("/ayuda").get_data(as_text=True)
    admin.get("/sistema/portal")
    admin.post("/sistema/portal", {"open": ["portal", *SETS]})
    assert anybody.get("/datos/v1/replicas.csv").status_code == 200
    with database.reading() as session:
        acts = session.scalars(
            select(AuditEvent.details).where(AuditEvent.act == "portal_parts_chosen")
        ).all()
    assert [one["closed"] for one in acts] == [["replicas"], ["portal"], []]


def test_only_an_administrator_closes(client_as: Clients) -> None:
    assert client_as("coordinator").get("/sistema/portal").status_code == 403
