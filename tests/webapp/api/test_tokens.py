"""A person's token: made on their account page, and what it opens, slows down, refuses and ends."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from content_calendar import people
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from content_calendar.permissions import Permission
from tests.webapp.api.programs import ROOT, Program, all_tokens, token_of
from tests.webapp.conftest import Browser, words
from webapp import security
from webapp.by_token import Pace

ClientAs = Callable[..., Browser]
_P = Permission
PROBLEM = "application/problem+json"


def test_a_token_is_made_shown_once_and_acts_as_its_person(
    app: Flask, client_as: ClientAs, database: Database
) -> None:
    eva = client_as("editor", "eva")
    page = eva.get("/mi-cuenta/llaves")
    assert "Aprobar o regresar" not in words(page)
    made = eva.post("/mi-cuenta/llaves", {"name": "hoja", "days": "90", "scopes": ["view_plan", "view_wire"]})
    assert made.status_code == 201
    found = re.search(r"resuenap_[\w-]{43}", made.get_data(as_text=True))
    assert found
    token = found.group()
    assert token not in eva.get("/mi-cuenta/llaves").get_data(as_text=True)
    (row,) = all_tokens(database)
    assert token not in row.token_hash
    assert row.expires_at - now() > timedelta(days=89)
    me = Program(app, token).get("/me").get_json()
    assert (me["name"], me["permissions"]) == ("Eva", ["enter", "view_plan", "view_wire"])
    assert all_tokens(database)[0].last_used_at is not None
    with database.reading() as session:
        assert session.query(AuditEvent).filter_by(act="token_made").count() == 1
    eva.post(f"/mi-cuenta/llaves/{row.ref}/retirar")
    refused = Program(app, token).get("/me")
    assert (refused.status_code, refused.get_json()["code"]) == (401, "token_unknown")
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_token_opens_what_it_was_made_for_and_never_more_than_its_person_may(
    app: Flask, client_as: ClientAs, database: Database
) -> None:
    eva = client_as("editor", "eva")
    reader = Program(app, token_of(database, eva.email, _P.VIEW_PLAN))
    assert reader.get("/posts").status_code == 200
    narrow = reader.get("/publications")
    assert (narrow.status_code, narrow.get_json()["code"]) == (403, "token_scope")
    assert 'error="insufficient_scope"' in narrow.headers["WWW-Authenticate"]
    assert reader.send("/posts", {"parts": ["Hola"]}).status_code == 403
    beyond = reader.get("/reviews")
    assert (beyond.status_code, beyond.get_json()["code"]) == (403, "forbidden")
    # Nobody gives a program what they may not do themselves.
    refused = eva.post("/mi-cuenta/llaves", {"name": "x", "days": "90", "scopes": ["review_posts"]})
    assert refused.status_code == 403
    # A role that ends takes the token's rights with it.
    with database.transaction() as session:
        person = people.find_by_email(session, eva.email)
        assert person
        membership = people.find(session, person.ref).memberships[0]
        people.end_membership(session, person, membership.id, now().date(), "")
    assert reader.get("/posts").status_code == 403


def test_a_token_ends_on_its_day_and_with_its_persons_access(
    app: Flask, client_as: ClientAs, database: Database
) -> None:
    client_as("admin", "ada")
    eva = client_as("editor", "eva")
    first, second = (Program(app, token_of(database, eva.email, _P.VIEW_PLAN)) for _ in range(2))
    assert first.get("/me").status_code == 200
    with time_machine.travel(now() + timedelta(days=91), tick=False):
        assert first.get("/me").status_code == 401
    with database.transaction() as session:
        person = people.find_by_email(session, eva.email)
        assert person
        people.leave(session, people.find(session, person.ref), "", date.today())  # noqa: DTZ011 -- any day
    assert second.get("/me").status_code == 401
    assert all(one.revoked_at for one in all_tokens(database))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_token_and_a_session_at_once_are_refused_and_a_form_still_needs_its_own_token(
    app: Flask, client_as: ClientAs, database: Database
) -> None:
    eva = client_as("editor", "eva")
    token = token_of(database, eva.email)
    both = eva.client.get(f"{ROOT}/me", headers={"Authorization": f"Bearer {token}"})
    assert (both.status_code, both.get_json()["code"]) == (400, "two_sign_ins")
    # With the session alone the form's token is asked for, as on every page; with a token alone it is not.
    assert eva.client.post(f"{ROOT}/posts", json={"parts": ["Hola"]}).status_code == 400
    assert Program(app, token).send("/posts", {"parts": ["Hola"]}).status_code == 201


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_needs_the_person_is_refused_to_a_program(
    app: Flask, client_as: ClientAs, database: Database
) -> None:
    program = Program(app, token_of(database, client_as("admin", "ada").email))
    for path in ("/mi-cuenta/contrasena", "/mi-cuenta/llaves", "/sistema/personas", "/salir"):
        answer = program.client.post(path, headers=program.headers)
        assert (answer.status_code, answer.mimetype, answer.get_json()["code"]) == (
            403,
            PROBLEM,
            "presence_needed",
        )
    # What is only read, or is a form of the screens, is opened by the same token at its own address.
    assert program.client.get("/calendario", headers=program.headers).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_token_that_asks_too_often_is_told_when_to_come_back(
    app: Flask, client_as: ClientAs, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "_PACE", Pace(burst=2, each_second=0.1))
    program = Program(app, token_of(database, client_as("editor").email))
    assert [program.get("/me").status_code for _ in range(3)] == [200, 200, 429]
    slow = program.get("/me")
    assert 1 <= int(slow.headers["Retry-After"]) <= 10
    # Another's token is not slowed down by it.
    assert Program(app, token_of(database, client_as("coordinator").email)).get("/me").status_code == 200
