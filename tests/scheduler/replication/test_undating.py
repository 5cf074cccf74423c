"""Declarations from before a day was told apart: one that only knows when it was declared has no date."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from content_calendar.db import Database
from scheduler.models import Replication
from scheduler.replication.undating import undate_declarations
from tests.webapp.stage import Stage


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_only_declarations_of_an_unknown_moment_lose_their_date(database: Database) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        out = stage.publication(stage.account(stage.body("infoa")))
        rows = [stage.replication(out, stage.body(f"info{n}")) for n in range(3)]
        for row in rows[:2]:
            row.why_code, row.declared_by_id = "replication_declared", stage.person().id
        rows[0].occurred_at = rows[0].seen_at  # nobody told when
        rows[1].occurred_at = rows[1].seen_at - timedelta(days=2)  # somebody told
        rows[2].occurred_at = rows[2].seen_at  # a machine saw it then
        session.flush()
        ids = [row.id for row in rows]
        assert undate_declarations(session) == 1
        assert undate_declarations(session) == 0
    with database.reading() as session:
        dated = dict(session.execute(select(Replication.id, Replication.dated)).all())
    assert [dated[one] for one in ids] == [False, True, True]
