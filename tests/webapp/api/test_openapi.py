"""The OpenAPI document: whole, valid, and true of what each route answers."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import select

from assets import renditions
from assets.models import Asset, AssetKind, AssetUse, Consent, ConsentBy, People, UseKind
from content_calendar.db import Database
from tests.webapp.conftest import Browser
from tests.webapp.stage import Stage
from tests.webapp.toolbox.test_formats import put_logo
from tests.webapp.toolbox.test_machines import Site
from tests.webapp.toolbox.test_packs import World

ClientAs = Callable[..., Browser]


@pytest.fixture
def document(app: Flask) -> Any:  # noqa: ANN401 -- JSON
    return app.test_client().get("/api/v1/openapi.json").get_json()


@pytest.fixture
def world(client_as: ClientAs, database: Database) -> World:
    return World(client_as, database)


def faults(document: dict[str, Any], path: str, said: object) -> list[str]:
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    schema = {**content["application/json"]["schema"], "components": document["components"]}
    return [fault.message for fault in OAS31Validator(schema).iter_errors(said)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_document_is_valid_and_describes_every_route_and_no_other(
    app: Flask, document: dict[str, Any]
) -> None:
    OpenAPIV31SpecValidator(document).validate()
    rules = {rule.rule.replace("<", "{").replace(">", "}") for rule in app.url_map.iter_rules()}
    ours = {rule.removeprefix("/api/v1") for rule in rules if rule.startswith("/api/v1")}
    assert set(document["paths"]) == ours
    used = str(document["paths"]) + str(document["components"]["schemas"])
    assert not [name for name in document["components"]["schemas"] if f"schemas/{name}'" not in used]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_people_who_are_signed_in_are_answered_is_as_described(
    client_as: ClientAs, database: Database, document: dict[str, Any]
) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        body = stage.body("infouno", stage.region("norte"))
        stage.replication(stage.publication(stage.account(body)), body)
    client = client_as("coordinator").client
    for path in ("/posts", "/bodies", "/publications", "/replications"):
        said = client.get(f"/api/v1{path}").get_json()
        assert said["items"], path
        assert faults(document, path, said) == []
        # The control: one field more is noticed.
        assert faults(document, path, {**said, "items": [{**said["items"][0], "more": 1}]})


def test_a_key_finds_every_format_and_what_is_not_made_yet_is_made_when_pulled(
    world: World, document: dict[str, Any]
) -> None:
    with world.database.transaction() as session:
        session.scalars(select(Asset)).one().kind = AssetKind.IMAGE
    site = Site(world, "materials", "texts")
    listed = site.get("/api/v1/materiales").get_json()
    assert faults(document, "/materiales", listed) == []
    assert faults(document, "/publicaciones", site.get("/api/v1/publicaciones").get_json()) == []
    page = f"/api/v1/materiales/{world.asset}"
    told = site.get(page).get_json()
    assert faults(document, "/materiales/{ref}", told) == []
    assert [one["format"] for one in told["files"]] == [None, *renditions.formats()]
    portrait = next(one for one in told["files"] if one["format"] == "retrato")
    assert (portrait["sha256"], portrait["size"]) == (None, None)
    in_type = site.get(portrait["url"])
    assert (in_type.status_code, in_type.mimetype) == (200, "image/jpeg")
    made = site.get(page).get_json()
    assert all(one["sha256"] for one in made["files"])
    assert faults(document, "/materiales/{ref}", made) == []
    again = site.get(portrait["url"], **{"If-None-Match": in_type.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    put_logo(world.liaison, "infouno", 0)
    assert not [one for one in site.get(page).get_json()["files"] if one["format"] and one["sha256"]]
    assert site.get(portrait["url"]).get_data() != in_type.get_data()
    with world.database.reading() as session:
        uses = session.execute(
            select(AssetUse.format, AssetUse.body_id).where(AssetUse.kind == UseKind.DOWNLOADED)
        )
        assert {tuple(row) for row in uses} == {("retrato", world.body_id)}
    for path in (f"{page}/formatos/ninguno", f"{page}/archivos/{'0' * 64}", "/api/v1/materiales/nada"):
        missing = site.get(path)
        assert (missing.status_code, missing.mimetype) == (404, "application/problem+json")
        OAS31Validator(document["components"]["schemas"]["Problem"]).validate(missing.get_json())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_formats_for_paper_need_a_consent_that_covers_print(world: World) -> None:
    printed = {slug for slug, one in renditions.formats().items() if one.is_for_paper}
    with world.database.transaction() as session:
        asset = session.scalars(select(Asset)).one()
        asset.kind, asset.people = AssetKind.IMAGE, People.ADULTS
        session.add(
            Consent(
                asset_id=asset.id,
                by=ConsentBy.PERSON,
                whom="Luz",
                file_sha256="0" * 64,
                added_by_id=asset.added_by_id,
                for_print=False,
            )
        )
    site = Site(world, "materials")
    told = site.get(f"/api/v1/materiales/{world.asset}").get_json()
    assert printed
    assert not printed & {one["format"] for one in told["files"]}
    for slug in printed:
        assert site.get(f"/api/v1/materiales/{world.asset}/formatos/{slug}").status_code == 404
