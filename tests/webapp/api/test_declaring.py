"""A body's own site says that it took a post up, with a key that opens only that."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from sqlalchemy import select

from assets import machine_keys
from assets.models import KeyScope
from content_calendar import people
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.posts import Post
from scheduler.models import Replication, ReplicationStage
from tests.webapp.conftest import Browser
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
HERE = "/api/v1/replications"
NOTE = "https://eco.example/nota?utm_source=x"


@pytest.fixture
def placed(client_as: ClientAs, database: Database) -> dict[str, str]:
    with database.transaction() as session:
        stage = Stage(session)
        voice, echo = stage.body("voz"), stage.body("eco")
        row = stage.publication(stage.account(voice), due_at=now() - timedelta(hours=1))
        ref, body_id = session.get_one(Post, row.post_id).ref, echo.id
    browser = client_as("liaison", body_id=body_id)
    with database.transaction() as session:
        person = people.find_by_email(session, browser.email)
        assert person
        _, token = machine_keys.make(session, body_id, "sitio", [KeyScope.REPLICAS], person)
        _, closed = machine_keys.make(session, body_id, "otro", [KeyScope.TEXTS], person)
    return {"post": ref, "token": token, "closed": closed}


def test_a_site_declares_with_its_key_and_the_same_link_is_the_same_replication(
    app: Flask, client_as: ClientAs, database: Database, placed: dict[str, str]
) -> None:
    at = now() - timedelta(minutes=20)
    client = app.test_client()
    said = {"post": placed["post"], "link": NOTE, "occurred_at": at.isoformat()}
    key = {"Authorization": f"Bearer {placed['token']}"}
    made: dict[str, Any] = client.post(HERE, json=said, headers=key).get_json()
    again = client.post(HERE, json={**said, "link": "http://www.eco.example/nota"}, headers=key)
    assert (again.status_code, again.get_json()["ref"]) == (201, made["ref"])
    document = client.get("/api/v1/openapi.json").get_json()
    answers = document["paths"]["/replications"]["post"]["responses"]
    schema = {**answers["201"]["content"]["application/json"]["schema"], "components": document["components"]}
    assert list(OAS31Validator(schema).iter_errors(made)) == []
    assert list(OAS31Validator(schema).iter_errors({**made, "more": 1}))
    with database.reading() as session:
        row = session.scalars(select(Replication)).one()
        assert (row.stage, row.link) == (ReplicationStage.DECLARED, NOTE)
    (told,) = client_as("coordinator").get(HERE).get_json()["items"]
    assert told["evidence"]["pieces"] == 2
    assert 2300 < told["lag_seconds"] < 2500


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_declaration_is_refused(app: Flask, database: Database, placed: dict[str, str]) -> None:
    client, key = app.test_client(), {"Authorization": f"Bearer {placed['token']}"}
    good = {"post": placed["post"], "link": NOTE}
    for said, status in (
        ([], 422),
        ({"post": 7, "link": NOTE}, 422),
        ({**good, "link": "javascript:alert(1)"}, 422),
        ({**good, "link": "https://a.mx/" + "a" * 3000}, 422),
        ({**good, "occurred_at": "ayer"}, 422),
        ({**good, "occurred_at": "2026-11-20T10:00:00"}, 422),
        ({**good, "post": "nada"}, 404),
    ):
        answer = client.post(HERE, json=said, headers=key)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), said
    for token, status in (("nada", 401), (placed["closed"], 403)):
        answer = client.post(HERE, json=good, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
    with database.reading() as session:
        assert session.scalars(select(Replication)).all() == []
