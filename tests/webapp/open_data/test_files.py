"""Each set in each form, checked against the dictionary that is published with it."""

import base64
import csv
import hashlib
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from tests.webapp.open_data.world import PRIVATE_LINK, World
from webapp.open_data import snapshots
from webapp.open_data.sets import SETS

pytestmark = pytest.mark.usefixtures("world")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BOOLEANS = {"true": True, "false": False}


def table(anybody: FlaskClient, slug: str) -> list[dict[str, str]]:
    said = anybody.get(f"/datos/v1/{slug}.csv").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(said, newline="")))


def rows(anybody: FlaskClient, slug: str) -> list[dict[str, Any]]:
    answer = anybody.get(f"/datos/v1/{slug}.json")
    assert answer.status_code == 200, slug
    found: list[dict[str, Any]] = json.loads(answer.get_data())["datos"]
    return found


def wrong(value: Any, field: dict[str, Any]) -> bool:  # noqa: ANN401 -- whatever a file holds
    """Whether a value, as JSON has it, is not what the dictionary says of its column."""
    limits = field["constraints"]
    if value is None:
        return bool(limits["required"])
    kinds: dict[str, type] = {"integer": int, "boolean": bool, "number": float}
    if type(value) is not kinds.get(field["type"], str):
        return True
    patterns = {
        "date": r"\d{4}-\d\d-\d\d",
        "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)",
    }
    said = str(value)
    pattern = patterns.get(field["type"]) or limits.get("pattern") or "(?s).+"
    if field.get("format") == "uri":
        pattern = r"https?://\S+"
    return not re.fullmatch(pattern, said) or ("enum" in limits and value not in limits["enum"])


def faults(found: list[dict[str, Any]], said: dict[str, Any]) -> list[str]:
    """Everything in which rows differ from their dictionary."""
    schema = said["schema"]
    names = [field["name"] for field in schema["fields"]]
    told = [f"columns {list(row)}" for row in found if list(row) != names]
    told += [
        f"{field['name']}: {row[field['name']]!r}"
        for row in found
        for field in schema["fields"]
        if wrong(row[field["name"]], field)
    ]
    keys = [tuple(row[name] for name in schema["primaryKey"]) for row in found]
    return told + (["repeated key"] if len(keys) != len(set(keys)) else [])


def as_json(cell: str, field: dict[str, Any]) -> Any:  # noqa: ANN401 -- whatever a file holds
    """What a cell of the CSV says."""
    if cell == "":
        return None
    if field["type"] in {"integer", "number"}:
        return int(cell) if field["type"] == "integer" else float(cell)
    if field["type"] == "boolean":
        return BOOLEANS[cell]
    return cell.removeprefix("'") if cell.startswith(("'=", "'+", "'-", "'@")) else cell


def test_every_row_of_every_set_is_what_its_dictionary_says_and_alike_in_every_form(
    anybody: FlaskClient,
) -> None:
    for slug in SETS:
        said = json.loads(anybody.get(f"/datos/v1/{slug}/diccionario.json").get_data())
        found = rows(anybody, slug)
        assert found, f"nothing to check in {slug}"
        assert faults(found, said) == [], slug
        lines = anybody.get(f"/datos/v1/{slug}.jsonl").get_data().splitlines()
        assert [json.loads(line) for line in lines] == found
        fields = said["schema"]["fields"]
        cells = [
            {field["name"]: as_json(row[field["name"]], field) for field in fields}
            for row in table(anybody, slug)
        ]
        assert cells == found, slug


@on_sqlite
def test_a_value_that_is_not_as_the_dictionary_says_would_be_seen(anybody: FlaskClient) -> None:
    for slug, column, value in (
        ("publicaciones", "clase", "otra"), ("publicaciones", "publicada_utc", "ayer"),
        ("publicaciones", "publicacion", None), ("publicaciones", "enlace", "javascript:x"),
        ("organismos", "integra_la_comision", "true"), ("organismos", "extinto", "mayo"), ("replicas", "tardanza", "3"),
    ):  # fmt: skip
        said = json.loads(anybody.get(f"/datos/v1/{slug}/diccionario.json").get_data())
        found = rows(anybody, slug)
        assert faults(found, said) == []
        assert faults([{**found[0], column: value}], said), column
        assert faults([found[0], found[0]], said) == ["repeated key"]


def test_a_moment_is_told_in_utc_and_by_the_commissions_clocks(anybody: FlaskClient, world: World) -> None:
    told = {row["publicacion"]: row for row in rows(anybody, "publicaciones")}
    for out in world.out:
        row = told[out.ref]
        assert out.published_at is not None
        assert datetime.fromisoformat(row["publicada_utc"]) == out.published_at.replace(microsecond=0)
        here = datetime.fromisoformat(row["publicada_local"])
        assert here == datetime.fromisoformat(row["publicada_utc"])
        assert here.utcoffset() == out.published_at.astimezone(ZoneInfo("America/Mexico_City")).utcoffset()


def test_the_clocks_of_years_with_summer_time_are_told_as_they_stood(
    anybody: FlaskClient, world: World, database: Database
) -> None:
    zone = ZoneInfo("America/Mexico_City")
    # The seconds before and after clocks were put back, and put forward; the last year in which they were.
    moments = [
        datetime(2022, 10, 30, 6, 59, 59, tzinfo=UTC), datetime(2022, 10, 30, 7, 0, 0, tzinfo=UTC),
        datetime(2022, 4, 3, 7, 59, 59, 999999, tzinfo=UTC), datetime(2022, 4, 3, 8, 0, 0, tzinfo=UTC),
    ]  # fmt: skip
    with database.transaction() as session:
        for out, at in zip(world.out, moments, strict=True):
            session.get_one(Publication, out.id).published_at = at
    told = {row["publicacion"]: row["publicada_local"] for row in rows(anybody, "publicaciones")}
    assert [told[out.ref] for out in world.out] == [
        at.astimezone(zone).isoformat(timespec="seconds") for at in moments
    ]


def test_only_what_is_out_is_told_and_nothing_of_a_rehearsal(
    anybody: FlaskClient, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {row["publicacion"] for row in rows(anybody, "publicaciones")} == {out.ref for out in world.out}
    assert {row["publicacion"] for row in rows(anybody, "resultados")} == {out.ref for out in world.out}
    assert {row["publicacion"] for row in rows(anybody, "mediciones")} == {out.ref for out in world.out}
    # The control: it is being out that makes the difference.
    monkeypatch.setattr(snapshots, "FRESH", timedelta())
    with database.transaction() as session:
        row = session.get_one(Publication, world.waiting[0].id)
        session.execute(
            Publication.__table__.update()  # type: ignore[attr-defined] # a table, which the type does not say
            .where(Publication.id == row.id)
            .values(state=PublicationState.PUBLISHED, published_at=now())
        )
    assert world.waiting[0].ref in {row["publicacion"] for row in rows(anybody, "publicaciones")}


def test_what_is_not_known_is_empty_and_never_zero(anybody: FlaskClient, world: World) -> None:
    told = {(row["publicacion"], row["edad"]): row for row in rows(anybody, "resultados")}
    assert told[(world.out[0].ref, "24 h")]["vistas"] is None
    assert told[(world.out[0].ref, "24 h")]["clics"] is None
    assert told[(world.out[1].ref, "24 h")]["interacciones"] == 0
    cells = {(row["publicacion"], row["edad"]): row for row in table(anybody, "resultados")}
    assert cells[(world.out[0].ref, "24 h")]["vistas"] == ""
    assert cells[(world.out[1].ref, "24 h")]["interacciones"] == "0"


def test_replications_are_those_that_count_with_links_of_institutions_alone(
    anybody: FlaskClient, world: World
) -> None:
    told = {row["replica"]: row for row in rows(anybody, "replicas")}
    counted = [one for one in world.replications if one.stage.value in {"seen", "declared", "confirmed"}]
    assert set(told) == {one.ref for one in counted}
    links = [told[one.ref]["enlace"] for one in counted]
    assert links[:3] == ["https://tercero.example/nota", None, "https://infob.example/nota/1?a=1"]
    assert set(links[3:]) == {None}
    # Two days and three minutes; then one whose moment nobody knows, and one of a clock that is wrong.
    *_, known, undated, early = (told[one.ref] for one in counted)
    assert known["tardanza"] == 2 * 24 * 60 + 3
    assert (undated["tardanza"], undated["ocurrio_utc"], undated["ocurrio_local"]) == (None, None, None)
    assert (early["tardanza"], early["ocurrio_utc"] is None) == (None, False)
    assert [told[one.ref]["veredicto"] for one in counted][:3] == ["maquina", "declarada", "persona"]
    assert PRIVATE_LINK not in anybody.get("/datos/v1/replicas.csv").get_data(as_text=True)


def test_the_calendar_tells_what_has_begun(anybody: FlaskClient, world: World) -> None:
    assert {row["tema"] for row in rows(anybody, "temas")} == {world.theme.ref}
    told = {row["titulo"] for row in rows(anybody, "calendario")}
    assert told == {"Gobierno abierto", "Foro que ya fue"}
    assert rows(anybody, "temas")[0]["lineas_de_accion"] == "1.2.3"


@on_sqlite
def test_a_text_that_a_spreadsheet_would_run_is_not_run_and_stays_as_it_is_in_json(
    anybody: FlaskClient,
) -> None:
    assert {row["le_sigue"] for row in table(anybody, "organismos")} == {"'=SUMA(1)", ""}
    assert {row["le_sigue"] for row in rows(anybody, "organismos")} == {"=SUMA(1)", None}


@on_sqlite
def test_the_hashes_are_those_of_the_files(anybody: FlaskClient) -> None:
    said = anybody.get("/datos/v1/sumas.sha256").get_data(as_text=True)
    sums = {name: sha256 for sha256, name in (line.split("  ") for line in said.splitlines())}
    assert set(sums) == {f"{slug}.{form}" for slug in SETS for form in ("csv", "json", "jsonl")}
    catalogue = json.loads(anybody.get("/datos/catalogo.jsonld").get_data())
    told = {
        one["@id"].rsplit("/", 1)[1]: one["spdx:checksum"]["spdx:checksumValue"]["@value"]
        for data_set in catalogue["dcat:dataset"]
        for one in data_set["dcat:distribution"]
    }
    assert told == sums
    for name, sha256 in sums.items():
        answer = anybody.get(f"/datos/v1/{name}")
        assert hashlib.sha256(answer.get_data()).hexdigest() == sha256
        assert (
            answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
        )


@on_sqlite
def test_a_file_that_has_not_changed_is_not_sent_again_and_can_be_asked_for_in_parts(
    anybody: FlaskClient, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "FRESH", timedelta())
    first = anybody.get("/datos/v1/temas.csv")
    assert (first.cache_control.public, first.headers.get("Set-Cookie")) == (True, None)
    tag = {"If-None-Match": first.headers["ETag"]}
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    # Written anew, and the same: still not changed.
    for headers in (tag, since):
        assert anybody.get("/datos/v1/temas.csv", headers=headers).status_code == 304
    part = anybody.get("/datos/v1/temas.csv", headers={"Range": "bytes=3-6"})
    assert (part.status_code, part.get_data()) == (206, first.get_data()[3:7])
    with database.transaction() as session:
        session.get_one(Post, world.out[1].post_id).theme_id = world.later_theme.id
    assert anybody.get("/datos/v1/temas.csv", headers=tag).status_code == 304
    with database.transaction() as session:
        session.merge(world.theme).title = "Otro título"
    assert anybody.get("/datos/v1/temas.csv", headers=tag).status_code == 200


@on_sqlite
def test_a_set_that_is_not_there_says_so(anybody: FlaskClient) -> None:
    for path in ("/datos/v1/nada.csv", "/datos/v1/temas.xml", "/datos/v1/nada", "/datos/v2/temas.csv"):
        assert anybody.get(path).status_code == 404


@on_sqlite
def test_what_states_did_is_told_as_counts_and_names_nobody(anybody: FlaskClient) -> None:
    [deed] = rows(anybody, "actividades-plandai")
    assert [deed[one] for one in ("tipo", "personas", "mujeres", "hombres", "con_evidencia")] == [
        "formacion", 12, 7, 4, False,
    ]  # fmt: skip
    [counted] = rows(anybody, "facilitadoras-plandai")
    assert [counted[one] for one in ("formadas", "formadas_mujeres", "certificadas")] == [12, 7, None]
    [report] = rows(anybody, "informes-plandai")
    assert [report[one] for one in ("anio", "bimestre", "como_va")] == [2026, 1, "aceptado"]
    line, noted = (one for one in rows(anybody, "lineas-de-accion") if one["programa"] == "PRUEBA")
    assert [line[one] for one in ("titulo", "plazo", "como_va")] == ["=Difundir", "verde", "en-marcha"]
    # A title that no document says is a note of the house.
    assert noted["titulo"] is None
    names = ("actividades-plandai", "facilitadoras-plandai", "informes-plandai", "lineas-de-accion")
    for slug in names:
        said = anybody.get(f"/datos/v1/{slug}.csv").get_data().decode()
        assert "Privado" not in said
        assert "privad" not in said
