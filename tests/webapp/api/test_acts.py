"""Whatever a form of the screens does, a program does by its name; what needs the person is listed with its reason."""

from collections.abc import Callable

import pytest
from flask import Flask

from content_calendar.db import Database
from content_calendar.permissions import Permission
from tests.webapp.api.programs import Program, token_of
from tests.webapp.conftest import Browser
from webapp.api.acts import acts
from webapp.api.openapi import routes
from webapp.permission_words import WORDS
from webapp.presence import NEEDS_PRESENCE
from webapp.security import permission_of

ClientAs = Callable[..., Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def eva(app: Flask, client_as: ClientAs, database: Database) -> Program:
    return Program(app, token_of(database, client_as("editor", "eva").email))


def test_everything_a_person_can_do_a_token_can_or_it_says_why_not(app: Flask) -> None:
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
        and isinstance(permission_of(app.view_functions[rule.endpoint]), Permission)
    }
    reached = {one.name for one in acts(app)}
    with app.test_request_context():
        reached |= {f"api.{one.name}" for one in routes()}
        by_permission = {one.permission for one in routes()} | {one.permission for one in acts(app)}
    # What is only read is opened by the same token at the screen's own address.
    opened = [permission_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()]
    by_permission |= {one for one in opened if isinstance(one, Permission)}
    # An upload in pieces goes to its own address, with the same token.
    assert changing - reached - set(NEEDS_PRESENCE) == {"toolbox.upload_piece"}
    assert set(NEEDS_PRESENCE) <= set(app.view_functions)
    assert not reached & set(NEEDS_PRESENCE)
    # Who sees the names on an attendance list is asked inside the page of its evidence.
    assert set(Permission) - by_permission == {Permission.SEE_ATTENDANCE}
    assert set(WORDS) == set(Permission)


def test_a_form_of_the_screens_is_sent_by_its_name(eva: Program) -> None:
    listed = {one["name"]: one for one in eva.get("/acts").get_json()["items"]}
    withdraw = listed["calendar.withdraw"]
    assert (withdraw["place"], withdraw["permission"], withdraw["may"]) == (["ref"], "write_posts", True)
    assert not listed["calendar.approve"]["may"]
    assert {"name", "tag", "first"} <= set(
        listed["dialogue.begin_series"]["fields"]
    ) or "dialogue.begin_series"
    ref = eva.send("/posts", {"parts": ["Tu derecho a saber."]}).get_json()["ref"]
    away = eva.send("/acts/calendar.discard", {"place": {"ref": ref}})
    assert (away.status_code, away.get_json()["done"]) == (200, True), away.get_json()
    assert away.get_json()["location"] == f"/publicaciones/{ref}"
    assert "Descartamos" in away.get_json()["said"][0]["text"]
    assert eva.get(f"/posts/{ref}").get_json()["state"] == "discarded"


def test_what_a_form_refuses_is_a_problem_with_its_field(eva: Program) -> None:
    refused = eva.send("/acts/calendar.create_post", {"fields": {"text": " ", "kind": "post"}})
    told = refused.get_json()
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
    assert told["errors"] == [{"pointer": "#/fields/text", "detail": told["detail"]}]
    made = eva.send("/acts/calendar.create_post", {"fields": {"text": "Hola", "campaigns": ["una", "dos"]}})
    assert made.get_json()["done"], made.get_json()
    for name, said, status in (
        ("calendar.withdraw", {}, 422),
        ("calendar.withdraw", {"place": {"ref": "nada"}}, 404),
        ("calendar.withdraw", {"place": {"ref": "a/b"}}, 404),
        ("calendar.withdraw", {"place": {"ref": "nada", "otro": "x"}}, 422),
        ("calendar.approve", {"place": {"ref": "nada"}}, 403),
        ("account.change_password", {}, 403),
        ("nada", {}, 404),
        ("calendar.themes", {"place": {"year": "x", "number": "1"}}, 404),
    ):
        answer = eva.send(f"/acts/{name}", said)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), (
            name,
            answer.data,
        )


def test_the_token_is_asked_for_the_permission_of_the_form(
    app: Flask, client_as: ClientAs, database: Database, eva: Program
) -> None:
    ref = eva.send("/posts", {"parts": ["Hola"]}).get_json()["ref"]
    reader = Program(app, token_of(database, client_as("editor", "eva").email, Permission.VIEW_PLAN))
    refused = reader.send("/acts/calendar.discard", {"place": {"ref": ref}})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "token_scope")
    assert eva.get(f"/posts/{ref}").get_json()["state"] == "draft"
