"""The audit's page: filtered, checked, and taken along so that any program can check the chain."""

import csv
import hashlib
import io
import json
from collections.abc import Callable

from sqlalchemy import update

from content_calendar import audit, audit_chain
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from content_calendar.models.sealing import lift
from scheduler import sealing
from tests.webapp.conftest import Browser, words

Clients = Callable[..., Browser]


def fill(database: Database) -> None:
    with database.transaction() as session:
        for number in range(3):
            audit.record(session, "", "post_approved", "post", f"p{number}", note="«ñ»", version=number)
        audit.record(session, "", "account_connected", "account", "c1")
    sealing.tick(database)


def test_what_is_taken_along_holds_by_what_the_docs_say_alone(client_as: Clients, database: Database) -> None:
    admin = client_as("admin")
    fill(database)
    lines = admin.get("/sistema/bitacora.jsonl").get_data().splitlines()
    assert len(lines) > 4
    previous = "0" * 64
    for number, line in enumerate(lines, 1):
        row = json.loads(line)
        n, told = row.pop("n"), row.pop("hash")
        said = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        previous = hashlib.sha256(previous.encode() + b"\n" + said).hexdigest()
        assert (n, told) == (number, previous)
    sheet = list(csv.DictReader(io.StringIO(admin.get("/sistema/bitacora.csv").get_data(as_text=True))))
    assert [row["hash"] for row in sheet] == [json.loads(line)["hash"] for line in lines]


def test_the_page_is_filtered_and_says_how_the_chain_stands(client_as: Clients, database: Database) -> None:
    admin = client_as("admin")
    fill(database)
    page = words(
        admin.get("/sistema/bitacora?que=account_connected&quien=resuena&desde=2020-01-01&hasta=2999-01-01")
    )
    assert "account c1" in page
    assert "post p1" not in page
    assert "post p1" in words(admin.get("/sistema/bitacora?sobre=p1"))
    assert "Todavía no hay nada" in words(admin.get("/sistema/bitacora?hasta=2020-01-01"))
    assert "La bitácora está completa" in words(admin.post("/sistema/bitacora/comprobar", follow=True))
    with database.transaction() as session:
        lift(session.connection())
        session.execute(update(AuditEvent).where(AuditEvent.subject_ref == "p1").values(act="post_returned"))
    assert "cambió después de escribirse" in words(admin.post("/sistema/bitacora/comprobar", follow=True))


def test_only_an_administrator_reads_it(client_as: Clients) -> None:
    assert client_as("coordinator").get("/sistema/bitacora.csv").status_code == 403


def test_sealing_is_done_again_and_again_without_harm(database: Database) -> None:
    fill(database)
    assert sealing.tick(database) == 0
    with database.reading() as session:
        assert audit_chain.check(session).faults == []
