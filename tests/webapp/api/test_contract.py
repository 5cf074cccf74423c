"""The whole API against its own document, with a token of each role: what nobody thought of, tried by schemathesis.

No 5xx, no answer that is not documented, nothing that opens without the right. The same examples each time; more of
them with RESUENA_TEST_EXAMPLES, as ``make drill`` does.
"""

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from content_calendar.db import Database
from content_calendar.models.posts import Post
from content_calendar.permissions import RIGHTS, Role
from tests.webapp.api.programs import ROOT, Program, token_of
from tests.webapp.conftest import Browser
from tests.webapp.stage import Stage
from webapp import security
from webapp.api.openapi import Route, routes
from webapp.api.schema import SCHEMAS
from webapp.by_token import Pace

ClientAs = Callable[..., Browser]
EXAMPLES = int(os.environ.get("RESUENA_TEST_EXAMPLES", "3"))
CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
)  # fmt: skip
REFUSED = 400


@dataclass
class House:
    """What there is to ask about: a token of each role, and real references by the place they stand in."""

    tokens: Mapping[Role, str]
    routes: Mapping[str, Route]
    refs: dict[str, list[str]] = field(default_factory=dict)

    def real(self, place: str, rng: random.Random) -> str:
        """Return a reference that exists, for an address that begins so."""
        known = self.refs.get(place.split("/")[1], ["nada"])
        return rng.choice(known)


@pytest.fixture
def house(app: Flask, client_as: ClientAs, database: Database, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(security, "_PACE", Pace(burst=10**9))
    refs: dict[str, list[str]] = {}
    with database.transaction() as session:
        stage = Stage(session)
        region = stage.region("norte")
        body = stage.body("infouno", region)
        row, account = stage.publication(stage.account(body)), stage.account(body).ref
        refs["replications"] = [stage.replication(row, body).ref]
        refs["publications"] = [row.ref]
        post = session.get_one(Post, row.post_id)
        post.due_local, post.due_zone = row.due_local, row.due_zone
        refs["posts"] = [post.ref]
        body_id, region_id = body.id, region.id
    where = {Role.LIAISON: {"body_id": body_id}, Role.REGIONAL: {"region_id": region_id}}
    tokens = {role: token_of(database, client_as(role, **where.get(role, {})).email) for role in Role}
    eva, ada = Program(app, tokens[Role.EDITOR]), Program(app, tokens[Role.ADMIN])
    for state in ("draft", "review"):
        said = {"parts": [f"Tu derecho a saber: {state}."], "accounts": [account]}
        ref = eva.send("/posts", said).get_json()["ref"]
        refs["posts"].append(ref)
        if state == "review":
            assert eva.send(f"/posts/{ref}/submit").status_code == 200
    hook = {"name": "portal", "url": "https://portal.example/", "kinds": ["post.published"]}
    refs["webhooks"] = [ada.send("/webhooks", hook).get_json()["ref"]]
    with app.test_request_context():
        return House(tokens, {one.name: one for one in routes()}, refs)


def _cases(operation: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 -- schemathesis's own
    return st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )


def _try(operation: Any, house: House, examples: int) -> None:  # noqa: ANN401 -- schemathesis's own
    route = house.routes[operation.definition.raw["operationId"]]

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=_cases(operation), role=st.sampled_from(list(Role)), rng=st.randoms(use_true_random=False))
    def run(case: Any, role: Role, rng: random.Random) -> None:  # noqa: ANN401 -- schemathesis's own
        for name in case.path_parameters or {}:
            if rng.random() < 0.6:
                case.path_parameters[name] = house.real(route.place, rng)
        answer = case.call(headers={"Authorization": f"Bearer {house.tokens[role]}"})
        case.validate_response(answer, checks=CHECKS)
        if route.permission is not None and route.permission not in RIGHTS[role]:
            assert answer.status_code >= REFUSED, f"{route.name} opened for {role}"

    run()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_server_error_no_undocumented_answer_and_no_access_without_the_right(
    app: Flask, house: House
) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", app)
    found: list[Any] = [one.ok() for one in schema.get_all_operations()]  # type: ignore[union-attr] # no Err here
    assert {one.definition.raw["operationId"] for one in found} == set(house.routes) - {"openapi"}
    wrong = []
    for operation in found:
        try:
            _try(operation, house, EXAMPLES)
        except (FailureGroup, AssertionError) as error:
            some = [" ".join(str(one).split()) for one in getattr(error, "exceptions", [error])]
            wrong.append(f"{operation.label}: {' | '.join(some)}"[:600])
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_but_the_document_opens_without_a_token(app: Flask, house: House) -> None:
    nobody = app.test_client(use_cookies=False)
    for route in house.routes.values():
        path = route.place
        for name in route.places:
            path = path.replace("{" + name + "}", "nada")
        answer = nobody.open(ROOT + path, method=route.method)
        if route.name == "openapi":
            assert answer.status_code == 200
            continue
        # A form that nobody is behind is refused before it is asked who sends it.
        assert answer.status_code in {400, 401}, route.name
        assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_control_an_answer_that_nobody_documented_is_seen(
    app: Flask, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SCHEMAS["Me"]["properties"], "name", {"type": "integer"})
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", app)
    with pytest.raises(FailureGroup):
        _try(schema["/me"]["GET"], house, 3)
