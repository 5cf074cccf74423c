"""The directory as anybody sees it: what a person certified, and nothing else."""

import csv
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from content_calendar import accounts, clock
from content_calendar.accounts import NewAccount
from content_calendar.db import Database
from content_calendar.models.directory import Account, Standing
from scheduler.networks import networks
from tests.conftest import CountQueries
from tests.webapp.conftest import words
from tests.webapp.stage import Stage

PUBLIC = next(slug for slug, one in networks().items() if one.needs_connection)


def add(database: Database, slug: str, handle: str, network: str = PUBLIC, *, certified: bool = True) -> str:
    with database.transaction() as session:
        stage = Stage(session)
        new = NewAccount(network, handle, f"https://red.example/{handle}")
        account = accounts.add(session, stage.body(slug), new, date(2024, 1, 1), actor_ref="")
        if certified:
            accounts.certify(session, account, stage.person())
        return account.ref


def test_anybody_sees_the_accounts_that_a_person_certified_and_no_other(
    app: Flask, database: Database
) -> None:
    ref = add(database, "infox", "InfoX")
    add(database, "infoy", "PorCertificar", certified=False)
    add(database, "infoz", "DeEnsayo", "rehearsal")
    anybody = app.test_client()

    def told() -> tuple[str, list[str], list[str]]:
        said = anybody.get("/publico/directorio.json").get_json()["accounts"]
        sheet = anybody.get("/publico/directorio.csv").get_data(as_text=True).lstrip("\ufeff")
        rows = [row["Cuenta"] for row in csv.DictReader(sheet.splitlines())]
        return words(anybody.get("/publico/directorio")), [one["handle"] for one in said], rows

    page, handles, rows = told()
    assert (handles, rows) == (["InfoX"], ["InfoX"])
    assert "InfoX" in page
    assert "PorCertificar" not in page
    assert "DeEnsayo" not in page
    with database.transaction() as session:
        account = accounts.find(session, ref)
        today = clock.now().date()
        accounts.retire(session, account, today, Standing.EXTINCT, reason="cerró", actor_ref="")
    assert told()[1:] == ([], [])


def test_an_account_whose_owner_ended_is_no_longer_shown(app: Flask, database: Database) -> None:
    add(database, "infox", "InfoX")
    with database.transaction() as session:
        account = session.scalars(select(Account).options(joinedload(Account.owner))).one()
        account.owner.valid_to = clock.now().date() - timedelta(days=1)
        session.flush()
        assert account.standing is Standing.IN_FORCE
    assert app.test_client().get("/publico/directorio.json").get_json()["accounts"] == []


def test_the_page_asks_the_same_of_the_database_for_any_number_of_accounts(
    app: Flask, database: Database, count_queries: CountQueries
) -> None:
    anybody = app.test_client()
    numbers = []
    for slug in ("infoa", "infob", "infoc"):
        add(database, slug, slug)
        anybody.get("/publico/directorio")
        with count_queries() as counted:
            anybody.get("/publico/directorio")
        numbers.append(len(counted))
    assert len(set(numbers)) == 1
