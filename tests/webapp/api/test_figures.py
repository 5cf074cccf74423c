"""Figures that no network gives us, brought by a program: looked at first, then taken in, and taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body
from scheduler.models import Reading
from scheduler.results.figure_models import FigureImport
from scheduler.results.models import Followers
from tests.webapp.api.programs import Program, token_of
from tests.webapp.conftest import Browser
from tests.webapp.results.test_bringing_figures import SHEET, published

# What they write has its tests on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ClientAs = Callable[..., Browser]
# By the commission's clocks too, whose day begins six hours later.
YESTERDAY = (now() - timedelta(days=1)).date().isoformat()


def program(client_as: ClientAs, app: Flask, database: Database, role: str) -> Program:
    return Program(app, token_of(database, client_as(role).email))


def readings(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Reading)) or 0


def test_a_sheet_tells_what_it_would_do_and_where_it_cannot_be_read_before_it_counts(
    client_as: ClientAs, app: Flask, database: Database
) -> None:
    published(database)
    eva = program(client_as, app, database, "editor")
    said = {"kind": "readings", "csv": SHEET, "as_of": YESTERDAY}
    made = eva.send("/figure-imports", said)
    assert made.status_code == 201
    told = made.get_json()
    assert [(row["line"], row["act"]) for row in told["rows"]] == [(2, "new"), (3, "bad"), (4, "unmatched")]
    fault = told["rows"][1]["faults"][0]
    assert (fault["column"], fault["heading"]) == ("B", "Impressions")
    assert "1.2K" in fault["detail"]
    assert readings(database) == 0
    path = f"/figure-imports/{told['ref']}"
    assert eva.get(path).get_json()["counts"] == told["counts"]
    done = eva.send(f"{path}/take-in").get_json()
    assert (done["stage"], done["rows"]) == ("done", [])
    assert readings(database) == 1
    assert eva.send(f"{path}/take-in").status_code == 409
    assert eva.send(f"{path}/take-back").get_json()["stage"] == "undone"
    assert readings(database) == 0


def test_a_strict_sheet_with_something_to_mend_is_refused_naming_line_and_column_and_not_kept(
    client_as: ClientAs, app: Flask, database: Database
) -> None:
    published(database)
    eva = program(client_as, app, database, "editor")
    said = {"kind": "readings", "csv": SHEET, "as_of": YESTERDAY, "strict": True}
    refused = eva.send("/figure-imports", said)
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["#/csv/3/B"]
    # The day is asked for too, and one to come is none.
    assert eva.send("/figure-imports", {"kind": "readings", "csv": SHEET}).status_code == 422
    tomorrow = (now().date() + timedelta(days=2)).isoformat()
    assert eva.send("/figure-imports", {**said, "as_of": tomorrow}).status_code == 422
    with database.reading() as session:
        assert session.scalars(select(FigureImport)).all() == []


def test_followers_are_counted_by_hand_and_as_a_sheet(
    client_as: ClientAs, app: Flask, database: Database
) -> None:
    published(database)
    eva = program(client_as, app, database, "editor")
    with database.reading() as session:
        account = session.scalars(select(Account)).one()
        ref, handle = account.ref, account.handle
    today = now().date() - timedelta(days=1)
    told = eva.send(f"/accounts/{ref}/followers", {"on": today.isoformat(), "value": 1200}).get_json()
    assert [(one["on"], one["value"]) for one in told["items"]] == [(today.isoformat(), 1200)]
    sheet = f"Cuenta;Fecha;Seguidores\n{handle};{(today - timedelta(days=30)).isoformat()};1000\n"
    made = eva.send("/figure-imports", {"kind": "followers", "csv": sheet}).get_json()
    assert made["counts"] == {"new": 1}, made
    eva.send(f"/figure-imports/{made['ref']}/take-in")
    assert [one["value"] for one in eva.get(f"/accounts/{ref}/followers").get_json()["items"]] == [1000, 1200]
    eva.send(f"/accounts/{ref}/followers", {"on": today.isoformat(), "value": None})
    with database.reading() as session:
        assert session.scalars(select(Followers.value)).all() == [1000]


def test_who_may_not_decide_may_not_bring_figures(
    client_as: ClientAs, app: Flask, database: Database
) -> None:
    published(database)
    with database.reading() as session:
        ref, body_id = session.scalars(select(Account.ref)).one(), session.scalars(select(Body.id)).first()
    ada = Program(app, token_of(database, client_as("liaison", "ada", body_id).email))
    said = {"kind": "readings", "csv": SHEET, "as_of": YESTERDAY}
    assert ada.send("/figure-imports", said).status_code == 403
    assert ada.send(f"/accounts/{ref}/followers", {"on": "2026-01-01", "value": 1}).status_code == 403
