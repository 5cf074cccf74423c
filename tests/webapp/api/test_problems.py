"""What a program is told when it cannot: a problem (RFC 9457) everywhere, in its language, with where the fault is."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator

from content_calendar.db import Database
from content_calendar.permissions import Permission
from tests.webapp.api.programs import Program, token_of
from tests.webapp.conftest import Browser
from webapp.api import reading
from webapp.api.schema import SCHEMAS
from webapp.session import needs

ClientAs = Callable[..., Browser]
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def program(app: Flask, client_as: ClientAs, database: Database) -> Program:
    return Program(app, token_of(database, client_as("editor", "eva").email))


@on_one_database
def test_every_refusal_is_a_problem_whose_type_leads_to_its_section(app: Flask, program: Program) -> None:
    nobody = app.test_client()
    asked = {
        401: nobody.get("/api/v1/posts"),
        403: program.get("/reviews"),
        404: program.get("/posts/nada"),
        405: program.send("/me", {}),
        400: program.client.post(
            "/api/v1/posts", data="{", content_type="application/json", headers=program.headers
        ),
        415: program.client.post("/api/v1/posts", data="a=b", headers=program.headers),
        422: program.send("/posts", {"parts": "Hola", "due": {"local": "mañana"}, "otro": 1}),
        428: program.send(f"/posts/{_made(program)}", {"title": "x"}, "PATCH"),
        412: program.send(f"/posts/{_made(program)}", {"title": "x"}, "PATCH", {"If-Match": '"99"'}),
    }
    page = nobody.get("/api/errores").get_data(as_text=True)
    for status, answer in asked.items():
        told = answer.get_json()
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), told
        assert told["status"] == status
        assert told["detail"]
        assert told["title"]
        path, _, code = told["type"].partition("#")
        assert path.endswith("/api/errores")
        assert f'id="{code}"' in page
        assert OAS31Validator(SCHEMAS["Problem"]).is_valid(told)
    faults = {one["pointer"] for one in asked[422].get_json()["errors"]}
    assert faults == {"#/parts", "#/due/local", "#/otro"}


def _made(program: Program) -> str:
    ref: str = program.send("/posts", {"parts": ["Hola"]}).get_json()["ref"]
    return ref


@on_one_database
def test_a_problem_is_told_in_the_asked_language(program: Program) -> None:
    spanish = program.get("/posts/nada", **{"Accept-Language": "es"}).get_json()
    english = program.get("/posts/nada", **{"Accept-Language": "en"}).get_json()
    assert (spanish["code"], spanish["type"]) == (english["code"], english["type"])
    assert spanish["detail"] == "Esa publicación no existe o ya no está."
    assert english["detail"] != spanish["detail"]


@on_one_database
def test_what_nobody_foresaw_is_a_problem_with_a_reference(
    app: Flask, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_values: object) -> Any:  # noqa: ANN401 -- never returns
        raise RuntimeError

    monkeypatch.setitem(app.view_functions, "api.me", needs(Permission.ENTER)(broken))
    answer = program.get("/me")
    told = answer.get_json()
    assert (answer.status_code, told["code"], len(told["reference"])) == (500, "unexpected", 8)


def _values() -> st.SearchStrategy[Any]:
    words = st.sampled_from(["", "Hola", "2026-12-01T10:00", "post", "es", "x" * 300]) | st.text(max_size=5)
    leaf = (
        st.none()
        | st.booleans()
        | st.integers(-3, 3)
        | st.floats(allow_nan=False, allow_infinity=False)
        | words
    )
    names = st.sampled_from([*SCHEMAS["PostDraft"]["properties"], "local", "zone", "ref", "version", "otro"])
    return st.recursive(
        leaf, lambda some: st.lists(some, max_size=3) | st.dictionaries(names, some, max_size=4), max_leaves=8
    )


@settings(max_examples=150, derandomize=True, deadline=None)
@given(said=_values())
def _agrees(said: object) -> None:
    schema = {**SCHEMAS["PostDraft"], "components": {"schemas": SCHEMAS}}
    theirs = not any(_errors(schema, said))
    ours = [one for one in reading.faults_of("PostDraft", said) if one.code != "value_nul"]
    assert (not ours) == theirs, (said, ours)


def _errors(schema: dict[str, Any], said: object) -> Iterator[object]:
    yield from OAS31Validator(schema).iter_errors(said)


def test_what_is_sent_is_held_against_its_shape_as_a_whole_implementation_holds_it() -> None:
    _agrees()
