"""A post's whole path with tokens: written, mended, reviewed by another, approved exactly, scheduled, followed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from sqlalchemy import func, select

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.posts import Post
from tests.webapp.api.programs import Program, token_of
from tests.webapp.conftest import Browser
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
ZONE = "America/Mexico_City"


def soon(hours: int = 30) -> dict[str, str]:
    local = (now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")
    return {"local": local, "zone": "UTC"}


@pytest.fixture
def eva(app: Flask, client_as: ClientAs, database: Database) -> Program:
    return Program(app, token_of(database, client_as("editor", "eva").email))


@pytest.fixture
def coco(app: Flask, client_as: ClientAs, database: Database) -> Program:
    return Program(app, token_of(database, client_as("coordinator", "coco").email))


@pytest.fixture
def account(database: Database) -> str:
    with database.transaction() as session:
        stage = Stage(session)
        return stage.account(stage.body("voz")).ref


def test_a_post_goes_from_a_program_to_its_publication(
    app: Flask, eva: Program, coco: Program, account: str
) -> None:
    made = eva.send(
        "/posts", {"title": "Saber", "parts": ["Tu derecho a saber."], "accounts": [account], "due": soon()}
    )
    post = made.get_json()
    assert (made.status_code, post["state"], post["accounts"]) == (201, "draft", [account])
    here = made.headers["Location"].removeprefix("/api/v1")
    edited = eva.send(
        here, {"parts": ["Tu derecho a saber, hoy."]}, "PATCH", {"If-Match": made.headers["ETag"]}
    )
    assert (edited.status_code, edited.get_json()["version"]["n"]) == (200, 2)
    assert edited.get_json()["due"]["local"] == post["due"]["local"]
    stale = eva.send(here, {"title": "Otro"}, "PATCH", {"If-Match": made.headers["ETag"]})
    assert (stale.status_code, stale.get_json()["code"]) == (412, "edition_changed")
    checks = eva.get(f"{here}/checks").get_json()["items"]
    assert not [one for one in checks if one["severity"] == "error"], checks
    sent = eva.send(f"{here}/submit", {"note": "Va"})
    assert sent.get_json()["review"]["outcome"] == "waiting", sent.get_json()
    seen = edited.get_json()["version"]["content_hash"]
    own = eva.send(f"{here}/approve", {"content_hash": seen})
    assert own.status_code == 403
    (waiting,) = coco.get("/reviews").get_json()["items"]
    assert (waiting["content_hash"], waiting["note"]) == (seen, "Va")
    other = coco.send(f"{here}/approve", {"content_hash": post["version"]["content_hash"]})
    assert (other.status_code, other.get_json()["code"]) == (409, "another_version")
    yes = coco.send(f"{here}/approve", {"content_hash": seen})
    assert yes.status_code == 200, yes.get_json()
    (publication,) = yes.get_json()["publications"]
    assert (yes.get_json()["state"], publication["state"]) == ("scheduled", "scheduled")
    moved = eva.send(f"/publications/{publication['ref']}/move", soon(50))
    assert moved.status_code == 200, moved.get_json()
    gone = eva.send(f"/publications/{publication['ref']}/cancel", {"reason": "Ya no"})
    assert gone.get_json()["state"] == "cancelled"
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    schema = {"$ref": "#/components/schemas/WholePost", "components": document["components"]}
    assert list(OAS31Validator(schema).iter_errors(yes.get_json())) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_post_is_returned_withdrawn_put_away_and_brought_back(
    eva: Program, coco: Program, account: str
) -> None:
    made = eva.send("/posts", {"parts": ["Tu derecho a saber."], "accounts": [account]}).get_json()
    here = f"/posts/{made['ref']}"
    eva.send(f"{here}/submit")
    bare = coco.send(f"{here}/return", {"reason": "  "})
    assert (bare.status_code, bare.get_json()["errors"][0]["pointer"]) == (422, "#/reason")
    back = coco.send(f"{here}/return", {"reason": "Falta el enlace"}).get_json()
    assert (back["state"], back["review"]["reason"]) == ("draft", "Falta el enlace")
    eva.send(f"{here}/submit")
    assert eva.send(f"{here}/withdraw").get_json()["state"] == "draft"
    assert eva.send(f"{here}/withdraw").status_code == 409
    assert eva.send(f"{here}/discard").get_json()["state"] == "discarded"
    assert eva.send(f"{here}/restore").get_json()["state"] == "draft"


def test_a_creation_that_names_itself_happens_once(eva: Program, database: Database) -> None:
    key, said = {"Idempotency-Key": "fila-7"}, {"parts": ["Una sola vez."]}
    first, again = (eva.send("/posts", said, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    assert (again.headers["Location"], again.headers["ETag"]) == (
        first.headers["Location"],
        first.headers["ETag"],
    )
    assert again.headers["Idempotency-Replayed"] == "true"
    other = eva.send("/posts", {"parts": ["Otra."]}, headers=key)
    assert (other.status_code, other.get_json()["code"]) == (422, "once_key_reused")
    # What was refused was not done: the key is free for the right words.
    refused = eva.send("/posts", {"parts": [" "]}, headers={"Idempotency-Key": "fila-8"})
    assert (refused.status_code, refused.get_json()["errors"][0]["pointer"]) == (422, "#/parts/0")
    assert eva.send("/posts", said, headers={"Idempotency-Key": "fila-8"}).status_code == 201
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"parts": ["Uno", "Dos"]}, "#/parts"),
        ({"parts": ["Uno"], "theme": "nada"}, "#/theme"),
        ({"parts": ["Uno"], "accounts": ["nada"]}, "#/accounts/0"),
        ({"parts": ["Uno"], "campaigns": ["nada"]}, "#/campaigns/0"),
        ({"parts": ["Uno"], "series": "nada"}, "#/series"),
        ({"parts": ["Uno"], "contribution": "nada"}, "#/contribution"),
        ({"parts": ["Uno"], "media": [{"ref": "nada", "version": 1}]}, "#/media/0/ref"),
        ({"parts": ["Uno"], "due": {"local": "2020-01-01T10:00"}}, "#/due"),
        ({"parts": ["Uno"], "due": {"local": "2026-13-01T10:00"}}, "#/due"),
        ({"parts": ["Uno"], "due": {"local": "2027-12-01T10:00", "zone": "Nada/Nada"}}, "#/due"),
        ({"parts": ["Uno"], "variants": {"otra": ["a", "b"]}}, "#/variants/otra"),
    ],
)
def test_what_no_form_could_hold_is_told_by_its_place(
    eva: Program, said: dict[str, Any], pointer: str
) -> None:
    answer = eva.send("/posts", said)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.get_json()["errors"]] == [pointer]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_only_reads_is_not_shown_what_is_being_written(
    app: Flask, client_as: ClientAs, database: Database, eva: Program
) -> None:
    ref = eva.send("/posts", {"parts": ["Borrador"]}).get_json()["ref"]
    with database.transaction() as session:
        body_id = Stage(session).body("eco").id
    reader = Program(app, token_of(database, client_as("liaison", "lia", body_id=body_id).email))
    assert reader.get(f"/posts/{ref}").status_code == 404
    assert eva.get(f"/posts/{ref}").status_code == 200
