"""Resultados: each figure that the page and its sheets tell, counted a second time from the raw rows."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from openapi_schema_validator import OAS31Validator
from sqlalchemy import select

from content_calendar.bimesters import bimester_of
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from scheduler.models import Reading, Replication, ReplicationStage
from scheduler.results import tallying
from scheduler.results.models import Followers
from scheduler.results.pivot import ENGAGEMENTS, pivot_missing
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
# The figures are read from both databases in tests/scheduler/results.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ZONE = ZoneInfo("America/Mexico_City")
Sheet = list[list[str]]


@pytest.fixture
def planted(database: Database) -> str:
    """Twelve posts of two accounts in one bimester, some measured, some taken up; the path of that bimester."""
    at = now() - timedelta(days=60)
    with database.transaction() as session:
        stage = Stage(session)
        bodies = [stage.body(f"b{n}") for n in range(3)]
        accounts = [stage.account(body) for body in bodies[:2]]
        session.add(
            Followers(account_id=accounts[0].id, on=(at - timedelta(days=30)).date(), value=2000, source="x")
        )
        for n in range(12):
            row = stage.publication(accounts[n % 2], text=f"Texto {n}", due_at=at)
            if n % 4 != 3:
                for metric, value in (("likes", 7 * n), ("reposts", n), ("views", 100 + n), ("bookmarks", 5)):
                    session.add(
                        Reading(
                            publication_id=row.id, window="7d", metric=metric, value=value,
                            taken_at=at + timedelta(days=7), source="rehearsal",
                        )
                    )  # fmt: skip
            for body in bodies[: n % 3]:
                stage.replication(row, body)
            stage.replication(row, bodies[2], ReplicationStage.DOUBTFUL)
        session.flush()
        pivot_missing(session)
    # Half of it packed, half of it only marked: both must tell the same.
    with database.transaction() as session:
        tallying.settle(session)
        some = session.scalars(select(Publication).order_by(Publication.id)).all()[:6]
        for one in some:
            one.late_after += timedelta(seconds=1)
    year, number = bimester_of(at.astimezone(ZONE).date())
    return f"/resultados/{year}/{number}"


def sheet(browser: Browser, path: str, name: str) -> Sheet:
    said = browser.get(f"{path}/{name}.csv")
    assert said.status_code == 200
    rows = list(csv.reader(io.StringIO(said.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[-1][0] == "Corte al"
    return rows[1:-2]


def raw(database: Database) -> dict[int, tuple[Publication, int | None]]:
    """The publications with their engagements at seven days, summed from the readings themselves."""
    with database.reading() as session:
        told: defaultdict[int, list[int]] = defaultdict(list)
        for one in session.scalars(select(Reading).where(Reading.window == "7d")):
            if one.metric in ENGAGEMENTS:
                told[one.publication_id].append(one.value)
        rows = session.scalars(select(Publication)).all()
        return {row.id: (row, sum(told[row.id]) if row.id in told else None) for row in rows}


def test_the_accounts_sheet_is_what_the_raw_rows_say(
    client_as: ClientAs, database: Database, planted: str
) -> None:
    got = {row[0].partition(" ")[0]: row for row in sheet(client_as("coordinator"), planted, "cuentas")}
    with database.reading() as session:
        accounts = session.scalars(select(Account).order_by(Account.id)).all()
        followers = dict(session.execute(select(Followers.account_id, Followers.value)).all())
        echoes = {
            (one.post_id, one.body_id)
            for one in session.scalars(select(Replication))
            if one.stage is ReplicationStage.SEEN
        }
    for account in accounts:
        own = [(row, value) for row, value in raw(database).values() if row.account_id == account.id]
        known = [value for _, value in own if value is not None]
        posts = {row.post_id for row, _ in own}
        _, many, out, measured, total, middle, thousand, _, taken = got[f"'@{account.handle}"]
        assert (int(many), int(out), int(measured)) == (len(posts), len(own), len(known))
        assert (int(total), float(middle)) == (sum(known), median(known))
        size = followers.get(account.id)
        assert thousand == (str(round(1000 * sum(known) / (size * len(known)), 2)) if size else "")
        assert int(taken or 0) == sum(post in posts for post, _ in echoes)


def test_the_page_says_the_same_as_the_raw_rows(
    client_as: ClientAs, database: Database, planted: str
) -> None:
    said = words(client_as("coordinator").get(planted))
    known = [value for _, value in raw(database).values() if value is not None]
    assert f"{sum(known)} mediana por publicación" in said or f"interacciones {sum(known)}" in said
    assert f"Medidas: {len(known)} de 12 publicaciones." in said
    assert "12 por decidir" in said
    # What nothing tells is no zero: without followers there is nothing for each thousand.
    assert "Todavía no hay datos suficientes" in said


def test_every_table_has_its_sheet_and_no_other_name_does(client_as: ClientAs, planted: str) -> None:
    browser = client_as("coordinator")
    page = browser.get(planted).get_data(as_text=True)
    names = {part.split("?")[0].split('"')[0] for part in page.split(f"{planted}/")[1:]}
    assert len(names) > 10
    for name in names:
        assert browser.get(f"{planted}/{name}").status_code == 200
    assert browser.get(f"{planted}/nada.csv").status_code == 404


def test_the_api_tells_the_same_figures_as_it_is_described(
    client_as: ClientAs, database: Database, planted: str
) -> None:
    browser = client_as("coordinator")
    year, number = planted.split("/")[2:]
    said = browser.client.get(f"/api/v1/results/{year}-{number}").get_json()
    known = [value for _, value in raw(database).values() if value is not None]
    assert said["total"]["engagements"] == sum(known)
    assert said["total"]["measured"] == len(known)
    assert browser.client.get(f"/api/v1/results/{year}-7").status_code == 422
    document = browser.client.get("/api/v1/openapi.json").get_json()
    [described] = [one for name, one in document["paths"].items() if name.startswith("/results/")]
    schema = described["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert not list(OAS31Validator({**schema, "components": document["components"]}).iter_errors(said))
