"""The drill in the test suite: 300 publications on SQLite, fewer on PostgreSQL, and one that must fail."""

from pathlib import Path

import pytest

from content_calendar.db import Database
from scheduler import invariants
from scheduler.network import Protection
from scheduler.networks import network
from tests.drill import everywhere
from tests.drill.torment import Count, Plan, run
from tests.simulators.counterparts import slugs

BLIND = "drill_blind: unconfirmed"
SPENT = "after 3"


def drilled(database: Database, data: Path, plan: Plan) -> None:
    found = run(database, data, plan)
    told = found.line()
    assert (found.double, found.lost, found.wrong, found.unsettled) == (0, 0, 0, 0), told
    assert found.published + found.waiting == found.publications, told
    # Before a person comes only what no look can settle, and what three tries in doubt could not.
    assert [why for why in found.why if not why.startswith(BLIND) and not why.endswith(SPENT)] == [], told
    assert found.kills >= 8, told
    assert len(found.faults) >= 5, told
    with database.reading() as session:
        assert invariants.look(session) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_three_hundred_publications_under_torment_are_never_out_twice_and_none_is_lost(
    database: Database, tmp_path: Path
) -> None:
    drilled(database, tmp_path, Plan(300))


@pytest.mark.drill
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nor_on_postgresql(database: Database, tmp_path: Path) -> None:
    drilled(database, tmp_path, Plan(90, span=6, kill_every=0.4))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_control_an_engine_that_simply_tries_again_is_out_twice(database: Database, tmp_path: Path) -> None:
    plan = Plan(60, span=3, kill_every=0.4, patience=12, mutant="tries_again_at_once")
    assert run(database, tmp_path, plan).double > 0


def test_only_what_nobody_can_look_up_and_what_three_tries_left_in_doubt_may_wait() -> None:
    may = {"x: unconfirmed after 3": 2}
    must_not = {"x: unconfirmed after 1": 1, "x: access after 3": 1, "mastodon: still failed after 1": 1}
    assert everywhere.unexpected(Count(4, why=may | must_not)) == list(must_not)


@pytest.mark.drill
@pytest.mark.skipif(
    {network(slug).protection for slug in slugs()}.isdisjoint({Protection.READABLE, Protection.BLIND}),
    reason="every network here protects by itself: no engine is out twice",
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_control_over_every_network_such_an_engine_is_out_twice_where_nothing_protects(
    database: Database, tmp_path: Path
) -> None:
    plan = Plan(15 * len(slugs()), pace=everywhere.PACE, patience=40, mutant="tries_again_at_once")
    assert everywhere.run(database, tmp_path, plan).double > 0
